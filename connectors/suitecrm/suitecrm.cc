#include "connectors/suitecrm/suitecrm.h"

#include <optional>
#include <string_view>

#include "connectors/api/finish.h"
#include "connectors/suitecrm/columns.h"

namespace referrald::suitecrm {
namespace {

using connectors::Cells;
using connectors::ConnectorInfo;
using connectors::Draft;
using connectors::ExportColumn;
using connectors::ExportDescription;
using connectors::RowError;

constexpr std::string_view kWon[] = {"Closed Won"};
constexpr std::string_view kLost[] = {"Closed Lost"};
constexpr std::string_view kOpen[] = {
    "Prospecting",         "Qualification",       "Needs Analysis",       "Value Proposition",
    "Id. Decision Makers", "Perception Analysis", "Proposal/Price Quote", "Negotiation/Review"};
constexpr connectors::StageNames kStages{.won = kWon, .lost = kLost, .open = kOpen};

std::optional<RowError> Finish(const ObjectDescription&, const Cells&, Draft& draft) {
  connectors::FinishDomain(draft);
  connectors::FinishOutcome(kStages, draft);
  return std::nullopt;
}

constexpr ExportColumn kContactExport[] = {
    {.title = "id", .value = "external_id"},
    {.title = "referral_temperature_c", .value = "temperature"},
    {.title = "referral_kind_c", .value = "kind"},
    {.title = "referral_basis_c", .value = "basis"},
    {.title = "referral_state_c", .value = "state"},
    {.title = "referral_claimed_c", .value = "claimed"},
    {.title = "referral_source_id_c", .value = "referred_by_id"},
    {.title = "referral_chain_depth_c", .value = "chain_depth"},
    {.title = "referral_chain_reach_c", .value = "chain_reach"},
    {.title = "referral_event_c", .value = "event"},
    {.title = "referral_coverage_c", .value = "coverage"},
    {.title = "referral_next_ask_c", .value = "next_ask"},
    {.title = "referral_next_ask_rule_c", .value = "next_ask_rule"},
    {.title = "referral_next_touch_c", .value = "next_touch"},
};

constexpr ExportDescription kExports[] = {
    {.object = "Contacts", .columns = kContactExport, .byte_order_mark = false}};

}  // namespace

constexpr ConnectorInfo kConnector{
    .name = "suitecrm",
    .title = "SuiteCRM",
    .summary = "List exports of SuiteCRM and SugarCRM CE: contacts, accounts, leads, opportunities",
    .maturity = connectors::Maturity::kBeta,
    .objects = kObjects,
    .exports = kExports,
    .finish = &Finish,
    .apostrophe_before = "=-+@"};

}  // namespace referrald::suitecrm
