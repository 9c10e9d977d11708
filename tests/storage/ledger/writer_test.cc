#include "storage/ledger/writer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <map>
#include <set>
#include <thread>

#include "tests/support/ledger_fixture.h"

namespace referrald::ledger {
namespace {

using engine::Outcome;

// Answers the next commits as it is told; what it calls unknown may have happened.
class FaultyEngine final : public engine::Engine {
 public:
  enum class Fault {
    kNone,
    kConflict,
    kUnknownLost,
    kUnknownDone,
    kUnavailable,
    kStopped,
    kCorrupt
  };

  void FailNext(Fault fault, int count = 1) {
    fault_ = fault;
    left_ = count;
  }
  int commits() const { return commits_; }

  Result<std::unique_ptr<engine::View>> Read(engine::PartitionId id) const override {
    return inner_->Read(id);
  }
  engine::CommitResult Commit(const engine::Batch& batch) override {
    ++commits_;
    if (left_ == 0) return inner_->Commit(batch);
    --left_;
    switch (fault_) {
      case Fault::kNone: return inner_->Commit(batch);
      case Fault::kConflict: return {.outcome = Outcome::kConflict, .detail = {}};
      case Fault::kUnknownDone: (void)inner_->Commit(batch); [[fallthrough]];
      case Fault::kUnknownLost: return {.outcome = Outcome::kUnknown, .detail = {}};
      case Fault::kUnavailable:
        return {.outcome = Outcome::kUnavailable, .detail = "disk full", .number = 4002};
      case Fault::kStopped:
        return {.outcome = Outcome::kUnavailable, .detail = "a sync failed", .number = 4006};
      case Fault::kCorrupt: return {.outcome = Outcome::kCorrupt, .detail = "bad block"};
    }
    return {};
  }
  Status Settle(engine::PartitionId id) override { return inner_->Settle(id); }
  Status Ingest(engine::PartitionId id, std::span<const engine::Derived> run) override {
    return inner_->Ingest(id, run);
  }
  Status DropRange(engine::PartitionId id, const engine::Range& range) override {
    return inner_->DropRange(id, range);
  }
  Result<engine::BackupInfo> Backup(const std::string& folder, std::string_view note) override {
    return inner_->Backup(folder, note);
  }
  engine::Statistics Stats() const override { return inner_->Stats(); }
  engine::Condition Now() const override { return inner_->Now(); }

 private:
  std::unique_ptr<engine::Engine> inner_ = engine::OpenMemory();
  std::atomic<Fault> fault_{Fault::kNone};
  std::atomic<int> left_{0};
  std::atomic<int> commits_{0};
};

using Fault = FaultyEngine::Fault;

class WriterTest : public testing::Test {
 protected:
  WriterTest() {
    auto opened = Ledger::Open(engine_, *vault_, clock_, logger_, {.store_path = "memory"});
    EXPECT_TRUE(opened) << StatusOf(opened).ToString();
    ledger_ = std::move(*opened);
  }
  Result<Receipt> Observe(const std::string& id) {
    ObserveParty wish;
    wish.row = support::LedgerFixture::Person({"crm", "Contact", id}, "A", "B", "");
    wish.feed = "rpc";
    wish.actor = "test";
    wish.idempotency_key = id;
    return ledger_->Observe(wish, support::LedgerFixture::Soon());
  }
  uint64_t Head() { return (*ledger_->Read())->head().value; }

