#include "storage/ledger/ledger.h"

#include <gtest/gtest.h>

#include "storage/ledger/keys.h"
#include "tests/support/ledger_fixture.h"

namespace referrald::ledger {
namespace {

class LedgerTest : public testing::Test, public support::LedgerFixture {};

TEST_F(LedgerTest, GoesOnWhereItStopped) {
  RunRecord run = NewRun();
  const Row ana = Person({"crm", "Contact", "1"}, "Ana", "Lopez", "ana@example.org");
  const Row ben = Person({"crm", "Contact", "2"}, "Ben", "Moss", "ben@example.org");
  ASSERT_TRUE(Import({ana}, run));
  Reopen();
  RunRecord stored = *Read()->GetRun(run.id);
  EXPECT_EQ(stored, run);
  ASSERT_TRUE(Import({ben}, stored));
  EXPECT_EQ(stored.counts.created, 2u);
  EXPECT_EQ(stored.sequence_from, Sequence{1});
  EXPECT_EQ(stored.sequence_to, Sequence{2});
  EXPECT_EQ(Read()->GetTotals()->persons, 2u);
}

TEST_F(LedgerTest, RefusesAnotherKey) {
  Close();
  const auto other = vault::Vault::ForTest("ffffffffffffffffffffffffffffffff");
  const auto opened = Open(*other);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().number(), 4202);
}

TEST_F(LedgerTest, RefusesALogThatEndsBeforeItsHead) {
  Add({"crm", "Contact", "1"}, "Ana", "Lopez", "ana@example.org");
  Close();
  engine::Batch batch(1, (*engine().Read(1))->version());
  batch.Delete(keys::Event({1}));
  ASSERT_EQ(engine().Commit(batch).outcome, engine::Outcome::kOk);
  const auto opened = Open(vault());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().number(), 4201);
}

TEST_F(LedgerTest, ListsRunsNewestFirst) {
  for (int i = 0; i < 3; ++i) {
    clock().Advance(std::chrono::seconds(1));
    ASSERT_TRUE(ledger().PutRun(NewRun(i == 1 ? "b" : "a"), {}, Soon()).ok());
  }
  const auto reader = Read();
  const auto all = reader->ListRuns("", "", 2);
  ASSERT_EQ(all->items.size(), 2u);
  EXPECT_GT(all->items[0].started_at, all->items[1].started_at);
  EXPECT_EQ(reader->ListRuns("", all->next, 9)->items.size(), 1u);
  const auto ours = reader->ListRuns("a", "", 1);
  EXPECT_EQ(ours->items.size(), 1u);
  EXPECT_EQ(reader->ListRuns("a", ours->next, 9)->items.size(), 1u);
}

TEST_F(LedgerTest, ScansEntitiesAndEventsInOrder) {
  for (int i = 0; i < 5; ++i) {
    Add({"crm", "Contact", std::to_string(i)}, "A", "B" + std::to_string(i), "");
  }
  std::vector<EntityId> ids;
  ASSERT_TRUE(Read()
                  ->ScanEntities({2},
                                 [&ids](const referral::Entity& entity) {
                                   ids.push_back(entity.id);
                                   return ids.size() < 2;
                                 })
                  .ok());
  EXPECT_EQ(ids, (std::vector<EntityId>{{3}, {4}}));
  EXPECT_EQ(Read()->EventsAfter({3}, 9)->size(), 2u);
  EXPECT_EQ(Read()->GetEvent({3})->sequence, Sequence{3});
  EXPECT_EQ(Read()->GetEvent({9}).error().code(), Code::kNotFound);
}

TEST_F(LedgerTest, AReaderStaysInItsInstant) {
  const auto before = Read();
  Add({"crm", "Contact", "1"}, "Ana", "Lopez", "ana@example.org");
  EXPECT_EQ(before->head(), Sequence{});
  EXPECT_TRUE(before->FindByEmail("ana@example.org", 9)->empty());
  EXPECT_EQ(Read()->head(), Sequence{1});
}

}  // namespace
}  // namespace referrald::ledger
