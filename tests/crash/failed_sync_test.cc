#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include "storage/engine/rocksdb_internal.h"
#include "tests/crash/faulty_file_system.h"
#include "tests/support/temp_dir.h"

namespace referrald::crash {
namespace {

using engine::Outcome;
using ::testing::HasSubstr;

class FailedSyncTest : public ::testing::Test {
 protected:
  FailedSyncTest() { Open(); }

  void Open(bool sync = true) {
    engine::RocksDbEdges edges;
    edges.sync = sync;
    edges.env = env_.get();
    edges.memtable_bytes = 64 << 10;
    store_.reset();
    auto opened = engine::OpenRocksDb({.path = dir_ / "store", .reserve_bytes = 1 << 20}, edges);
    ASSERT_TRUE(opened) << opened.error().ToString();
    store_ = *std::move(opened);
  }

  engine::CommitResult Commit(engine::Version expected, std::string_view key) {
    engine::Batch batch(1, expected);
    batch.Put(key, std::string(4'000, 'v'));
    return store_->Commit(batch);
  }
  bool Has(std::string_view key) {
    const auto view = store_->Read(1);
    const auto value = (*view)->Get(key);
    EXPECT_TRUE(value) << value.error().ToString();
    return value && value->has_value();
  }

  support::TempDir dir_;
  std::shared_ptr<FaultyFileSystem> disk_ = std::make_shared<FaultyFileSystem>();
  std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(disk_);
  std::unique_ptr<engine::Engine> store_;
};

// After a failed sync the kernel may have dropped the bytes, and the next sync would succeed.
TEST_F(FailedSyncTest, StopsAllWritesForEver) {
  ASSERT_EQ(Commit(0, "acknowledged").outcome, Outcome::kOk);
  disk_->FailSyncsOf(".log");
  EXPECT_EQ(Commit(1, "unknown").outcome, Outcome::kUnknown);
  disk_->FailSyncsOf("");

  const engine::CommitResult next = Commit(1, "next");
  EXPECT_EQ(next.outcome, Outcome::kUnavailable);
  EXPECT_EQ(next.number, 4006);
  EXPECT_THAT(next.detail, HasSubstr("restart"));
  EXPECT_FALSE(store_->Stats().accepts_writes);
  EXPECT_THAT(store_->Stats().reason, HasSubstr("the disk does not answer"));
  EXPECT_EQ(store_->Settle(1).number(), 4006);
  EXPECT_EQ(store_->DropRange(1, {}).number(), 4006);
  EXPECT_TRUE(Has("acknowledged"));
  EXPECT_FALSE(Has("next"));
}

TEST_F(FailedSyncTest, ARestartTellsAndGoesOn) {
  ASSERT_EQ(Commit(0, "acknowledged").outcome, Outcome::kOk);
  disk_->FailSyncsOf(".log");
  EXPECT_EQ(Commit(1, "unknown").outcome, Outcome::kUnknown);
  disk_->FailSyncsOf("");
  Open();
  EXPECT_TRUE(Has("acknowledged"));
  const engine::Version version = (*store_->Read(1))->version();
  EXPECT_EQ(version, Has("unknown") ? 2u : 1u);
  EXPECT_EQ(Commit(version, "next").outcome, Outcome::kOk);
}

// A table that cannot be synced is thrown away and is still in the log; but a disk that fails is
// not one to acknowledge on.
TEST_F(FailedSyncTest, AFailedFlushStopsAllWritesToo) {
  disk_->FailSyncsOf(".sst");
  engine::Version version = 0;
  Outcome outcome = Outcome::kOk;
  for (; outcome == Outcome::kOk && version < 10'000; ++version) {
    outcome = Commit(version, std::to_string(version)).outcome;
  }
  EXPECT_TRUE(outcome == Outcome::kUnavailable || outcome == Outcome::kUnknown);
  disk_->FailSyncsOf("");
  EXPECT_EQ(Commit(version - 1, "next").outcome, Outcome::kUnavailable);
  Open();
  for (engine::Version i = 0; i + 1 < version; ++i) EXPECT_TRUE(Has(std::to_string(i))) << i;
}

// The mutation check: without the sync that this is about, a disk that keeps nothing is taken for a
// good one, and what it was given is acknowledged.
TEST_F(FailedSyncTest, WouldBeAcknowledgedWithoutTheSync) {
  Open(/*sync=*/false);
  disk_->FailSyncsOf(".log");
  EXPECT_EQ(Commit(0, "unknown").outcome, Outcome::kOk);
  EXPECT_EQ(Commit(1, "next").outcome, Outcome::kOk);
  EXPECT_TRUE(store_->Stats().accepts_writes);
  disk_->FailSyncsOf("");
}

}  // namespace
}  // namespace referrald::crash
