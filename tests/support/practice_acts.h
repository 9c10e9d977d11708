#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "storage/practice/act.h"

namespace referrald::support {

inline constexpr EntityId kAnna{1};  // A customer.
inline constexpr EntityId kRep{2};
inline constexpr EntityId kBen{3};  // A prospect.
inline constexpr EntityId kCarl{4};
inline constexpr ReferralId kSomeReferral{50};

// Noon of a day, counted from some Monday.
inline Timestamp ActDay(int day) {
  return Timestamp{std::chrono::hours(24) * (20'000 + day) + std::chrono::hours(12)};
}

// An act with every member that its type needs.
inline practice::Act CompleteAct(practice::EventType type) {
  namespace m = practice::member;
  const practice::ActRule* const rule = practice::FindActRule(type);
  practice::Act act;
  act.type = type;
  if (rule == nullptr) return act;
  const auto needs = [rule](uint32_t member) { return (rule->needs & member) != 0; };
  if (needs(m::kParty)) act.party = kAnna;
  if (needs(m::kRep)) act.rep = kRep;
  if (needs(m::kOther)) act.other = kBen;
  if (needs(m::kOpportunity)) act.opportunity = EntityId{5};
  if (needs(m::kReferral)) act.referral = kSomeReferral;
  if (needs(m::kAbout)) act.about = Sequence{1};
  if (needs(m::kCode)) act.code = 1;
  if (needs(m::kSlots)) act.slots = practice::In(practice::Slot::kExternalPeer);
  if (needs(m::kNumbers)) act.numbers = {1};
  if (needs(m::kChannel)) act.channel = referral::Channel::kPhone;
  if (needs(m::kAmount)) act.amount = {.minor_units = 100, .currency = "EUR"};
  if (needs(m::kUntil)) act.until = ActDay(100);
  if (needs(m::kName)) act.name = "plan-a";
  if (needs(m::kText)) act.text = "because";
  if (type == practice::EventType::kRewardClawedBack) act.amount.minor_units = -100;
  return act;
}

// A log of acts, numbered as they come.
class ActLog {
 public:
  // What happened on `day` and was told on the same day, or `told` days later.
  Sequence Add(practice::Act act, int day, int told = 0) {
    const Sequence sequence{++last_};
    acts_.push_back({.sequence = sequence,
                     .occurred_at = ActDay(day),
                     .recorded_at = ActDay(day + told),
                     .actor = "test",
                     .act = std::move(act)});
    return sequence;
  }
  Sequence Add(practice::EventType type, int day) { return Add(CompleteAct(type), day); }

  const std::vector<practice::RecordedAct>& acts() const { return acts_; }

 private:
  uint64_t last_ = 0;
  std::vector<practice::RecordedAct> acts_;
};

}  // namespace referrald::support
