// Figures of what came of names and introductions.
#include <algorithm>
#include <array>
#include <tuple>

#include "storage/practice/metric.h"

namespace referrald::practice {
namespace {

using referral::Referral;
using referral::State;
using referral::Step;

const Step* First(const Referral& referral, State state) {
  const auto step = std::ranges::find(referral.steps, state, &Step::state);
  return step == referral.steps.end() ? nullptr : &*step;
}

Sequence SequenceOf(const Step* step) { return step == nullptr ? Sequence{} : step->sequence; }

}  // namespace

void MetricBuilder::Add(const Referral& referral) {
  if (IsJudged(referral) || !IsTheirs(referral.rep) || referral.steps.empty()) return;
  if (!scope_.segment.empty() && !segment_.contains(referral.source)) return;
  NoteIntroduction(referral);
  if (!InPeriod(referral.steps.front().occurred_at)) return;
  AddGates(referral);
  AddFunnel(referral);
  NoteLed(referral);
  NoteCost(referral);
}

// M07 to M09.
void MetricBuilder::AddGates(const Referral& referral) {
  if (const Step* const named = First(referral, State::kNamed)) {
    if (referral.late_evidence) {
      Exclude("M07");
    } else {
      Count("M07", "", Stands(referral),
            Stands(referral) ? referral.introduction : named->sequence);
    }
  }
  const Step* const denied = First(referral, State::kNotAcquainted);
  if (denied != nullptr || First(referral, State::kVerified) != nullptr) {
    Count("M09", "", denied != nullptr, SequenceOf(denied));
    if (const auto claim = claims_.find(PairOf(referral.source, referral.contact));
        claim != claims_.end()) {
      Count("M09", "claimed by " + claim->second, denied != nullptr, SequenceOf(denied));
    }
  }
  constexpr std::array kGates = {State::kSourceEngaged, State::kVerified, State::kRequested};
  if (const Step* const requested = First(referral, State::kRequested)) {
    const bool in_order =
        First(referral, kGates[0]) != nullptr && First(referral, kGates[1]) != nullptr;
    Count("M08", "", in_order, requested->sequence);
  }
  if (!referral.introduction || First(referral, State::kNamed) == nullptr) return;
  for (const State gate : kGates) {
    Count("M08", "skipped " + std::string(StateName(gate)), First(referral, gate) == nullptr,
          referral.introduction);
  }
}

// M10 to M12: implied meetings are left out where times and calls are counted.
void MetricBuilder::AddFunnel(const Referral& referral) {
  const Step* const met = First(referral, State::kMet);
  const bool seen = met != nullptr && !met->implied;
  if (seen && referral.outreaches > 0) {
    Value("M11", Stands(referral) ? "hot" : "cold", referral.outreaches);
  }
  if (!referral.introduction) return;
  if (referral.late_evidence) {
    for (const std::string_view metric : {"M10", "M12", "M13a"}) Exclude(metric);
    return;
  }
  const bool is_implied = met != nullptr && met->implied;
  if (referral.outreaches > 0 && !is_implied) {
    Count("M10", "", seen && referral.outreaches == 1, SequenceOf(met));
  }
  if (seen) {
    Count("M19", "", referral.met_decision_maker, met->sequence);
  }
  const Step* const qualified = First(referral, State::kQualified);
  Count("M12", "", qualified != nullptr, SequenceOf(qualified));
  if (referral.introduced_at + scope_.matured_after > scope_.now) return;
  const bool won = referral.state == State::kWon;
  Count("M13a", "", won, SequenceOf(First(referral, State::kWon)));
}

// Two introductions may lead to one deal: it is one deal, by the first of them.
void MetricBuilder::NoteLed(const Referral& referral) {
  if (referral.late_evidence || !Stands(referral)) return AddOutcome(referral);
  if (!referral.opportunity) return AddLed(referral);
  const auto [led, is_new] = led_.try_emplace(referral.opportunity, referral);
  const auto order = [](const Referral& one) {
    return std::tuple(one.introduced_at, one.introduction);
  };
  if (!is_new && order(referral) < order(led->second)) led->second = referral;
}

// M13b to M15 and M18, of a deal that an introduction led to.
void MetricBuilder::AddLed(const Referral& referral) {
  if (referral.opportunity) Count("M18", "", true, referral.introduction);
  const bool won = referral.state == State::kWon;
  if (!won && referral.state != State::kLost) return;
  const Step& end = referral.steps.back();
  Count("M13b", "referral", won, end.sequence);
  if (!won) return;
  if (referral.opportunity) won_deals_.push_back(referral.opportunity);
  if (!end.implied) {
    Value("M14", "referral", DaysInThousandths(referral.introduced_at, end.occurred_at));
  }
  if (!referral.amount.currency.empty()) {
    Value("M15", referral.amount.currency + " referral", referral.amount.minor_units);
  }
}

// M13b and M14, of one that the gate does not let stand.
void MetricBuilder::AddOutcome(const Referral& referral) {
  const bool won = referral.state == State::kWon;
  if (!won && referral.state != State::kLost) return;
  const Step& end = referral.steps.back();
  Exclude("M13b", "referral");
  if (won && !end.implied && referral.first_outreach && !Stands(referral)) {
    Value("M14", "cold", DaysInThousandths(referral.first_outreach_at, end.occurred_at));
  }
}

// What M20 to M24 and M31 need.
void MetricBuilder::NoteIntroduction(const Referral& referral) {
  if (referral.state == State::kNotAFit) {
    const Timestamp at = referral.steps.back().occurred_at;
    const auto [since, is_new] = not_a_fit_.try_emplace(referral.contact, at);
    if (!is_new) since->second = std::min(since->second, at);
  }
  if (referral.state == State::kLost) {
    lost_referrals_[referral.contact].push_back(referral.steps.back().occurred_at);
  }
  const auto edge = IntroductionOf(referral);
  if (!edge) return;
  if (referral.source_slot != 0 && referral.source_slot <= kSlotCount &&
      InPeriod(referral.introduced_at)) {
    const auto slot = static_cast<Slot>(referral.source_slot - 1);
    ++ratios_[{"M03", std::string(SlotName(slot))}].numerator;
  }
  introduced_[referral.source].push_back(referral.introduced_at);
  edges_.push_back(*edge);
  if (referral.state == State::kWon && Stands(referral) && !referral.amount.currency.empty()) {
    if (referral.opportunity) {
      // The older record says what the deal is worth, as in storage/ledger/chain_writer.h.
      Worth& worth = worth_[{referral.contact, referral.opportunity}];
      if (!worth.referral || referral.id < worth.referral) worth = {referral.id, referral.amount};
    } else {
      won_[referral.contact][referral.amount.currency] += referral.amount.minor_units;
    }
  }
  const auto [brought, is_new] = brought_.try_emplace(referral.contact, referral.introduced_at);
  if (!is_new) brought->second = std::min(brought->second, referral.introduced_at);
  if (referral.ask) introductions_by_ask_.push_back(referral.ask);
}

// M20 to M22: whether referrals lead to referrals (R11, R12).
void MetricBuilder::AddReproduction() {
  for (const auto& [source, times] : introduced_) {
    const auto count = std::ranges::count_if(times, [this](Timestamp at) { return InPeriod(at); });
    if (count > 0) Value("M20", "introductions a source", count);
  }
  for (const auto& [person, since] : brought_) {
    if (since + scope_.reproduction_within > scope_.now || !InPeriod(since)) continue;
    Ratio& ratio = ratios_[{"M21", ""}];
    ++ratio.denominator;
    const auto made = introduced_.find(person);
    if (made == introduced_.end()) continue;
    ratio.numerator += std::ranges::count_if(made->second, [&](Timestamp at) {
      return at > since && at <= since + scope_.reproduction_within;
    });
  }
  for (const auto& [person, since] : not_a_fit_) {
    if (!InPeriod(since)) continue;
    const auto made = introduced_.find(person);
    const bool recycled =
        made != introduced_.end() &&
        std::ranges::any_of(made->second, [at = since](Timestamp when) { return when > at; });
    Count("M22", "", recycled, {});
    if (asked_not_a_fit_.contains(person)) Count("M22", "of those asked", recycled, {});
  }
}

// M24 of referrals: a deal that both a referral and a moment of the customer's say was lost is one.
void MetricBuilder::AddLostDeals() {
  for (const auto& [party, lost] : lost_referrals_) {
    const auto within = [this](const std::vector<Timestamp>& times, Timestamp from) {
      return std::ranges::any_of(
          times, [&](Timestamp at) { return at >= from && at <= from + scope_.ask_within; });
    };
    for (const Timestamp at : lost) {
      if (!InPeriod(at) || at + scope_.ask_within > scope_.now) continue;
      if (within(lost_moments_[party], at - scope_.ask_within) ||
          within(lost_moments_[party], at)) {
        continue;
      }
      Count("M24", "", within(lost_asks_[party], at), {});
    }
  }
}

// M24 and M31: what came of asks. Observed, not tried: who gets an incentive is no accident.
void MetricBuilder::AddAskYield() {
  int64_t with = 0, without = 0, lost = 0;
  for (const Sequence ask : introductions_by_ask_) {
    with += incentive_asks_.contains(ask) ? 1 : 0;
    without += plain_asks_.contains(ask) ? 1 : 0;
    lost += lost_deal_asks_.contains(ask) ? 1 : 0;
  }
  const auto put = [this](std::string_view metric, std::string part, int64_t got, int64_t of) {
    if (of > 0) ratios_[{metric, std::move(part)}] = {.numerator = got, .denominator = of};
  };
  put("M24", "yield", lost, static_cast<int64_t>(lost_deal_asks_.size()));
  put("M31", "with incentive", with, static_cast<int64_t>(incentive_asks_.size()));
  put("M31", "without incentive", without, static_cast<int64_t>(plain_asks_.size()));
}

// M25: with a referral you probably will not need a reference (R40).
void MetricBuilder::AddSubstitution() {
  for (const EntityId deal : won_deals_) {
    Count("M25", "won referrals without one", !deals_with_reference_.contains(deal), {});
  }
}

}  // namespace referrald::practice
