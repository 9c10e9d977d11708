// Figures of costs, chains and of the firm itself.
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "storage/practice/metric.h"
#include "storage/referral/chain.h"

namespace referrald::practice {
namespace {

constexpr size_t kDepthShown = 5;

std::string DepthName(size_t depth) {
  return "depth " + std::to_string(depth) + (depth == kDepthShown ? " or more" : "");
}

}  // namespace

void MetricBuilder::AddClaim(EntityId left, EntityId right, std::string network) {
  claims_.emplace(PairOf(left, right), std::move(network));
}

void MetricBuilder::AddMinutes(ReferralId referral, int64_t minutes) {
  minutes_[referral] += minutes;
}

void MetricBuilder::Add(const Reward& reward) {
  if (IsPart() || !InPeriod(reward.due)) return;
  const bool was_paid =
      reward.state == RewardState::kFulfilled || reward.state == RewardState::kClawedBack;
  if (was_paid) paid_[reward.amount.currency] += reward.amount.minor_units - reward.clawed_back;
}

// M16 and M17: per referral that was won, and that came to nothing.
void MetricBuilder::NoteCost(const referral::Referral& referral) {
  using referral::State;
  const State state = referral.state;
  const auto spent = minutes_.find(referral.id);
  const int64_t minutes = spent == minutes_.end() ? 0 : spent->second;
  const bool is_hot = Stands(referral);
  Ratio& cost = ratios_[{"M16", is_hot ? "minutes referral" : "minutes other"}];
  cost.numerator += minutes;
  if (state == State::kWon) ++cost.denominator;
  const bool is_won = state == State::kWon && is_hot;
  if (is_won && (!referral.opportunity || cost_deals_.insert(referral.opportunity).second)) {
    ++hot_wins_;
  }
  const bool failed = state == State::kNotAFit || state == State::kContactDeclined ||
                      state == State::kSourceDeclined;
  if (!failed) return;
  Ratio& failure = ratios_[{"M17", ""}];
  failure.numerator += minutes;
  ++failure.denominator;
}

void MetricBuilder::AddCosts() {
  for (const auto& [currency, amount] : paid_) {
    ratios_[{"M16", currency + " rewards"}] = {.numerator = amount, .denominator = hot_wins_};
  }
}

// M20 and M23: how deep chains go, and what they came to.
void MetricBuilder::AddChains() {
  for (const auto& [deal, worth] : worth_) {
    won_[deal.first][worth.amount.currency] += worth.amount.minor_units;
  }
  const referral::Forest forest = referral::BuildForest(edges_);
  std::vector<const referral::ChainNode*> upwards;
  std::map<EntityId, int64_t> at_depth;
  for (const referral::ChainNode& node : forest.nodes) upwards.push_back(&node);
  std::ranges::sort(upwards, std::greater(), &referral::ChainNode::depth);
  std::map<EntityId, std::map<std::string, int64_t>> below;
  for (const referral::ChainNode* const node : upwards) {
    if (node->depth > 0) {
      for (size_t depth = 1; depth <= kDepthShown; ++depth) {
        Count("M20", DepthName(depth), std::min<size_t>(node->depth, kDepthShown) == depth, {});
      }
      for (const auto& [currency, amount] : below[node->person]) {
        below[node->parent][currency] += amount;
      }
      for (const auto& [currency, amount] : won_[node->person]) {
        below[node->parent][currency] += amount;
      }
      continue;
    }
    for (const auto& [currency, amount] : below[node->person]) Value("M23", currency, amount);
  }
}

// M27, M29, M30 and M32.
void MetricBuilder::Add(const FirmRecord& firm) {
  if (IsPart()) return;
  if (firm.process_owed > 0) {
    ratios_[{"M27", ""}] = {.numerator = firm.process_in_order, .denominator = firm.process_owed};
  }
  const auto takers = static_cast<int64_t>(firm.quiz.respondents);
  if (takers > 0) {
    const int64_t answers = takers * static_cast<int64_t>(kQuizQuestions);
    const int64_t yes = (firm.quiz.score * answers + 500) / 1000;
    ratios_[{"M29", ""}] = {.numerator = yes, .denominator = answers};
  }
  for (const Accountability& one : firm.targets) {
    Count("M30", "", one.on_time, one.because.empty() ? Sequence{} : one.because.front());
  }
  // Metrics that nobody answers for count against it.
  const auto all = static_cast<int64_t>(MetricTable().size());
  Ratio& accountable = ratios_[{"M30", ""}];
  accountable.denominator = std::max(accountable.denominator, all);
  for (size_t i = 0; i < kPollActivities; ++i) {
    if (firm.poll[i] < 0) continue;
    const std::string activity(PollActivities()[i]);
    Figure figure = PlainFigure("M32", activity, Unit::kRank, firm.polls);
    if (firm.polls >= scope_.count_min) figure.value = firm.poll[i];
    plain_.push_back(std::move(figure));
  }
}

}  // namespace referrald::practice
