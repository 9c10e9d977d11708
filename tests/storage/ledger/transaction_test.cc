#include "storage/ledger/transaction.h"

#include <gtest/gtest.h>

#include "storage/base/limits.h"
#include "storage/ledger/instant.h"

namespace referrald::ledger {
namespace {

class TransactionTest : public testing::Test {
 protected:
  TransactionTest() {
    engine::Batch batch(1, 0);
    batch.Put("b", "stored");
    batch.Put("d", "stored");
    batch.Put("f", "stored");
    EXPECT_EQ(engine_->Commit(batch).outcome, engine::Outcome::kOk);
    stored_ = std::make_unique<Instant>(std::move(*engine_->Read(1)), Layers{}, DerivedKeys(1),
                                        Sequence{});
  }

  static std::string Keys(const Transaction& transaction, engine::Range range = {}) {
    std::string keys;
    EXPECT_TRUE(transaction
                    .Scan(range,
                          [&keys](std::string_view key, std::string_view) {
                            keys.append(key);
                            return true;
                          })
                    .ok());
    return keys;
  }

  std::unique_ptr<engine::Engine> engine_ = engine::OpenMemory();
  std::unique_ptr<Instant> stored_;
};

TEST_F(TransactionTest, ReadsItsOwnChangesOverWhatIsStored) {
  Transaction transaction(*stored_);
  transaction.Put("a", "new");
  transaction.Put("d", "new");
  transaction.Delete("b");
  transaction.Put("z", "new");
  EXPECT_EQ(Keys(transaction), "adfz");
  EXPECT_EQ(Keys(transaction, {.begin = "b", .end = "z"}), "df");
  EXPECT_EQ(Keys(transaction, {.begin = "", .end = "", .row_count_max = 2}), "ad");
  EXPECT_EQ(**transaction.Get("d"), "new");
  EXPECT_FALSE(*transaction.Get("b"));
}

TEST_F(TransactionTest, StacksAndAbsorbs) {
  Transaction group(*stored_);
  group.Put("a", "group");
  Transaction command(group);
  command.Delete("a");
  command.Put("c", "command");
  EXPECT_EQ(Keys(command), "bcdf");
  EXPECT_EQ(Keys(group), "abdf");
  group.Absorb(std::move(command));
  EXPECT_EQ(Keys(group), "bcdf");
  EXPECT_EQ(group.ToBatch(1, 1).size(), 2u);
}

TEST_F(TransactionTest, CountsTheBytesOfItsBatch) {
  Transaction transaction(*stored_);
  transaction.Put("key", "a long value");
  transaction.Put("key", "short");
  transaction.Delete("other");
  EXPECT_EQ(transaction.bytes(), transaction.ToBatch(1, 1).bytes());
}

TEST_F(TransactionTest, KnowsWhatFitsOneBatch) {
  Transaction transaction(*stored_);
  Transaction more(transaction);
  const size_t room = limits::kBatchBytesMax - limits::kHeadBytesMax;
  transaction.Put("a", std::string(room - 10, 'x'));
  more.Put("Derived", std::string(room, 'x'));  // Goes elsewhere.
  more.Put("b", "12345678");
  EXPECT_TRUE(transaction.FitsWith(more));
  more.Put("b", "123456789");
  EXPECT_FALSE(transaction.FitsWith(more));
}

TEST_F(TransactionTest, RemembersWhatWasPrefetchedAsNothing) {
  ASSERT_TRUE(stored_->Prefetch(std::vector<std::string>{"b", "nothing"}).ok());
  EXPECT_EQ(**stored_->Get("b"), "stored");
  EXPECT_FALSE(*stored_->Get("nothing"));
}

}  // namespace
}  // namespace referrald::ledger
