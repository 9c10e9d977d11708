#include "connectors/outlook/outlook.h"

#include <optional>
#include <string_view>

#include "connectors/api/finish.h"
#include "connectors/outlook/columns.h"
#include "storage/base/text.h"

namespace referrald::outlook {
namespace {

using connectors::Cells;
using connectors::ConnectorInfo;
using connectors::Draft;
using connectors::RowError;

// "EX" addresses name a mailbox inside the organisation ("/o=Example/..."): nothing that anybody
// could be known by elsewhere.
bool IsInternal(std::string_view type, std::string_view address) {
  return EqualsIgnoreCase(type, "EX") || address.starts_with('/');
}

std::optional<RowError> FinishEmail(const Cells& cells, Draft& draft) {
  const std::string_view address = cells.Any(kEMailAddress);
  const bool internal = IsInternal(cells.Any(kEMailType), address);
  return connectors::ReplaceField({.field = field::kEmail,
                                   .type = ColumnType::kEmail,
                                   .text = internal ? std::string_view() : address,
                                   .column = kEMailAddress[0]},
                                  draft);
}

std::optional<RowError> Finish(const ObjectDescription&, const Cells& cells, Draft& draft) {
  if (auto error = FinishEmail(cells, draft)) return error;
  connectors::FinishDomain(draft);
  return connectors::NameByContent(draft);
}

}  // namespace

constexpr ConnectorInfo kConnector{
    .name = "outlook",
    .title = "Outlook",
    .summary = "CSV exports of Outlook contacts, with English, German or French titles",
    .maturity = connectors::Maturity::kBeta,
    .objects = kObjects,
    .exports = {},
    .finish = &Finish,
    .derives_ids = true};

}  // namespace referrald::outlook
