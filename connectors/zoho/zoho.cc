#include "connectors/zoho/zoho.h"

#include <optional>
#include <string>

#include "connectors/api/finish.h"
#include "connectors/api/ids.h"
#include "connectors/zoho/columns.h"

namespace referrald::zoho {
namespace {

using connectors::Cells;
using connectors::ConnectorInfo;
using connectors::Draft;
using connectors::ExportColumn;
using connectors::ExportDescription;
using connectors::RowError;

constexpr std::string_view kWon[] = {"Closed Won"};
constexpr std::string_view kLost[] = {"Closed Lost", "Closed-Lost to Competition",
                                      "Closed Lost to Competition"};
constexpr std::string_view kOpen[] = {"Qualification",        "Needs Analysis",
                                      "Value Proposition",    "Identify Decision Makers",
                                      "Proposal/Price Quote", "Negotiation/Review"};
constexpr connectors::StageNames kStages{.won = kWon, .lost = kLost, .open = kOpen};

// "zcrm_4876876000000111" and "4876876000000111" stand for the same record, even in one account.
std::optional<RowError> ReadRecordId(std::string& id) {
  constexpr std::string_view kPrefix = "zcrm_";
  if (id.starts_with(kPrefix)) id.erase(0, kPrefix.size());
  return connectors::CheckNumberId(id, "Zoho record id");
}

std::optional<RowError> Finish(const ObjectDescription& object, const Cells& cells, Draft& draft) {
  if (draft.ref.id.empty()) return std::nullopt;  // Refused by the mapping, as everywhere.
  if (auto error = ReadRecordId(draft.ref.id)) {
    return connectors::InColumn(std::move(error), TitleOf(object, cells, role::kExternalId));
  }
  for (referral::Association& link : draft.associations) {
    if (auto error = ReadRecordId(link.ref.id)) {
      return connectors::InColumn(std::move(error),
                                  TitleOf(object, cells, link.role + ":" + link.ref.object));
    }
  }
  connectors::FinishDomain(draft);
  connectors::FinishOutcome(kStages, draft);
  return std::nullopt;
}

constexpr ExportColumn kContactExport[] = {
    {.title = "Record Id", .value = "external_id"},
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
    {.object = "Contact", .columns = kContactExport, .byte_order_mark = false}};

}  // namespace

constexpr ConnectorInfo kConnector{
    .name = "zoho",
    .title = "Zoho CRM",
    .summary = "Module exports and backups: contacts, accounts, leads, deals",
    .maturity = connectors::Maturity::kBeta,
    .objects = kObjects,
    .exports = kExports,
    .finish = &Finish};

}  // namespace referrald::zoho
