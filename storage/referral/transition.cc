#include <array>
#include <deque>
#include <map>
#include <utility>

#include "storage/referral/referral.h"

namespace referrald::referral {
namespace {

constexpr State kBeforeFirst[] = {State::kNone};
constexpr State kNamed[] = {State::kNamed};
constexpr State kEngaged[] = {State::kSourceEngaged};
constexpr State kEngagedOrVerified[] = {State::kSourceEngaged, State::kVerified};
constexpr State kVerified[] = {State::kVerified};
constexpr State kRequested[] = {State::kRequested};
constexpr State kEngagedToPromised[] = {State::kSourceEngaged, State::kVerified, State::kRequested,
                                        State::kPromised};
constexpr State kBeforeIntroduction[] = {State::kNamed, State::kSourceEngaged, State::kVerified,
                                         State::kRequested, State::kPromised};
constexpr State kIntroduced[] = {State::kIntroduced};
constexpr State kIntroducedOrMet[] = {State::kIntroduced, State::kMet};
constexpr State kMet[] = {State::kMet};
constexpr State kQualified[] = {State::kQualified};
constexpr State kLost[] = {State::kLost};
constexpr State kWon[] = {State::kWon};
constexpr State kExpired[] = {State::kExpired};

constexpr State kDuplicate[] = {State::kDuplicate};
constexpr State kVoided[] = {State::kVoided};
constexpr State kAny[] = {State::kNamed,         State::kSourceEngaged,  State::kVerified,
                          State::kRequested,     State::kPromised,       State::kIntroduced,
                          State::kMet,           State::kQualified,      State::kWon,
                          State::kNotAcquainted, State::kSourceDeclined, State::kContactDeclined,
                          State::kNotAFit,       State::kLost,           State::kExpired,
                          State::kReversed};
constexpr State kAnyOrDuplicate[] = {
    State::kNamed,         State::kSourceEngaged,  State::kVerified,
    State::kRequested,     State::kPromised,       State::kIntroduced,
    State::kMet,           State::kQualified,      State::kWon,
    State::kNotAcquainted, State::kSourceDeclined, State::kContactDeclined,
    State::kNotAFit,       State::kLost,           State::kExpired,
    State::kReversed,      State::kDuplicate};

constexpr Transition kTransitions[] = {
    {"T01", kBeforeFirst, EventType::kNameReceived, State::kNamed, "provenance of the name"},
    {"T02", kBeforeFirst, EventType::kIntroductionMade, State::kIntroduced,
     "evidence; the source was not asked"},
    {"T03", kNamed, EventType::kSourceContacted, State::kSourceEngaged,
     "gate 1, over a personal channel"},
    {"T04", kEngaged, EventType::kAcquaintanceConfirmed, State::kVerified,
     "gate 2, by the source or the contact in person"},
    {"T05", kEngagedOrVerified, EventType::kAcquaintanceDenied, State::kNotAcquainted, ""},
    {"T06", kVerified, EventType::kIntroductionRequested, State::kRequested,
     "gates 3 and 4: a reason to meet, and the ask"},
    {"T07", kRequested, EventType::kIntroductionPromised, State::kPromised, ""},
    {"T08", kBeforeIntroduction, EventType::kIntroductionMade, State::kIntroduced,
     "evidence; skipped gates stay skipped"},
    {"T09", kEngagedToPromised, EventType::kSourceDeclined, State::kSourceDeclined, ""},
    {"T10", kIntroduced, EventType::kMeetingHeld, State::kMet, "two-way contact"},
    {"T11", kIntroducedOrMet, EventType::kContactDeclined, State::kContactDeclined, ""},
    {"T12", kIntroducedOrMet, EventType::kNotAFit, State::kNotAFit, ""},
    {"T13", kMet, EventType::kQualified, State::kQualified, "an opportunity"},
    {"T14", kQualified, EventType::kOpportunityWon, State::kWon, "amount and currency"},
    {"T15", kQualified, EventType::kOpportunityLost, State::kLost, ""},
    {"T16", kLost, EventType::kOpportunityReopened, State::kQualified, ""},
    {"T17", kWon, EventType::kOpportunityReversed, State::kReversed, ""},
    {"T18", kBeforeIntroduction, EventType::kInactivityElapsed, State::kExpired, ""},
    {"T19", kExpired, EventType::kIntroductionRequested, State::kRequested, "a reason to meet"},
    {"T20", kAny, EventType::kDuplicateOf, State::kDuplicate,
     "the referral that is kept, and a reviewer who is none of the three"},
    {"T20R", kDuplicate, EventType::kDuplicateCleared, State::kPrevious,
     "a reviewer who is none of the three"},
    {"T21", kAnyOrDuplicate, EventType::kVoided, State::kVoided,
     "a reason, and a reviewer who is none of the three"},
    {"T21R", kVoided, EventType::kVoidReverted, State::kPrevious,
     "a reason, and a reviewer who is none of the three"},
};

constexpr std::array kStates = std::to_array<std::pair<State, std::string_view>>({
    {State::kNone, "NONE"},
    {State::kNamed, "NAMED"},
    {State::kSourceEngaged, "SOURCE_ENGAGED"},
    {State::kVerified, "VERIFIED"},
    {State::kRequested, "REQUESTED"},
    {State::kPromised, "PROMISED"},
    {State::kIntroduced, "INTRODUCED"},
    {State::kMet, "MET"},
    {State::kQualified, "QUALIFIED"},
    {State::kWon, "WON"},
    {State::kNotAcquainted, "NOT_ACQUAINTED"},
    {State::kSourceDeclined, "SOURCE_DECLINED"},
    {State::kContactDeclined, "CONTACT_DECLINED"},
    {State::kNotAFit, "NOT_A_FIT"},
    {State::kLost, "LOST"},
    {State::kExpired, "EXPIRED"},
    {State::kReversed, "REVERSED"},
    {State::kDuplicate, "DUPLICATE"},
    {State::kVoided, "VOIDED"},
    {State::kPrevious, "PREVIOUS"},
});

bool LeadsFrom(const Transition& transition, State state) {
  for (const State from : transition.from) {
    if (from == state) return true;
  }
  return false;
}

// What a reviewer says of the record, not what happens between people.
bool IsJudgement(const Transition& transition) {
  return transition.to == State::kDuplicate || transition.to == State::kVoided ||
         transition.to == State::kPrevious;
}

// Whether to advise this step. Waiting is nothing one does, and a gate is not to be skipped on our
// advice although the table allows it (R08).
bool IsAdvisable(const Transition& transition, State from) {
  if (transition.event == EventType::kInactivityElapsed) return false;
  if (IsJudgement(transition)) return false;
  const bool gates_done =
      from == State::kNone || from == State::kRequested || from == State::kPromised;
  return transition.event != EventType::kIntroductionMade || gates_done;
}

using Way = std::vector<EventType>;

// The shortest advisable way from `from` to a state in which `wanted` is possible; empty where
// there is none. Breadth first over 19 states.
Way WayTo(State from, EventType wanted) {
  std::map<State, Way> ways{{from, {}}};
  std::deque<State> next{from};
  while (!next.empty()) {
    const State state = next.front();
    next.pop_front();
    if (FindTransition(state, wanted) != nullptr) return ways[state];
    for (const Transition& transition : kTransitions) {
      if (!LeadsFrom(transition, state) || !IsAdvisable(transition, state)) continue;
      if (ways.contains(transition.to)) continue;
      Way way = ways[state];
      way.push_back(transition.event);
      ways.emplace(transition.to, std::move(way));
      next.push_back(transition.to);
    }
  }
  return {};
}

std::string Listed(const Way& events) {
  std::string list;
  for (const EventType event : events) {
    if (!list.empty()) list += ", ";
    list += Spoken(event);
  }
  return list;
}

Way PossibleFrom(State state) {
  Way possible;
  const bool is_judged = state == State::kDuplicate || state == State::kVoided;
  for (const Transition& transition : kTransitions) {
    if (!LeadsFrom(transition, state)) continue;
    if (is_judged || !IsJudgement(transition)) possible.push_back(transition.event);
  }
  return possible;
}

// The state that `event` leads to, wherever it is possible.
State TargetOf(EventType event) {
  for (const Transition& transition : kTransitions) {
    if (transition.event == event) return transition.to;
  }
  return State::kNone;
}

}  // namespace

std::string_view StateName(State state) {
  for (const auto& [known, name] : kStates) {
    if (known == state) return name;
  }
  return "UNKNOWN";
}

State ParseState(std::string_view name) {
  for (const auto& [state, known] : kStates) {
    if (known == name) return state;
  }
  return State::kNone;
}

std::span<const Transition> TransitionTable() { return kTransitions; }

const Transition* FindTransition(State from, EventType event) {
  for (const Transition& transition : kTransitions) {
    if (transition.event == event && LeadsFrom(transition, from)) return &transition;
  }
  return nullptr;
}

std::string WhyNot(State from, EventType event) {
  const State target = TargetOf(event);
  if (target == State::kNone) return EventTypeName(event) + " is no step of a referral";
  const std::string state(StateName(from));
  std::string why =
      from == State::kNone ? "a referral without a first fact" : "a referral in " + state;
  if (target == from) {
    why += " is there already";
  } else if (target == State::kPrevious) {
    why += " has no such judgement that could be taken back";
  } else {
    const Way way = WayTo(from, event);
    why += " cannot be " + std::string(StateName(target));
    why += way.empty() ? ": no way leads there" : ": record " + Listed(way) + " first";
  }
  const Way possible = PossibleFrom(from);
  why += possible.empty() ? "; " + state + " is final" : "; possible now: " + Listed(possible);
  return why;
}

}  // namespace referrald::referral
