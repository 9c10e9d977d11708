// The four gates before an introduction, and how a referral ends.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/story.h"

namespace referrald::scenarios {
namespace {

using referral::Channel;
using referral::Fact;
using referral::State;
using support::CompleteFact;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using enum referral::EventType;

std::vector<State> StatesOf(const Story& story) {
  std::vector<State> states;
  for (const referral::Step& step : story.Now().steps) states.push_back(step.state);
  return states;
}

TEST(ProcessScenario, R08_TheFourGatesInTheirOrder) {
  // Given a name, when Rita talks to Anna, checks that Anna knows Ben, says why, and asks,
  Story story;
  ASSERT_TRUE(story.Records(kNameReceived, 1).ok());
  ASSERT_TRUE(story.Records(kSourceContacted, 2).ok());
  ASSERT_TRUE(story.Records(kAcquaintanceConfirmed, 3).ok());
  ASSERT_TRUE(story.Records(kIntroductionRequested, 4).ok());
  ASSERT_TRUE(story.Records(kIntroductionPromised, 5).ok());
  EXPECT_EQ(story.Temperature(), "COLD") << "a promise is no introduction";
  ASSERT_TRUE(story.Records(kIntroductionMade, 6).ok());
  ASSERT_TRUE(story.Records(kMeetingHeld, 7).ok());
  ASSERT_TRUE(story.Records(kQualified, 8).ok());
  ASSERT_TRUE(story.Records(kOpportunityWon, 9).ok());
  // then every step stands in the record, with the deal's amount.
  EXPECT_THAT(StatesOf(story), ElementsAre(State::kNamed, State::kSourceEngaged, State::kVerified,
                                           State::kRequested, State::kPromised, State::kIntroduced,
                                           State::kMet, State::kQualified, State::kWon));
  EXPECT_EQ(story.Now().amount.minor_units, 1'250'000);
}

TEST(ProcessScenario, R08_TheAskNeedsAnAcquaintanceAndAReason) {
  // Given that Anna was contacted, when Rita asks before checking, then she is told the order,
  Story story;
  ASSERT_TRUE(story.Records(kNameReceived, 1).ok());
  ASSERT_TRUE(story.Records(kSourceContacted, 2).ok());
  const Status early = story.Records(kIntroductionRequested, 3);
  EXPECT_EQ(early.number(), 3004);
  EXPECT_THAT(early.message(), HasSubstr("record acquaintance confirmed first"));
  // and when she asks without a reason to meet, that the reason is missing.
  ASSERT_TRUE(story.Records(kAcquaintanceConfirmed, 4).ok());
  Fact no_reason = CompleteFact(kIntroductionRequested);
  no_reason.reason = {};
  EXPECT_EQ(story.Records(no_reason, 5).number(), 3001);
}

TEST(ProcessScenario, R08_SkippedGatesAreNotInvented) {
  // Given a name, when Anna introduces Ben of her own accord, then no gate appears in between.
  Story story;
  ASSERT_TRUE(story.Records(kNameReceived, 1).ok());
  ASSERT_TRUE(story.Records(kIntroductionMade, 2).ok());
  EXPECT_THAT(StatesOf(story), ElementsAre(State::kNamed, State::kIntroduced));
}

TEST(ProcessScenario, R10_TheNetworksAutomatedRequestIsNoGateAndNoIntroduction) {
  // Given a name, when Rita presses the network's button instead of talking to Anna,
  Story story;
  ASSERT_TRUE(story.Records(kNameReceived, 1).ok());
  for (const auto event : {kSourceContacted, kIntroductionMade}) {
    Fact automated = CompleteFact(event);
    automated.channel = Channel::kPlatformRequest;
    // then it is refused.
    EXPECT_EQ(story.Records(automated, 2).number(), 3005);
  }
  EXPECT_EQ(story.State(), State::kNamed);
}

TEST(ProcessScenario, R08_AnnaDoesNotKnowBenAfterAll) {
  // Given that Anna was contacted, when she says she does not know Ben, then it ends there.
  Story story;
  ASSERT_TRUE(story.Records(kNameReceived, 1).ok());
  ASSERT_TRUE(story.Records(kSourceContacted, 2).ok());
  ASSERT_TRUE(story.Records(kAcquaintanceDenied, 3).ok());
  EXPECT_EQ(story.State(), State::kNotAcquainted);
  EXPECT_EQ(story.Honesty().basis, "DENIED");
  EXPECT_EQ(story.Records(kIntroductionMade, 4).number(), 3004);
}

TEST(ProcessScenario, R04_ANameCannotBeQualified) {
  // Given a name, when Rita qualifies it, then she is told the way, from her state on.
  Story story;
  ASSERT_TRUE(story.Records(kNameReceived, 1).ok());
  const Status refused = story.Records(kQualified, 2);
  EXPECT_EQ(refused.number(), 3004);
  EXPECT_THAT(refused.message(),
              HasSubstr("a referral in NAMED cannot be QUALIFIED: record source contacted, "
                        "acquaintance confirmed, introduction requested, introduction made, "
                        "meeting held first"));
}

TEST(ProcessScenario, R11_NotAFitEndsTheReferralButNotTheChain) {
  // Given that Ben was introduced and met, when he turns out not to be a fit,
  Story ben;
  ASSERT_TRUE(ben.Records(kIntroductionMade, 1).ok());
  ASSERT_TRUE(ben.Records(kMeetingHeld, 2).ok());
  ASSERT_TRUE(ben.Records(kNotAFit, 3).ok());
  EXPECT_EQ(ben.State(), State::kNotAFit);
  EXPECT_EQ(ben.Records(kQualified, 4).number(), 3004);
  // then he can still introduce Carla: a referral of its own, HOT by its own evidence.
  Story carla(ReferralId{8});
  Fact introduction = CompleteFact(kIntroductionMade);
  introduction.source = support::kBen;
  introduction.contact = EntityId{4};
  ASSERT_TRUE(carla.Records(introduction, 5).ok());
  EXPECT_EQ(carla.Temperature(), "HOT");
}

TEST(ProcessScenario, R41_WhoDeclinedIsNotPursued) {
  // Given an introduction, when Ben declines, then no meeting can be recorded any more.
  Story story;
  ASSERT_TRUE(story.Records(kIntroductionMade, 1).ok());
  ASSERT_TRUE(story.Records(kContactDeclined, 2).ok());
  EXPECT_EQ(story.Records(kMeetingHeld, 3).number(), 3004);
}

TEST(ProcessScenario, R28_ALostDealCanBeReopened) {
  // Given a lost deal, when the CRM reopens and wins it, then the referral follows.
  Story story;
  int day = 0;
  for (const auto event : {kIntroductionMade, kMeetingHeld, kQualified, kOpportunityLost}) {
    ASSERT_TRUE(story.Records(event, ++day).ok());
  }
  EXPECT_EQ(story.State(), State::kLost);
  EXPECT_EQ(story.Records(kOpportunityWon, ++day).number(), 3004);
  ASSERT_TRUE(story.Records(kOpportunityReopened, ++day).ok());
  ASSERT_TRUE(story.Records(kOpportunityWon, ++day).ok());
  EXPECT_EQ(story.State(), State::kWon);
}

TEST(ProcessScenario, ANameDoesNotLingerForEver) {
  // Given a name that nobody followed up, when it expires, then only a new ask revives it.
  Story story;
  ASSERT_TRUE(story.Records(kNameReceived, 1).ok());
  ASSERT_TRUE(story.Records(kInactivityElapsed, 91).ok());
  EXPECT_EQ(story.State(), State::kExpired);
  EXPECT_EQ(story.Records(kSourceContacted, 92).number(), 3004);
  ASSERT_TRUE(story.Records(kIntroductionRequested, 93).ok());
  EXPECT_EQ(story.State(), State::kRequested);
}

TEST(ProcessScenario, AWonDealWithoutAMeetingRowImpliesOneAtItsInstant) {
  // Given an introduction, when a CRM file shows a won deal and no meeting,
  Story story;
  ASSERT_TRUE(story.Records(kIntroductionMade, 1).ok());
  for (const auto event : {kMeetingHeld, kQualified}) {
    Fact implied = CompleteFact(event);
    implied.implied = true;
    implied.because = story.last();
    ASSERT_TRUE(story.Delivers(implied, 5, 6).ok());
  }
  ASSERT_TRUE(story.Delivers(CompleteFact(kOpportunityWon), 5, 6).ok());
  // then meeting and qualification follow at the same instant, in the order of the log.
  EXPECT_EQ(story.State(), State::kWon);
  EXPECT_TRUE(story.Now().unapplied.empty());
}

}  // namespace
}  // namespace referrald::scenarios
