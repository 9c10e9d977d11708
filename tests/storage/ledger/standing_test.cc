// The gate decides for all of the product: what makes a contact COLD leaves no figure, credit or
// chain behind that says otherwise.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/ledger/ledger.h"
#include "storage/practice/metric.h"
#include "tests/support/ledger_fixture.h"

namespace referrald::ledger {
namespace {

using practice::Figure;
using practice::NoCreditReason;
using referral::EntityKind;
using referral::EventType;
using referral::Referral;
using referral::Temperature;
using testing::HasSubstr;
using testing::IsEmpty;

class StandingTest : public testing::Test, public support::LedgerFixture {
 protected:
  StandingTest() {
    clock().Advance(std::chrono::days(400));
    rep_ = Add({"crm", "User", "1"}, "Rita", "Rep", "rita@example.org");
    judge_ = Add({"crm", "User", "2"}, "Jo", "Judge", "jo@example.org");
    ana_ = Add({"crm", "Contact", "1"}, "Ana", "Lopez", "ana@example.org");
    ben_ = Add({"crm", "Contact", "2"}, "Ben", "Moss", "ben@example.org");
    cem_ = Add({"crm", "Contact", "3"}, "Cem", "Acar", "cem@example.org");
    Row deal;
    deal.kind = EntityKind::kOpportunity;
    deal.ref = {"crm", "Opportunity", "1"};
    deal.fields = referral::Normalised({{"display_name", "Deal"}});
    deal_ = Import({deal})->front().entity;
  }

  Receipt Happens(RecordFact wish, std::chrono::hours ago) {
    wish.occurred_at = clock().Now() - ago;
    const auto receipt = Record(std::move(wish));
    EXPECT_TRUE(receipt) << StatusOf(receipt).ToString();
    return receipt ? *receipt : Receipt{};
  }
  ReferralId Introduced(EntityId source, EntityId contact, std::chrono::hours ago) {
    return Happens(Fact(EventType::kIntroductionMade, source, contact, rep_), ago).referral;
  }
  void Wins(ReferralId referral, std::chrono::hours ago) {
    for (const EventType type :
         {EventType::kMeetingHeld, EventType::kQualified, EventType::kOpportunityWon}) {
      RecordFact wish = Fact(type, {}, {}, {});
      wish.fact.referral = referral;
      if (type != EventType::kMeetingHeld) wish.fact.opportunity = deal_;
      if (type == EventType::kOpportunityWon) wish.fact.amount = {7000, "EUR"};
      Happens(std::move(wish), ago);
    }
  }
  RecordFact Judgement(EventType type, ReferralId referral) {
    RecordFact wish = Fact(type, {}, {}, {});
    wish.fact.referral = referral;
    wish.fact.reviewer = judge_;
    wish.fact.reason = "made up";
    return wish;
  }
  Temperature TemperatureOf(EntityId contact) {
    return Read()->HonestyOf(contact)->front().honesty.temperature;
  }
  practice::Attribution Credit() {
    return Read()->ListAttributions({.opportunity = deal_}, 1)->items.front();
  }
  int64_t Hits(std::string_view metric, std::string_view part = "") {
    practice::MetricBuilder builder({.now = clock().Now(), .count_min = 1});
    builder.Add(practice::OtherDeal{});  // To compare with.
    EXPECT_TRUE(Read()
                    ->ScanReferrals([&builder](const Referral& referral) {
                      builder.Add(referral);
                      return true;
                    })
                    .ok());
    for (const Figure& figure : builder.Take()) {
      if (figure.metric == metric && figure.part == part) return figure.numerator;
    }
    return 0;
  }
  ChainMember Place(EntityId person) { return Read()->GetChain(person, {})->descendants.front(); }
  // Nothing says that ben was brought by a referral.
  void ExpectColdEverywhere() {
    EXPECT_EQ(TemperatureOf(ben_), Temperature::kCold);
    EXPECT_FALSE(Credit().credit);
    for (const std::string_view metric : {"M07", "M18"}) EXPECT_EQ(Hits(metric), 0) << metric;
    EXPECT_EQ(Hits("M13b", "referral"), 0);
    EXPECT_THAT(Place(ana_).won_below, IsEmpty());
  }
  void ExpectVerified() {
    const auto report = ledger().Verify({});
    ASSERT_TRUE(report) << StatusOf(report).ToString();
    EXPECT_THAT(report->problems, IsEmpty());
  }

