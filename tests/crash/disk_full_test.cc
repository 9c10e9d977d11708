#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/env.h>
#include <sys/mount.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <thread>

#include "storage/engine/rocksdb_internal.h"
#include "tests/crash/faulty_file_system.h"
#include "tests/support/temp_dir.h"

namespace referrald::crash {
namespace {

using engine::Outcome;
using ::testing::HasSubstr;

constexpr uint64_t kReserve = 48 << 20;

engine::CommitResult CommitSome(engine::Engine& store, engine::Version expected) {
  engine::Batch batch(1, expected);
  for (int row = 0; row < 8; ++row) {
    batch.Put(std::to_string(expected) + "/" + std::to_string(row), std::string(60'000, 'v'));
  }
  return store.Commit(batch);
}

// Commits until the answer is `outcome`; gives up, with the last answer, when that takes too long.
engine::CommitResult CommitUntil(engine::Engine& store, engine::Version& version, Outcome outcome) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  for (;;) {
    engine::CommitResult result = CommitSome(store, version);
    if (result.outcome == Outcome::kOk) ++version;
    if (result.outcome == outcome || std::chrono::steady_clock::now() > give_up) return result;
    // Not a guess at a duration: only keeps the loop from spinning while the other side works.
    if (result.outcome != Outcome::kOk) std::this_thread::yield();
  }
}

// A file system of its own of 128 MiB, in memory.
class DiskFullTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::mount("tmpfs", dir_.path().c_str(), "tmpfs", 0, "size=128m,mode=0700") == 0) {
      mounted_ = true;
      return;
    }
    GTEST_SKIP() << "needs the right to mount a small tmpfs (root): "
                 << std::generic_category().message(errno);
  }
  void TearDown() override {
    store_.reset();
    if (!mounted_) return;
    EXPECT_EQ(::umount2(dir_.path().c_str(), MNT_DETACH), 0);
  }

  Status Open() {
    store_.reset();
    auto opened = engine::OpenRocksDb({.path = dir_ / "store", .reserve_bytes = kReserve});
    if (!opened) return opened.error();
    store_ = *std::move(opened);
    return Status::Ok();
  }
  // Somebody else's file takes what space is left but `free_bytes`.
  void Fill(uint64_t free_bytes) {
    std::ofstream file(dir_ / "ballast", std::ios::binary);
    const std::string block(1 << 20, 'b');
    while (std::filesystem::space(dir_.path()).available > free_bytes + block.size()) {
      file << block;
      file.flush();
    }
  }
  void Free() { std::filesystem::remove(dir_ / "ballast"); }
  void ExpectAllReadable(engine::Version version) {
    const auto view = store_->Read(1);
    ASSERT_TRUE(view);
    EXPECT_EQ((*view)->version(), version);
    for (engine::Version v = 0; v < version; ++v) {
      const auto value = (*view)->Get(std::to_string(v) + "/7");
      ASSERT_TRUE(value) << value.error().ToString();
      EXPECT_TRUE(value->has_value());
    }
  }

  support::TempDir dir_;
  bool mounted_ = false;
  std::unique_ptr<engine::Engine> store_;
};

TEST_F(DiskFullTest, RefusesWritesServesReadsAndResumes) {
  ASSERT_TRUE(Open().ok());
  engine::Version version = 0;
  for (int i = 0; i < 20; ++i) CommitUntil(*store_, version, Outcome::kOk);
  for (int round = 0; round < 3; ++round) {
    Fill(kReserve + (2 << 20));
    const engine::CommitResult refused = CommitUntil(*store_, version, Outcome::kUnavailable);
    EXPECT_EQ(refused.outcome, Outcome::kUnavailable);
    EXPECT_EQ(refused.number, 4002);
    EXPECT_THAT(refused.detail, HasSubstr("storage full: "));
    EXPECT_THAT(refused.detail, HasSubstr("MiB free at " + (dir_ / "store")));
    EXPECT_THAT(refused.detail, HasSubstr("reserve is 48 MiB"));
    EXPECT_FALSE(store_->Stats().accepts_writes);
    ExpectAllReadable(version);
    Free();
    EXPECT_EQ(CommitUntil(*store_, version, Outcome::kOk).outcome, Outcome::kOk);
    EXPECT_TRUE(store_->Stats().accepts_writes);
  }
  ExpectAllReadable(version);
}

TEST_F(DiskFullTest, ClosesCleanlyAndRefusesToOpenWithTheRemedy) {
  ASSERT_TRUE(Open().ok());
  engine::Version version = 0;
  for (int i = 0; i < 20; ++i) CommitUntil(*store_, version, Outcome::kOk);
  Fill(0);
  const Status refused = Open();
  EXPECT_EQ(refused.code(), Code::kUnavailable);
  EXPECT_EQ(refused.number(), 4002);
  EXPECT_THAT(refused.message(), HasSubstr("free some space"));
  Free();
  ASSERT_TRUE(Open().ok());
  ExpectAllReadable(version);
}

// The reserve is gone faster than we look, and a flush meets the full disk.
TEST(DiskFull, AFlushThatFindsNoSpaceIsTriedAgain) {
  const support::TempDir dir;
  const auto disk = std::make_shared<FaultyFileSystem>();
  const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(disk);
  engine::RocksDbEdges edges;
  edges.env = env.get();
  edges.memtable_bytes = 1 << 20;
  const auto opened = engine::OpenRocksDb({.path = dir / "store", .reserve_bytes = 1 << 20}, edges);
  ASSERT_TRUE(opened) << opened.error().ToString();
  engine::Engine& store = **opened;
  engine::Version version = 0;
  disk->FillDiskFor(".sst");
  const engine::CommitResult refused = CommitUntil(store, version, Outcome::kUnavailable);
  EXPECT_EQ(refused.number, 4002) << refused.detail;
  EXPECT_FALSE(store.Stats().accepts_writes);
  disk->FillDiskFor("");
  EXPECT_EQ(CommitUntil(store, version, Outcome::kOk).outcome, Outcome::kOk);
  EXPECT_TRUE(store.Stats().accepts_writes);
}

}  // namespace
}  // namespace referrald::crash
