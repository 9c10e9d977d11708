// Acts through the real ledger: recorded, folded, queued, moved by merges, gone with an erasure,
// and the same when rebuilt.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <random>
#include <set>
#include <thread>

#include "storage/ledger/customer_record.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/seed.h"

namespace referrald::ledger {
namespace {

using practice::AskKind;
using practice::AskOutcome;
using practice::Slot;
using referral::EventType;
using testing::ElementsAre;
using testing::IsEmpty;

class ActTest : public testing::Test, public support::LedgerFixture {
 protected:
  ActTest() {
    clock().Advance(std::chrono::days(400));
    ana_ = Add({"crm", "Contact", "1"}, "Ana", "Lopez", "ana@example.org");
    ben_ = Add({"crm", "Contact", "2"}, "Ben", "Moss", "ben@example.org");
    rep_ = Add({"crm", "User", "3"}, "Rep", "One", "rep@example.org");
  }

  RecordAct Ask(EntityId party, AskKind kind, practice::Slots slots) {
    RecordAct wish = Act(EventType::kAskMade, party, rep_);
    wish.act.code = static_cast<uint32_t>(kind);
    wish.act.slots = slots;
    wish.act.channel = referral::Channel::kPhone;
    return wish;
  }
  RecordAct Answer(EntityId party, Sequence ask, AskOutcome outcome) {
    RecordAct wish = Act(EventType::kAskAnswered, party);
    wish.act.about = ask;
    wish.act.code = static_cast<uint32_t>(outcome);
    return wish;
  }
  Sequence MustRecord(RecordAct wish) {
    const auto receipt = Record(std::move(wish));
    EXPECT_TRUE(receipt) << StatusOf(receipt).ToString();
    return receipt ? receipt->sequence : Sequence{};
  }
  int Refusal(RecordAct wish) { return StatusOf(Record(std::move(wish))).number(); }

  std::vector<std::string> Queue(EntityId rep) {
    std::vector<std::string> ids;
    const auto page = Read()->ListPrompts(rep, clock().Now(), "", 100);
    EXPECT_TRUE(page) << StatusOf(page).ToString();
    for (const practice::Prompt& prompt : page->items) ids.push_back(IdOf(prompt));
    return ids;
  }
  void ExpectRebuiltEqualsLive() {
    const auto report = ledger().Verify({});
    ASSERT_TRUE(report) << StatusOf(report).ToString();
    EXPECT_THAT(report->problems, IsEmpty());
  }

