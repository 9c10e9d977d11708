#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/status.h"
#include "storage/referral/fact.h"

namespace referrald::referral {

// Stored; never renumber. domain.md, section 4.
enum class State : uint8_t {
  kNone = 0,  // Before the first fact.
  kNamed = 1,
  kSourceEngaged = 2,
  kVerified = 3,
  kRequested = 4,
  kPromised = 5,
  kIntroduced = 6,
  kMet = 7,
  kQualified = 8,
  kWon = 9,
  kNotAcquainted = 20,
  kSourceDeclined = 21,
  kContactDeclined = 22,
  kNotAFit = 23,
  kLost = 24,
  kExpired = 25,
  kReversed = 26,
  kDuplicate = 27,
  kVoided = 28,
  kPrevious = 40,  // In the table alone: the state it had before it was a duplicate, or voided.
};
std::string_view StateName(State state);  // "NAMED", ...
State ParseState(std::string_view name);  // kNone where there is no such name. "WARM" is none.

// One line of the transition table: `event` leads from any of `from` to `to`.
struct Transition {
  std::string_view id;  // "T08".
  std::span<const State> from;
  EventType event;
  State to;
  std::string_view guard;  // In words, for documentation and refusals.
};
// The table of domain.md section 4, the only place that knows it.
std::span<const Transition> TransitionTable();
// The line that `event` takes from `from`, or null where it is illegal there.
const Transition* FindTransition(State from, EventType event);
// Why `event` is illegal in `from`, what is possible there, and which facts lead to where it is
// legal, without skipping a gate: one sentence for refusals and for `unapplied`.
std::string WhyNot(State from, EventType event);

// An event of the log that the order of occurrence makes illegal: kept, counted, explained.
struct Unapplied {
  Sequence sequence;
  std::string reason;

  friend bool operator==(const Unapplied&, const Unapplied&) = default;
};

// When and by which event a state was reached.
struct Step {
  State state = State::kNone;
  Sequence sequence;
  Timestamp occurred_at{};
  bool implied = false;  // Nobody saw it happen: left out where times are measured.

  friend bool operator==(const Step&, const Step&) = default;
};

// A brought B to a rep: what the log says of it, in the order in which it happened.
struct Referral {
  ReferralId id;
  EntityId source, contact, rep, opportunity;
  State state = State::kNone;
  std::vector<Step> steps;  // Reached states, in order; the last is `state`.
  std::vector<Unapplied> unapplied;
  std::vector<Sequence> taken_back;  // Judgements that were taken back, each with what did: as if
                                     // they had not been.
  Sequence introduction;  // IntroductionMade with evidence that was applied; or none. What the
                          // gate says of it: Stands.
  Timestamp introduced_at{};
  Sequence first_outreach;
  Timestamp first_outreach_at{};
  bool late_evidence = false;            // Recorded after QUALIFIED or 14 days after it happened.
  bool rescued_by_introduction = false;  // The introduction came after the first outreach ...
  Sequence earlier_outreach;             // ... this one, in whatever record of rep and contact.
  Sequence acquaintance;                 // That the rep knows the contact, as a person said.
  Sequence denial;                       // That the two of the introduction do not know each other.
  Money amount;                          // Of a won opportunity.
  Sequence ask;                          // That the name or introduction came of; or none.
  uint8_t source_slot = 0;               // As in Fact; the first that was told.
  ReferralId survivor;                   // Of a duplicate: the one that is kept.
  bool met_decision_maker = false;       // At the first meeting.
  uint32_t outreaches = 0;               // Until the first meeting, or all where there was none.

  friend bool operator==(const Referral&, const Referral&) = default;
};

// A reviewer took it out: a duplicate of another record, or void.
bool IsJudged(const Referral& referral);
// Whether it is a REFERRAL: an introduction with evidence, before the first outreach, that nobody
// denied and no reviewer took out. What figures, credit and rewards are given for. The fold of one
// referral knows its own facts alone; Settle (temperature.h) adds what other records say.
bool Stands(const Referral& referral);

// Total: folds `facts` of one referral by (occurred_at, sequence); what an event implies at its
// instant comes before it. A fact that is illegal in that
// order, or that Decide refuses on every path, lands in `unapplied`. OutreachMade changes no state.
// Pure; the same facts in any order give the same answer. The party ids in `facts` must be resolved
// (the survivor in place of a merged id): a merge can turn a referral into a self-referral.
Referral Fold(ReferralId id, std::span<const RecordedFact> facts);

// Whether `wish`, happening at `occurred_at`, may be recorded on top of `facts` (which may be
// empty). The refusals of domain.md that hold on every path, and, unless `accept_out_of_order`,
// that the fact would be applied and not end among the unapplied.
// Party ids must be resolved, in both; a party that `wish` leaves out is the referral's own.
//
// InvalidArgument: RFD3001 a member that the type needs is missing, the message says which; RFD3008
// a party is not the referral's own; RFD3009 no fact about a referral or relationship; RFD3011 a
// member is too long or malformed.
//
// FailedPrecondition: RFD3002 self-referral; RFD3003 introduction without evidence; RFD3004 not
// possible in this state (the message says what is, and how to get there); RFD3005 automated
// platform request; RFD3006 only a meeting and a qualification may be implied; RFD3007 in the
// future; RFD3013 the referral holds limits::kEventsPerReferralMax facts already.
struct DecideOptions {
  Timestamp now{};
  bool accept_out_of_order = false;  // For connectors: late facts are kept, not refused.
};
Status Decide(std::span<const RecordedFact> facts, const Fact& wish, Timestamp occurred_at,
              const DecideOptions& options);

}  // namespace referrald::referral
