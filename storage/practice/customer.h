#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/practice/act.h"
#include "storage/referral/referral.h"

namespace referrald::practice {

// Stored; never renumber.
enum class SlotState : uint8_t {
  kUnasked = 0,
  kAsked = 1,
  kYielded = 2,
  kNoneExists = 3,
  kDeclined = 4,
};
std::string_view SlotStateName(SlotState state);  // "UNASKED", ...

// One of the five groups of a customer (R13): covered once it is in any state but UNASKED.
struct SourceSlot {
  SlotState state = SlotState::kUnasked;
  Sequence because;            // The event that led to the state.
  uint32_t asks = 0;           // Asks that were about it.
  uint32_t introductions = 0;  // Introductions that came of those.
  friend bool operator==(const SourceSlot&, const SourceSlot&) = default;
};

// A moment of the customer's purchase, or a signal.
struct Moment {
  EventType type = EventType::kUnknown;
  Sequence sequence;
  Timestamp at{};
  friend bool operator==(const Moment&, const Moment&) = default;
};

// An ask that was made, and what came of it.
struct Ask {
  Sequence sequence;
  Timestamp at{};
  AskKind kind = AskKind::kPrime;
  Slots slots = 0;
  EntityId rep;
  Sequence occasion;  // The event that gave it; none: driven by the pipeline (M06).
  bool with_incentive = false;
  std::optional<AskOutcome> outcome;  // Nothing: not answered yet.
  Sequence answer;
  Timestamp answered_at{};
  Timestamp again_at{};  // LATER: when.
  uint32_t names = 0;    // NAMES_GIVEN: how many.
  friend bool operator==(const Ask&, const Ask&) = default;
};

// An ask that somebody means to make.
struct PlannedAsk {
  Sequence sequence;
  AskKind kind = AskKind::kPrime;
  Slots slots = 0;
  Timestamp due{};
  Timestamp at{};  // When it was planned.
  friend bool operator==(const PlannedAsk&, const PlannedAsk&) = default;
};

// A touch (R31). One that was told long after it happened does not count towards the cadence (R34).
struct Touch {
  Sequence sequence;
  Timestamp at{};
  bool counts = true;
  friend bool operator==(const Touch&, const Touch&) = default;
};

// Something somebody did with a prompt.
struct PromptMark {
  std::string rule;   // "P03".
  Sequence about;     // The event the prompt stands on.
  Sequence because;   // This mark's own event.
  Timestamp until{};  // Snoozed to; zero: done.
  Timestamp at{};     // When it was set.
  friend bool operator==(const PromptMark&, const PromptMark&) = default;
};

enum class ReferenceState : uint8_t {
  kRequested = 1,
  kGiven = 2,
  kRefused = 3,
  kCalled = 4,
  kNotCalled = 5,
};
std::string_view ReferenceStateName(ReferenceState state);  // "REQUESTED", ...

// A prospect's wish to speak with this customer (R02, R03): never a referral.
struct Reference {
  Sequence sequence;  // Of the request.
  Timestamp at{};
  EntityId prospect, rep, opportunity;
  Insistence insistence = Insistence::kProspect;
  ReferenceState state = ReferenceState::kRequested;
  Sequence because;  // The event that led to it.
  std::optional<ReferenceResult> result;
  friend bool operator==(const Reference&, const Reference&) = default;
};

// An act that does not fit what went before it: kept, counted, explained.
struct UnappliedAct {
  Sequence sequence;
  std::string reason;
  friend bool operator==(const UnappliedAct&, const UnappliedAct&) = default;
};

// What the log says of one party as somebody to ask, to look after and to hear back: a fold.
struct Customer {
  EntityId party;
  std::map<Role, Sequence> roles{};  // With the event that says so.
  std::string group{};               // Segment of a customer, team of a rep; empty: none is said.
  EntityId rep;                      // Of the newest act that named one.
  Sequence first;  // The first act, else that they bought; none: nothing is known yet.
  Timestamp first_at{};
  std::vector<Moment> moments{};  // In order of occurrence.
  std::array<SourceSlot, kSlotCount> slots{};
  std::vector<Ask> asks{};                  // Likewise.
  std::optional<PlannedAsk> planned_ask{};  // The newest that no ask has followed.
  std::vector<Touch> touches{};
  std::string cadence{};  // The plan's name; empty: the default one.
  Sequence cadence_because{};
  Timestamp cadence_at{};
  std::vector<PromptMark> marks{};
  std::vector<Reference> references{};
  std::map<ReferralId, Sequence> thanked{};    // Outcomes told to this source: the newest fact that
                                               // was known when it was told, by referral.
  Sequence complaint;                          // Open; none: no complaint is.
  Sequence suppressed;                         // Why; none: may be asked.
  std::map<std::string, Sequence> consents{};  // By purpose.
  std::vector<UnappliedAct> unapplied{};

  // Asked, yielded, none exists or declined: R13 asks for all five.
  Slots Covered() const;
  // Bought, by role or order. Everybody else who was engaged is a prospect: R23 asks them too.
  bool IsCustomer() const;
  // May be asked: a customer or prospect, not suppressed.
  bool IsActive() const;
  friend bool operator==(const Customer&, const Customer&) = default;
};

// Total: folds the acts about `party` by (occurred_at, sequence), with the folded referrals in
// which the party is the source: an introduction that follows an ask yields in its slots; and those
// in which they were brought: who bought is a customer, who is no fit may be a source (T12), and
// who declined is not pursued until somebody lifts that (T11, R41). An act
// that does not fit lands in `unapplied`. Pure; the same acts and referrals in any order give the
// same answer.
struct CustomerFacts {
  std::span<const RecordedAct> acts;
  std::span<const referral::Referral> referrals;     // In which the party is the source.
  std::span<const referral::Referral> as_contact{};  // In which they are who was brought.
};
Customer FoldCustomer(EntityId party, const CustomerFacts& facts);

// Whether `wish` may be recorded on top of what `customer` folded to. FailedPrecondition: RFD3014
// what it answers is not there, or is over already; the message says what is.
Status DecideForCustomer(const Customer& customer, const Act& wish, Timestamp occurred_at);

}  // namespace referrald::practice
