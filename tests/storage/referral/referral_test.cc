#include "storage/referral/referral.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/referral_facts.h"

namespace referrald::referral {
namespace {

using support::CompleteFact;
using support::Day;
using support::FactLog;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using enum EventType;

std::vector<State> StatesOf(const Referral& referral) {
  std::vector<State> states;
  for (const Step& step : referral.steps) states.push_back(step.state);
  return states;
}

TEST(Fold, NothingIsNoReferralYet) {
  const Referral referral = Fold(ReferralId{7}, {});
  EXPECT_EQ(referral.id, ReferralId{7});
  EXPECT_EQ(referral.state, State::kNone);
  EXPECT_THAT(referral.steps, IsEmpty());
}

TEST(Fold, RecordsEveryStepOfAWholeLife) {
  FactLog log;
  int day = 0;
  for (const EventType event :
       {kNameReceived, kSourceContacted, kAcquaintanceConfirmed, kIntroductionRequested,
        kIntroductionPromised, kIntroductionMade, kMeetingHeld, kQualified, kOpportunityWon}) {
    log.Add(event, Day(++day));
  }
  const Referral referral = log.Folded();
  EXPECT_THAT(StatesOf(referral),
              ElementsAre(State::kNamed, State::kSourceEngaged, State::kVerified, State::kRequested,
                          State::kPromised, State::kIntroduced, State::kMet, State::kQualified,
                          State::kWon));
  EXPECT_EQ(referral.state, State::kWon);
  EXPECT_EQ(referral.source, support::kAnna);
  EXPECT_EQ(referral.contact, support::kBen);
  EXPECT_EQ(referral.rep, support::kRita);
  EXPECT_EQ(referral.opportunity, support::kDeal);
  EXPECT_EQ(referral.amount, (Money{1'250'000, "EUR"}));
  EXPECT_EQ(referral.introduction, log.facts()[5].sequence);
  EXPECT_EQ(referral.introduced_at, Day(6));
  EXPECT_FALSE(referral.late_evidence);
  EXPECT_THAT(referral.unapplied, IsEmpty());
}

TEST(Fold, SkippedGatesStaySkipped) {
  FactLog log;
  log.Add(kNameReceived, Day(1));
  log.Add(kIntroductionMade, Day(2));
  EXPECT_THAT(StatesOf(log.Folded()), ElementsAre(State::kNamed, State::kIntroduced));
}

TEST(Fold, FollowsOccurrenceNotRecording) {
  FactLog log;
  log.Add(kMeetingHeld, Day(3));
  log.Add(kIntroductionMade, Day(2));
  log.Add(kNameReceived, Day(1));
  const Referral referral = log.Folded();
  EXPECT_EQ(referral.state, State::kMet);
  EXPECT_THAT(referral.unapplied, IsEmpty());
}

TEST(Fold, TheLogDecidesBetweenFactsOfOneInstant) {
  FactLog log;
  log.Add(kMeetingHeld, Day(1));
  log.Add(kIntroductionMade, Day(1));
  const Referral referral = log.Folded();
  EXPECT_EQ(referral.state, State::kIntroduced);
  ASSERT_EQ(referral.unapplied.size(), 1U);
  EXPECT_EQ(referral.unapplied[0].sequence, log.facts()[0].sequence);
}

TEST(Fold, AnyOrderOfTheInputGivesTheSame) {
  FactLog log;
  log.Add(kNameReceived, Day(1));
  log.Add(kOutreachMade, Day(2));
  log.Add(kIntroductionMade, Day(3));
  log.Add(kQualified, Day(4));
  const Referral expected = log.Folded();
  std::vector<RecordedFact> facts = log.facts();
  std::ranges::sort(facts, {}, &RecordedFact::sequence);
  do {
    ASSERT_EQ(Fold(support::kReferral, facts), expected);
  } while (std::ranges::next_permutation(facts, {}, &RecordedFact::sequence).found);
}

TEST(Fold, KeepsWhatIsIllegalWithItsReason) {
  FactLog log;
  log.Add(kNameReceived, Day(1));
  const Sequence won = log.Add(kOpportunityWon, Day(2));
  const Referral referral = log.Folded();
  EXPECT_EQ(referral.state, State::kNamed);
  EXPECT_EQ(referral.amount, Money{});
  ASSERT_EQ(referral.unapplied.size(), 1U);
  EXPECT_EQ(referral.unapplied[0].sequence, won);
  EXPECT_THAT(referral.unapplied[0].reason, HasSubstr("a referral in NAMED cannot be WON"));
}

TEST(Fold, AnIntroductionWithoutEvidenceIntroducesNobody) {
  for (const std::string_view blank : {"", "   "}) {
    FactLog log;
    Fact fact = CompleteFact(kIntroductionMade);
    fact.evidence = {.reference = std::string(blank), .sha256 = "", .contact_expects = true};
    log.Add(fact, Day(1));
    const Referral referral = log.Folded();
    EXPECT_EQ(referral.state, State::kNone);
    EXPECT_FALSE(referral.introduction);
    ASSERT_EQ(referral.unapplied.size(), 1U);
    EXPECT_THAT(referral.unapplied[0].reason, HasSubstr("without evidence"));
  }
}

TEST(Fold, ImpliedIntroductionsAndGatesAreNotApplied) {
  for (const EventType event : {kIntroductionMade, kNameReceived}) {
    FactLog log;
    Fact fact = CompleteFact(event);
    fact.implied = true;
    fact.because = Sequence{1};
    log.Add(fact, Day(1));
    EXPECT_EQ(log.Folded().state, State::kNone);
  }
}

TEST(Fold, AMergeThatMakesASelfReferralTakesItsEffect) {
  FactLog log;
  log.Add(kIntroductionMade, Day(1));
  ASSERT_EQ(log.Folded().state, State::kIntroduced);
  std::vector<RecordedFact> facts = log.facts();
  facts[0].fact.source = support::kBen;  // Anna turned out to be Ben.
  const Referral referral = Fold(support::kReferral, facts);
  EXPECT_EQ(referral.state, State::kNone);
  EXPECT_FALSE(referral.introduction);
  EXPECT_THAT(referral.unapplied.at(0).reason, HasSubstr("self-referral"));
}

TEST(Fold, FactsThatNameOnlyTheReferralBelongToItsPeople) {
  FactLog log;
  log.Add(kIntroductionMade, Day(1));
  Fact met;
  met.type = kMeetingHeld;
  log.Add(met, Day(2));
  const Referral referral = log.Folded();
  EXPECT_EQ(referral.state, State::kMet);
  EXPECT_EQ(referral.contact, support::kBen);
}

TEST(Fold, OutreachChangesNoStateAndTheFirstCounts) {
  FactLog log;
  log.Add(kNameReceived, Day(1));
  log.Add(kOutreachMade, Day(5));
  const Sequence first = log.Add(kOutreachMade, Day(3));
  const Referral referral = log.Folded();
  EXPECT_EQ(referral.state, State::kNamed);
  EXPECT_EQ(referral.first_outreach, first);
  EXPECT_EQ(referral.first_outreach_at, Day(3));
  EXPECT_THAT(referral.unapplied, IsEmpty());
}

TEST(Fold, AnIntroductionAfterTheFirstCallOnlyRescues) {
  FactLog log;
  log.Add(kNameReceived, Day(1));
  log.Add(kOutreachMade, Day(2));
  log.Add(kIntroductionMade, Day(3));
  const Referral referral = log.Folded();
  EXPECT_EQ(referral.state, State::kIntroduced);
  EXPECT_TRUE(referral.rescued_by_introduction);
}

TEST(Fold, AnIntroductionAtTheInstantOfTheCallIsInTime) {
  FactLog log;
  log.Add(kOutreachMade, Day(2));
  log.Add(kIntroductionMade, Day(2));
  EXPECT_FALSE(log.Folded().rescued_by_introduction);
}

TEST(Fold, EvidenceIsLateAfterFourteenDays) {
  const auto late = [](Timestamp recorded_at) {
    FactLog log;
    log.Add(CompleteFact(kIntroductionMade), Day(1), recorded_at);
    return log.Folded().late_evidence;
  };
  EXPECT_FALSE(late(Day(1)));
  EXPECT_FALSE(late(Day(15)));
  EXPECT_TRUE(late(Day(15) + std::chrono::microseconds{1}));
}

TEST(Fold, EvidenceIsLateOnceTheDealWasQualified) {
  FactLog log;
  log.Add(kMeetingHeld, Day(2));
  log.Add(kQualified, Day(3));
  log.Add(CompleteFact(kIntroductionMade), Day(1), Day(4));
  const Referral referral = log.Folded();
  EXPECT_EQ(referral.state, State::kQualified);
  EXPECT_TRUE(referral.late_evidence);
}

TEST(Fold, ALostDealCanComeBackAndBeReversed) {
  FactLog log;
  int day = 0;
  for (const EventType event : {kIntroductionMade, kMeetingHeld, kQualified, kOpportunityLost,
                                kOpportunityReopened, kOpportunityWon}) {
    log.Add(event, Day(++day));
  }
  EXPECT_EQ(log.Folded().state, State::kWon);
  EXPECT_EQ(log.Folded().amount.currency, "EUR");
  log.Add(kOpportunityReversed, Day(++day));
  EXPECT_EQ(log.Folded().state, State::kReversed);
  EXPECT_EQ(log.Folded().amount, Money{});
}

TEST(Fold, ForeignFactsAreKeptUnapplied) {
  FactLog log;
  log.Add(kPartySeen, Day(1));
  log.Add(static_cast<EventType>(4711), Day(2));
  log.Add(kRelationshipConfirmed, Day(3));
  const Referral referral = log.Folded();
  EXPECT_EQ(referral.state, State::kNone);
  EXPECT_EQ(referral.unapplied.size(), 3U);
}

}  // namespace
}  // namespace referrald::referral
