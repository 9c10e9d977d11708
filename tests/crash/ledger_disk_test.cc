#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "storage/engine/rocksdb_internal.h"
#include "storage/ledger/ledger.h"
#include "storage/vault/vault.h"
#include "tests/support/fake_clock.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/temp_dir.h"

namespace referrald::crash {
namespace {

constexpr uint64_t kPlenty = uint64_t{1} << 30;

// A ledger on a disk of which we say how much is free.
class LedgerDiskTest : public testing::Test {
 protected:
  LedgerDiskTest() { Start(); }

  void Start() {
    Stop();
    engine::RocksDbEdges edges;
    edges.free_bytes = [this] { return free_bytes_.load(); };
    auto engine = engine::OpenRocksDb({.path = dir_ / "store", .reserve_bytes = 3 << 20}, edges);
    ASSERT_TRUE(engine) << StatusOf(engine).ToString();
    engine_ = *std::move(engine);
    auto ledger = ledger::Ledger::Open(*engine_, *vault_, clock_, logger_,
                                       {.store_path = "store", .head_file = dir_ / "head"});
    ASSERT_TRUE(ledger) << StatusOf(ledger).ToString();
    ledger_ = *std::move(ledger);
  }
  void Stop() {
    ledger_.reset();
    engine_.reset();
  }
  static ledger::Ledger::Deadline Soon() { return support::LedgerFixture::Soon(); }
  Result<ledger::Receipt> Observe(int number) {
    const std::string id = std::to_string(number);
    ledger::ObserveParty wish;
    wish.row = support::LedgerFixture::Person({"crm", "Contact", id}, "First", "Last" + id,
                                              "p" + id + "@example.org");
    wish.row.occurred_at = clock_.Now() - std::chrono::hours(1);
    wish.feed = "rpc";
    wish.actor = "test";
    return ledger_->Observe(std::move(wish), Soon());
  }
  size_t Found(int number) {
    const auto reader = ledger_->Read();
    return reader ? (*reader)->FindByEmail("p" + std::to_string(number) + "@example.org", 9)->size()
                  : 0;
  }

  support::TempDir dir_;
  support::FakeClock clock_;
  support::LogCapture log_;
  Logger logger_{log_, clock_, LogLevel::kDebug};
  std::atomic<uint64_t> free_bytes_ = kPlenty;
  std::unique_ptr<vault::Vault> vault_ = vault::Vault::ForTest("0123456789abcdef0123456789abcdef");
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<ledger::Ledger> ledger_;
};

TEST_F(LedgerDiskTest, ReadsAllThatWasAcknowledgedAfterAStartOnAFullDisk) {
  constexpr int kPeople = 300;
  for (int i = 0; i < kPeople; ++i) ASSERT_TRUE(Observe(i));
  // Space goes with the last receipt: what the projector had not written yet stays unwritten.
  free_bytes_ = 0;
  for (int start = 0; start < 2; ++start) {
    Start();
    for (int i = 0; i < kPeople; ++i) EXPECT_EQ(Found(i), 1u) << i;
    EXPECT_EQ(Observe(kPeople).error().number(), 4002);
    EXPECT_EQ(ledger_->Verify({}).error().number(), 4002);
  }
  free_bytes_ = kPlenty;
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!Observe(kPeople)) {
    ASSERT_LT(std::chrono::steady_clock::now(), give_up);
    std::this_thread::yield();
  }
  EXPECT_EQ(Found(kPeople), 1u);
  const auto report = ledger_->Verify({});
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(report->problems, std::vector<std::string>{});
}

TEST_F(LedgerDiskTest, BulkWorkWaitsWhileSpaceIsLow) {
  free_bytes_ = 5 << 20;  // Of a reserve of 3 MiB.
  while (engine_->Now().disk == engine::DiskLevel::kAmple) std::this_thread::yield();
  ledger::ObserveRows rows;
  EXPECT_EQ(ledger_->Observe(std::move(rows), Soon()).error().number(), 4002);
  EXPECT_EQ(ledger_->Verify({}).error().number(), 4002);
  EXPECT_EQ(ledger_->Rebuild({}).error().number(), 4002);
  EXPECT_TRUE(Observe(1));
}

}  // namespace
}  // namespace referrald::crash
