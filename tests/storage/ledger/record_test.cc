#include "storage/ledger/record.h"

#include <gtest/gtest.h>

#include "tests/support/ledger_fixture.h"

namespace referrald::ledger {
namespace {

using referral::EventType;

class RecordTest : public testing::Test, public support::LedgerFixture {
 protected:
  const EntityId ana_ = Add({"crm", "Contact", "1"}, "Ana", "Lopez", "ana@example.org");
  const EntityId ben_ = Add({"crm", "Contact", "2"}, "Ben", "Moss", "ben@example.org");
  const EntityId cem_ = Add({"crm", "Contact", "3"}, "Cem", "Oz", "cem@example.org");
  const EntityId rep_ = Add({"crm", "User", "9"}, "Rep", "One", "rep@example.org");
};

TEST_F(RecordTest, OpensAReferralNamedByItsFirstFact) {
  const auto receipt = Record(Fact(EventType::kNameReceived, ana_, ben_, rep_));
  ASSERT_TRUE(receipt) << receipt.error().ToString();
  EXPECT_EQ(receipt->referral.value, receipt->sequence.value);
  const auto next = Record(Fact(EventType::kSourceContacted, ana_, ben_, rep_));
  ASSERT_TRUE(next) << next.error().ToString();
  EXPECT_EQ(next->referral, receipt->referral);
  const auto referral = Read()->GetReferral(receipt->referral);
  ASSERT_TRUE(referral);
  EXPECT_EQ(referral->state, referral::State::kSourceEngaged);
  EXPECT_EQ(Read()->FactsOf(receipt->referral)->size(), 2u);
}

TEST_F(RecordTest, RepeatsTheReceiptOfAnIdempotencyKey) {
  RecordFact wish = Fact(EventType::kNameReceived, ana_, ben_, rep_);
  wish.idempotency_key = "key-1";
  const auto first = Record(wish);
  ASSERT_TRUE(first);
  const uint64_t events = Read()->head().value;
  Reopen();
  const auto again = Record(wish);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->sequence, first->sequence);
  EXPECT_EQ(again->referral, first->referral);
  EXPECT_EQ(Read()->head().value, events);
  wish.fact.provenance = "something else";
  EXPECT_EQ(Record(wish).error().number(), 3020);
  wish.actor = "another";  // Keys belong to their actor.
  EXPECT_FALSE(Record(wish).value_or(Receipt{}).replayed);
}

TEST_F(RecordTest, TellsWhoDecidedOnWhatIsPastByNow) {
  const auto first = Record(Fact(EventType::kNameReceived, ana_, ben_, rep_));
  ASSERT_TRUE(first);
  RecordFact wish = Fact(EventType::kSourceContacted, ana_, ben_, rep_);
  wish.base = first->sequence;
  const auto second = Record(wish);
  ASSERT_TRUE(second) << second.error().ToString();
  wish.fact.type = EventType::kAcquaintanceConfirmed;
  const auto stale = Record(wish);
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().code(), Code::kAborted);
  EXPECT_EQ(stale.error().number(), 3024);
  EXPECT_NE(stale.error().message().find(ToText(second->sequence)), std::string::npos);
  wish.base = second->sequence;
  EXPECT_TRUE(Record(wish));
  // Nobody can have seen an event of a referral that is not there.
  RecordFact other = Fact(EventType::kNameReceived, ben_, cem_, rep_);
  other.base = first->sequence;
  EXPECT_EQ(Record(other).error().number(), 3024);
}

TEST_F(RecordTest, ARepeatIsARepeatEvenWhereItsBaseIsPast) {
  const auto first = Record(Fact(EventType::kNameReceived, ana_, ben_, rep_));
  RecordFact wish = Fact(EventType::kSourceContacted, ana_, ben_, rep_);
  wish.base = first->sequence;
  wish.idempotency_key = "key-3";
  const auto second = Record(wish);
  ASSERT_TRUE(second);
  const auto again = Record(wish);
  ASSERT_TRUE(again) << again.error().ToString();
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->sequence, second->sequence);
}

TEST_F(RecordTest, LeavesNothingOfARefusal) {
  const uint64_t events = Read()->head().value;
  RecordFact wish = Fact(EventType::kIntroductionMade, ana_, ben_, {});
  wish.rep.ref = referral::ExternalRef{"crm", "User", "new"};
  wish.fact.evidence = {};
  wish.idempotency_key = "key-2";
  const auto refused = Record(wish);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().number(), 3003);
  EXPECT_EQ(Read()->head().value, events);
  EXPECT_FALSE(Read()->FindByRef(*wish.rep.ref));
  wish.fact.evidence.reference = "mail 3";
  EXPECT_TRUE(Record(wish));  // The key was not used up.
}