  EntityId ana_, ben_, rep_;
};

TEST_F(ActTest, AnOrderPromptsTheFullAskAndTheAskEndsIt) {
  const Sequence order = MustRecord(Act(EventType::kOrderPlaced, ana_, rep_));
  const std::string id = "P03:" + ToText(order) + ":" + std::to_string(ana_.value);
  EXPECT_THAT(Queue(rep_), ElementsAre(id));
  EXPECT_THAT(Queue({}), ElementsAre(id));
  EXPECT_THAT(Queue(ben_), IsEmpty());
  Reopen();
  EXPECT_THAT(Queue(rep_), ElementsAre(id));
  const Sequence ask = MustRecord(Ask(ana_, AskKind::kFull, practice::In(Slot::kSupplier)));
  MustRecord(Answer(ana_, ask, AskOutcome::kNamesGiven));
  EXPECT_THAT(Queue(rep_), IsEmpty());  // P05 comes in sixty days.
  const auto customer = Read()->GetCustomer(ana_);
  ASSERT_TRUE(customer);
  EXPECT_EQ(customer->customer.Covered(), practice::In(Slot::kSupplier));
  EXPECT_EQ(customer->prompts.size(), 1u);
  clock().Advance(std::chrono::days(61));
  EXPECT_EQ(Queue(rep_).size(), 1u);
  ExpectRebuiltEqualsLive();
}

TEST_F(ActTest, RefusesWhatDoesNotFollow) {
  EXPECT_EQ(Refusal(Answer(ana_, {1}, AskOutcome::kNo)), 3014);
  EXPECT_EQ(Refusal(Act(EventType::kAskMade, ana_, rep_)), 3001);
  EXPECT_EQ(Refusal(Act(EventType::kFirstEngagement, {999})), 3021);
  RecordAct later = Act(EventType::kOrderPlaced, ana_);
  later.occurred_at = clock().Now() + std::chrono::hours(1);
  EXPECT_EQ(Refusal(later), 3007);
  RecordAct of_nobody = Ask(ana_, AskKind::kSoft, 0);
  of_nobody.act.about = {999};
  EXPECT_EQ(Refusal(of_nobody), 3021);
  EXPECT_EQ(Refusal(Act(EventType::kOrderPlaced, rep_, rep_)), 3002);
}

TEST_F(ActTest, ARetryIsTheSameActAndAnotherPayloadIsRefused) {
  RecordAct wish = Act(EventType::kOrderPlaced, ana_, rep_);
  wish.idempotency_key = "order 7";
  const auto first = Record(wish);
  const auto again = Record(wish);
  ASSERT_TRUE(first && again);
  EXPECT_EQ(first->sequence, again->sequence);
  EXPECT_TRUE(again->replayed);
  wish.act.party = ben_;
  EXPECT_EQ(Refusal(wish), 3020);
}

TEST_F(ActTest, ARepOfWhomNobodyHasHeardIsRegistered) {
  RecordAct wish = Act(EventType::kOrderPlaced, ana_);
  wish.rep.ref = referral::ExternalRef{"local", "rep", "dana"};
  const Sequence order = MustRecord(wish);
  const EntityId dana = Read()->GetCustomer(ana_)->customer.rep;
  EXPECT_EQ(dana.value, order.value - 1);
  EXPECT_EQ(Queue(dana).size(), 1u);
}

TEST_F(ActTest, AnIntroductionThatWasLostOrWonPromptsToo) {
  for (const EventType type : {EventType::kIntroductionMade, EventType::kMeetingHeld}) {
    ASSERT_TRUE(Record(Fact(type, ana_, ben_, rep_)));
  }
  EXPECT_EQ(Queue(rep_).size(), 1u);  // P10: tell Ana.
  EXPECT_TRUE(Queue(rep_)[0].starts_with("P10:")) << Queue(rep_)[0];
  ASSERT_TRUE(Record(Fact(EventType::kNotAFit, ana_, ben_, rep_)));
  EXPECT_EQ(Queue(rep_).size(), 2u);  // P08: Ben may know somebody.
  ExpectRebuiltEqualsLive();
}

TEST_F(ActTest, AMergeMovesActsAndPrompts) {
  MustRecord(Act(EventType::kFirstEngagement, ana_, rep_));
  MustRecord(Act(EventType::kOrderPlaced, ben_, rep_));
  Row merged = Person({"crm", "Contact", "1"}, "Ana", "Lopez", "ana@example.org");
  merged.merged_into = referral::ExternalRef{"crm", "Contact", "2"};
  ASSERT_TRUE(Import({merged}));
  EXPECT_EQ(Read()->GetCustomer(ana_)->customer.party, ben_);
  EXPECT_EQ(Read()->GetCustomer(ben_)->customer.moments.size(), 2u);
  EXPECT_EQ(Queue(rep_).size(), 1u);
  ExpectRebuiltEqualsLive();
}

TEST_F(ActTest, APromptWaitsForWhomTheRepHasBecome) {
  const EntityId other = Add({"crm", "User", "4"}, "Rep", "Two", "two@example.org");
  MustRecord(Act(EventType::kOrderPlaced, ana_, rep_));
  Row merged = Person({"crm", "User", "3"}, "Rep", "One", "rep@example.org");
  merged.merged_into = referral::ExternalRef{"crm", "User", "4"};
  ASSERT_TRUE(Import({merged}));
  EXPECT_EQ(Queue(other).size(), 1u);
  EXPECT_THAT(Queue(rep_), IsEmpty());
  ExpectRebuiltEqualsLive();
}

TEST_F(ActTest, AnErasureEndsEveryPromptAndTakesTheTexts) {
  RecordAct wish = Act(EventType::kOrderPlaced, ana_, rep_);
  wish.act.text = "the blue machine";
  const Sequence order = MustRecord(wish);
  EXPECT_EQ(std::get<practice::Act>(Read()->GetEvent(order)->body).text, "the blue machine");
  EraseParty erase;
  erase.party.id = ana_;
  erase.actor = "test";
  ASSERT_TRUE(ledger().Erase(erase, Soon()));
  EXPECT_THAT(Queue(rep_), IsEmpty());
  EXPECT_EQ(std::get<practice::Act>(Read()->GetEvent(order)->body).text, Event::kErasedText);
  EXPECT_FALSE(Read()->GetCustomer(ana_)->customer.IsActive());
  EXPECT_EQ(Refusal(Act(EventType::kOrderPlaced, ana_, rep_)), 3031);
  ExpectRebuiltEqualsLive();
}

TEST_F(ActTest, TheQueueComesInPagesByPriorityThenDue) {
  std::vector<EntityId> people;
  for (int i = 0; i < 20; ++i) {
    const std::string id = "p" + std::to_string(i);
    people.push_back(Add({"crm", "Contact", id}, "P" + id, "L" + id, id + "@example.org"));
    const EventType type = i % 3 == 0   ? EventType::kOrderPlaced
                           : i % 3 == 1 ? EventType::kReferenceVolunteered
                                        : EventType::kCustomerExcited;
    RecordAct wish = Act(type, people.back(), rep_);
    wish.occurred_at = clock().Now() - std::chrono::days(1 + (i * 7) % 20);
    MustRecord(wish);
  }
  const std::vector<std::string> all = Queue(rep_);
  ASSERT_EQ(all.size(), 20u);
  std::vector<std::string> paged;
  std::string cursor;
  do {
    const auto page = Read()->ListPrompts(rep_, clock().Now(), cursor, 3);
    ASSERT_TRUE(page);
    for (const practice::Prompt& prompt : page->items) paged.push_back(IdOf(prompt));
    cursor = page->next;
  } while (!cursor.empty());
  EXPECT_EQ(paged, all);
  EXPECT_TRUE(all.front().starts_with("P06")) << all.front();
  EXPECT_TRUE(all.back().starts_with("P02")) << all.back();
  EXPECT_FALSE(Read()->ListPrompts(rep_, clock().Now(), "zz", 3));
}

TEST_F(ActTest, ATouchThatDoesNotCountStaysOne) {
  RecordAct touch = Act(EventType::kTouchMade, ana_, rep_);
  touch.act.channel = referral::Channel::kPhone;
  touch.occurred_at = clock().Now() - std::chrono::days(30);
  MustRecord(touch);
  EXPECT_FALSE(Read()->GetCustomer(ana_)->customer.touches.front().counts);
}

TEST_F(ActTest, ActsAreFoundByWhatTheyAreAbout) {
  RecordAct cadence = Act(EventType::kCadenceAssigned, ana_, rep_);
  cadence.act.name = "high-ticket";
  const Sequence assigned = MustRecord(cadence);
  RecordAct target = Act(EventType::kTargetSet, {}, rep_);
  target.act.name = "M01";
  target.act.numbers = {1000, 30};
  const Sequence set = MustRecord(target);
  EXPECT_EQ(Read()->ActsNamed("high-ticket")->front().sequence, assigned);
  EXPECT_EQ(Read()->ActsAbout(ana_)->front().sequence, assigned);
  EXPECT_EQ(Read()->ActsOfType(EventType::kTargetSet)->front().sequence, set);
  EXPECT_THAT(*Read()->ActsNamed("high"), IsEmpty());
}

TEST_F(ActTest, TheWayInGoesOverWhatPeopleDidAndSaid) {
  const EntityId target = Add({"crm", "Contact", "9"}, "Tara", "Get", "tara@example.org");
  const practice::WaySearch any;
  EXPECT_THAT(Read()->FindWaysIn(target, any)->ways, IsEmpty());
  // Ben says that he knows Tara; Ana introduced Ben to the rep.
  for (const EventType type :
       {EventType::kNameReceived, EventType::kSourceContacted, EventType::kAcquaintanceConfirmed}) {
    ASSERT_TRUE(Record(Fact(type, ben_, target, rep_)));
  }
  const auto introduced = Record(Fact(EventType::kIntroductionMade, ana_, ben_, rep_));
  ASSERT_TRUE(introduced);
  const auto ways = Read()->FindWaysIn(target, any);
  ASSERT_EQ(ways->ways.size(), 2u);  // Or over Ana, who knows Ben: a hop more.
  ASSERT_EQ(ways->ways[0].size(), 2u);
  EXPECT_EQ(ways->ways[0][0].from, rep_);
  EXPECT_EQ(ways->ways[0][0].to, ben_);
  EXPECT_EQ(ways->ways[0][0].because, introduced->sequence);
  EXPECT_EQ(ways->ways[0][1].to, target);
  RecordAct suppress = Act(EventType::kSuppressed, ben_);
  suppress.act.text = "leave him alone";
  MustRecord(suppress);
  EXPECT_THAT(Read()->FindWaysIn(target, any)->ways, IsEmpty());
}

// Some moments, asks and introductions, always the same for one seed; with a restart after so many.
std::vector<std::string> PromptsOfAStory(uint64_t seed, size_t restart_after) {
  support::LedgerFixture store;
  store.clock().Advance(std::chrono::days(400));
  std::mt19937_64 random(seed);
  std::vector<EntityId> people;
  for (const std::string name : {"ana", "ben", "cid", "rep"}) {
    people.push_back(store.Add({"crm", "Contact", name}, name, name, name + "@example.org"));
  }
  const EntityId rep = people.back();
  for (size_t i = 0; i < 40; ++i) {
    constexpr std::array kMoments = {EventType::kFirstEngagement, EventType::kOrderPlaced,
                                     EventType::kDealLost, EventType::kReferenceVolunteered};
    const EntityId party = people[random() % 3];
    const EntityId other = people[random() % 3];
    if (random() % 4 == 0 && party != other) {
      (void)store.Record(store.Fact(EventType::kIntroductionMade, party, other, rep));
      (void)store.Record(store.Fact(EventType::kMeetingHeld, party, other, rep));
    } else if (random() % 4 == 0) {
      RecordAct ask = store.Act(EventType::kAskMade, party, rep);
      ask.act.code = 1 + static_cast<uint32_t>(random() % 8);
      ask.act.channel = referral::Channel::kPhone;
      (void)store.Record(ask);
    } else {
      (void)store.Record(store.Act(kMoments[random() % kMoments.size()], party, rep));
    }
    store.clock().Advance(std::chrono::days(random() % 20));
    if (i == restart_after) store.Reopen();
  }
  store.clock().Advance(std::chrono::days(400));
  std::vector<std::string> ids;
  const auto page = store.Read()->ListPrompts({}, store.clock().Now(), "", 1000);
  EXPECT_TRUE(page);
  // By what they are, not by the event's number: a writer that began later signs the log later.
  for (const practice::Prompt& prompt : page->items) {
    ids.push_back(std::string(prompt.rule) + " " + std::to_string(prompt.party.value) + " " +
                  FormatTimestamp(prompt.due) + " " + std::to_string(prompt.slots));
  }
  return ids;
}

TEST(Prompts, AreTheSameOnceEachWhereverTheLogIsSplit) {
  const uint64_t seed = support::TestSeed();
  const std::vector<std::string> expected = PromptsOfAStory(seed, SIZE_MAX);
  EXPECT_FALSE(expected.empty());
  EXPECT_EQ(std::set<std::string>(expected.begin(), expected.end()).size(), expected.size());
  for (size_t after = 0; after < 40; ++after) {
    ASSERT_EQ(PromptsOfAStory(seed, after), expected) << "restarted after " << after;
  }
}

class RewardsTest : public ActTest {
 protected:
  void Plan(int64_t count_max) {
    RecordAct plan = Act(EventType::kRewardPlanSet, {});
    plan.act.name = "spring";
    plan.act.code = 1;
    plan.act.amount = {.minor_units = 5000, .currency = "EUR"};
    plan.act.numbers = {static_cast<int64_t>(referral::State::kIntroduced), 1, 0, count_max, 0};
    MustRecord(plan);
  }
  ReferralId Introduces(int number) { return Introduces(number, ana_); }
  ReferralId Introduces(int number, EntityId source) {
    const std::string id = "n" + std::to_string(number);
    const EntityId contact = Add({"crm", "Contact", id}, "N" + id, "M" + id, id + "@example.org");
    const auto receipt = Record(Fact(EventType::kIntroductionMade, source, contact, rep_));
    EXPECT_TRUE(receipt) << StatusOf(receipt).ToString();
    return receipt ? receipt->referral : ReferralId{};
  }
  RecordAct Proposal(ReferralId referral) { return Proposal(referral, ana_); }
  RecordAct Proposal(ReferralId referral, EntityId source) {
    RecordAct wish = Act(EventType::kRewardProposed, source, rep_);
    wish.act.name = "spring";
    wish.act.referral = referral;
    return wish;
  }
  RecordAct Fulfilment(Sequence proposal) { return Fulfilment(proposal, ana_); }
  RecordAct Fulfilment(Sequence proposal, EntityId source) {
    RecordAct wish = Act(EventType::kRewardFulfilled, source);
    wish.act.about = proposal;
    return wish;
  }
  int64_t CountIn(practice::RewardState state) {
    const auto rewards = Read()->RewardsOf("spring", clock().Now());
    EXPECT_TRUE(rewards);
    return std::ranges::count(*rewards, state, &practice::Reward::state);
  }
};

TEST_F(RewardsTest, AreProposedEarnedAndFulfilledOnce) {
  EXPECT_EQ(Refusal(Proposal({1})), 3021);
  Plan(10);
  const ReferralId referral = Introduces(1);
  const Sequence proposal = MustRecord(Proposal(referral));
  EXPECT_EQ(Refusal(Proposal(referral)), 3016);
  EXPECT_EQ(CountIn(practice::RewardState::kEarned), 1);
  MustRecord(Fulfilment(proposal));
  EXPECT_EQ(Refusal(Fulfilment(proposal)), 3016);
  EXPECT_EQ(CountIn(practice::RewardState::kFulfilled), 1);
  ExpectRebuiltEqualsLive();
}

TEST_F(RewardsTest, APlanOfOneSegmentIsForThoseInIt) {
  RecordAct plan = Act(EventType::kRewardPlanSet, {});
  plan.act.name = "spring:bakers";
  plan.act.code = 1;
  plan.act.amount = {.minor_units = 5000, .currency = "EUR"};
  plan.act.numbers = {static_cast<int64_t>(referral::State::kIntroduced), 1, 0, 0, 0};
  MustRecord(plan);
  RecordAct proposal = Proposal(Introduces(1));
  proposal.act.name = "spring:bakers";
  EXPECT_EQ(Refusal(proposal), 3016);
  RecordAct role = Act(EventType::kRoleAsserted, ana_);
  role.act.code = static_cast<uint32_t>(practice::Role::kCustomer);
  role.act.name = "bakers";
  MustRecord(role);
  MustRecord(proposal);
}

TEST_F(RewardsTest, AHoldOnTheReferralHoldsTheReward) {
  Plan(10);
  const ReferralId referral = Introduces(1);
  const Sequence proposal = MustRecord(Proposal(referral));
  RecordAct hold = Act(EventType::kReferralHeld, {});
  hold.act.referral = referral;
  hold.act.name = "velocity";
  hold.act.text = "five in a day";
  const Sequence held = MustRecord(hold);
  EXPECT_EQ(Refusal(Fulfilment(proposal)), 3016);
  const EntityId boss = Add({"crm", "User", "4"}, "Bob", "Boss", "bob@example.org");
  RecordAct release = Act(EventType::kHoldReleased, {}, boss);
  release.act.referral = referral;
  release.act.about = held;
  release.act.text = "it was a fair";
  MustRecord(release);
  MustRecord(Fulfilment(proposal));
}

// 200 grants at once against one cap.
TEST_F(RewardsTest, TwoHundredConcurrentGrantsNeverExceedTheCap) {
  constexpr int kGrants = 200;
  constexpr int64_t kCap = 20;
  Plan(kCap);
  // Of several sources: a burst of one would wait for a reviewer.
  constexpr size_t kSources = 25;
  std::vector<EntityId> sources;
  for (size_t i = 0; i < kSources; ++i) {
    const std::string id = "s" + std::to_string(i);
    sources.push_back(Add({"crm", "Contact", id}, "S" + id, "T" + id, id + "@example.org"));
  }
  std::vector<ReferralId> referrals;
  for (int i = 0; i < kGrants; ++i) {
    referrals.push_back(Introduces(i, sources[static_cast<size_t>(i) % kSources]));
  }
  std::atomic<int> fulfilled = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kGrants; ++t) {
      threads.emplace_back([&, t] {
        for (size_t i = static_cast<size_t>(t); i < referrals.size(); i += kGrants) {
          const EntityId source = sources[i % kSources];
          const auto proposal = Record(Proposal(referrals[i], source));
          if (proposal && Record(Fulfilment(proposal->sequence, source))) ++fulfilled;
        }
      });
    }
  }
  EXPECT_EQ(fulfilled, kCap);
  EXPECT_EQ(CountIn(practice::RewardState::kFulfilled), kCap);
  EXPECT_EQ(CountIn(practice::RewardState::kCapped), kGrants - kCap);
}

