#include "connectors/dynamics/dynamics.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "connectors/api/finish.h"
#include "connectors/api/ids.h"
#include "connectors/dynamics/columns.h"
#include "storage/base/text.h"

namespace referrald::dynamics {
namespace {

using connectors::Cells;
using connectors::ConnectorInfo;
using connectors::Draft;
using connectors::ExportColumn;
using connectors::ExportDescription;
using connectors::RowError;

std::optional<RowError> ReadId(std::string& id) {
  auto read = connectors::ReadGuid(id, "Dynamics id");
  if (auto* error = std::get_if<RowError>(&read)) return std::move(*error);
  id = std::move(std::get<std::string>(read));
  return std::nullopt;
}

std::optional<RowError> FinishIds(const ObjectDescription& object, const Cells& cells,
                                  Draft& draft) {
  const auto in_column = [&](std::optional<RowError> error, std::string_view name) {
    return connectors::InColumn(std::move(error), TitleOf(object, cells, name));
  };
  if (auto error = ReadId(draft.ref.id)) return in_column(std::move(error), role::kExternalId);
  if (draft.merged_into) {
    if (auto error = ReadId(draft.merged_into->id)) {
      return in_column(std::move(error), role::kMergedInto);
    }
  }
  // A lookup is a GUID in the tables, and in worksheets a name, which is no link.
  std::erase_if(draft.associations,
                [](referral::Association& link) { return ReadId(link.ref.id).has_value(); });
  return std::nullopt;
}

// Labels in worksheets, numbers in tables.
std::string_view OutcomeOf(std::string_view status) {
  if (EqualsIgnoreCase(status, "Won") || status == "1") return "won";
  if (EqualsIgnoreCase(status, "Lost") || status == "2") return "lost";
  if (EqualsIgnoreCase(status, "Open") || status == "0") return "open";
  return {};
}

// What happened counts before what somebody expected.
std::optional<RowError> FinishOpportunity(const Cells& cells, Draft& draft) {
  const std::string_view outcome = OutcomeOf(cells.Any(kStatus));
  if (!outcome.empty()) connectors::SetOutcome(outcome, draft);
  auto error = connectors::FillEmpty(
      {.field = field::kAmount, .type = ColumnType::kNumber, .names = kActualRevenue}, cells,
      draft);
  if (error) return error;
  return connectors::FillEmpty(
      {.field = field::kCloseDate, .type = ColumnType::kDate, .names = kActualCloseDate}, cells,
      draft);
}

std::optional<RowError> Finish(const ObjectDescription& object, const Cells& cells, Draft& draft) {
  if (draft.ref.id.empty()) return std::nullopt;  // Refused by the mapping, as everywhere.
  if (auto error = FinishIds(object, cells, draft)) return error;
  connectors::FinishDomain(draft);
  const bool is_deal = object.kind == referral::EntityKind::kOpportunity;
  return is_deal ? FinishOpportunity(cells, draft) : std::nullopt;
}

constexpr ExportColumn kContactExport[] = {
    {.title = "(Do Not Modify) Contact", .value = "external_id"},
    {.title = "Referral temperature", .value = "temperature"},
    {.title = "Referral kind", .value = "kind"},
    {.title = "Referral basis", .value = "basis"},
    {.title = "Referral state", .value = "state"},
    {.title = "Referral claimed", .value = "claimed"},
    {.title = "Referred by (ID)", .value = "referred_by_id"},
    {.title = "Referral chain depth", .value = "chain_depth"},
    {.title = "Referral chain reach", .value = "chain_reach"},
    {.title = "Referral event", .value = "event"},
    {.title = "Referral source coverage", .value = "coverage"},
    {.title = "Referral next ask", .value = "next_ask"},
    {.title = "Referral next ask rule", .value = "next_ask_rule"},
    {.title = "Referral next touch", .value = "next_touch"},
};

constexpr ExportDescription kExports[] = {
    {.object = "contact", .columns = kContactExport, .byte_order_mark = true}};

}  // namespace

constexpr ConnectorInfo kConnector{.name = "dynamics",
                                   .title = "Dynamics 365",
                                   .summary =
                                       "Exports to Excel saved as CSV, and Dataverse tables: "
                                       "contacts, accounts, leads, opportunities",
                                   .maturity = connectors::Maturity::kBeta,
                                   .objects = kObjects,
                                   .exports = kExports,
                                   .finish = &Finish};

}  // namespace referrald::dynamics
