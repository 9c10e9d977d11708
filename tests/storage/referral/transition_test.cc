#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "storage/referral/referral.h"
#include "tests/support/referral_facts.h"

namespace referrald::referral {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using enum EventType;

using Pair = std::pair<State, EventType>;

const std::vector<State> kAllStates = {
    State::kNone,      State::kNamed,     State::kSourceEngaged,   State::kVerified,
    State::kRequested, State::kPromised,  State::kIntroduced,      State::kMet,
    State::kQualified, State::kWon,       State::kNotAcquainted,   State::kSourceDeclined,
    State::kNotAFit,   State::kLost,      State::kContactDeclined, State::kExpired,
    State::kReversed,  State::kDuplicate, State::kVoided,
};

std::vector<EventType> AllReferralEvents() {
  std::vector<EventType> events;
  for (uint16_t number = 36; number < 60; ++number) {
    events.push_back(static_cast<EventType>(number));
  }
  return events;
}

// Domain.md section 4 once more, written out pair by pair, so that a slip in the table shows.
std::map<Pair, State> Legal() {
  std::map<Pair, State> legal = {
      {{State::kNone, kNameReceived}, State::kNamed},
      {{State::kNone, kIntroductionMade}, State::kIntroduced},
      {{State::kNamed, kSourceContacted}, State::kSourceEngaged},
      {{State::kNamed, kIntroductionMade}, State::kIntroduced},
      {{State::kNamed, kInactivityElapsed}, State::kExpired},
      {{State::kSourceEngaged, kAcquaintanceConfirmed}, State::kVerified},
      {{State::kSourceEngaged, kAcquaintanceDenied}, State::kNotAcquainted},
      {{State::kSourceEngaged, kIntroductionMade}, State::kIntroduced},
      {{State::kSourceEngaged, kSourceDeclined}, State::kSourceDeclined},
      {{State::kSourceEngaged, kInactivityElapsed}, State::kExpired},
      {{State::kVerified, kAcquaintanceDenied}, State::kNotAcquainted},
      {{State::kVerified, kIntroductionRequested}, State::kRequested},
      {{State::kVerified, kIntroductionMade}, State::kIntroduced},
      {{State::kVerified, kSourceDeclined}, State::kSourceDeclined},
      {{State::kVerified, kInactivityElapsed}, State::kExpired},
      {{State::kRequested, kIntroductionPromised}, State::kPromised},
      {{State::kRequested, kIntroductionMade}, State::kIntroduced},
      {{State::kRequested, kSourceDeclined}, State::kSourceDeclined},
      {{State::kRequested, kInactivityElapsed}, State::kExpired},
      {{State::kPromised, kIntroductionMade}, State::kIntroduced},
      {{State::kPromised, kSourceDeclined}, State::kSourceDeclined},
      {{State::kPromised, kInactivityElapsed}, State::kExpired},
      {{State::kIntroduced, kMeetingHeld}, State::kMet},
      {{State::kIntroduced, kContactDeclined}, State::kContactDeclined},
      {{State::kIntroduced, kNotAFit}, State::kNotAFit},
      {{State::kMet, kContactDeclined}, State::kContactDeclined},
      {{State::kMet, kNotAFit}, State::kNotAFit},
      {{State::kMet, kQualified}, State::kQualified},
      {{State::kQualified, kOpportunityWon}, State::kWon},
      {{State::kQualified, kOpportunityLost}, State::kLost},
      {{State::kLost, kOpportunityReopened}, State::kQualified},
      {{State::kWon, kOpportunityReversed}, State::kReversed},
      {{State::kExpired, kIntroductionRequested}, State::kRequested},
  };
  // T20 and T21: a reviewer may judge any record, and take the judgement back.
  for (const State state : kAllStates) {
    if (state == State::kNone || state == State::kDuplicate || state == State::kVoided) continue;
    legal[{state, kDuplicateOf}] = State::kDuplicate;
    legal[{state, kVoided}] = State::kVoided;
  }
  legal[{State::kDuplicate, kVoided}] = State::kVoided;
  legal[{State::kDuplicate, kDuplicateCleared}] = State::kPrevious;
  legal[{State::kVoided, kVoidReverted}] = State::kPrevious;
  return legal;
}
const std::map<Pair, State> kLegal = Legal();

// One way to each state.
std::vector<EventType> WayTo(State state) {
  const std::vector<EventType> gates = {kNameReceived, kSourceContacted, kAcquaintanceConfirmed,
                                        kIntroductionRequested, kIntroductionPromised};
  const std::vector<EventType> spine = {kIntroductionMade, kMeetingHeld, kQualified};
  const auto first = [](const std::vector<EventType>& events, size_t count, auto... more) {
    std::vector<EventType> way(events.begin(), events.begin() + static_cast<ptrdiff_t>(count));
    (way.push_back(more), ...);
    return way;
  };
  switch (state) {
    case State::kNone: return {};
    case State::kNamed: return first(gates, 1);
    case State::kSourceEngaged: return first(gates, 2);
    case State::kVerified: return first(gates, 3);
    case State::kRequested: return first(gates, 4);
    case State::kPromised: return first(gates, 5);
    case State::kIntroduced: return first(spine, 1);
    case State::kMet: return first(spine, 2);
    case State::kQualified: return first(spine, 3);
    case State::kWon: return first(spine, 3, kOpportunityWon);
    case State::kNotAcquainted: return first(gates, 2, kAcquaintanceDenied);
    case State::kSourceDeclined: return first(gates, 2, kSourceDeclined);
    case State::kContactDeclined: return first(spine, 1, kContactDeclined);
    case State::kNotAFit: return first(spine, 1, kNotAFit);
    case State::kLost: return first(spine, 3, kOpportunityLost);
    case State::kExpired: return first(gates, 1, kInactivityElapsed);
    case State::kReversed: return first(spine, 3, kOpportunityWon, kOpportunityReversed);
    case State::kDuplicate: return first(spine, 2, kDuplicateOf);
    case State::kVoided: return first(spine, 2, kVoided);
    case State::kPrevious: break;  // No state of its own.
  }
  return {};
}

support::FactLog LogIn(State state) {
  support::FactLog log;
  int day = 0;
  for (const EventType event : WayTo(state)) log.Add(event, support::Day(++day));
  return log;
}

TEST(TransitionTable, IsTheOneOfTheSpecification) {
  for (const State state : kAllStates) {
    for (const EventType event : AllReferralEvents()) {
      SCOPED_TRACE(std::string(StateName(state)) + " x " + EventTypeName(event));
      const auto legal = kLegal.find({state, event});
      const Transition* transition = FindTransition(state, event);
      ASSERT_EQ(transition != nullptr, legal != kLegal.end());
      if (transition != nullptr) {
        EXPECT_EQ(transition->to, legal->second);
      }
    }
  }
}

TEST(TransitionTable, EveryLineHasItsOwnNumber) {
  std::set<std::string_view> ids;
  for (const Transition& transition : TransitionTable()) {
    EXPECT_TRUE(ids.insert(transition.id).second) << transition.id;
    EXPECT_FALSE(transition.from.empty());
  }
  EXPECT_EQ(ids.size(), 23U);  // T01 to T21, and what takes T20 and T21 back.
}

TEST(TransitionTable, OneEventLeadsToOnePlaceFromOneState) {
  for (const State state : kAllStates) {
    for (const EventType event : AllReferralEvents()) {
      int lines = 0;
      for (const Transition& line : TransitionTable()) {
        lines += line.event == event && std::ranges::count(line.from, state) > 0 ? 1 : 0;
      }
      EXPECT_LE(lines, 1) << StateName(state) << " x " << EventTypeName(event);
    }
  }
}

// Every state with every event: either the table's line is taken, or the fact is kept unapplied
// and the same wish is refused, with a reason. Nothing else can happen.
TEST(TransitionTable, EveryOtherPairIsUnappliedAndRefused) {
  int legal_count = 0;
  for (const State state : kAllStates) {
    for (const EventType event : AllReferralEvents()) {
      SCOPED_TRACE(std::string(StateName(state)) + " x " + EventTypeName(event));
      support::FactLog log = LogIn(state);
      ASSERT_EQ(log.Folded().state, state);
      const Fact wish = support::CompleteFact(event);
      const Status decided = Decide(log.facts(), wish, support::Day(20), {.now = support::Day(20)});
      const Sequence added = log.Add(wish, support::Day(20));
      const Referral after = log.Folded();
      const auto legal = kLegal.find({state, event});
      if (legal != kLegal.end()) {
        ++legal_count;
        EXPECT_TRUE(decided.ok()) << decided.ToString();
        // LogIn judges a referral that was MET.
        const bool back = legal->second == State::kPrevious;
        EXPECT_EQ(after.state, back ? State::kMet : legal->second);
        // A judgement taken back is as if it had not been: MET when it was met, not again.
        EXPECT_EQ(after.steps.back().sequence == added, !back);
        EXPECT_TRUE(after.unapplied.empty());
      } else if (event == kOutreachMade) {
        EXPECT_TRUE(decided.ok());
        EXPECT_EQ(after.state, state);
        EXPECT_EQ(after.first_outreach, added);
        EXPECT_TRUE(after.unapplied.empty());
      } else {
        EXPECT_FALSE(decided.ok());
        EXPECT_EQ(after.state, state);
        ASSERT_EQ(after.unapplied.size(), 1U);
        EXPECT_EQ(after.unapplied[0].sequence, added);
        EXPECT_FALSE(after.unapplied[0].reason.empty());
      }
    }
  }
  EXPECT_EQ(legal_count, static_cast<int>(kLegal.size()));
}

TEST(StateName, ReadsBack) {
  for (const State state : kAllStates) EXPECT_EQ(ParseState(StateName(state)), state);
  EXPECT_EQ(ParseState("WARM"), State::kNone);
  EXPECT_EQ(ParseState("named"), State::kNone);
  EXPECT_EQ(StateName(static_cast<State>(99)), "UNKNOWN");
}

TEST(WhyNot, NamesTheWayThroughTheGates) {
  EXPECT_EQ(WhyNot(State::kNamed, kQualified),
            "a referral in NAMED cannot be QUALIFIED: record source contacted, acquaintance "
            "confirmed, introduction requested, introduction made, meeting held first; possible "
            "now: source contacted, introduction made, inactivity elapsed");
}

TEST(WhyNot, NamesTheWayFromEveryCorner) {
  EXPECT_THAT(WhyNot(State::kNone, kMeetingHeld),
              StartsWith("a referral without a first fact cannot be MET: record introduction made "
                         "first; possible now: name received, introduction made"));
  EXPECT_THAT(WhyNot(State::kExpired, kIntroductionMade),
              HasSubstr("record introduction requested first"));
  EXPECT_THAT(WhyNot(State::kLost, kOpportunityWon), HasSubstr("opportunity reopened first"));
  EXPECT_THAT(WhyNot(State::kIntroduced, kIntroductionMade),
              StartsWith("a referral in INTRODUCED is there already"));
}

TEST(WhyNot, SaysWhereNothingLeadsOn) {
  EXPECT_EQ(WhyNot(State::kNotAFit, kMeetingHeld),
            "a referral in NOT_A_FIT cannot be MET: no way leads there; NOT_A_FIT is final");
  EXPECT_THAT(WhyNot(State::kWon, kNameReceived), HasSubstr("no way leads there; possible now"));
  EXPECT_EQ(WhyNot(State::kNamed, kPartySeen), "PartySeen is no step of a referral");
}

}  // namespace
}  // namespace referrald::referral
