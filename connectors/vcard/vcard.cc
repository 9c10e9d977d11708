#include "connectors/vcard/vcard.h"

#include <optional>
#include <string>
#include <string_view>

#include "connectors/api/finish.h"
#include "connectors/vcard/columns.h"
#include "storage/base/text.h"

namespace referrald::vcard {
namespace {

using connectors::Cells;
using connectors::ConnectorInfo;
using connectors::Draft;
using connectors::RowError;

// "urn:uuid:4FBE8971-..." and "4fbe8971-..." are one card.
void FinishUid(Draft& draft) {
  constexpr std::string_view kUrn = "urn:uuid:";
  const std::string folded = LowerAscii(draft.ref.id);
  if (folded.starts_with(kUrn)) draft.ref.id = folded.substr(kUrn.size());
}

std::optional<RowError> Finish(const ObjectDescription&, const Cells& cells, Draft& draft) {
  const std::string_view kind = cells.Any(kKind);
  if (EqualsIgnoreCase(kind, "group")) {
    return RowError{.number = 2125,
                    .code = "R-GROUP",
                    .column = std::string(kKind[0]),
                    .reason = "the card is a list of other cards and no person"};
  }
  if (EqualsIgnoreCase(kind, "org")) draft.kind = referral::EntityKind::kOrganisation;
  connectors::FinishDomain(draft);
  if (draft.ref.id.empty()) return connectors::NameByContent(draft);
  FinishUid(draft);
  return std::nullopt;
}

}  // namespace

constexpr ConnectorInfo kConnector{.name = "vcard",
                                   .title = "vCard",
                                   .summary = "Files of vCards 2.1, 3.0 and 4.0",
                                   .maturity = connectors::Maturity::kBeta,
                                   .objects = kObjects,
                                   .exports = {},
                                   .finish = &Finish,
                                   .derives_ids = true};

}  // namespace referrald::vcard
