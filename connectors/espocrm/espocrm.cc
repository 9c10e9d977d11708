#include "connectors/espocrm/espocrm.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/api/finish.h"
#include "connectors/espocrm/columns.h"
#include "storage/base/text.h"

namespace referrald::espocrm {
namespace {

using connectors::Cells;
using connectors::ConnectorInfo;
using connectors::Draft;
using connectors::ExportColumn;
using connectors::ExportDescription;
using connectors::RowError;

constexpr std::string_view kWon[] = {"Closed Won"};
constexpr std::string_view kLost[] = {"Closed Lost"};
constexpr std::string_view kOpen[] = {"Prospecting", "Qualification", "Proposal", "Negotiation"};
constexpr connectors::StageNames kStages{.won = kWon, .lost = kLost, .open = kOpen};

// ["a","b"]: several ids are JSON text. An id holds no quotes and no commas.
void SplitLists(Draft& draft) {
  std::vector<referral::Association> links;
  for (const referral::Association& link : draft.associations) {
    std::string_view rest = link.ref.id;
    if (!rest.starts_with('[')) {
      links.push_back(link);
      continue;
    }
    while (!rest.empty()) {
      rest.remove_prefix(std::min(rest.find_first_not_of("[]\", "), rest.size()));
      const std::string_view id = rest.substr(0, rest.find_first_of("[]\", "));
      rest.remove_prefix(id.size());
      if (id.empty()) continue;
      referral::Association one = link;
      one.ref.id = id;
      links.push_back(std::move(one));
    }
  }
  draft.associations = std::move(links);
}

std::optional<RowError> Finish(const ObjectDescription&, const Cells&, Draft& draft) {
  SplitLists(draft);
  connectors::FinishDomain(draft);
  connectors::FinishOutcome(kStages, draft);
  return std::nullopt;
}

constexpr ExportColumn kContactExport[] = {
    {.title = "id", .value = "external_id"},
    {.title = "referralTemperature", .value = "temperature"},
    {.title = "referralKind", .value = "kind"},
    {.title = "referralBasis", .value = "basis"},
    {.title = "referralState", .value = "state"},
    {.title = "referralClaimed", .value = "claimed"},
    {.title = "referralSourceId", .value = "referred_by_id"},
    {.title = "referralChainDepth", .value = "chain_depth"},
    {.title = "referralChainReach", .value = "chain_reach"},
    {.title = "referralEvent", .value = "event"},
    {.title = "referralCoverage", .value = "coverage"},
    {.title = "referralNextAsk", .value = "next_ask"},
    {.title = "referralNextAskRule", .value = "next_ask_rule"},
    {.title = "referralNextTouch", .value = "next_touch"},
};

constexpr ExportDescription kExports[] = {
    {.object = "Contact", .columns = kContactExport, .byte_order_mark = false}};

}  // namespace

constexpr ConnectorInfo kConnector{
    .name = "espocrm",
    .title = "EspoCRM",
    .summary = "CSV exports by attribute name: contacts, accounts, leads, opportunities",
    .maturity = connectors::Maturity::kBeta,
    .objects = kObjects,
    .exports = kExports,
    .finish = &Finish,
    .apostrophe_before = "=-+@"};

}  // namespace referrald::espocrm