TEST_F(RecordTest, RefusesSelfReferralAfterResolution) {
  RecordFact wish = Fact(EventType::kNameReceived, {}, {}, rep_);
  wish.source.email = "Ana@example.org";
  wish.contact.ref = referral::ExternalRef{"crm", "Contact", "1"};
  EXPECT_EQ(Record(wish).error().number(), 3002);
}

TEST_F(RecordTest, SaysWhoIsNotKnown) {
  RecordFact wish = Fact(EventType::kNameReceived, {}, ben_, rep_);
  wish.source.email = "nobody@example.org";
  EXPECT_EQ(Record(wish).error().number(), 3021);
  wish.source.id = ana_;
  EXPECT_EQ(Record(wish).error().number(), 3023);
  wish = Fact(EventType::kNameReceived, {ana_}, {4711}, rep_);
  EXPECT_EQ(Record(wish).error().code(), Code::kNotFound);
}

TEST_F(RecordTest, RegistersARepNamedByANewRow) {
  RecordFact wish = Fact(EventType::kNameReceived, ana_, ben_, {});
  wish.rep.ref = referral::ExternalRef{"crm", "User", "77"};
  const auto receipt = Record(wish);
  ASSERT_TRUE(receipt) << receipt.error().ToString();
  const auto rep = Read()->FindByRef(*wish.rep.ref);
  ASSERT_TRUE(rep);
  EXPECT_EQ(Read()->GetReferral(receipt->referral)->rep, *rep);
}

TEST_F(RecordTest, IsHonestThroughTheStore) {
  EXPECT_EQ(Read()->HonestyOf(ben_)->front().honesty.temperature, referral::Temperature::kCold);
  ASSERT_TRUE(Record(Fact(EventType::kNameReceived, ana_, ben_, rep_)));
  EXPECT_EQ(Read()->HonestyOf(ben_)->front().honesty.temperature, referral::Temperature::kCold);
  const auto made = Record(Fact(EventType::kIntroductionMade, ana_, ben_, rep_));
  ASSERT_TRUE(made) << made.error().ToString();
  const auto honesty = Read()->HonestyOf(ben_);
  ASSERT_EQ(honesty->size(), 1u);
  EXPECT_EQ(honesty->front().rep, rep_);
  EXPECT_EQ(honesty->front().honesty.temperature, referral::Temperature::kHot);
  EXPECT_EQ(honesty->front().honesty.because, std::vector<Sequence>{made->sequence});
  EXPECT_EQ(Read()->HonestyOf(cem_)->front().honesty.temperature, referral::Temperature::kCold);
}

TEST_F(RecordTest, KnowsWhoARepAlreadyKnew) {
  RecordFact wish = Fact(EventType::kRelationshipConfirmed, {}, cem_, rep_);
  ASSERT_TRUE(Record(wish)) << Record(wish).error().ToString();
  const auto honesty = Read()->HonestyOf(cem_);
  EXPECT_EQ(honesty->front().honesty.kind, referral::ReferralKind::kKnown);
}

TEST_F(RecordTest, BuildsChains) {
  ASSERT_TRUE(Record(Fact(EventType::kIntroductionMade, ana_, ben_, rep_)));
  ASSERT_TRUE(Record(Fact(EventType::kIntroductionMade, ben_, cem_, rep_)));
  const auto up = Read()->GetChain(cem_, {});
  ASSERT_TRUE(up);
  ASSERT_EQ(up->ancestors.size(), 2u);
  EXPECT_EQ(up->ancestors.back().node.person, ana_);
  EXPECT_EQ(up->descendants.size(), 1u);
  const auto down = Read()->GetChain(ana_, {});
  ASSERT_TRUE(down);
  ASSERT_EQ(down->descendants.size(), 3u);
  EXPECT_EQ(down->descendants[0].node.reach, 2u);
  EXPECT_EQ(down->descendants[2].node.person, cem_);
  EXPECT_EQ(down->descendants[2].node.depth, 2u);
  EXPECT_FALSE(down->truncated);
  const auto one = Read()->GetChain(ana_, {.count_max = 2});
  EXPECT_EQ(one->descendants.size(), 2u);
  EXPECT_TRUE(one->truncated);
  EXPECT_EQ(Read()->GetChain(ana_, {.levels_max = 1})->descendants.size(), 2u);
}

