#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include <array>
#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include "storage/engine/rocksdb_internal.h"
#include "tests/crash/faulty_file_system.h"
#include "tests/support/figure.h"
#include "tests/support/seed.h"
#include "tests/support/temp_dir.h"

namespace referrald::crash {
namespace {

constexpr engine::PartitionId kPartition = 1;
constexpr int kRowsPerCommit = 3;

std::string KeyOf(engine::Version version, int row) {
  return std::to_string(version) + "/" + std::to_string(row);
}
std::string ValueOf(engine::Version version) {
  return std::string(300, static_cast<char>('a' + version % 26));
}

engine::RocksDbOptions OptionsFor(const support::TempDir& dir) {
  return {.path = dir / "store", .reserve_bytes = 1 << 20};
}

// What the losses of many power cuts were.
struct Losses {
  uint64_t acknowledged = 0;
  uint64_t lost = 0;
  uint64_t torn = 0;  // Commits of which a part is there.
  uint64_t failed_opens = 0;

  void operator+=(const Losses& other) {
    acknowledged += other.acknowledged;
    lost += other.lost;
    torn += other.torn;
    failed_opens += other.failed_opens;
  }
};

// Commits until the power goes, at most `count_max` times; returns the last version that was
// acknowledged.
engine::Version CommitUntilCut(const support::TempDir& dir, FaultyFileSystem& disk, bool sync) {
  constexpr engine::Version kVersionMax = 2'000;
  const std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(
      std::shared_ptr<rocksdb::FileSystem>(&disk, [](rocksdb::FileSystem*) {}));
  engine::RocksDbEdges edges;
  edges.env = env.get();
  edges.memtable_bytes = 64 << 10;  // So that cuts meet flushes and compactions, too.
  edges.sync = sync;
  const auto store = engine::OpenRocksDb(OptionsFor(dir), edges);
  if (!store) return 0;
  for (engine::Version version = 0; version < kVersionMax; ++version) {
    engine::Batch batch(kPartition, version);
    for (int row = 0; row < kRowsPerCommit; ++row) {
      batch.Put(KeyOf(version + 1, row), ValueOf(version + 1));
    }
    if ((*store)->Commit(batch).outcome != engine::Outcome::kOk) return version;
  }
  return kVersionMax;
}

void Count(const engine::View& view, engine::Version acknowledged, Losses& losses) {
  losses.acknowledged += acknowledged;
  for (engine::Version version = 1; version <= std::max(acknowledged, view.version()) + 1;
       ++version) {
    int found = 0;
    for (int row = 0; row < kRowsPerCommit; ++row) {
      const auto value = view.Get(KeyOf(version, row));
      found += value && *value == ValueOf(version) ? 1 : 0;
    }
    losses.torn += found != 0 && found != kRowsPerCommit ? 1 : 0;
    losses.lost += version <= acknowledged && found != kRowsPerCommit ? 1 : 0;
  }
}

void CutOnce(uint64_t cut, bool sync, uint64_t seed, Losses& losses) {
  std::mt19937_64 random(seed + cut);
  const support::TempDir dir;
  FaultyFileSystem disk;
  disk.CutAfter(random() % 800);
  const engine::Version acknowledged = CommitUntilCut(dir, disk, sync);
  disk.LoseUnsynced(random);
  const auto store = engine::OpenRocksDb(OptionsFor(dir));
  if (!store) {
    ++losses.failed_opens;
    ADD_FAILURE() << "cut " << cut << ": " << store.error().ToString();
    return;
  }
  const auto view = (*store)->Read(kPartition);
  if (view) Count(**view, acknowledged, losses);
}

// Several at a time: after a failed flush RocksDB sleeps for a second.
Losses CutThePower(uint64_t cuts, bool sync, uint64_t seed) {
  constexpr size_t kAtATime = 8;
  std::array<Losses, kAtATime> parts;
  std::atomic<uint64_t> next = 0;
  {
    std::vector<std::jthread> threads;
    for (Losses& part : parts) {
      threads.emplace_back([&, sync, seed, cuts] {
        for (uint64_t cut = next++; cut < cuts; cut = next++) CutOnce(cut, sync, seed, part);
      });
    }
  }
  Losses losses;
  for (const Losses& part : parts) losses += part;
  return losses;
}

TEST(PowerCut, LosesNothingThatWasAcknowledged) {
  const uint64_t cuts = support::Figure("REFERRALD_POWER_CUTS", 200);
  const Losses losses = CutThePower(cuts, /*sync=*/true, support::TestSeed());
  EXPECT_GT(losses.acknowledged, 1'000u);
  EXPECT_EQ(losses.lost, 0u);
  EXPECT_EQ(losses.torn, 0u);
  EXPECT_EQ(losses.failed_opens, 0u);
}

// The mutation check of the case above: it would notice.
TEST(PowerCut, WouldLoseWithoutTheSync) {
  const Losses losses = CutThePower(/*cuts=*/8, /*sync=*/false, /*seed=*/42);
  EXPECT_GT(losses.lost, 0u);
}

}  // namespace
}  // namespace referrald::crash