  EntityId rep_, judge_, ana_, ben_, cem_, deal_;
};

TEST_F(StandingTest, AnIntroductionStandsEverywhere) {
  Wins(Introduced(ana_, ben_, std::chrono::hours(9)), std::chrono::hours(2));
  EXPECT_EQ(TemperatureOf(ben_), Temperature::kHot);
  ASSERT_TRUE(Credit().credit);
  EXPECT_EQ(Credit().credit->source, ana_);
  EXPECT_EQ(Hits("M13b", "referral"), 1);
  EXPECT_EQ(Hits("M18"), 1);
  EXPECT_EQ(Place(ana_).won_below, (Amounts{{"EUR", 7000}}));
}

TEST_F(StandingTest, WhatAReviewerVoidedIsNoReferralAndComesBackAsItWas) {
  const ReferralId referral = Introduced(ana_, ben_, std::chrono::hours(9));
  Wins(referral, std::chrono::hours(2));
  const Referral before = *Read()->GetReferral(referral);
  Happens(Judgement(EventType::kVoided, referral), std::chrono::hours(1));
  ExpectColdEverywhere();
  EXPECT_EQ(Place(ana_).node.child_count, 0u);
  ExpectVerified();
  Happens(Judgement(EventType::kVoidReverted, referral), std::chrono::hours(0));
  EXPECT_EQ(Read()->GetReferral(referral)->steps, before.steps);
  EXPECT_EQ(TemperatureOf(ben_), Temperature::kHot);
  EXPECT_EQ(Place(ana_).node.child_count, 1u);
  ExpectVerified();
}

TEST_F(StandingTest, AnOutreachInAnotherRecordComesFirst) {
  const ReferralId referral = Introduced(ana_, ben_, std::chrono::hours(9));
  Wins(referral, std::chrono::hours(2));
  // Of a name that somebody else gave: told later, and before the introduction all the same.
  const auto named =
      Happens(Fact(EventType::kNameReceived, cem_, ben_, rep_), std::chrono::hours(20));
  RecordFact call = Fact(EventType::kOutreachMade, cem_, ben_, rep_);
  call.fact.referral = named.referral;
  const auto outreach = Happens(std::move(call), std::chrono::hours(12));
  ExpectColdEverywhere();
  EXPECT_EQ(Read()->GetReferral(referral)->earlier_outreach, outreach.sequence);
  EXPECT_EQ(Credit().others.front().reason, NoCreditReason::kAfterOutreach);
  ExpectVerified();
}

TEST_F(StandingTest, ADenialElsewhereCounts) {
  const ReferralId referral = Introduced(ana_, ben_, std::chrono::hours(9));
  Wins(referral, std::chrono::hours(3));
  const EntityId other = Add({"crm", "User", "9"}, "Bob", "Rep", "bob@example.org");
  for (const EventType type :
       {EventType::kNameReceived, EventType::kSourceContacted, EventType::kAcquaintanceDenied}) {
    Happens(Fact(type, ana_, ben_, other), std::chrono::hours(2));
  }
  EXPECT_TRUE(Read()->GetReferral(referral)->denial);
  EXPECT_FALSE(Credit().credit);
  EXPECT_EQ(Hits("M18"), 0);
  EXPECT_THAT(Place(ana_).won_below, IsEmpty());
  ExpectVerified();
}

TEST_F(StandingTest, TwoIntroductionsToOneDealAreOneDeal) {
  Wins(Introduced(ana_, ben_, std::chrono::hours(9)), std::chrono::hours(2));
  const ReferralId second = Introduced(cem_, ben_, std::chrono::hours(8));
  Wins(second, std::chrono::hours(2));
  EXPECT_EQ(Hits("M13b", "referral"), 1);
  EXPECT_EQ(Hits("M18"), 1);
  EXPECT_EQ(Place(ana_).won_below, (Amounts{{"EUR", 7000}}));
  ExpectVerified();
}

TEST_F(StandingTest, ACircleGetsNoCredit) {
  Introduced(ana_, ben_, std::chrono::hours(9));
  Wins(Introduced(ben_, ana_, std::chrono::hours(8)), std::chrono::hours(2));
  const practice::Attribution credit = Credit();
  EXPECT_FALSE(credit.credit);
  ASSERT_EQ(credit.others.size(), 1u);
  EXPECT_EQ(credit.others.front().reason, NoCreditReason::kCircle);
}

TEST_F(StandingTest, WhatIsKeptInPlaceOfADuplicateMustStand) {
  const ReferralId first = Introduced(ana_, ben_, std::chrono::hours(9));
  const ReferralId named =
      Happens(Fact(EventType::kNameReceived, cem_, ben_, rep_), std::chrono::hours(8)).referral;
  const ReferralId other = Introduced(ana_, cem_, std::chrono::hours(8));
  const auto refusal = [&](ReferralId duplicate, ReferralId survivor) {
    RecordFact wish = Judgement(EventType::kDuplicateOf, duplicate);
    wish.fact.survivor = survivor;
    const auto refused = Record(std::move(wish));
    EXPECT_EQ(refused ? 0 : refused.error().number(), 3004);
    return refused ? std::string() : refused.error().message();
  };
  EXPECT_THAT(refusal(first, first), HasSubstr("one record"));
  EXPECT_THAT(refusal(first, named), HasSubstr("keep this one"));
  EXPECT_THAT(refusal(first, other), HasSubstr("another contact"));
  EXPECT_THAT(refusal(first, ReferralId{999'999}), HasSubstr("no such referral"));
  RecordFact wish = Judgement(EventType::kDuplicateOf, named);
  wish.fact.survivor = first;
  Happens(std::move(wish), std::chrono::hours(0));
  EXPECT_THAT(refusal(first, named), HasSubstr("DUPLICATE itself"));
  EXPECT_EQ(TemperatureOf(ben_), Temperature::kHot);
  Happens(Judgement(EventType::kVoided, named), std::chrono::hours(0));  // T21: from any.
  ExpectVerified();
}

}  // namespace
}  // namespace referrald::ledger
