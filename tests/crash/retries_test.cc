// Ten thousand retries of a thousand wishes, from many threads and across restarts, record a
// thousand events; the same key for another wish is a conflict.
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include "tests/support/ledger_fixture.h"
#include "tests/support/seed.h"

namespace referrald::ledger {
namespace {

constexpr int kKeys = 1000;
constexpr int kRetries = 10'000;
constexpr int kThreads = 8;
constexpr int kLives = 5;

class RetriesTest : public testing::Test, public support::LedgerFixture {
 protected:
  ObserveParty Wish(int number, std::string_view last_name = "Same") {
    const std::string id = std::to_string(number);
    ObserveParty wish;
    wish.row = Person({"svc", "Contact", id}, "Name" + id, last_name, "p" + id + "@example.org");
    wish.row.occurred_at = Timestamp{std::chrono::hours(1)};
    wish.feed = "rpc";
    wish.idempotency_key = "key-" + id;
    wish.actor = "rpc:test";
    return wish;
  }

  // Each thread asks for random wishes of all.
  void LiveOnce(uint64_t seed) {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([this, seed, t] {
        std::mt19937_64 random(seed + static_cast<uint64_t>(t));
        for (int i = 0; i < kRetries / kThreads / kLives; ++i) {
          const int number = static_cast<int>(random() % kKeys);
          const auto receipt = ledger().Observe(Wish(number), Soon());
          if (!receipt) {
            failed_ = true;
          } else {
            const uint64_t sequence = receipt->sequence.value;
            uint64_t none = 0;
            uint64_t& known = sequences_[static_cast<size_t>(number)];
            const std::atomic_ref<uint64_t> first(known);
            if (!first.compare_exchange_strong(none, sequence) && none != sequence) failed_ = true;
          }
        }
      });
    }
  }

  std::vector<uint64_t> sequences_ = std::vector<uint64_t>(kKeys);  // By number, once recorded.
  std::atomic<bool> failed_ = false;
};

TEST_F(RetriesTest, RecordEachWishOnce) {
  std::mt19937_64 random(support::TestSeed());
  for (int life = 0; life < kLives; ++life) {
    LiveOnce(random());
    ASSERT_FALSE(failed_);
    Reopen();
  }
  for (int number = 0; number < kKeys; ++number) {
    const auto receipt = ledger().Observe(Wish(number), Soon());
    ASSERT_TRUE(receipt) << receipt.error().ToString();
    const uint64_t known = sequences_[static_cast<size_t>(number)];
    ASSERT_EQ(receipt->replayed, known != 0);
    if (known != 0) {
      ASSERT_EQ(receipt->sequence.value, known);
    }
    ASSERT_EQ(ledger().Observe(Wish(number, "Other"), Soon()).error().number(), 3020);
  }
  EXPECT_EQ(Read()->head().value, static_cast<uint64_t>(kKeys));
  EXPECT_EQ(Read()->GetTotals()->persons, static_cast<uint64_t>(kKeys));
}

// The mutation check: a fact that may happen twice is recorded twice where it comes without a key.
// With one it is the same fact, however often it comes.
TEST_F(RetriesTest, WouldDoubleWithoutKeys) {
  const EntityId ana = Add({"crm", "Contact", "1"}, "Ana", "Lopez", "ana@example.org");
  const EntityId ben = Add({"crm", "Contact", "2"}, "Ben", "Moss", "ben@example.org");
  const EntityId rep = Add({"crm", "User", "9"}, "Rep", "One", "rep@example.org");
  ASSERT_TRUE(Record(Fact(referral::EventType::kIntroductionMade, ana, ben, rep)));
  const auto added = [&](std::string_view key) {
    const uint64_t before = Read()->head().value;
    for (int i = 0; i < 5; ++i) {
      RecordFact wish = Fact(referral::EventType::kOutreachMade, ana, ben, rep);
      wish.idempotency_key = key;
      EXPECT_TRUE(Record(wish));
      Reopen();
    }
    return Read()->head().value - before;
  };
  EXPECT_EQ(added("call-17"), 1u);
  EXPECT_EQ(added(""), 5u);
}

}  // namespace
}  // namespace referrald::ledger
