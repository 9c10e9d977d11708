// The whole store, with its rebuilds and its runs of read models, on a disk whose power goes, or
// that fails a single operation.
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include <functional>
#include <random>
#include <vector>

#include "tests/crash/faulty_file_system.h"
#include "tests/crash/store_on_disk.h"
#include "tests/support/figure.h"
#include "tests/support/seed.h"
#include "tests/support/temp_dir.h"

namespace referrald::crash {
namespace {

constexpr uint64_t kPersonsARound = 12;

// A store that lies on a faulty disk until it is Mended.
class FaultyStore {
 public:
  explicit FaultyStore(bool sync) { store_.edges().sync = sync; }
  ~FaultyStore() { store_.Close(); }  // Before the disk.

  FaultyFileSystem& disk() { return *disk_; }

  // Everything that the store does to a disk. Failures are what the disk is for; what was
  // acknowledged is remembered.
  void Work() {
    store_.edges().env = env_.get();
    if (!store_.Open().ok()) return;
    Observe();
    (void)store_.ledger().Rebuild({});
    Observe();
    if (!store_.Open().ok()) return;  // Moves what is left of the tail.
    Observe();
    (void)store_.ledger().Verify({});
    store_.Close();
  }
  void LosePower(std::mt19937_64& random) {
    store_.Close();
    disk_->LoseUnsynced(random);
  }

  // On a good disk again: how many of the acknowledged persons are missing. Negative: it does not
  // open, or is not whole; the failure has been said.
  int64_t CountLost() {
    store_.edges().env = nullptr;
    if (const Status opened = store_.Open(); !opened.ok()) {
      ADD_FAILURE() << opened.ToString();
      return -1;
    }
    const auto report = store_.ledger().Verify({});
    if (!report || !report->problems.empty()) {
      ADD_FAILURE() << (report ? report->problems.front() : report.error().ToString());
      return -1;
    }
    const auto reader = store_.ledger().Read();
    int64_t lost = 0;
    for (const uint64_t number : acknowledged_) {
      lost += (*reader)->FindByRef({"crm", "Contact", std::to_string(number)}) ? 0 : 1;
    }
    return lost;
  }
  size_t acknowledged() const { return acknowledged_.size(); }

 private:
  void Observe() {
    for (uint64_t i = 0; i < kPersonsARound; ++i) {
      const uint64_t number = ++number_;
      if (store_.Observe(number)) acknowledged_.push_back(number);
    }
  }

  support::TempDir dir_;
  std::shared_ptr<FaultyFileSystem> disk_ = std::make_shared<FaultyFileSystem>();
  std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(disk_);
  StoreOnDisk store_{dir_ / "store"};
  uint64_t number_ = 0;
  std::vector<uint64_t> acknowledged_;
};

// How many operations all of the work takes.
uint64_t CountOperations() {
  FaultyStore store(/*sync=*/true);
  store.Work();
  EXPECT_EQ(store.acknowledged(), 3 * kPersonsARound);
  return store.disk().operations();
}

int64_t LostByPowerCut(bool sync, uint64_t operations, uint64_t seed) {
  std::mt19937_64 random(seed);
  FaultyStore store(sync);
  store.disk().CutAfter(random() % operations);
  store.Work();
  store.LosePower(random);
  return store.CountLost();
}

// The n-th operation fails, and in the end the power goes: nobody may count on what was not synced.
int64_t LostByFailure(bool sync, uint64_t n) {
  FaultyStore store(sync);
  store.disk().FailOnce(n);
  store.Work();
  std::mt19937_64 random(n);
  store.LosePower(random);
  return store.CountLost();
}

// 1 where `count_lost` finds something missing or broken, which is not to fail the case.
int IsNoticed(const std::function<int64_t()>& count_lost) {
  testing::TestPartResultArray failures;
  const testing::ScopedFakeTestPartResultReporter gather(
      testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &failures);
  return count_lost() != 0 ? 1 : 0;
}

TEST(StoreFaults, APowerCutLosesNothingThatWasAcknowledged) {
  const uint64_t cuts = support::Figure("REFERRALD_STORE_CUTS", 40);
  const uint64_t seed = support::TestSeed();
  const uint64_t operations = CountOperations();
  for (uint64_t cut = 0; cut < cuts; ++cut) {
    EXPECT_EQ(LostByPowerCut(/*sync=*/true, operations, seed + cut), 0) << "seed " << seed + cut;
  }
}

// The head file lies on the real disk here, so a log that lost what it acknowledged is refused.
TEST(StoreFaults, WouldNoticeAMissingSync) {
  const uint64_t operations = CountOperations();
  int noticed = 0;
  for (uint64_t cut = 0; cut < 10; ++cut) {
    noticed += IsNoticed([&] { return LostByPowerCut(/*sync=*/false, operations, 42 + cut); });
  }
  EXPECT_GT(noticed, 0);
}

// Every operation in turn fails once, the disk being good before and after.
TEST(StoreFaults, AFailedOperationLosesNothingThatWasAcknowledged) {
  const uint64_t figure = support::Figure("REFERRALD_FAILED_OPERATIONS", 40);
  const uint64_t operations = CountOperations();
  const uint64_t step = std::max<uint64_t>(1, operations / figure);
  for (uint64_t n = support::TestSeed() % step; n < operations; n += step) {
    EXPECT_EQ(LostByFailure(/*sync=*/true, n), 0) << "operation " << n << " of " << operations;
  }
}

TEST(StoreFaults, AFailedOperationWouldLoseWithoutTheSync) {
  const uint64_t operations = CountOperations();
  int noticed = 0;
  for (uint64_t i = 0; i < 10; ++i) {
    noticed += IsNoticed([&] { return LostByFailure(/*sync=*/false, i * operations / 10); });
  }
  EXPECT_GT(noticed, 0);
}

}  // namespace
}  // namespace referrald::crash
