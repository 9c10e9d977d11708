// Figures of asking: what customers fold to.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include "storage/practice/cadence.h"
#include "storage/practice/metric.h"

namespace referrald::practice {
namespace {

int64_t WeekOf(Timestamp at) {
  return std::chrono::duration_cast<std::chrono::days>(at.time_since_epoch()).count() / 7;
}

const Ask* FirstAsk(const Customer& customer, AskKind kind, Timestamp from) {
  for (const Ask& ask : customer.asks) {
    if (ask.kind == kind && ask.at >= from) return &ask;
  }
  return nullptr;
}

}  // namespace

void MetricBuilder::Add(const Customer& customer) {
  if (!scope_.segment.empty()) {
    if (customer.group != scope_.segment) return;
    segment_.insert(customer.party);
  }
  AddCoverage(customer);
  AddAsks(customer);
  AddMoments(customer);
  AddReferences(customer);
  AddCadence(customer);
}

// M01 and M02.
void MetricBuilder::AddCoverage(const Customer& customer) {
  if (!customer.IsActive() || !customer.IsCustomer() || !IsTheirs(customer.rep)) return;
  const bool asked = !customer.asks.empty();
  Count("M01", "", asked, asked ? customer.asks.front().sequence : Sequence{});
  const Slots covered = customer.Covered();
  Count("M02", "all five", covered == kAllSlots, {});
  for (size_t i = 0; i < kSlotCount; ++i) {
    const auto slot = static_cast<Slot>(i);
    const bool has = Has(covered, slot);
    Count("M02", "", has, {});
    Count("M02", std::string(SlotName(slot)), has, customer.slots[i].because);
  }
}

// M26: only who has a plan can be late. Each touch answers what was due by then, in time or not;
// one that is overdue has not been answered.
void MetricBuilder::AddCadence(const Customer& customer) {
  if (customer.cadence.empty() || !customer.IsActive() || !IsTheirs(customer.rep)) return;
  const CadenceState state = CadenceOf(customer, scope_.now);
  Timestamp last = customer.cadence_at == Timestamp{} ? customer.first_at : customer.cadence_at;
  for (const Touch& touch : customer.touches) {
    if (!touch.counts || touch.at <= last || touch.at > scope_.now) continue;
    if (InPeriod(touch.at)) {
      Count("M26", "", touch.at <= last + state.plan->interval, touch.sequence);
    }
    last = touch.at;
  }
  if (state.overdue > 0 && InPeriod(state.due)) Count("M26", "", false, state.because.front());
  Count("M26", "above the ceiling", state.touches > state.plan->touches_max, state.because.front());
}

// M06, and what M24, M28 and M31 need.
void MetricBuilder::AddAsks(const Customer& customer) {
  for (const Ask& ask : customer.asks) {
    if (ask.kind == AskKind::kLostDeal) lost_asks_[customer.party].push_back(ask.at);
    if (!IsTheirs(ask.rep) || !InPeriod(ask.at)) continue;
    // A lost deal and a misfit are their own occasion; another event must be one of the customer's.
    const bool has_occasion =
        ask.occasion && (ask.kind == AskKind::kLostDeal || ask.kind == AskKind::kNotAFit ||
                         std::ranges::count(customer.moments, ask.occasion, &Moment::sequence) > 0);
    Count("M06", "", has_occasion, ask.sequence);
    for (size_t i = 0; i < kSlotCount; ++i) {
      const auto slot = static_cast<Slot>(i);
      if (Has(ask.slots, slot)) ++ratios_[{"M03", std::string(SlotName(slot))}].denominator;
    }
    ask_weeks_[ask.rep].insert(WeekOf(ask.at));
    if (ask.kind == AskKind::kLostDeal) lost_deal_asks_.insert(ask.sequence);
    if (ask.kind == AskKind::kNotAFit) asked_not_a_fit_.insert(customer.party);
    if (ask.with_incentive) {
      incentive_asks_.insert(ask.sequence);
    } else {
      plain_asks_.insert(ask.sequence);
    }
  }
}

// M04, M05 and M24: what followed a moment of the customer's purchase.
void MetricBuilder::AddMoments(const Customer& customer) {
  for (const Moment& moment : customer.moments) {
    if (!IsTheirs(customer.rep) || !InPeriod(moment.at)) continue;
    const auto asked_within = [&](AskKind kind, std::chrono::days within) -> const Ask* {
      const Ask* const ask = FirstAsk(customer, kind, moment.at);
      return ask != nullptr && ask->at <= moment.at + within ? ask : nullptr;
    };
    if (moment.type == EventType::kFirstEngagement &&
        moment.at + scope_.prime_within <= scope_.now) {
      const Ask* const prime = asked_within(AskKind::kPrime, scope_.prime_within);
      Count("M04", "", prime != nullptr, prime ? prime->sequence : Sequence{});
    }
    if (moment.type == EventType::kOrderPlaced) {
      if (const Ask* const full = FirstAsk(customer, AskKind::kFull, moment.at)) {
        Value("M05", "", DaysInThousandths(moment.at, full->at));
      }
      if (moment.at + scope_.ask_within > scope_.now) continue;
      const Ask* const full = asked_within(AskKind::kFull, scope_.ask_within);
      Count("M05", "asked in time", full != nullptr, full ? full->sequence : Sequence{});
      Count("M05", "never asked", FirstAsk(customer, AskKind::kFull, moment.at) == nullptr,
            moment.sequence);
    }
    if (moment.type == EventType::kDealLost && moment.at + scope_.ask_within <= scope_.now) {
      const Ask* const lost = asked_within(AskKind::kLostDeal, scope_.ask_within);
      Count("M24", "", lost != nullptr, lost ? lost->sequence : Sequence{});
      lost_moments_[customer.party].push_back(moment.at);
    }
  }
}

// M25.
void MetricBuilder::AddReferences(const Customer& customer) {
  for (const Reference& reference : customer.references) {
    if (reference.opportunity) deals_with_reference_.insert(reference.opportunity);
    if (!IsTheirs(reference.rep) || !InPeriod(reference.at)) continue;
    if (reference.state == ReferenceState::kRequested ||
        reference.state == ReferenceState::kRefused) {
      continue;
    }
    Count("M25", "called", reference.state == ReferenceState::kCalled, reference.because);
    if (!reference.result) continue;
    for (uint8_t number = 1; number <= 5; ++number) {
      const auto result = static_cast<ReferenceResult>(number);
      Count("M25", std::string(ReferenceResultName(result)), reference.result == result,
            reference.because);
    }
  }
}

// M28: the technique is easy, consistency is hard (R22).
void MetricBuilder::AddConsistency() {
  const int64_t end =
      WeekOf(scope_.to == Timestamp{} ? scope_.now : std::min(scope_.now, scope_.to));
  for (const auto& [rep, weeks] : ask_weeks_) {
    const int64_t first = *weeks.begin();
    int64_t longest = 0;
    int64_t last = first;
    for (const int64_t week : weeks) {
      longest = std::max(longest, week - last - 1);
      last = week;
    }
    longest = std::max(longest, end - last);
    Ratio& ratio = ratios_[{"M28", ""}];
    ratio.numerator += static_cast<int64_t>(weeks.size());
    ratio.denominator += std::max<int64_t>(end - first + 1, static_cast<int64_t>(weeks.size()));
    Value("M28", "longest gap in weeks", longest);
  }
  AddVariation(end);
}

// Of the introductions of each week, from the first one on: standard deviation / mean.
void MetricBuilder::AddVariation(int64_t last_week) {
  std::map<int64_t, int64_t> by_week;
  int64_t count = 0;
  for (const auto& [source, times] : introduced_) {
    for (const Timestamp at : times) {
      if (!InPeriod(at)) continue;
      ++by_week[WeekOf(at)];
      ++count;
    }
  }
  if (count == 0) return;
  const int64_t weeks = std::max(last_week, by_week.rbegin()->first) - by_week.begin()->first + 1;
  const double mean = static_cast<double>(count) / static_cast<double>(weeks);
  double squares = 0;
  for (const auto& [week, in_it] : by_week) squares += static_cast<double>(in_it * in_it);
  const double variance = squares / static_cast<double>(weeks) - mean * mean;
  Figure figure = PlainFigure("M28", "variation of weekly introductions", Unit::kRank, weeks);
  if (weeks >= scope_.count_min) {
    figure.value = static_cast<int64_t>(std::sqrt(std::max(0.0, variance)) / mean * 1000);
  }
  plain_.push_back(std::move(figure));
}

}  // namespace referrald::practice
