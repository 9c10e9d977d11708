#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/limits.h"
#include "storage/referral/referral.h"
#include "tests/support/referral_facts.h"

namespace referrald::referral {
namespace {

using support::CompleteFact;
using support::Day;
using support::FactLog;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using enum EventType;

Status DecideOn(const FactLog& log, const Fact& wish, Timestamp occurred_at) {
  return Decide(log.facts(), wish, occurred_at, {.now = Day(100)});
}

Status DecideLate(const FactLog& log, const Fact& wish, Timestamp occurred_at) {
  return Decide(log.facts(), wish, occurred_at, {.now = Day(100), .accept_out_of_order = true});
}

TEST(Decide, AcceptsANameAndAnUnpromptedIntroduction) {
  EXPECT_TRUE(DecideOn({}, CompleteFact(kNameReceived), Day(1)).ok());
  EXPECT_TRUE(DecideOn({}, CompleteFact(kIntroductionMade), Day(1)).ok());
}

TEST(Decide, RefusesSelfReferralOnEveryPath) {
  for (const bool late : {false, true}) {
    for (const auto& [source, contact, rep] :
         {std::tuple{1U, 1U, 3U}, std::tuple{1U, 2U, 1U}, std::tuple{1U, 3U, 3U}}) {
      Fact wish = CompleteFact(kIntroductionMade);
      wish.source = EntityId{source};
      wish.contact = EntityId{contact};
      wish.rep = EntityId{rep};
      const Status status = late ? DecideLate({}, wish, Day(1)) : DecideOn({}, wish, Day(1));
      EXPECT_EQ(status.code(), Code::kFailedPrecondition);
      EXPECT_EQ(status.number(), 3002);
    }
  }
}

TEST(Decide, SeesTheSelfReferralThatOnlyTheLogCompletes) {
  FactLog log;
  log.Add(kNameReceived, Day(1));
  Fact wish;
  wish.type = kOutreachMade;
  wish.rep = support::kBen;  // The contact of this referral.
  EXPECT_FALSE(DecideOn(log, wish, Day(2)).ok());
}

TEST(Decide, RefusesAnIntroductionWithoutEvidenceOnEveryPath) {
  Fact wish = CompleteFact(kIntroductionMade);
  wish.evidence = {};
  for (const Status& status : {DecideOn({}, wish, Day(1)), DecideLate({}, wish, Day(1))}) {
    EXPECT_EQ(status.code(), Code::kFailedPrecondition);
    EXPECT_EQ(status.number(), 3003);
    EXPECT_THAT(status.message(), AllOf(HasSubstr("evidence"), HasSubstr("sha256")));
  }
}

TEST(Decide, RefusesAutomatedPlatformRequestsOnEveryPath) {
  for (const EventType event : {kSourceContacted, kIntroductionMade}) {
    Fact wish = CompleteFact(event);
    wish.channel = Channel::kPlatformRequest;
    EXPECT_EQ(DecideOn({}, wish, Day(1)).number(), 3005);
    EXPECT_EQ(DecideLate({}, wish, Day(1)).number(), 3005);
  }
}

TEST(Decide, RefusesImpliedIntroductionsAndGatesOnEveryPath) {
  for (const EventType event : {kIntroductionMade, kSourceContacted, kAcquaintanceConfirmed,
                                kIntroductionRequested, kNameReceived}) {
    Fact wish = CompleteFact(event);
    wish.implied = true;
    wish.because = Sequence{1};
    EXPECT_EQ(DecideOn({}, wish, Day(1)).number(), 3006) << EventTypeName(event);
    EXPECT_EQ(DecideLate({}, wish, Day(1)).number(), 3006) << EventTypeName(event);
  }
}

TEST(Decide, AcceptsAnImpliedMeetingWithItsCause) {
  FactLog log;
  const Sequence because = log.Add(kIntroductionMade, Day(1));
  Fact wish = CompleteFact(kMeetingHeld);
  wish.implied = true;
  wish.because = because;
  EXPECT_TRUE(DecideOn(log, wish, Day(2)).ok());
}

TEST(Decide, SaysWhereTheReferralStandsAndTheWayOn) {
  FactLog log;
  log.Add(kNameReceived, Day(1));
  const Status status = DecideOn(log, CompleteFact(kQualified), Day(2));
  EXPECT_EQ(status.code(), Code::kFailedPrecondition);
  EXPECT_EQ(status.number(), 3004);
  EXPECT_THAT(status.message(),
              StartsWith("a referral in NAMED cannot be QUALIFIED: record source contacted, "
                         "acquaintance confirmed, introduction requested, introduction made, "
                         "meeting held first"));
}

TEST(Decide, JudgesAWishFromThePastByTheStateOfThatTime) {
  FactLog log;
  log.Add(kNameReceived, Day(5));
  log.Add(kIntroductionMade, Day(6));
  const Status status = DecideOn(log, CompleteFact(kMeetingHeld), Day(4));
  EXPECT_EQ(status.number(), 3004);
  EXPECT_THAT(status.message(), HasSubstr("it is INTRODUCED by now"));
  EXPECT_TRUE(DecideOn(log, CompleteFact(kMeetingHeld), Day(7)).ok());
}

TEST(Decide, LateFactsOfConnectorsAreKept) {
  EXPECT_TRUE(DecideLate({}, CompleteFact(kOpportunityWon), Day(1)).ok());
  EXPECT_EQ(DecideOn({}, CompleteFact(kOpportunityWon), Day(1)).number(), 3004);
}

TEST(Decide, AFactMayNameTheReferralOnly) {
  FactLog log;
  log.Add(kIntroductionMade, Day(1));
  Fact wish;
  wish.type = kMeetingHeld;
  wish.referral = support::kReferral;
  EXPECT_TRUE(DecideOn(log, wish, Day(2)).ok());
  EXPECT_EQ(DecideOn({}, wish, Day(2)).number(), 3001);
}

TEST(Decide, EvidenceAboutOneContactServesNoOther) {
  FactLog log;
  log.Add(kNameReceived, Day(1));
  for (const auto member : {&Fact::source, &Fact::contact, &Fact::rep}) {
    Fact wish = CompleteFact(kIntroductionMade);
    wish.*member = EntityId{99};
    const Status status = DecideOn(log, wish, Day(2));
    EXPECT_EQ(status.code(), Code::kInvalidArgument);
    EXPECT_EQ(status.number(), 3008);
  }
}

TEST(Decide, RefusesTheFutureAndAMissingTime) {
  const Fact wish = CompleteFact(kNameReceived);
  EXPECT_TRUE(DecideOn({}, wish, Day(100)).ok());
  EXPECT_EQ(DecideOn({}, wish, Day(101)).number(), 3007);
  EXPECT_EQ(DecideLate({}, wish, Day(101)).number(), 3007);
  EXPECT_EQ(DecideOn({}, wish, Timestamp{}).number(), 3001);
  EXPECT_EQ(DecideOn({}, CompleteFact(kRelationshipConfirmed), Day(101)).number(), 3007);
}

TEST(Decide, RefusesWhatIsNoFactForIt) {
  for (const EventType event : {kUnknown, kPartySeen, kPartyMerged, static_cast<EventType>(59)}) {
    const Status status = DecideLate({}, CompleteFact(event), Day(1));
    EXPECT_EQ(status.code(), Code::kInvalidArgument);
    EXPECT_EQ(status.number(), 3009);
  }
}

TEST(Decide, RelationshipsHaveNoStateButTheSameRules) {
  EXPECT_TRUE(DecideOn({}, CompleteFact(kRelationshipConfirmed), Day(1)).ok());
  EXPECT_TRUE(DecideOn({}, CompleteFact(kRelationshipDenied), Day(1)).ok());
  Fact self = CompleteFact(kRelationshipConfirmed);
  self.contact = self.rep;
  EXPECT_EQ(DecideOn({}, self, Day(1)).number(), 3002);
  Fact network = CompleteFact(kRelationshipConfirmed);
  network.channel = Channel::kPlatformRequest;
  EXPECT_EQ(DecideOn({}, network, Day(1)).number(), 3005);
}

TEST(Decide, AReferralHasABound) {
  FactLog log;
  log.Add(kNameReceived, Day(1));
  while (log.facts().size() < limits::kEventsPerReferralMax) log.Add(kOutreachMade, Day(2));
  EXPECT_EQ(DecideLate(log, CompleteFact(kOutreachMade), Day(3)).number(), 3013);
}

TEST(Decide, MessagesHoldNoFreeText) {
  Fact wish = CompleteFact(kQualified);
  wish.reason = "Ben Berg, ben@example.com";
  const Status status = DecideOn({}, wish, Day(1));
  EXPECT_EQ(status.message().find("Ben"), std::string::npos);
}

}  // namespace
}  // namespace referrald::referral
