// A reference is not a referral (R02, R03, R39, R40), and what is paid is paid for introductions.
#include <gmock/gmock.h>

#include "storage/practice/metric.h"
#include "tests/scenarios/practice_story.h"

namespace referrald::scenarios {
namespace {

using practice::Insistence;
using practice::ReferenceResult;
using practice::ReferenceState;
using referral::EventType;
using testing::ElementsAre;
using testing::IsEmpty;

class ReferenceScenario : public PracticeStory {
 protected:
  // Ben, who may buy, wants to speak with Anna, who did.
  ledger::RecordAct RequestWish(Insistence insistence) {
    ledger::RecordAct wish = Wish(EventType::kReferenceRequested, anna_);
    wish.act.other = ben_;
    wish.act.code = static_cast<uint32_t>(insistence);
    wish.act.opportunity = Deal();
    return wish;
  }
  EntityId Deal() {
    ledger::Row row;
    row.kind = referral::EntityKind::kOpportunity;
    row.ref = {"crm", "Opportunity", "7"};
    return Import({row})->front().entity;
  }
  Sequence Follows(EventType type, Sequence request, uint32_t code = 0) {
    ledger::RecordAct wish = Wish(type, anna_);
    wish.act.about = request;
    wish.act.code = code;
    return Happens(wish);
  }
};

TEST_F(ReferenceScenario, R02_AReferenceMakesNobodyAReferral) {
  const Sequence request = Happens(RequestWish(Insistence::kProspect));
  Follows(EventType::kReferenceGiven, request);
  Follows(EventType::kReferenceCalled, request, static_cast<uint32_t>(ReferenceResult::kGood));
  EXPECT_EQ(Read()->GetTotals()->referrals, 0u);
  const auto honesty = Read()->HonestyOf(ben_);
  EXPECT_EQ(honesty->front().honesty.temperature, referral::Temperature::kCold);
  // And an introduction that rests on one is refused: a reference is no evidence of it.
  ledger::RecordFact made = Fact(EventType::kIntroductionMade, anna_, ben_, rita_);
  made.fact.evidence = {};
  EXPECT_EQ(StatusOf(Record(made)).number(), 3003);
}

TEST_F(ReferenceScenario, R03_AtOurBehestOrEarlyItIsWarnedOf) {
  Happens(RequestWish(Insistence::kProspect));
  EXPECT_THAT(Due(), IsEmpty());  // Late, and the prospect insists: as it should be.
  Happens(RequestWish(Insistence::kSeller));
  EXPECT_THAT(Due(), ElementsAre("P17"));
}

TEST_F(ReferenceScenario, R39_TheFourWaysToFailAreKeptApart) {
  for (const ReferenceResult result :
       {ReferenceResult::kNegative, ReferenceResult::kDelayedDeal, ReferenceResult::kFaintPraise,
        ReferenceResult::kOvershared}) {
    const Sequence request = Happens(RequestWish(Insistence::kProspect));
    Follows(EventType::kReferenceGiven, request);
    Follows(EventType::kReferenceCalled, request, static_cast<uint32_t>(result));
  }
  // Mostly it is never called.
  const Sequence unused = Happens(RequestWish(Insistence::kProspect));
  Follows(EventType::kReferenceGiven, unused);
  Follows(EventType::kReferenceNotCalled, unused);
  practice::MetricBuilder builder({.now = clock().Now(), .count_min = 1});
  builder.Add(Customer(anna_));
  for (const practice::Figure& figure : builder.Take()) {
    if (figure.metric != "M25") continue;
    if (figure.part == "called") {
      EXPECT_EQ(figure.numerator, 4);
      EXPECT_EQ(figure.denominator, 5);
    } else {
      EXPECT_EQ(figure.numerator, figure.part == "good" ? 0 : 1) << figure.part;
      EXPECT_EQ(figure.denominator, 4);
    }
  }
  EXPECT_EQ(Customer(anna_).references.back().state, ReferenceState::kNotCalled);
}

TEST_F(ReferenceScenario, R40_WithAReferralNobodyNeedsAReference) {
  practice::MetricBuilder builder({.now = clock().Now(), .count_min = 1});
  referral::Referral won;
  won.id = ReferralId{1};
  won.source = anna_;
  won.contact = ben_;
  won.rep = rita_;
  won.opportunity = Deal();
  won.state = referral::State::kWon;
  won.introduction = Sequence{1};
  won.introduced_at = clock().Now();
  won.steps = {{referral::State::kWon, Sequence{2}, clock().Now(), false}};
  builder.Add(won);
  bool is_there = false;
  for (const practice::Figure& figure : builder.Take()) {
    if (figure.metric != "M25") continue;
    is_there = true;
    EXPECT_EQ(figure.part, "won referrals without one");
    EXPECT_EQ(figure.numerator, 1);
  }
  EXPECT_TRUE(is_there);
}

TEST_F(ReferenceScenario, R26_ARewardIsForAnIntroductionNeverForAName) {
  ledger::RecordAct plan = Act(EventType::kRewardPlanSet, {});
  plan.act.name = "new-customers";
  plan.act.code = static_cast<uint32_t>(1);
  plan.act.amount = {.minor_units = 10'000, .currency = "EUR"};
  plan.act.numbers = {static_cast<int64_t>(referral::State::kNamed), 1, 0, 0, 0};
  EXPECT_EQ(Refused(plan), 3016);
  plan.act.numbers[0] = static_cast<int64_t>(referral::State::kIntroduced);
  Happens(plan);
  const ledger::Receipt named = Tells(EventType::kNameReceived, anna_, ben_);
  ledger::RecordAct proposal = Wish(EventType::kRewardProposed, anna_);
  proposal.act.name = "new-customers";
  proposal.act.referral = named.referral;
  Happens(proposal);
  EXPECT_EQ(Read()->RewardsOf("new-customers", clock().Now())->front().state,
            practice::RewardState::kProposed);
  Tells(EventType::kIntroductionMade, anna_, ben_);
  EXPECT_EQ(Read()->RewardsOf("new-customers", clock().Now())->front().state,
            practice::RewardState::kEarned);
}

TEST_F(ReferenceScenario, R34_ATouchThatIsToldLateDoesNotCount) {
  ledger::RecordAct touch = Wish(EventType::kTouchMade, anna_);
  touch.act.channel = referral::Channel::kPhone;
  touch.occurred_at = clock().Now() - std::chrono::days(60);
  Happens(touch);
  EXPECT_FALSE(Customer(anna_).touches[0].counts);
  touch.occurred_at = clock().Now() - std::chrono::days(1);
  Happens(touch);
  EXPECT_TRUE(Customer(anna_).touches[1].counts);
}

TEST_F(ReferenceScenario, R31_ADisasterIsKnownOf) {
  const Sequence disaster = Happens(EventType::kDisasterReported, anna_);
  EXPECT_EQ(Customer(anna_).moments[0].type, EventType::kDisasterReported);
  EXPECT_EQ(Customer(anna_).moments[0].sequence, disaster);
}

}  // namespace
}  // namespace referrald::scenarios