  FaultyEngine engine_;
  support::FakeClock clock_;
  support::LogCapture log_;
  Logger logger_{log_, clock_, LogLevel::kDebug};
  std::unique_ptr<vault::Vault> vault_ = vault::Vault::ForTest("0123456789abcdef0123456789abcdef");
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(WriterTest, DecidesAgainAfterAConflict) {
  engine_.FailNext(Fault::kConflict, 2);
  EXPECT_TRUE(Observe("1"));
  EXPECT_EQ(Head(), 1u);
}

TEST_F(WriterTest, GivesUpAfterTooManyConflicts) {
  engine_.FailNext(Fault::kConflict, 1000);
  EXPECT_EQ(Observe("1").error().code(), Code::kAborted);
  engine_.FailNext(Fault::kNone, 0);
  EXPECT_TRUE(Observe("2"));
  EXPECT_EQ(Head(), 1u);
}

TEST_F(WriterTest, FindsOutWhatBecameOfALostAnswer) {
  for (const Fault fault : {Fault::kUnknownDone, Fault::kUnknownLost}) {
    engine_.FailNext(fault);
    const auto receipt = Observe(std::to_string(static_cast<int>(fault)));
    ASSERT_TRUE(receipt) << receipt.error().ToString();
    EXPECT_FALSE(receipt->replayed);
  }
  EXPECT_EQ(Head(), 2u);
}

TEST_F(WriterTest, SaysWhyTheStorageTakesNothing) {
  engine_.FailNext(Fault::kUnavailable);
  const auto refused = Observe("1");
  EXPECT_EQ(refused.error(), Status::Unavailable("disk full", 4002));
  EXPECT_TRUE(refused.error().retriable());
  engine_.FailNext(Fault::kStopped);
  EXPECT_EQ(Observe("1").error(), Status::Unavailable("a sync failed", 4006));
  EXPECT_TRUE(Observe("1"));
}

TEST_F(WriterTest, AcceptsNothingAfterDamage) {
  engine_.FailNext(Fault::kCorrupt);
  EXPECT_EQ(Observe("1").error().number(), 4208);
  const int commits = engine_.commits();
  EXPECT_EQ(Observe("2").error().number(), 4208);
  EXPECT_EQ(engine_.commits(), commits);
  ASSERT_EQ(log_.records().size(), 1u);
  EXPECT_EQ(log_.records()[0].event, "store.damaged");
}

TEST_F(WriterTest, RecordsEachKeyOnceForManyThreads) {
  constexpr int kThreads = 8;
  constexpr int kKeys = 100;
  std::mutex mutex;
  std::map<int, std::set<uint64_t>> sequences;
  std::atomic<int> fresh{0};
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&] {
        for (int key = 0; key < kKeys; ++key) {
          const auto receipt = Observe(std::to_string(key));
          ASSERT_TRUE(receipt) << receipt.error().ToString();
          if (!receipt->replayed) ++fresh;
          const std::lock_guard lock(mutex);
          sequences[key].insert(receipt->sequence.value);
        }
      });
    }
  }
  EXPECT_EQ(fresh, kKeys);
  EXPECT_EQ(Head(), uint64_t{kKeys});
  for (const auto& [key, found] : sequences) EXPECT_EQ(found.size(), 1u) << key;
}

// Holds the writer until it is let go, so that what is submitted meanwhile must wait together.
TEST_F(WriterTest, CommitsWhatWaitsInOneGroup) {
  std::promise<void> begun, go;
  const int before = engine_.commits();
  std::jthread holder([&] {
    (void)ledger_->Verify([&](uint64_t, uint64_t) {});
    begun.set_value();
  });
  begun.get_future().wait();
  ObserveRows large;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this, i] { EXPECT_TRUE(Observe("g" + std::to_string(i))); });
  }
  threads.clear();
  EXPECT_LE(engine_.commits() - before, 8);
  EXPECT_EQ(Head(), 8u);
}

TEST_F(WriterTest, RefusesACommandTooLargeForABatch) {
  ObserveRows wish;
  std::array<uint8_t, 16> entropy{1};
  wish.run.id = RunId::Make(clock_.Now(), entropy);
  wish.run.feed = "crm";
  for (int i = 0; i < 60; ++i) {
    Row row = support::LedgerFixture::Person({"crm", "Contact", std::to_string(i)}, "A", "B", "");
    for (int part = 0; part < 3; ++part) {
      row.fields.push_back({"attr.z" + std::to_string(part), std::string(7000, 'x')});
    }
    row.fields = referral::Normalised(std::move(row.fields));
    wish.rows.push_back(row);
  }
  const auto refused = ledger_->Observe(wish, support::LedgerFixture::Soon());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().number(), 4204);
  EXPECT_EQ(Head(), 0u);
  wish.rows.resize(15);
  EXPECT_TRUE(ledger_->Observe(wish, support::LedgerFixture::Soon()));
}

}  // namespace
}  // namespace referrald::ledger
