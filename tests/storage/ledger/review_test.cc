// What a reviewer asks the real ledger: whom to ask for, whose introduction counts, what waits for
// a look, and what was known before.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "storage/ledger/ledger.h"
#include "tests/support/ledger_fixture.h"

namespace referrald::ledger {
namespace {

using practice::EventType;
using practice::Slot;
using referral::EntityKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ReviewTest : public testing::Test, public support::LedgerFixture {
 protected:
  ReviewTest() {
    clock().Advance(std::chrono::days(400));
    rep_ = Add({"crm", "User", "1"}, "Rita", "Rep", "rita@example.org");
    boss_ = Add({"crm", "User", "2"}, "Bob", "Boss", "bob@example.org");
    ana_ = Add({"crm", "Contact", "1"}, "Ana", "Lopez", "ana@example.org");
    ben_ = Add({"crm", "Contact", "2"}, "Ben", "Moss", "ben@example.org");
  }

  Row Organisation(const std::string& id, const std::string& name, const std::string& industry,
                   const std::string& city) {
    Row row;
    row.kind = EntityKind::kOrganisation;
    row.ref = {"crm", "Account", id};
    row.fields =
        referral::Normalised({{"display_name", name}, {"industry", industry}, {"city", city}});
    return row;
  }
  Row Employee(const std::string& id, const std::string& account, const std::string& title) {
    Row row = Person({"crm", "Contact", id}, "Given" + id, "Family" + id, id + "@example.org");
    row.fields.push_back({"title", title});
    row.fields = referral::Normalised(row.fields);
    row.associations = {{"organisation", {"crm", "Account", account}}};
    return row;
  }
  EntityId Import1(Row row) {
    const auto rows = Import({std::move(row)});
    EXPECT_TRUE(rows) << StatusOf(rows).ToString();
    return rows ? rows->front().entity : EntityId{};
  }
  Receipt Introduces(EntityId source, EntityId contact, std::chrono::hours ago) {
    RecordFact wish = Fact(EventType::kIntroductionMade, source, contact, rep_);
    wish.occurred_at = clock().Now() - ago;
    const auto receipt = Record(std::move(wish));
    EXPECT_TRUE(receipt) << StatusOf(receipt).ToString();
    return receipt ? *receipt : Receipt{};
  }
  EntityId Deal(const std::string& id) {
    Row row;
    row.kind = EntityKind::kOpportunity;
    row.ref = {"crm", "Opportunity", id};
    row.fields = referral::Normalised({{"display_name", "Deal " + id}});
    return Import1(std::move(row));
  }
  void Qualifies(ReferralId referral, EntityId deal, std::chrono::hours ago) {
    for (const EventType type : {EventType::kMeetingHeld, EventType::kQualified}) {
      RecordFact wish = Fact(type, {}, {}, {});
      wish.fact.referral = referral;
      wish.fact.opportunity = type == EventType::kQualified ? deal : EntityId{};
      wish.occurred_at = clock().Now() - ago;
      const auto receipt = Record(std::move(wish));
      ASSERT_TRUE(receipt) << StatusOf(receipt).ToString();
    }
  }
  std::vector<EntityId> Suggested(EntityId customer, Slot slot) {
    const auto found = Read()->SuggestPeople(customer, 10);
    EXPECT_TRUE(found) << StatusOf(found).ToString();
    std::vector<EntityId> people;
    for (const practice::Suggestion& one : *found) {
      if (one.slot == slot) people.push_back(one.person);
    }
    return people;
  }
  void ExpectVerified() {
    const auto report = ledger().Verify({});
    ASSERT_TRUE(report) << StatusOf(report).ToString();
    EXPECT_THAT(report->problems, IsEmpty());
  }

  EntityId rep_, boss_, ana_, ben_;
};

TEST_F(ReviewTest, SuggestsOutOfTheContactsWeHold) {
  const EntityId mill = Import1(Organisation("mill", "The Mill", "Food", "Bremen"));
  const EntityId bakery = Import1(Organisation("bakery", "The Bakery", "Food", "Hamburg"));
  Import1(Organisation("garage", "The Garage", "Cars", "Bremen"));
  const EntityId customer = Import1(Employee("c1", "mill", "Head of Purchasing"));
  const EntityId colleague = Import1(Employee("c2", "mill", "Accountant"));
  const EntityId peer = Import1(Employee("c3", "bakery", "Purchasing Manager"));
  const EntityId neighbour = Import1(Employee("c4", "garage", "Mechanic"));
  Import1(Employee("c5", "bakery", "Driver"));  // The industry alone is no likeness.
  EXPECT_THAT(Suggested(customer, Slot::kInternalPeer), ElementsAre(colleague));
  EXPECT_THAT(Suggested(customer, Slot::kExternalPeer), ElementsAre(peer));
  EXPECT_THAT(Suggested(customer, Slot::kNeighbour), ElementsAre(neighbour));
  EXPECT_THAT(Suggested(customer, Slot::kSupplier), IsEmpty());
  RecordAct supplies = Act(EventType::kRelationshipClaimed, bakery);
  supplies.act.other = mill;
  supplies.act.name = "supplies";
  ASSERT_TRUE(Record(supplies));
  EXPECT_THAT(Suggested(customer, Slot::kSupplier), SizeIs(2));
  EXPECT_THAT(Suggested(peer, Slot::kCustomer), ElementsAre(customer, colleague));
  RecordAct closed = Act(EventType::kSourceSlotClosed, customer);
  closed.act.slots = practice::In(Slot::kInternalPeer);
  closed.act.code = 1;
  ASSERT_TRUE(Record(closed));
  EXPECT_THAT(Suggested(customer, Slot::kInternalPeer), IsEmpty());
  // Whoever is erased is nobody's peer.
  ASSERT_TRUE(ledger().Erase(
      {.party = {.id = peer, .ref = {}, .email = {}}, .reason = "asked", .actor = "test"}, Soon()));
  EXPECT_THAT(Suggested(customer, Slot::kExternalPeer), IsEmpty());
  ExpectVerified();
}

TEST_F(ReviewTest, ASuggestionIsNeverAnAcquaintanceUnlessSomebodySaidSo) {
  Import1(Organisation("mill", "The Mill", "Food", "Bremen"));
  const EntityId customer = Import1(Employee("c1", "mill", "Head of Purchasing"));
  const EntityId colleague = Import1(Employee("c2", "mill", "Accountant"));
  const auto reason = [&] { return Read()->SuggestPeople(customer, 10)->front().reason; };
  EXPECT_THAT(reason(), HasSubstr("not known whether"));
  RecordAct claim = Act(EventType::kRelationshipClaimed, colleague);
  claim.act.other = customer;
  claim.act.name = "network";
  ASSERT_TRUE(Record(claim));
  EXPECT_THAT(reason(), HasSubstr("a network says"));
  EXPECT_FALSE(Read()->SuggestPeople(customer, 10)->front().confirmed_acquaintance);
  for (const EventType type :
       {EventType::kNameReceived, EventType::kSourceContacted, EventType::kAcquaintanceConfirmed}) {
    ASSERT_TRUE(Record(Fact(type, customer, colleague, rep_)));
  }
  EXPECT_THAT(reason(), HasSubstr("a person confirmed"));
  EXPECT_TRUE(Read()->SuggestPeople(customer, 10)->front().confirmed_acquaintance);
}

TEST_F(ReviewTest, ADealIsCreditedByTheRuleThatIsAskedFor) {
  const EntityId cleo = Add({"crm", "Contact", "3"}, "Cleo", "Day", "cleo@example.org");
  const EntityId deal = Deal("d1");
  const Receipt first = Introduces(ana_, ben_, std::chrono::hours(24 * 10));
  const Receipt second = Introduces(cleo, ben_, std::chrono::hours(24 * 5));
  Qualifies(first.referral, deal, std::chrono::hours(24));
  const auto all = Read()->ListAttributions({}, 10);
  ASSERT_TRUE(all) << StatusOf(all).ToString();
  ASSERT_EQ(all->items.size(), 1u);
  EXPECT_EQ(all->items[0].opportunity, deal);
  ASSERT_TRUE(all->items[0].credit);
  EXPECT_EQ(all->items[0].credit->referral, first.referral);
  EXPECT_EQ(all->items[0].others.size(), 1u);
  RecordAct rule = Act(EventType::kAttributionRuleSet, {});
  rule.act.name = "last-1";
  rule.act.numbers = {2, 0};
  ASSERT_TRUE(Record(rule));
  const auto newest = Read()->ListAttributions({.opportunity = deal}, 10);
  ASSERT_TRUE(newest->items[0].credit);
  EXPECT_EQ(newest->items[0].rule, "last-1");
  EXPECT_EQ(newest->items[0].credit->referral, second.referral);
  const auto compared =
      Read()->ListAttributions({.rule = "default-1", .compare_with = "last-1"}, 10);
  ASSERT_EQ(compared->items.size(), 1u);
  ASSERT_EQ(compared->compared.size(), 1u);
  EXPECT_EQ(compared->items[0].credit->referral, first.referral);
  EXPECT_EQ(compared->compared[0].credit->referral, second.referral);
  EXPECT_THAT(
      Read()->ListAttributions({.rule = "default-1", .compare_with = "default-1"}, 10)->items,
      IsEmpty());
  EXPECT_EQ(Read()->ListAttributions({.rule = "no-such"}, 10).error().number(), 3021);
}

TEST_F(ReviewTest, PagesOfDealsHoldEachOnce) {
  std::vector<EntityId> deals;
  for (int i = 0; i < 5; ++i) {
    const std::string id = std::to_string(i);
    const EntityId contact =
        Add({"crm", "Contact", "p" + id}, "P" + id, "Q" + id, id + "@x.example");
    deals.push_back(Deal("d" + id));
    Qualifies(Introduces(ana_, contact, std::chrono::hours(24 * 30 * (i + 1))).referral,
              deals.back(), std::chrono::hours(1));
  }
  std::vector<EntityId> seen;
  std::string cursor;
  do {
    const auto page = Read()->ListAttributions({.cursor = cursor}, 2);
    ASSERT_TRUE(page);
    for (const practice::Attribution& one : page->items) seen.push_back(one.opportunity);
    cursor = page->next;
  } while (!cursor.empty());
  EXPECT_EQ(seen, deals);
}

class HoldTest : public ReviewTest {
 protected:
  // More introductions in one day than the rule of velocity lets pass.
  std::vector<Receipt> Burst() {
    std::vector<Receipt> made;
    for (int i = 0; i < 11; ++i) {
      const std::string id = "b" + std::to_string(i);
      const EntityId contact = Add({"crm", "Contact", id}, "N" + id, "M" + id, id + "@x.example");
      made.push_back(Introduces(ana_, contact, std::chrono::hours(20 - i)));
    }
    return made;
  }
  RecordAct Release(ReferralId referral, Sequence about, EntityId reviewer) {
    RecordAct wish = Act(EventType::kHoldReleased, {}, reviewer);
    wish.act.referral = referral;
    wish.act.about = about;
    wish.act.text = "it was a fair";
    return wish;
  }
  practice::RewardState RewardOf(ReferralId referral) {
    const auto rewards = Read()->RewardsOf("spring", clock().Now());
    for (const practice::Reward& reward : *rewards) {
      if (reward.referral == referral) return reward.state;
    }
    return {};
  }
};

TEST_F(HoldTest, ABurstHoldsItsRewardsUntilAReviewerLetsItGo) {
  RecordAct plan = Act(EventType::kRewardPlanSet, {});
  plan.act.name = "spring";
  plan.act.code = 1;
  plan.act.amount = {.minor_units = 5000, .currency = "EUR"};
  plan.act.numbers = {static_cast<int64_t>(referral::State::kIntroduced), 1, 0, 0, 0};
  ASSERT_TRUE(Record(plan));
  const std::vector<Receipt> burst = Burst();
  RecordAct proposal = Act(EventType::kRewardProposed, ana_, rep_);
  proposal.act.name = "spring";
  proposal.act.referral = burst.front().referral;
  const auto proposed = Record(proposal);
  ASSERT_TRUE(proposed);
  EXPECT_EQ(RewardOf(burst.front().referral), practice::RewardState::kHeld);
  RecordAct fulfilment = Act(EventType::kRewardFulfilled, ana_);
  fulfilment.act.about = proposed->sequence;
  EXPECT_EQ(StatusOf(Record(fulfilment)).number(), 3016);

  const auto holds = Read()->ListHolds(false);
  ASSERT_TRUE(holds);
  ASSERT_EQ(holds->size(), 1u);
  EXPECT_EQ(holds->front().hit.rule, "velocity");
  EXPECT_EQ(holds->front().hit.referrals.size(), 11u);
  const Receipt& last = burst.back();
  EXPECT_EQ(holds->front().about, last.sequence);
  EXPECT_EQ(StatusOf(Record(Release(last.referral, last.sequence, rep_))).number(), 3015);
  EXPECT_EQ(StatusOf(Record(Release(last.referral, burst.front().sequence, boss_))).number(), 3014);
  ASSERT_TRUE(Record(Release(last.referral, last.sequence, boss_)));
  EXPECT_THAT(*Read()->ListHolds(false), IsEmpty());
  EXPECT_TRUE(Read()->ListHolds(true)->front().released);
  EXPECT_EQ(RewardOf(burst.front().referral), practice::RewardState::kEarned);
  EXPECT_TRUE(Record(fulfilment));
  ExpectVerified();
}

TEST_F(HoldTest, ARingIsHeld) {
  Introduces(ana_, ben_, std::chrono::hours(48));
  const Receipt back = Introduces(ben_, ana_, std::chrono::hours(24));
  const auto holds = Read()->ListHolds(false);
  ASSERT_EQ(holds->size(), 1u);
  EXPECT_EQ(holds->front().hit.rule, "ring");
  EXPECT_EQ(holds->front().about, back.sequence);
}

TEST_F(ReviewTest, TellsWhatWasKnownThen) {
  const Receipt named = *Record(Fact(EventType::kNameReceived, ana_, ben_, rep_));
  clock().Advance(std::chrono::days(10));
  const Timestamp then = clock().Now();
  clock().Advance(std::chrono::days(1));
  const Receipt introduced = Introduces(ana_, ben_, std::chrono::hours(2));
  const auto reader = Read();
  EXPECT_EQ(reader->GetReferral(named.referral)->state, referral::State::kIntroduced);
  const AsOf before{.recorded = {introduced.sequence.value - 1}};
  EXPECT_EQ(reader->GetReferralAsOf(named.referral, before)->state, referral::State::kNamed);
  EXPECT_EQ(reader->HonestyOf(ben_, before)->front().honesty.temperature,
            referral::Temperature::kCold);
  EXPECT_EQ(reader->HonestyOf(ben_)->front().honesty.temperature, referral::Temperature::kHot);
  const AsOf happened{.occurred = then};
  EXPECT_EQ(reader->GetReferralAsOf(named.referral, happened)->state, referral::State::kNamed);
  const AsOf long_ago{.recorded = {1}};
  EXPECT_EQ(reader->GetReferralAsOf(named.referral, long_ago).error().number(), 3021);

  RecordAct order = Act(EventType::kOrderPlaced, ana_, rep_);
  const auto placed = Record(order);
  ASSERT_TRUE(placed);
  EXPECT_TRUE(Read()->GetCustomer(ana_)->customer.IsCustomer());
  EXPECT_FALSE(
      Read()->GetCustomerAsOf(ana_, {.recorded = {placed->sequence.value - 1}})->IsCustomer());
}

}  // namespace
}  // namespace referrald::ledger
