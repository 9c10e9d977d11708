#include "storage/referral/rules.h"

#include <gtest/gtest.h>

#include "storage/base/limits.h"
#include "tests/support/referral_facts.h"

namespace referrald::referral {
namespace {

using support::CompleteFact;
using enum EventType;

constexpr Parties kParties{support::kAnna, support::kBen, support::kRita};

TEST(CheckHonest, OnlyMeetingAndQualificationMayBeImplied) {
  for (uint16_t number = 0; number < 70; ++number) {
    Fact fact = CompleteFact(static_cast<EventType>(number));
    fact.implied = true;
    fact.because = Sequence{1};
    const bool may = fact.type == kMeetingHeld || fact.type == kQualified;
    const Status status = CheckHonest(fact, kParties);
    EXPECT_EQ(status.ok(), may) << EventTypeName(fact.type);
    if (!may) {
      EXPECT_EQ(status.number(), 3006);
    }
  }
}

TEST(CheckHonest, AutomatedRequestsAreNoGateNoEvidenceAndNoAcquaintance) {
  for (const EventType event : {kSourceContacted, kAcquaintanceConfirmed, kIntroductionRequested,
                                kIntroductionMade, kRelationshipConfirmed}) {
    Fact fact = CompleteFact(event);
    fact.channel = Channel::kPlatformRequest;
    EXPECT_EQ(CheckHonest(fact, kParties).number(), 3005) << EventTypeName(event);
  }
  Fact outreach = CompleteFact(kOutreachMade);
  outreach.channel = Channel::kPlatformRequest;
  EXPECT_TRUE(CheckHonest(outreach, kParties).ok());
}

TEST(CheckHonest, EverybodyIsSomebodyElse) {
  const Fact fact = CompleteFact(kNameReceived);
  const EntityId a{1};
  const EntityId b{2};
  for (const Parties& parties : {Parties{a, a, b}, Parties{a, b, a}, Parties{b, a, a},
                                 Parties{a, a, a}, Parties{a, a, {}}}) {
    const Status status = CheckHonest(fact, parties);
    EXPECT_EQ(status.number(), 3002);
    EXPECT_EQ(status.code(), Code::kFailedPrecondition);
  }
  EXPECT_TRUE(CheckHonest(fact, {{}, {}, {}}).ok()) << "nobody is not the same person as nobody";
}

TEST(CheckHonest, AHashAloneIsEvidence) {
  Fact fact = CompleteFact(kIntroductionMade);
  fact.evidence = {.reference = "", .sha256 = std::string(64, 'a'), .contact_expects = false};
  EXPECT_TRUE(CheckHonest(fact, kParties).ok());
  fact.evidence = {};
  EXPECT_EQ(CheckHonest(fact, kParties).number(), 3003);
}

TEST(CheckComplete, AcceptsEveryTypeWithAllMembers) {
  int accepted = 0;
  for (uint16_t number = 0; number < 70; ++number) {
    const Fact fact = CompleteFact(static_cast<EventType>(number));
    const Status status = CheckComplete(fact, kParties);
    const bool known = IsReferralEvent(fact.type) || number == 20 || number == 21;
    if (status.ok()) {
      ++accepted;
      EXPECT_TRUE(known) << number;
    } else {
      EXPECT_EQ(status.number(), 3009) << number;
    }
  }
  EXPECT_EQ(accepted, 24);
}

struct Gap {
  EventType event;
  std::string_view member;
  void (*remove)(Fact&);
};

class MissingMember : public ::testing::TestWithParam<Gap> {};

TEST_P(MissingMember, IsNamedInTheRefusal) {
  Fact fact = CompleteFact(GetParam().event);
  GetParam().remove(fact);
  const Status status = CheckComplete(fact, Completed(fact, {}));
  EXPECT_EQ(status.code(), Code::kInvalidArgument);
  EXPECT_EQ(status.number(), 3001);
  EXPECT_EQ(status.message(),
            EventTypeName(GetParam().event) + " needs " + std::string(GetParam().member));
}

constexpr Gap kGaps[] = {
    {kNameReceived, "source", [](Fact& fact) { fact.source = {}; }},
    {kNameReceived, "contact", [](Fact& fact) { fact.contact = {}; }},
    {kNameReceived, "rep", [](Fact& fact) { fact.rep = {}; }},
    {kNameReceived, "provenance", [](Fact& fact) { fact.provenance = " "; }},
    {kSourceContacted, "channel", [](Fact& fact) { fact.channel = Channel::kUnknown; }},
    {kIntroductionRequested, "reason", [](Fact& fact) { fact.reason = "\t"; }},
    {kIntroductionMade, "source", [](Fact& fact) { fact.source = {}; }},
    {kIntroductionMade, "contact", [](Fact& fact) { fact.contact = {}; }},
    {kIntroductionMade, "rep", [](Fact& fact) { fact.rep = {}; }},
    {kIntroductionMade, "channel", [](Fact& fact) { fact.channel = Channel::kUnknown; }},
    {kOutreachMade, "contact", [](Fact& fact) { fact.contact = {}; }},
    {kOutreachMade, "rep", [](Fact& fact) { fact.rep = {}; }},
    {kMeetingHeld, "source", [](Fact& fact) { fact.source = {}; }},
    {kMeetingHeld, "because (the event that implies it)", [](Fact& fact) { fact.implied = true; }},
    {kQualified, "opportunity", [](Fact& fact) { fact.opportunity = {}; }},
    {kOpportunityWon, "amount with its currency", [](Fact& fact) { fact.amount = {}; }},
    {kRelationshipConfirmed, "contact", [](Fact& fact) { fact.contact = {}; }},
    {kRelationshipConfirmed, "rep", [](Fact& fact) { fact.rep = {}; }},
    {kRelationshipDenied, "rep", [](Fact& fact) { fact.rep = {}; }},
};
INSTANTIATE_TEST_SUITE_P(EachType, MissingMember, ::testing::ValuesIn(kGaps));

TEST(CheckComplete, OutreachAndRelationshipsNeedNoSource) {
  for (const EventType event : {kOutreachMade, kRelationshipConfirmed, kRelationshipDenied}) {
    Fact fact = CompleteFact(event);
    fact.source = {};
    EXPECT_TRUE(CheckComplete(fact, Completed(fact, {})).ok()) << EventTypeName(event);
  }
}

class MalformedMember : public ::testing::TestWithParam<void (*)(Fact&)> {};

TEST_P(MalformedMember, IsRefused) {
  Fact fact = CompleteFact(kIntroductionMade);
  GetParam()(fact);
  const Status status = CheckComplete(fact, kParties);
  EXPECT_EQ(status.code(), Code::kInvalidArgument);
  EXPECT_EQ(status.number(), 3011) << status.message();
}

INSTANTIATE_TEST_SUITE_P(
    EachMember, MalformedMember,
    ::testing::Values(
        [](Fact& fact) { fact.reason = std::string(limits::kFreeTextBytesMax + 1, 'x'); },
        [](Fact& fact) { fact.provenance = std::string(limits::kFreeTextBytesMax + 1, 'x'); },
        [](Fact& fact) {
          fact.evidence.reference = std::string(limits::kFreeTextBytesMax + 1, 'x');
        },
        [](Fact& fact) { fact.evidence.sha256 = std::string(63, 'a'); },
        [](Fact& fact) { fact.evidence.sha256 = std::string(64, 'g'); },
        [](Fact& fact) { fact.amount.currency = "eur"; },
        [](Fact& fact) { fact.amount.currency = "EURO"; },
        [](Fact& fact) { fact.amount.minor_units = -1; }));

TEST(CheckComplete, AcceptsMembersAtTheirLimit) {
  Fact fact = CompleteFact(kIntroductionMade);
  fact.reason = std::string(limits::kFreeTextBytesMax, 'x');
  fact.evidence.sha256 = std::string(32, 'a') + std::string(32, 'F');
  EXPECT_TRUE(CheckComplete(fact, kParties).ok());
}

}  // namespace
}  // namespace referrald::referral
