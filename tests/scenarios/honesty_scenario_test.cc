// COLD and HOT: what makes the difference, and what does not.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/referral/claim.h"
#include "tests/scenarios/story.h"

namespace referrald::scenarios {
namespace {

using referral::Channel;
using referral::Fact;
using referral::ReferralKind;
using referral::State;
using support::CompleteFact;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using enum referral::EventType;

TEST(HonestyScenario, R04_R06_ANameOnlyIsCold) {
  // Given nothing, when Anna names Ben to Rita,
  Story story;
  ASSERT_TRUE(story.Records(kNameReceived, 1).ok());
  // then Ben is a lead and COLD, and the name says so.
  EXPECT_EQ(story.State(), State::kNamed);
  EXPECT_EQ(story.Temperature(), "COLD");
  EXPECT_EQ(story.Honesty().kind, ReferralKind::kLead);
  EXPECT_EQ(story.Honesty().basis, "NAME_ONLY");
}

TEST(HonestyScenario, R06_ACrmThatSaysReferralMakesAColdLeadWithAClaim) {
  // Given a Salesforce contact whose LeadSource is "Referral" and who was "Referred By" somebody,
  referral::Entity ben;
  referral::Link row;
  row.fields = referral::Normalised({{"lead_source", "Referral"}, {"referred_by", "Anna Berg"}});
  ben.links.push_back(row);
  // when we ask how warm he is,
  const referral::Honesty honesty =
      referral::TemperatureOf({.referrals = {},
                               .relationships = {},
                               .claim_count = referral::ClaimsOf(ben).size(),
                               .now = support::Day(1)});
  // then two claims were read, and they are no evidence.
  EXPECT_EQ(referral::ClaimsOf(ben).size(), 2U);
  EXPECT_EQ(honesty.temperature, referral::Temperature::kCold);
  EXPECT_EQ(honesty.kind, ReferralKind::kLead);
  EXPECT_EQ(honesty.basis, "CLAIM_ONLY");
}

TEST(HonestyScenario, R07_AnIntroductionWithEvidenceIsHot) {
  // Given a name, when Anna introduces Ben by mail and only then Rita calls,
  Story story;
  ASSERT_TRUE(story.Records(kNameReceived, 1).ok());
  ASSERT_TRUE(story.Records(kIntroductionMade, 2).ok());
  const Sequence introduction = story.last();
  ASSERT_TRUE(story.Records(kOutreachMade, 3).ok());
  // then Ben is HOT, because of exactly that event.
  EXPECT_EQ(story.Temperature(), "HOT");
  EXPECT_EQ(story.Honesty().kind, ReferralKind::kReferral);
  EXPECT_THAT(story.Honesty().because, ElementsAre(introduction));
  EXPECT_EQ(referral::Explain(story.Honesty()),
            "HOT because somebody introduced them (" + ToText(introduction) + ")");
}

TEST(HonestyScenario, R07_WithoutEvidenceNobodyIsIntroduced) {
  // Given a name, when Rita says "Anna introduced us" and can show nothing,
  Story story;
  ASSERT_TRUE(story.Records(kNameReceived, 1).ok());
  Fact bare = CompleteFact(kIntroductionMade);
  bare.evidence = {};
  const Status refused = story.Records(bare, 2);
  // then she is told what is missing, and Ben stays a cold name.
  EXPECT_EQ(refused.number(), 3003);
  EXPECT_THAT(refused.message(), HasSubstr("evidence"));
  EXPECT_EQ(story.State(), State::kNamed);
  EXPECT_EQ(story.Temperature(), "COLD");
}

TEST(HonestyScenario, R07_WhomTheRepAlreadyKnowsIsHotAndNoReferral) {
  // Given Rita's word that she knows Ben, when she calls him later,
  Story story;
  ASSERT_TRUE(story.Records(kRelationshipConfirmed, 1).ok());
  ASSERT_TRUE(story.Records(kOutreachMade, 5).ok());
  // then he is HOT and KNOWN: nobody gets credit for an introduction.
  EXPECT_EQ(story.Temperature(), "HOT");
  EXPECT_EQ(story.Honesty().kind, ReferralKind::kKnown);
}

TEST(HonestyScenario, R05_WarmDoesNotExist) {
  // When somebody writes WARM, then it is refused and explained; it is no state either.
  const Result<referral::Temperature> warm = referral::ParseTemperature("WARM");
  ASSERT_FALSE(warm.has_value());
  EXPECT_EQ(warm.error().number(), 3010);
  EXPECT_THAT(warm.error().message(), HasSubstr("WARM is no temperature"));
  EXPECT_EQ(referral::ParseState("WARM"), State::kNone);
}

TEST(HonestyScenario, R07_AnIntroductionAfterTheFirstCallRescuesButStaysCold) {
  // Given a name that Rita called at once, when Anna introduces Ben afterwards,
  Story story;
  ASSERT_TRUE(story.Records(kNameReceived, 1).ok());
  ASSERT_TRUE(story.Records(kOutreachMade, 2).ok());
  ASSERT_TRUE(story.Records(kIntroductionMade, 3).ok());
  // then the story goes on, but the call was cold and stays so.
  EXPECT_EQ(story.State(), State::kIntroduced);
  EXPECT_TRUE(story.Now().rescued_by_introduction);
  EXPECT_EQ(story.Temperature(), "COLD");
  EXPECT_EQ(story.Honesty().basis, "AFTER_OUTREACH");
}

TEST(HonestyScenario, R34_EvidenceFoundLateIsKeptAndMarked) {
  // Given an introduction, when Rita records its mail three weeks later,
  Story story;
  ASSERT_TRUE(story.RecordsLate(CompleteFact(kIntroductionMade), 1, 22).ok());
  // then it counts, and is marked for the headline metrics to leave it out.
  EXPECT_EQ(story.Temperature(), "HOT");
  EXPECT_TRUE(story.Now().late_evidence);
}

TEST(HonestyScenario, R34_EvidenceFoundAfterTheDealWasQualifiedIsLate) {
  // Given a connector that delivers meeting and qualification first,
  Story story;
  ASSERT_TRUE(story.Delivers(CompleteFact(kMeetingHeld), 2, 2).ok());
  ASSERT_TRUE(story.Delivers(CompleteFact(kQualified), 3, 3).ok());
  EXPECT_EQ(story.State(), State::kNone);
  EXPECT_EQ(story.Now().unapplied.size(), 2U) << "kept and visible, not dropped";
  // when the introduction turns up the day after,
  ASSERT_TRUE(story.Delivers(CompleteFact(kIntroductionMade), 1, 4).ok());
  // then everything falls into place, and the evidence is late.
  EXPECT_EQ(story.State(), State::kQualified);
  EXPECT_TRUE(story.Now().unapplied.empty());
  EXPECT_TRUE(story.Now().late_evidence);
}

TEST(HonestyScenario, R09_AConnectionOnANetworkIsNoAcquaintance) {
  // When a network's connection is offered as acquaintance, then it is refused.
  Story story;
  Fact connection = CompleteFact(kRelationshipConfirmed);
  connection.channel = Channel::kPlatformRequest;
  EXPECT_EQ(story.Records(connection, 1).number(), 3005);
  EXPECT_EQ(story.Temperature(), "COLD");
}

TEST(HonestyScenario, R04_AnIntroductionIsNeverImplied) {
  // When a connector concludes an introduction from a won deal, then it is refused, late or not.
  Story story;
  Fact implied = CompleteFact(kIntroductionMade);
  implied.implied = true;
  implied.because = Sequence{1};
  EXPECT_EQ(story.Records(implied, 1).number(), 3006);
  EXPECT_EQ(story.Delivers(implied, 1, 1).number(), 3006);
}

TEST(HonestyScenario, R01_NobodyRefersThemselves) {
  // When source, contact and rep are not three people, then it is refused on every path.
  for (const auto member : {&Fact::contact, &Fact::rep}) {
    Story story;
    Fact self = CompleteFact(kIntroductionMade);
    self.*member = self.source;
    EXPECT_EQ(story.Records(self, 1).number(), 3002);
    EXPECT_EQ(story.Delivers(self, 1, 1).number(), 3002);
  }
}

}  // namespace
}  // namespace referrald::scenarios