// More children than a record holds, and fewer again.
TEST_F(RecordTest, BuildsChainsOfAnyWidth) {
  const EntityId judge = Add({"crm", "Contact", "19"}, "Jo", "Judge", "jo@example.org");
  std::vector<EntityId> children;
  std::vector<ReferralId> referrals;
  const auto below = [&] {
    std::vector<EntityId> people;
    const auto chain = Read()->GetChain(ana_, {});
    for (const ChainMember& member : chain->descendants) people.push_back(member.node.person);
    people.erase(people.begin());
    return people;
  };
  for (size_t i = 0; i < kChildrenInRecordMax + 3; ++i) {
    const std::string id = "w" + std::to_string(i);
    children.push_back(Add({"crm", "Contact", id}, id, id, id + "@example.org"));
    const auto made = Record(Fact(EventType::kIntroductionMade, ana_, children.back(), rep_));
    ASSERT_TRUE(made);
    referrals.push_back(made->referral);
    ASSERT_EQ(below(), children);
  }
  // Told later by somebody who was first: they are another's child now.
  while (children.size() > kChildrenInRecordMax - 1) {
    RecordFact earlier = Fact(EventType::kIntroductionMade, judge, children.back(), rep_);
    earlier.occurred_at -= std::chrono::hours(5);
    const auto told = Record(earlier);
    ASSERT_TRUE(told) << StatusOf(told).ToString();
    children.pop_back();
    ASSERT_EQ(below(), children);
  }
  EXPECT_EQ(Read()->GetChain(judge, {})->descendants.front().node.child_count, 4u);
  const auto report = ledger().Verify({});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->problems, std::vector<std::string>{});
}

TEST_F(RecordTest, MovesReferralsWithMergedPeople) {
  const auto made = Record(Fact(EventType::kIntroductionMade, ana_, ben_, rep_));
  ASSERT_TRUE(made);
  Row row = Person({"crm", "Contact", "2"}, "Ben", "Moss", "ben@example.org");
  row.merged_into = referral::ExternalRef{"crm", "Contact", "3"};
  ASSERT_EQ(Import({row})->front().outcome, RowOutcome::kMerged);
  const auto reader = Read();
  EXPECT_EQ(reader->GetReferral(made->referral)->contact, cem_);
  EXPECT_EQ(reader->HonestyOf(ben_)->front().honesty.temperature, referral::Temperature::kHot);
  EXPECT_EQ(
      reader->ListReferrals({.state = {}, .source = {}, .contact = ben_}, "", 9)->items.size(), 1u);
  EXPECT_EQ(reader->FactsOf(made->referral)->front().fact.contact, cem_);
  // Further facts find it under the survivor.
  const auto met = Record(Fact(EventType::kMeetingHeld, ana_, ben_, rep_));
  ASSERT_TRUE(met) << met.error().ToString();
  EXPECT_EQ(met->referral, made->referral);
}

TEST_F(RecordTest, ListsByStateAndPages) {
  for (const EntityId contact : {ben_, cem_}) {
    ASSERT_TRUE(Record(Fact(EventType::kNameReceived, ana_, contact, rep_)));
  }
  const ReferralFilter named{.state = referral::State::kNamed, .source = {}, .contact = {}};
  const auto reader = Read();
  const auto first = reader->ListReferrals(named, "", 1);
  ASSERT_TRUE(first);
  ASSERT_EQ(first->items.size(), 1u);
  const auto second = reader->ListReferrals(named, first->next, 1);
  ASSERT_TRUE(second);
  ASSERT_EQ(second->items.size(), 1u);
  EXPECT_NE(first->items[0].id, second->items[0].id);
  EXPECT_TRUE(second->next.empty());
  EXPECT_FALSE(reader->ListReferrals(named, "nonsense", 1));
}

TEST_F(RecordTest, ObservesAPartyOnce) {
  ObserveParty wish;
  wish.row = Person({"rpc", "person", "1"}, "Dia", "Roe", "dia@example.org");
  wish.feed = "rpc";
  wish.idempotency_key = "party-1";
  wish.actor = "rpc:test";
  const auto first = ledger().Observe(wish, Soon());
  ASSERT_TRUE(first) << first.error().ToString();
  const auto again = ledger().Observe(wish, Soon());
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->entity, first->entity);
}

}  // namespace
}  // namespace referrald::ledger
