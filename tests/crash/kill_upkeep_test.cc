// kill -9 at any moment of what changes more than one file: erasures, rotations of the key,
// rebuilds, an acceptance of a shorter log, a restore.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "storage/engine/backup.h"
#include "tests/crash/killed_child.h"
#include "tests/crash/store_on_disk.h"
#include "tests/support/figure.h"
#include "tests/support/seed.h"
#include "tests/support/temp_dir.h"

namespace referrald::crash {
namespace {

constexpr uint64_t kReady = 0;
constexpr uint64_t kDone = UINT64_MAX;
constexpr uint64_t kPeople = 400;
constexpr int kErasuresMost = 8;

Status Erase(StoreOnDisk& store, uint64_t number) {
  ledger::EraseParty wish;
  wish.party.ref = {"crm", "Contact", std::to_string(number)};
  wish.reason = "asked to be forgotten";
  wish.actor = "test";
  return StatusOf(store.ledger().Erase(wish, support::LedgerFixture::Soon()));
}

TEST(KillUpkeepChild, ErasesRotatesAndRebuildsUntilItIsKilled) {
  const std::string folder = KilledChild::Given("FOLDER");
  if (folder.empty()) GTEST_SKIP() << "a part of KillUpkeepTest, which runs it and kills it";
  const bool lies = !KilledChild::Given("LIES").empty();
  StoreOnDisk store(folder);
  ASSERT_TRUE(store.Open().ok());
  KilledChild::Report(kReady);
  for (uint64_t number = std::stoull(KilledChild::Given("FIRST")); number <= kPeople; ++number) {
    if (lies) KilledChild::Report(number);
    ASSERT_TRUE(Erase(store, number).ok());
    if (!lies) KilledChild::Report(number);
    if (number % 3 == 0) {
      ASSERT_TRUE(store.vault().Rotate());
    }
    if (number % 5 == 0) {
      ASSERT_TRUE(store.ledger().Rebuild({}));
    }
  }
}

TEST(KillUpkeepChild, AcceptsAShorterLog) {
  const std::string folder = KilledChild::Given("FOLDER");
  if (folder.empty()) GTEST_SKIP() << "a part of KillUpkeepTest, which runs it and kills it";
  StoreOnDisk store(folder);
  KilledChild::Report(kReady);
  ASSERT_TRUE(store.Open("an old copy").ok());
  KilledChild::Report(kDone);
}

TEST(KillUpkeepChild, RestoresABackup) {
  const std::string folder = KilledChild::Given("FOLDER");
  if (folder.empty()) GTEST_SKIP() << "a part of KillUpkeepTest, which runs it and kills it";
  KilledChild::Report(kReady);
  ASSERT_TRUE(engine::RestoreBackup(KilledChild::Given("BACKUPS"), 1, folder + "/db"));
  KilledChild::Report(kDone);
}

class KillUpkeepTest : public testing::Test {
 protected:
  KillUpkeepTest() {
    EXPECT_TRUE(store_.Open().ok());
    for (uint64_t number = 1; number <= kPeople; ++number) {
      const auto receipt = store_.Observe(number);
      EXPECT_TRUE(receipt);
      if (receipt) ids_.push_back(receipt->entity);
    }
  }

  std::chrono::microseconds UpTo(uint64_t microseconds) {
    return std::chrono::microseconds(random_() % microseconds);
  }

  struct People {
    uint64_t erased = 0;  // The first so many are erased.
    uint64_t torn = 0;    // Erased in one place and not in another, or not what they were.
  };
  // Erasures go by number, so whoever is erased comes before whoever is not.
  People Look() {
    People people;
    const auto reader = *store_.ledger().Read();
    for (uint64_t number = 1; number <= kPeople; ++number) {
      const EntityId id = ids_[number - 1];
      const auto entity = reader->GetEntity(id);
      EXPECT_TRUE(entity) << StatusOf(entity).ToString();
      if (!entity) continue;
      const bool erased = entity->erased;
      const bool is_torn = erased != store_.vault().IsErased(id.value) ||
                           (!erased && entity->links.size() != 1) ||
                           (erased && people.erased + 1 != number);
      people.torn += is_torn ? 1 : 0;
      people.erased += erased ? 1 : 0;
    }
    return people;
  }

  void ExpectWhole() {
    const auto report = store_.ledger().Verify({});
    ASSERT_TRUE(report) << report.error().ToString();
    EXPECT_EQ(report->problems, std::vector<std::string>{});
  }

