#include "storage/referral/referral.h"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

#include "storage/referral/rules.h"

namespace referrald::referral {
namespace {

// Evidence that turns up later than this proves less (domain.md, section 3).
constexpr std::chrono::days kEvidenceGrace{14};

std::vector<const RecordedFact*> InOrderOfOccurrence(std::span<const RecordedFact> facts) {
  std::vector<const RecordedFact*> order;
  order.reserve(facts.size());
  for (const RecordedFact& fact : facts) order.push_back(&fact);
  // What an event implies comes before it, at its instant, although it was told after.
  std::ranges::sort(order, {}, [](const RecordedFact* fact) {
    const bool implied = fact->fact.implied;
    const Sequence place = implied ? std::min(fact->fact.because, fact->sequence) : fact->sequence;
    return std::tuple(fact->occurred_at, place, !implied, fact->sequence);
  });
  return order;
}

// Who each is by the first fact that says so; a later one never overrides.
Parties FirstNamed(std::span<const RecordedFact* const> order) {
  Parties known;
  for (const RecordedFact* recorded : order) {
    if (!known.source) known.source = recorded->fact.source;
    if (!known.contact) known.contact = recorded->fact.contact;
    if (!known.rep) known.rep = recorded->fact.rep;
  }
  return known;
}

void NoteOutreach(Referral& referral, const RecordedFact& outreach) {
  const auto is_met = [](const Step& step) { return step.state == State::kMet; };
  if (std::ranges::none_of(referral.steps, is_met)) ++referral.outreaches;
  if (referral.first_outreach) return;
  referral.first_outreach = outreach.sequence;
  referral.first_outreach_at = outreach.occurred_at;
}

void NoteDetails(Referral& referral, const RecordedFact& recorded) {
  const Fact& fact = recorded.fact;
  if (fact.opportunity) referral.opportunity = fact.opportunity;
  if (!referral.ask && !fact.implied) referral.ask = fact.because;
  if (referral.source_slot == 0) referral.source_slot = fact.source_slot;
  if (fact.type == EventType::kMeetingHeld) referral.met_decision_maker = fact.decision_maker;
  if (fact.type == EventType::kOpportunityWon) referral.amount = fact.amount;
  if (fact.type == EventType::kOpportunityReversed) referral.amount = {};
  if (fact.type == EventType::kDuplicateOf) referral.survivor = fact.survivor;
  if (fact.type == EventType::kDuplicateCleared) referral.survivor = {};
  if (fact.type != EventType::kIntroductionMade) return;
  referral.introduction = recorded.sequence;
  referral.introduced_at = recorded.occurred_at;
  referral.late_evidence = recorded.recorded_at > recorded.occurred_at + kEvidenceGrace;
}

// A judgement taken back is as if it had not been: what was reached before was reached then.
void TakeBack(Referral& referral, Sequence by) {
  referral.taken_back.insert(referral.taken_back.end(), {referral.steps.back().sequence, by});
  referral.steps.pop_back();
  referral.state = referral.steps.empty() ? State::kNone : referral.steps.back().state;
}

void ApplyOne(Referral& referral, const RecordedFact& recorded) {
  const EventType event = recorded.fact.type;
  const Parties parties{referral.source, referral.contact, referral.rep};
  if (const Status honest = CheckHonest(recorded.fact, parties); !honest.ok()) {
    referral.unapplied.push_back({recorded.sequence, honest.message()});
    return;
  }
  if (event == EventType::kOutreachMade) return NoteOutreach(referral, recorded);
  const Transition* transition = FindTransition(referral.state, event);
  if (transition == nullptr) {
    referral.unapplied.push_back({recorded.sequence, WhyNot(referral.state, event)});
    return;
  }
  if (transition->to == State::kPrevious) {
    TakeBack(referral, recorded.sequence);
  } else {
    referral.state = transition->to;
    referral.steps.push_back(
        {referral.state, recorded.sequence, recorded.occurred_at, recorded.fact.implied});
  }
  NoteDetails(referral, recorded);
}

// What can be said only when everything has been applied.
void Conclude(Referral& referral) {
  if (!referral.introduction) return;
  for (const Step& step : referral.steps) {
    // Sequences are the order of recording: the deal was qualified before anybody had evidence.
    if (step.state == State::kQualified && step.sequence < referral.introduction) {
      referral.late_evidence = true;
    }
  }
  referral.rescued_by_introduction =
      referral.first_outreach && referral.introduced_at > referral.first_outreach_at;
  if (referral.rescued_by_introduction) referral.earlier_outreach = referral.first_outreach;
}

}  // namespace

bool IsJudged(const Referral& referral) {
  return referral.state == State::kDuplicate || referral.state == State::kVoided;
}

bool Stands(const Referral& referral) {
  return referral.introduction && !referral.rescued_by_introduction && !referral.denial &&
         !IsJudged(referral);
}

Referral Fold(ReferralId id, std::span<const RecordedFact> facts) {
  const std::vector<const RecordedFact*> order = InOrderOfOccurrence(facts);
  const Parties parties = FirstNamed(order);
  Referral referral;
  referral.id = id;
  referral.source = parties.source;
  referral.contact = parties.contact;
  referral.rep = parties.rep;
  for (const RecordedFact* recorded : order) ApplyOne(referral, *recorded);
  Conclude(referral);
  return referral;
}

}  // namespace referrald::referral
