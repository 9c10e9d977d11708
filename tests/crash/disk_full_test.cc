#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/env.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <system_error>
#include <thread>

#include "storage/engine/disk_space.h"
#include "storage/engine/rocksdb_internal.h"
#include "tests/crash/faulty_file_system.h"
#include "tests/support/figure.h"
#include "tests/support/seed.h"
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
// Counts its tries in `tries`.
engine::CommitResult CommitUntil(engine::Engine& store, engine::Version& version, Outcome outcome,
                                 std::atomic<uint64_t>* tries = nullptr) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  for (;;) {
    engine::CommitResult result = CommitSome(store, version);
    if (result.outcome == Outcome::kOk) ++version;
    if (tries != nullptr) ++*tries;
    if (result.outcome == outcome || std::chrono::steady_clock::now() > give_up) return result;
    // Not a guess at a duration: only keeps the loop from spinning while the other side works.
    if (result.outcome != Outcome::kOk) std::this_thread::yield();
  }
}

// A file system of its own in memory.
class DiskFullTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!Mount(kDiskMiB)) {
      GTEST_SKIP() << "needs the right to mount a small tmpfs (root): "
                   << std::generic_category().message(errno);
    }
  }
  void TearDown() override {
    store_.reset();
    Unmount();
  }

  bool Mount(uint64_t mib) {
    const std::string options = "mode=0700,size=" + std::to_string(mib) + "m";
    mounted_ = ::mount("tmpfs", dir_.path().c_str(), "tmpfs", 0, options.c_str()) == 0;
    return mounted_;
  }
  void Unmount() {
    if (!mounted_) return;
    EXPECT_EQ(::umount2(dir_.path().c_str(), MNT_DETACH), 0);
    mounted_ = false;
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
    std::ofstream file(dir_ / "hog", std::ios::binary | std::ios::app);
    const std::string block(1 << 16, 'b');
    while (std::filesystem::space(dir_.path()).available > free_bytes + block.size()) {
      file << block;
      if (!file.flush()) break;  // Full.
    }
  }
  // As Fill, beside commits that are counted in `tries`, until `stop`: never more than a fraction
  // of the reserve between two looks of the store at its disk, which is what the reserve is for.
  // Memory fills faster than any disk, and a process may be kept waiting for as long as that takes.
  void FillBeside(uint64_t free_bytes, const std::atomic<uint64_t>& tries,
                  const std::stop_token& stop) {
    constexpr uint64_t kStep = 4 << 20;
    const auto available = [this] { return std::filesystem::space(dir_.path()).available; };
    bool looks_each_time = false;
    for (uint64_t left = available(); left > free_bytes + kStep; left -= kStep) {
      Fill(left - kStep);
      if (left > 2 * kReserve + 2 * kStep) continue;  // Not yet scarce.
      if (left < 2 * kReserve && !looks_each_time) {
        std::this_thread::sleep_for(2 *
                                    engine::DiskSpace::kAnswerAge);  // The last old answer ages.
        looks_each_time = true;
      }
      // Two ends: the second of these commits began after this step.
      for (const uint64_t then = tries; tries < then + 2 && !stop.stop_requested();) {
        std::this_thread::yield();
      }
    }
    Fill(free_bytes);
  }
  void Free() { std::filesystem::remove(dir_ / "hog"); }
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
  // The life of a store on a disk of `mib` on which space comes and goes.
  void LiveOnADiskOf(uint64_t mib, std::mt19937_64& random);

  static constexpr uint64_t kDiskMiB = 128;
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

TEST_F(DiskFullTest, StartsOnAFullDiskForReadingAndGoesOnByItself) {
  ASSERT_TRUE(Open().ok());
  engine::Version version = 0;
  for (int i = 0; i < 20; ++i) CommitUntil(*store_, version, Outcome::kOk);
  Fill(0);
  for (int start = 0; start < 2; ++start) {
    ASSERT_TRUE(Open().ok());
    ExpectAllReadable(version);
    const engine::CommitResult refused = CommitSome(*store_, version);
    EXPECT_EQ(refused.outcome, Outcome::kUnavailable);
    EXPECT_EQ(refused.number, 4002);
  }
  const auto before = std::move(*store_->Read(1));
  Free();
  const auto freed = std::chrono::steady_clock::now();
  EXPECT_EQ(CommitUntil(*store_, version, Outcome::kOk).outcome, Outcome::kOk);
  EXPECT_LT(std::chrono::steady_clock::now() - freed, std::chrono::seconds(10));
  EXPECT_EQ(before->version(), version - 1);
  ExpectAllReadable(version);
}

