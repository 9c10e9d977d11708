#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

#include "storage/engine/rocksdb_internal.h"
#include "tests/support/temp_dir.h"

namespace referrald::engine {
namespace {

using ::testing::HasSubstr;

class RocksDbTest : public ::testing::Test {
 protected:
  Status Open(const RocksDbEdges& edges = {}) {
    store_.reset();
    auto opened = OpenRocksDb({.path = path_, .reserve_bytes = 1 << 20}, edges);
    if (!opened) return opened.error();
    store_ = *std::move(opened);
    return Status::Ok();
  }
  CommitResult Commit(Version expected) {
    Batch batch(1, expected);
    batch.Put("key" + std::to_string(expected), std::string(300, 'v'));
    return store_->Commit(batch);
  }
  void CommitMany(Version count) {
    for (Version version = 0; version < count; ++version) {
      ASSERT_EQ(Commit(version).outcome, Outcome::kOk);
    }
  }
  std::string FileWith(std::string_view extension) const {
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
      if (entry.path().extension() == extension) return entry.path();
    }
    ADD_FAILURE() << "no file *" << extension;
    return {};
  }

  support::TempDir dir_;
  const std::string path_ = dir_ / "store";
  std::unique_ptr<Engine> store_;
};

TEST_F(RocksDbTest, RefusesASecondOpenerAndNamesTheFirst) {
  ASSERT_TRUE(Open().ok());
  const auto second = OpenRocksDb({.path = path_});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Code::kUnavailable);
  EXPECT_EQ(second.error().number(), 4001);
  EXPECT_THAT(second.error().message(), HasSubstr(path_));
  EXPECT_THAT(second.error().message(), HasSubstr("process " + std::to_string(::getpid())));
  store_.reset();
  EXPECT_TRUE(Open().ok());
}

TEST_F(RocksDbTest, RefusesWritesBelowTheReserveAndServesReads) {
  uint64_t free_bytes = uint64_t{1} << 30;
  RocksDbEdges edges;
  edges.free_bytes = [&] { return free_bytes; };
  ASSERT_TRUE(Open(edges).ok());
  ASSERT_EQ(Commit(0).outcome, Outcome::kOk);
  EXPECT_GT(store_->Stats().size_bytes, 0u);
  store_.reset();
  free_bytes = 4096;
  ASSERT_TRUE(Open(edges).ok());  // For reading.
  EXPECT_EQ((*store_->Read(1))->version(), 1u);
  const CommitResult refused = Commit(1);
  EXPECT_EQ(refused.outcome, Outcome::kUnavailable);
  EXPECT_EQ(refused.number, 4002);
  EXPECT_THAT(refused.detail, HasSubstr("free some space"));
  EXPECT_EQ(store_->Now().disk, DiskLevel::kFull);
  EXPECT_FALSE(store_->Now().needs_restart);
}

TEST_F(RocksDbTest, OpensForWritingAsSoonAsThereIsRoom) {
  std::atomic<uint64_t> free_bytes = uint64_t{1} << 30;
  RocksDbEdges edges;
  edges.free_bytes = [&] { return free_bytes.load(); };
  ASSERT_TRUE(Open(edges).ok());
  ASSERT_EQ(Commit(0).outcome, Outcome::kOk);
  store_.reset();
  free_bytes = 4096;
  ASSERT_TRUE(Open(edges).ok());
  const auto before = std::move(*store_->Read(1));
  free_bytes = uint64_t{1} << 30;
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (Commit(1).outcome != Outcome::kOk) {
    ASSERT_LT(std::chrono::steady_clock::now(), give_up);
    std::this_thread::yield();
  }
  EXPECT_EQ(before->version(), 1u);  // Taken before, and as good as ever.
  EXPECT_TRUE((*before->Get("key0")).has_value());
  for (Version version = 2; version < 300; ++version) {
    ASSERT_EQ(Commit(version).outcome, Outcome::kOk);
  }
  EXPECT_TRUE((*before->Get("key0")).has_value());
}

TEST_F(RocksDbTest, ANewStoreIsNotMadeOnAFullDisk) {
  RocksDbEdges edges;
  edges.free_bytes = [] { return uint64_t{4096}; };
  const Status refused = Open(edges);
  EXPECT_EQ(refused.code(), Code::kUnavailable);
  EXPECT_EQ(refused.number(), 4002);
  EXPECT_THAT(refused.message(), HasSubstr("free some space"));
}

// With the mode that RocksDB would choose, the store opens and half of what was synced is gone.
TEST_F(RocksDbTest, RefusesAFlippedBitInTheLog) {
  ASSERT_TRUE(Open().ok());
  CommitMany(100);
  store_.reset();
  const std::string log = FileWith(".log");
  std::string bytes = support::ReadFile(log);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  dir_.Write("store/" + std::filesystem::path(log).filename().string(), bytes);

  const Status refused = Open();
  EXPECT_EQ(refused.code(), Code::kCorruption);
  EXPECT_EQ(refused.number(), 4003);
  EXPECT_THAT(refused.message(), HasSubstr(path_));

  RocksDbEdges lenient;
  lenient.strict_log = false;
  ASSERT_TRUE(Open(lenient).ok());
  EXPECT_LT((*store_->Read(1))->version(), 100u);
}

TEST_F(RocksDbTest, RefusesToStartAnewWhereOnlyTheFirstFileIsMissing) {
  ASSERT_TRUE(Open().ok());
  CommitMany(3);
  store_.reset();
  std::filesystem::rename(path_ + "/CURRENT", dir_ / "CURRENT");
  EXPECT_EQ(Open().number(), 4003);
  std::filesystem::rename(dir_ / "CURRENT", path_ + "/CURRENT");
  ASSERT_TRUE(Open().ok());
  EXPECT_EQ((*store_->Read(1))->version(), 3u);
}

TEST_F(RocksDbTest, RefusesTheStoreOfAnotherProgramOrOfALaterVersion) {
  const auto put = [&](const std::string& key, const std::string& value) {
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* db = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, path_, &db).ok());
    const std::unique_ptr<rocksdb::DB> owner(db);
    ASSERT_TRUE(db->Put({}, key, value).ok());
  };
  put("somebody's key", "value");
  EXPECT_EQ(Open().number(), 4004);
  put("F", std::string("\0\0\0\x02", 4));
  EXPECT_EQ(Open().code(), Code::kFailedPrecondition);
}

TEST_F(RocksDbTest, MakesAFolderForItselfAlone) {
  ASSERT_TRUE(Open().ok());
  const auto permissions = std::filesystem::status(path_).permissions();
  EXPECT_EQ(permissions, std::filesystem::perms::owner_all);
}

TEST_F(RocksDbTest, SaysThatTheParentIsMissing) {
  const auto opened = OpenRocksDb({.path = dir_ / "none/store"});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), Code::kIoError);
  EXPECT_EQ(opened.error().number(), 4005);
}

TEST_F(RocksDbTest, WritesNoKeysIntoItsOwnLog) {
  ASSERT_TRUE(Open().ok());
  CommitMany(10);
  store_.reset();
  EXPECT_THAT(support::ReadFile(path_ + "/LOG"), ::testing::Not(HasSubstr("key1")));
}

}  // namespace
}  // namespace referrald::engine
