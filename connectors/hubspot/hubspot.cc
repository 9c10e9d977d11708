#include "connectors/hubspot/hubspot.h"

#include <optional>
#include <string>
#include <utility>

#include "connectors/api/finish.h"
#include "connectors/api/values.h"
#include "connectors/hubspot/columns.h"
#include "connectors/hubspot/record_id.h"
#include "storage/base/text.h"

namespace referrald::hubspot {
namespace {

using connectors::Cells;
using connectors::ConnectorInfo;
using connectors::Draft;
using connectors::ExportColumn;
using connectors::ExportDescription;
using connectors::RowError;

constexpr int kDamaged = 2122;

// Association columns may hold names where there is no id: those are no links. A damaged id is an
// error, because a link that is dropped in silence is lost.
std::optional<RowError> FinishLinks(const ObjectDescription& object, const Cells& cells,
                                    Draft& draft) {
  for (const referral::Association& link : draft.associations) {
    std::optional<RowError> error = CheckRecordId(link.ref.id);
    if (!error || error->number != kDamaged) continue;
    error->column = connectors::TitleOf(object, cells, link.role + ":" + link.ref.object);
    return error;
  }
  std::erase_if(draft.associations, [](const referral::Association& link) {
    return CheckRecordId(link.ref.id).has_value();
  });
  return std::nullopt;
}

bool IsTrue(const Cells& cells, std::span<const std::string_view> names) {
  return connectors::ReadBoolean(cells.Any(names)) == true;
}

// Stages are the customer's own; only the flags, and the two names that every pipeline starts with,
// say how a deal ended.
void FinishOutcome(const Cells& cells, Draft& draft) {
  const std::string_view stage = referral::Find(draft.fields, field::kStage);
  const auto stage_is = [stage](std::string_view label, std::string_view internal) {
    return EqualsIgnoreCase(stage, label) || EqualsIgnoreCase(stage, internal);
  };
  std::string_view outcome;
  if (IsTrue(cells, kIsClosedWon) || stage_is("Closed won", "closedwon")) {
    outcome = "won";
  } else if (IsTrue(cells, kIsClosedLost) || IsTrue(cells, kIsClosed) ||
             stage_is("Closed lost", "closedlost")) {
    outcome = "lost";
  } else if (connectors::ReadBoolean(cells.Any(kIsClosed)) == false) {
    outcome = "open";
  }
  if (!outcome.empty()) connectors::SetOutcome(outcome, draft);
}

std::optional<RowError> Finish(const ObjectDescription& object, const Cells& cells, Draft& draft) {
  if (draft.ref.id.empty()) return std::nullopt;  // Refused by the mapping, as everywhere.
  if (std::optional<RowError> error = CheckRecordId(draft.ref.id)) {
    error->column = connectors::TitleOf(object, cells, role::kExternalId);
    return error;
  }
  if (auto error = FinishLinks(object, cells, draft)) return error;
  connectors::FinishDomain(draft);
  if (object.kind == referral::EntityKind::kOpportunity) FinishOutcome(cells, draft);
  return std::nullopt;
}

constexpr ExportColumn kContactExport[] = {
    {.title = "Record ID", .value = "external_id"},
    {.title = "Referral temperature", .value = "temperature"},
    {.title = "Referral kind", .value = "kind"},
    {.title = "Referral basis", .value = "basis"},
    {.title = "Referral state", .value = "state"},
    {.title = "Referral claimed", .value = "claimed"},
    {.title = "Referred by (Record ID)", .value = "referred_by_id"},
    {.title = "Referral chain depth", .value = "chain_depth"},
    {.title = "Referral chain reach", .value = "chain_reach"},
    {.title = "Referral event", .value = "event"},
    {.title = "Referral source coverage", .value = "coverage"},
    {.title = "Referral next ask", .value = "next_ask"},
    {.title = "Referral next ask rule", .value = "next_ask_rule"},
    {.title = "Referral next touch", .value = "next_touch"}};

constexpr ExportDescription kExports[] = {{.object = "Contact", .columns = kContactExport}};

}  // namespace

constexpr ConnectorInfo kConnector{
    .name = "hubspot",
    .title = "HubSpot",
    .summary = "CSV exports with English labels or internal names: contacts, companies, deals",
    .maturity = connectors::Maturity::kBeta,
    .objects = kObjects,
    .exports = kExports,
    .finish = &Finish};

}  // namespace referrald::hubspot
