#include "connectors/sync/stage.h"

#include <algorithm>
#include <array>
#include <utility>

#include "storage/base/status.h"
#include "storage/base/text.h"

namespace referrald::sync {
namespace {

using referral::EventType;

struct MomentRow {
  Moment moment;
  std::string_view name;
  EventType act;
};
constexpr std::array kMoments = std::to_array<MomentRow>({
    {Moment::kNone, "nothing", EventType::kUnknown},
    {Moment::kEngaged, "first_engagement", EventType::kFirstEngagement},
    {Moment::kExcited, "customer_excited", EventType::kCustomerExcited},
    {Moment::kOrdered, "order_placed", EventType::kOrderPlaced},
    {Moment::kLost, "deal_lost", EventType::kDealLost},
});

const MomentRow& RowOf(Moment moment) {
  const auto* const found = std::ranges::find(kMoments, moment, &MomentRow::moment);
  REFERRALD_CHECK(found != kMoments.end());
  return *found;
}

}  // namespace

std::string_view MomentName(Moment moment) { return RowOf(moment).name; }

std::optional<Moment> ParseMoment(std::string_view name) {
  const auto* const found = std::ranges::find(kMoments, name, &MomentRow::name);
  return found == kMoments.end() ? std::nullopt : std::optional(found->moment);
}

EventType ActOf(Moment moment) {
  REFERRALD_CHECK(moment != Moment::kNone);
  return RowOf(moment).act;
}

Moment MomentOf(std::span<const StageRule> rules, const referral::Fields& row) {
  const std::string_view stage = Trim(Find(row, referral::field::kStage));
  const auto rule = std::ranges::find_if(rules, [stage](const StageRule& one) {
    return !stage.empty() && EqualsIgnoreCase(Trim(one.stage), stage);
  });
  if (rule != rules.end()) return rule->moment;
  const std::string_view outcome = Find(row, referral::field::kOutcome);
  if (outcome == "won") return Moment::kOrdered;
  return outcome == "lost" ? Moment::kLost : Moment::kNone;
}

}  // namespace referrald::sync
