// The end of the log is lost: its newest file, a piece of it, or all since an older copy. The head
// file beside the store knows, and the start says which event is the first that is missing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/crash/store_on_disk.h"
#include "tests/support/figure.h"
#include "tests/support/seed.h"
#include "tests/support/temp_dir.h"

namespace referrald::crash {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RollbackTest : public testing::Test {
 protected:
  // A store that is closed, of `events` events.
  void Grow(uint64_t from, uint64_t to) {
    ASSERT_TRUE(base_.Open().ok());
    for (uint64_t i = from; i <= to; ++i) ASSERT_TRUE(base_.Observe(i));
    base_.Close();
  }
  static fs::path NewestLog(const std::string& database) {
    fs::path newest;
    for (const auto& entry : fs::directory_iterator(database)) {
      if (entry.path().extension() == ".log" && entry.path() > newest) newest = entry.path();
    }
    return newest;
  }
  // Loses something of the copy in `folder`.
  void Lose(const std::string& folder, uint64_t kind, std::mt19937_64& random) {
    const std::string database = folder + "/db";
    const fs::path log = NewestLog(database);
    switch (kind) {
      case 0: fs::remove(log); break;
      case 1: fs::resize_file(log, random() % fs::file_size(log)); break;
      default:
        fs::remove_all(database);
        fs::copy(dir_ / "older/db", database, fs::copy_options::recursive);
    }
  }
  // How many events are left, as a store says that has no head file.
  uint64_t EventsLeft(const std::string& folder) {
    fs::remove_all(dir_ / "probe");
    fs::copy(folder, dir_ / "probe", fs::copy_options::recursive);
    StoreOnDisk probe(dir_ / "probe");
    probe.ForgetHeadFile();
    if (!probe.Open().ok()) return UINT64_MAX;  // Damage that the engine found by itself.
    return (*probe.ledger().Read())->head().value;
  }

  support::TempDir dir_;
  StoreOnDisk base_{dir_ / "base"};
};

TEST_F(RollbackTest, EveryLossIsNoticedAndNamed) {
  constexpr uint64_t kEvents = 60;
  Grow(1, 40);
  base_.CopyTo(dir_ / "older");
  Grow(41, kEvents);
  std::mt19937_64 random(support::TestSeed());
  uint64_t losses = 0;
  const uint64_t trials = support::Figure("REFERRALD_ROLLBACKS", 30);
  for (uint64_t trial = 0; trial < trials; ++trial) {
    const std::string folder = dir_ / "copy";
    base_.CopyTo(folder);
    Lose(folder, trial % 3, random);
    const uint64_t left = EventsLeft(folder);
    StoreOnDisk store(folder);
    const Status opened = store.Open();
    if (left >= kEvents) {  // Nothing was in that piece, or the engine itself refused.
      EXPECT_EQ(opened.ok(), left == kEvents) << opened.ToString();
      continue;
    }
    ++losses;
    EXPECT_EQ(opened.number(), 4213) << opened.ToString();
    EXPECT_THAT(opened.message(),
                HasSubstr("first missing event is e_" + std::to_string(left + 1)));
    // Somebody may take it as it is; that is kept in the log, and no lost number is given again.
    ASSERT_TRUE(store.Open("the disk lost its end").ok());
    EXPECT_GE((*store.ledger().Read())->head().value, kEvents);
    EXPECT_EQ((*store.ledger().Read())->GetEvent({left + 1})->type(),
              referral::EventType::kHeadAccepted);
  }
  EXPECT_GE(losses, trials / 2);
}

// A young store whose first and only log is lost.
TEST_F(RollbackTest, TheLossOfEverythingIsNamedToo) {
  ASSERT_TRUE(base_.Open().ok());
  for (uint64_t i = 1; i <= 3; ++i) ASSERT_TRUE(base_.Observe(i));
  const std::string folder = dir_ / "killed";
  base_.CopyTo(folder);  // As a killed process leaves it: closing would move all into tables.
  fs::remove(NewestLog(folder + "/db"));
  StoreOnDisk store(folder);
  const Status opened = store.Open();
  EXPECT_EQ(opened.number(), 4213) << opened.ToString();
  EXPECT_THAT(opened.message(), HasSubstr("first missing event is e_1"));
}

// An acceptance that does not get through (the disk is full, the process is killed) leaves a store
// that is refused, not one that forgot what it lost.
TEST_F(RollbackTest, AFailedAcceptanceAcceptsNothing) {
  Grow(1, 40);
  base_.CopyTo(dir_ / "older");
  Grow(41, 60);
  const std::string folder = dir_ / "copy";
  base_.CopyTo(folder);
  std::mt19937_64 random(7);
  Lose(folder, 2, random);
  StoreOnDisk store(folder);
  uint64_t free = 0;
  store.edges().free_bytes = [&free] { return free; };
  EXPECT_EQ(store.Open("the disk was replaced").number(), 4002);
  free = uint64_t{1} << 40;
  EXPECT_EQ(store.Open().number(), 4213);
  ASSERT_TRUE(store.Open("the disk was replaced").ok());
  EXPECT_EQ((*store.ledger().Read())->GetEvent({41})->type(), referral::EventType::kHeadAccepted);
  EXPECT_GE((*store.ledger().Read())->head().value, 60u);
  ASSERT_TRUE(store.Open().ok());  // Accepted for good.
}

// The mutation check: the database alone knows nothing of what it lost.
TEST_F(RollbackTest, WouldNotBeNoticedWithoutTheHeadFile) {
  Grow(1, 40);
  base_.CopyTo(dir_ / "older");
  Grow(41, 60);
  std::mt19937_64 random(7);
  for (const uint64_t kind : {0U, 2U}) {
    const std::string folder = dir_ / "copy";
    base_.CopyTo(folder);
    Lose(folder, kind, random);
    EXPECT_LT(EventsLeft(folder), 60u);
  }
}

}  // namespace
}  // namespace referrald::crash