void DiskFullTest::LiveOnADiskOf(uint64_t mib, std::mt19937_64& random) {
  ASSERT_TRUE(Mount(mib));
  ASSERT_TRUE(Open().ok());
  engine::Version version = 0;
  for (int i = 0; i < 8; ++i) CommitUntil(*store_, version, Outcome::kOk);
  for (int round = 0; round < 3; ++round) {
    // Somebody takes the space while we write: all of it, or some of the reserve.
    std::atomic<uint64_t> tries{0};
    std::jthread hog([&, left = random() % kReserve](const std::stop_token& stop) {
      FillBeside(left, tries, stop);
    });
    const engine::CommitResult refused =
        CommitUntil(*store_, version, Outcome::kUnavailable, &tries);
    hog.request_stop();
    hog.join();
    ASSERT_EQ(refused.outcome, Outcome::kUnavailable) << refused.detail;
    EXPECT_EQ(refused.number, 4002) << refused.detail;
    ExpectAllReadable(version);
    if (round == 1) {
      ASSERT_TRUE(Open().ok());
    }
    ExpectAllReadable(version);
    Free();
    const auto freed = std::chrono::steady_clock::now();
    ASSERT_EQ(CommitUntil(*store_, version, Outcome::kOk).outcome, Outcome::kOk);
    EXPECT_LT(std::chrono::steady_clock::now() - freed, std::chrono::seconds(10));
    EXPECT_FALSE(store_->Now().needs_restart);
  }
  ASSERT_TRUE(Open().ok());
  ExpectAllReadable(version);
  store_.reset();
  Unmount();
}

TEST_F(DiskFullTest, NeverAbortsWhateverTheSizeOfTheDisk) {
  Unmount();
  std::mt19937_64 random(support::TestSeed());
  const uint64_t sizes = support::Figure("REFERRALD_DISK_SIZES", 5);
  for (uint64_t i = 0; i < sizes && !HasFatalFailure(); ++i) {
    const uint64_t mib = 96 + random() % 100;
    SCOPED_TRACE(std::to_string(mib) + " MiB");
    LiveOnADiskOf(mib, random);
  }
}

// Run as a program of its own by the case below: what it does ends the process.
TEST(WithoutAReserve, FillsTheDisk) {
  const char* const path = std::getenv("REFERRALD_DOOMED_STORE");
  if (path == nullptr) GTEST_SKIP() << "a part of WouldEndWithoutTheReserve: it ends its process";
  const auto store = engine::OpenRocksDb({.path = path, .reserve_bytes = 1});
  ASSERT_TRUE(store) << store.error().ToString();
  for (engine::Version version = 0; CommitSome(**store, version).outcome == Outcome::kOk;)
    ++version;
  ADD_FAILURE() << "an ordinary refusal came too late";
}

// The mutation check: it is the reserve that keeps the process alive and answering.
TEST_F(DiskFullTest, WouldEndWithoutTheReserve) {
  const std::string path = dir_ / "store";
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv("REFERRALD_DOOMED_STORE", path.c_str(), 1);
    const int out = ::open("/dev/null", O_WRONLY);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::alarm(5);  // It aborts, or waits for RocksDB for ever.
    ::execl("/proc/self/exe", "doomed", "--gtest_filter=WithoutAReserve.FillsTheDisk", nullptr);
    ::_exit(99);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  const bool ended_by_signal = WIFSIGNALED(status);
  const bool failed = WIFEXITED(status) && WEXITSTATUS(status) == 1;
  EXPECT_TRUE(ended_by_signal || failed) << status;
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