TEST_F(ActTest, WhateverIsRecordedRebuiltEqualsLive) {
  std::mt19937_64 random(support::TestSeed());
  const std::vector<EntityId> people{ana_, ben_};
  for (int i = 0; i < 300; ++i) {
    const practice::ActRule& rule = practice::ActTable()[random() % practice::ActTable().size()];
    RecordAct wish = Act(rule.type, {}, {});
    namespace m = practice::member;
    const auto needs = [&rule](uint32_t member) { return (rule.needs & member) != 0; };
    if (needs(m::kParty)) wish.act.party = people[random() % people.size()];
    if (needs(m::kRep)) wish.act.rep = rep_;
    if (needs(m::kOther)) wish.act.other = rep_;
    if (needs(m::kAbout)) wish.act.about = {1 + random() % Read()->head().value};
    if (needs(m::kCode)) wish.act.code = 1 + static_cast<uint32_t>(random() % rule.code_max);
    if (needs(m::kSlots)) wish.act.slots = static_cast<practice::Slots>(1 + random() % 31);
    if (needs(m::kNumbers)) wish.act.numbers = {1, 2};
    if (needs(m::kChannel)) wish.act.channel = referral::Channel::kPhone;
    if (needs(m::kUntil)) wish.act.until = clock().Now() + std::chrono::days(9);
    if (needs(m::kName)) wish.act.name = "plan";
    if (needs(m::kText)) wish.act.text = "text";
    wish.occurred_at = clock().Now() - std::chrono::hours(1 + random() % 900);
    (void)Record(wish);
  }
  EXPECT_GT(Read()->head().value, 100u);
  ExpectRebuiltEqualsLive();
  const auto before = Queue(rep_);
  Reopen();
  EXPECT_EQ(Queue(rep_), before);
  const CustomerRecord record = *Read()->GetCustomer(ana_);
  EXPECT_EQ(*DecodeCustomer(ana_, Encode(record)), record);
}

}  // namespace
}  // namespace referrald::ledger