  // Kills the erasing child at a random moment; how many erasures it had acknowledged.
  uint64_t EraseAndKill(uint64_t first, bool lies) {
    std::map<std::string, std::string> given{{"FOLDER", store_ / ""},
                                             {"FIRST", std::to_string(first)}};
    if (lies) given["LIES"] = "1";
    const auto journal =
        KilledChild::RunAndKill("KillUpkeepChild.ErasesRotatesAndRebuildsUntilItIsKilled", given,
                                1 + random_() % kErasuresMost, UpTo(lies ? 1 : 20'000));
    return journal.empty() ? 0 : journal.size() - 1;
  }

  const uint64_t kills_ = support::Figure("REFERRALD_UPKEEP_KILLS", 20);
  std::mt19937_64 random_{support::TestSeed()};
  support::TempDir dir_;
  StoreOnDisk store_{dir_ / "store"};
  std::vector<EntityId> ids_;
};

TEST_F(KillUpkeepTest, LeavesEveryErasureWholeOrUndone) {
  uint64_t erased = 0;
  for (uint64_t kill = 0; kill < kills_; ++kill) {
    store_.Close();
    const uint64_t acknowledged = EraseAndKill(erased + 1, /*lies=*/false);
    const Status opened = store_.Open();
    ASSERT_TRUE(opened.ok()) << opened.ToString();
    const People people = Look();
    EXPECT_EQ(people.torn, 0u) << "kill " << kill;
    EXPECT_GE(people.erased, erased + acknowledged) << "kill " << kill;
    EXPECT_LE(people.erased, erased + acknowledged + 1) << "kill " << kill;
    erased = people.erased;
    ExpectWhole();
    if (erased + 2 * kErasuresMost > kPeople) break;
  }
}

// The mutation check: an erasure that is acknowledged before it is done is found out.
TEST_F(KillUpkeepTest, WouldNoticeAnErasureThatWasAcknowledgedTooEarly) {
  uint64_t missing = 0;
  uint64_t erased = 0;
  for (int kill = 0; kill < 20 && missing == 0; ++kill) {
    store_.Close();
    const uint64_t acknowledged = EraseAndKill(erased + 1, /*lies=*/true);
    ASSERT_TRUE(store_.Open().ok());
    const uint64_t now = Look().erased;
    missing += now < erased + acknowledged ? 1 : 0;
    erased = now;
  }
  EXPECT_GT(missing, 0u);
}

// Without the acceptance the log is refused; with half of it, too.
TEST_F(KillUpkeepTest, LeavesAnAcceptanceWholeOrUndone) {
  store_.Close();
  store_.CopyTo(dir_ / "old");
  ASSERT_TRUE(store_.Open().ok());
  for (uint64_t number = kPeople + 1; number <= kPeople + 5; ++number) {
    ASSERT_TRUE(store_.Observe(number));
  }
  store_.Close();
  std::filesystem::remove_all(store_ / "db");
  std::filesystem::rename(dir_ / "old/db", store_ / "db");
  store_.CopyTo(dir_ / "lost");

  StoreOnDisk other(dir_ / "other");
  for (uint64_t kill = 0; kill < kills_; ++kill) {
    StoreOnDisk(dir_ / "lost").CopyTo(dir_ / "other");
    const auto journal = KilledChild::RunAndKill("KillUpkeepChild.AcceptsAShorterLog",
                                                 {{"FOLDER", dir_ / "other"}}, 1, UpTo(60'000));
    const Status opened = other.Open();
    const bool done = std::ranges::count(journal, kDone) > 0;
    EXPECT_TRUE(opened.ok() || !done) << opened.ToString();
    if (!opened.ok()) {
      EXPECT_EQ(opened.number(), 4213) << opened.ToString();
      const Status accepted = other.Open("an old copy");
      ASSERT_TRUE(accepted.ok()) << accepted.ToString();
    }
    const auto reader = *other.ledger().Read();
    const Sequence end = reader->head();
    uint64_t acceptances = 0;
    for (uint64_t number = kPeople + 1; number <= end.value; ++number) {
      const auto event = reader->GetEvent({number});
      ASSERT_TRUE(event);
      acceptances += event->type() == referral::EventType::kHeadAccepted ? 1 : 0;
    }
    EXPECT_GE(acceptances, 1u) << "kill " << kill;
    EXPECT_GE(end.value, kPeople + 5) << "numbers that were given are retired";
    const auto report = other.ledger().Verify({});
    ASSERT_TRUE(report);
    EXPECT_EQ(report->problems, std::vector<std::string>{});
    other.Close();
  }
}

TEST_F(KillUpkeepTest, LeavesARestoredStoreWholeOrAbsent) {
  const std::string backups = dir_ / "backups";
  std::filesystem::create_directories(backups);
  const auto made = store_.engine().Backup(backups, "test");
  ASSERT_TRUE(made) << StatusOf(made).ToString();
  store_.Close();
  std::filesystem::remove_all(store_ / "db");
  store_.CopyTo(dir_ / "lost");

  StoreOnDisk other(dir_ / "other");
  for (uint64_t kill = 0; kill < kills_; ++kill) {
    StoreOnDisk(dir_ / "lost").CopyTo(dir_ / "other");
    const auto journal = KilledChild::RunAndKill("KillUpkeepChild.RestoresABackup",
                                                 {{"FOLDER", dir_ / "other"}, {"BACKUPS", backups}},
                                                 1, UpTo(30'000));
    const bool is_there = std::filesystem::exists(other / "db");
    EXPECT_TRUE(is_there || std::ranges::count(journal, kDone) == 0);
    if (!is_there) {
      const auto again = engine::RestoreBackup(backups, 1, other / "db");
      ASSERT_TRUE(again) << StatusOf(again).ToString();
    }
    const Status opened = other.Open();
    ASSERT_TRUE(opened.ok()) << opened.ToString();
    EXPECT_EQ((*other.ledger().Read())->GetTotals()->persons, kPeople);
    const auto report = other.ledger().Verify({});
    ASSERT_TRUE(report);
    EXPECT_EQ(report->problems, std::vector<std::string>{});
    other.Close();
  }
}

}  // namespace
}  // namespace referrald::crash
