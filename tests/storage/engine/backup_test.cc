#include "storage/engine/backup.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <thread>

#include "storage/engine/rocksdb_internal.h"
#include "tests/support/seed.h"
#include "tests/support/temp_dir.h"

namespace referrald::engine {
namespace {

namespace fs = std::filesystem;
using Contents = std::map<std::string, std::string>;

class BackupTest : public testing::Test {
 protected:
  BackupTest() : store_(OpenAt(dir_ / "store")) {}

  // Small memtables, so that a backup has tables and a log.
  static std::unique_ptr<Engine> OpenAt(const std::string& path) {
    RocksDbEdges edges;
    edges.memtable_bytes = 64 << 10;
    auto opened = OpenRocksDb({.path = path, .reserve_bytes = 1 << 20}, edges);
    EXPECT_TRUE(opened) << StatusOf(opened).ToString();
    return opened ? *std::move(opened) : nullptr;
  }
  void CommitOne() {
    Batch batch(1, version_);
    batch.Put(fmt(version_), std::string(500, static_cast<char>('a' + version_ % 26)));
    ASSERT_EQ(store_->Commit(batch).outcome, Outcome::kOk);
    ++version_;
  }
  void CommitSome(int count) {
    for (int i = 0; i < count; ++i) CommitOne();
  }
  BackupInfo Backup(std::string_view note = "note") {
    const auto made = store_->Backup(backups_, note);
    EXPECT_TRUE(made) << StatusOf(made).ToString();
    return made.value_or(BackupInfo{});
  }
  static Contents All(const Engine& engine) {
    Contents all;
    const auto view = engine.Read(1);
    EXPECT_TRUE((*view)
                    ->Scan({},
                           [&](auto key, auto value) {
                             all.emplace(key, value);
                             return true;
                           })
                    .ok());
    return all;
  }
  Result<Contents> Restored(uint32_t id) {
    const std::string path = dir_ / ("restored" + std::to_string(++restores_));
    const auto restored = RestoreBackup(backups_, id, path);
    if (!restored) return restored.error();
    return All(*OpenAt(path));
  }
  static std::string fmt(Version version) { return "key" + std::to_string(100'000 + version); }

  support::TempDir dir_;
  const std::string backups_ = dir_ / "backups";
  std::unique_ptr<Engine> store_;
  Version version_ = 0;
  int restores_ = 0;
};

TEST_F(BackupTest, GivesBackWhatWasThere) {
  CommitSome(400);
  const Contents then = All(*store_);
  const BackupInfo backup = Backup("e_400 abc");
  CommitSome(100);
  EXPECT_EQ(backup.note, "e_400 abc");
  EXPECT_GT(backup.size_bytes, 0u);
  const auto restored = Restored(backup.id);
  ASSERT_TRUE(restored) << restored.error().ToString();
  EXPECT_EQ(*restored, then);
}

TEST_F(BackupTest, IsOfOneInstantWhileCommitsGoOn) {
  CommitSome(50);
  std::jthread writer([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) CommitOne();
  });
  std::vector<BackupInfo> backups;
  for (int i = 0; i < 5; ++i) backups.push_back(Backup());
  writer = {};
  for (const BackupInfo& backup : backups) {
    const auto restored = Restored(backup.id);
    ASSERT_TRUE(restored) << restored.error().ToString();
    // Dense: no commit is there without those before it.
    ASSERT_GE(restored->size(), 50u);
    EXPECT_EQ(restored->rbegin()->first, fmt(restored->size() - 1));
  }
}

TEST_F(BackupTest, BackupsShareTablesAndOneGoesWithoutTheOthers) {
  CommitSome(600);
  const auto files = [this] {
    const fs::directory_iterator all(backups_ + "/shared_checksum");
    return std::distance(begin(all), end(all));
  };
  BackupInfo first = Backup();
  ASSERT_GT(files(), 0);
  // Flushes and compactions may still be under way; when they have ended, nothing new comes.
  BackupInfo second = first;
  std::ptrdiff_t added = 1;
  for (int tries = 0; tries < 20 && added > 0; ++tries) {
    const auto before = files();
    first = second;
    second = Backup();
    added = files() - before;
  }
  EXPECT_EQ(added, 0);
  EXPECT_EQ(DropBackups(backups_, 1).value_or(0), second.id - 1);
  EXPECT_EQ(VerifyBackup(backups_, first.id).error().number(), 4016);
  EXPECT_TRUE(VerifyBackup(backups_, second.id));
  EXPECT_EQ(Restored(second.id)->size(), 600u);
  EXPECT_EQ(DropBackups(backups_, 0).error().code(), Code::kInvalidArgument);
}

// Shared tables are not written again: without the mending every later backup would be as rotten.
TEST_F(BackupTest, ARottenSharedTableIsCopiedAnew) {
  CommitSome(600);
  const BackupInfo first = Backup();
  for (const auto& table : fs::directory_iterator(backups_ + "/shared_checksum")) {
    std::fstream file(table.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100).put('\x55').put('\x56');
  }
  EXPECT_EQ(VerifyBackup(backups_, first.id).error().number(), 4015);
  const Contents now = All(*store_);
  const BackupInfo second = Backup();
  EXPECT_TRUE(VerifyBackup(backups_, second.id));
  const auto restored = Restored(second.id);
  ASSERT_TRUE(restored) << restored.error().ToString();
  EXPECT_EQ(*restored, now);
}

// The store may have compacted the table away by then.
TEST_F(BackupTest, ARottenSharedTableIsCopiedAnewWhileTheStoreGoesOn) {
  CommitSome(600);
  Backup();
  for (int round = 0; round < 24; ++round) {
    for (const auto& table : fs::directory_iterator(backups_ + "/shared_checksum")) {
      std::fstream file(table.path(), std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(100).put('\x55').put('\x56');
    }
    std::jthread writer([this] { CommitSome(1500); });
    const BackupInfo made = Backup();
    writer.join();
    ASSERT_TRUE(VerifyBackup(backups_, made.id));
  }
}

TEST_F(BackupTest, AnUnfinishedOneIsNoBackup) {
  CommitSome(100);
  const BackupInfo good = Backup();
  const BackupInfo unfinished = Backup();
  fs::remove(backups_ + "/seal/" + std::to_string(unfinished.id));
  const auto all = ListBackups(backups_);
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2u);
  EXPECT_TRUE((*all)[0].whole);
  EXPECT_FALSE((*all)[1].whole);
  EXPECT_EQ(VerifyBackup(backups_, unfinished.id).error().number(), 4015);
  EXPECT_EQ(Restored(unfinished.id).error().number(), 4015);
  // It does not push out the last good one.
  EXPECT_EQ(DropBackups(backups_, 1).value_or(9), 0u);
  EXPECT_TRUE(VerifyBackup(backups_, good.id));
}

TEST_F(BackupTest, EveryFlippedBitIsFound) {
  CommitSome(300);
  const BackupInfo backup = Backup();
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(backups_)) {
    if (entry.is_regular_file() && entry.file_size() > 0 && entry.path().filename() != "OWNER") {
      files.push_back(entry.path());
    }
  }
  ASSERT_GT(files.size(), 5u);
  std::mt19937_64 random(support::TestSeed());
  for (int flip = 0; flip < 60; ++flip) {
    const fs::path& path = files[static_cast<size_t>(flip) % files.size()];
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    const auto at = static_cast<std::streamoff>(random() % fs::file_size(path));
    const int byte = file.seekg(at).get();
    const auto flipped = static_cast<char>(byte ^ (1 << random() % 8));
    file.seekp(at).put(flipped).flush();
    const auto verified = VerifyBackup(backups_, backup.id);
    EXPECT_FALSE(verified) << path << " at " << at;
    file.seekp(at).put(static_cast<char>(byte)).flush();
  }
  EXPECT_TRUE(VerifyBackup(backups_, backup.id));
}

TEST_F(BackupTest, NeverRestoresOverAStore) {
  CommitSome(10);
  const BackupInfo backup = Backup();
  const auto refused = RestoreBackup(backups_, backup.id, dir_ / "store");
  EXPECT_EQ(refused.error().number(), 4017);
  EXPECT_EQ(All(*store_).size(), 10u);
}

TEST_F(BackupTest, LeavesNothingHalfRestoredUnderTheName) {
  CommitSome(10);
  const BackupInfo backup = Backup();
  fs::create_directory(dir_ / "again.partial");
  std::ofstream(dir_ / "again.partial/CURRENT") << "left by a crash";
  ASSERT_TRUE(RestoreBackup(backups_, backup.id, dir_ / "again"));
  EXPECT_FALSE(fs::exists(dir_ / "again.partial"));
  EXPECT_EQ(All(*OpenAt(dir_ / "again")).size(), 10u);
}

TEST_F(BackupTest, StopsBeforeTheDiskIsFull) {
  store_.reset();
  RocksDbEdges edges;
  uint64_t free_bytes = UINT64_MAX;
  edges.free_bytes = [&] { return free_bytes; };
  // A reserve that no disk has: what is asked for the backup's disk is the real one.
  auto opened = OpenRocksDb({.path = dir_ / "other", .reserve_bytes = UINT64_MAX / 4}, edges);
  ASSERT_TRUE(opened) << StatusOf(opened).ToString();
  const auto refused = (*opened)->Backup(backups_, "");
  EXPECT_EQ(refused.error().number(), 4002);
  EXPECT_TRUE(ListBackups(backups_)->empty());
}

TEST_F(BackupTest, OneAtATime) {
  CommitSome(10);
  Backup();
  // Held by a file of the test, as another process would.
  const int file = ::open((backups_ + "/OWNER").c_str(), O_RDWR);
  ASSERT_EQ(::flock(file, LOCK_EX), 0);
  EXPECT_EQ(store_->Backup(backups_, "").error().number(), 4014);
  EXPECT_EQ(VerifyBackup(backups_, 1).error().number(), 4014);
  ::close(file);
  EXPECT_TRUE(VerifyBackup(backups_, 1));
}

TEST_F(BackupTest, AFolderThatIsNotThereHoldsNone) {
  EXPECT_TRUE(ListBackups(dir_ / "nowhere")->empty());
}

}  // namespace
}  // namespace referrald::engine
