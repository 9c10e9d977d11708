#include "connectors/pipedrive/pipedrive.h"

#include <algorithm>
#include <optional>
#include <string>

#include "connectors/api/finish.h"
#include "connectors/api/ids.h"
#include "connectors/pipedrive/columns.h"
#include "storage/base/text.h"

namespace referrald::pipedrive {
namespace {

using connectors::Cells;
using connectors::ConnectorInfo;
using connectors::Draft;
using connectors::ExportColumn;
using connectors::ExportDescription;
using connectors::RowError;

std::optional<RowError> FinishIds(const ObjectDescription& object, const Cells& cells,
                                  Draft& draft) {
  constexpr std::string_view kWhat = "Pipedrive id";
  if (auto error = connectors::CheckNumberId(draft.ref.id, kWhat)) {
    return connectors::InColumn(std::move(error), TitleOf(object, cells, role::kExternalId));
  }
  for (const referral::Association& link : draft.associations) {
    if (auto error = connectors::CheckNumberId(link.ref.id, kWhat)) {
      return connectors::InColumn(std::move(error),
                                  TitleOf(object, cells, link.role + ":" + link.ref.object));
    }
  }
  return std::nullopt;
}

// A person has one column for each place of an address or number; a work one is taken first.
std::optional<RowError> FinishPerson(const Cells& cells, Draft& draft) {
  auto error = connectors::FillEmpty(
      {.field = field::kEmail, .type = ColumnType::kEmail, .names = kPersonEmailWork}, cells,
      draft);
  if (error) return error;
  return connectors::FillEmpty(
      {.field = field::kPhone, .type = ColumnType::kPhone, .names = kPersonPhoneWork}, cells,
      draft);
}

// The status says how a deal ended, and there is a time for each end; until then the day is what
// somebody expects.
std::optional<RowError> FinishDeal(const Cells& cells, Draft& draft) {
  constexpr std::string_view kWonTime[] = {"Deal - Won time"};
  constexpr std::string_view kLostTime[] = {"Deal - Lost time"};
  constexpr std::string_view kExpected[] = {"Deal - Expected close date"};
  const std::string status = LowerAscii(cells.Any(kDealStatus));
  const bool known = status == "won" || status == "lost" || status == "open";
  if (known) connectors::SetOutcome(status, draft);
  std::erase_if(draft.fields, [](const auto& one) { return one.name == field::kCloseDate; });
  std::span<const std::string_view> day = kExpected;
  if (status == "won") day = kWonTime;
  if (status == "lost") day = kLostTime;
  return connectors::FillEmpty(
      {.field = field::kCloseDate, .type = ColumnType::kDate, .names = day}, cells, draft);
}

std::optional<RowError> Finish(const ObjectDescription& object, const Cells& cells, Draft& draft) {
  if (draft.ref.id.empty()) return std::nullopt;  // Refused by the mapping, as everywhere.
  if (auto error = FinishIds(object, cells, draft)) return error;
  connectors::FinishDomain(draft);
  switch (object.kind) {
    case referral::EntityKind::kPerson: return FinishPerson(cells, draft);
    case referral::EntityKind::kOpportunity: return FinishDeal(cells, draft);
    default: return std::nullopt;
  }
}

constexpr ExportColumn kContactExport[] = {
    {.title = "Person - ID", .value = "external_id"},
    {.title = "Person - Referral temperature", .value = "temperature"},
    {.title = "Person - Referral kind", .value = "kind"},
    {.title = "Person - Referral basis", .value = "basis"},
    {.title = "Person - Referral state", .value = "state"},
    {.title = "Person - Referral claimed", .value = "claimed"},
    {.title = "Person - Referred by (ID)", .value = "referred_by_id"},
    {.title = "Person - Referral chain depth", .value = "chain_depth"},
    {.title = "Person - Referral chain reach", .value = "chain_reach"},
    {.title = "Person - Referral event", .value = "event"},
    {.title = "Person - Referral source coverage", .value = "coverage"},
    {.title = "Person - Referral next ask", .value = "next_ask"},
    {.title = "Person - Referral next ask rule", .value = "next_ask_rule"},
    {.title = "Person - Referral next touch", .value = "next_touch"},
};

constexpr ExportDescription kExports[] = {
    {.object = "Person", .columns = kContactExport, .byte_order_mark = true}};

}  // namespace

constexpr ConnectorInfo kConnector{.name = "pipedrive",
                                   .title = "Pipedrive",
                                   .summary = "List exports: people, organizations, deals",
                                   .maturity = connectors::Maturity::kBeta,
                                   .objects = kObjects,
                                   .exports = kExports,
                                   .finish = &Finish};

}  // namespace referrald::pipedrive
