#include "storage/upkeep/upkeep.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/fake_clock.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/temp_dir.h"

namespace referrald::upkeep {
namespace {

namespace fs = std::filesystem;

// A whole store on the disk: keys, engine, log.
class UpkeepTest : public testing::Test {
 protected:
  UpkeepTest() {
    fs::create_directory(keys_);
    Open({});
  }

  void Open(const ledger::LedgerOptions& more) {
    Close();
    auto vault = vault::Vault::Open({.key_file = dir_ / "db.key", .key_store = dir_ / "db.keys"},
                                    /*create=*/!fs::exists(dir_ / "db"));
    ASSERT_TRUE(vault) << StatusOf(vault).ToString();
    vault_ = *std::move(vault);
    auto engine = engine::OpenRocksDb({.path = dir_ / "db", .reserve_bytes = 1 << 20});
    ASSERT_TRUE(engine) << StatusOf(engine).ToString();
    engine_ = *std::move(engine);
    ledger::LedgerOptions options = more;
    options.head_file = dir_ / "db.head";
    auto ledger = ledger::Ledger::Open(*engine_, *vault_, clock_, logger_, options);
    ASSERT_TRUE(ledger) << StatusOf(ledger).ToString();
    ledger_ = *std::move(ledger);
  }
  void Close() {
    ledger_.reset();
    engine_.reset();
    vault_.reset();
  }
  Upkeep Made(const UpkeepOptions& options) {
    return Upkeep({.engine = *engine_,
                   .vault = *vault_,
                   .ledger = *ledger_,
                   .clock = clock_,
                   .logger = logger_},
                  options);
  }
  UpkeepOptions Options() const { return {.folder = backups_, .keep = 2, .key_folder = keys_}; }
  EntityId Add(int number) {
    const std::string id = std::to_string(number);
    ledger::ObserveParty wish;
    wish.row = support::LedgerFixture::Person({"crm", "Contact", id}, "First", "Last" + id,
                                              "p" + id + "@example.org");
    wish.row.occurred_at = clock_.Now() - std::chrono::hours(1);
    wish.feed = "rpc";
    wish.actor = "test";
    const auto receipt = ledger_->Observe(std::move(wish), support::LedgerFixture::Soon());
    EXPECT_TRUE(receipt) << StatusOf(receipt).ToString();
    return receipt.value_or(ledger::Receipt{}).entity;
  }
  size_t Found(int number) {
    return (*ledger_->Read())
        ->FindByEmail("p" + std::to_string(number) + "@example.org", 9)
        ->size();
  }
  size_t KeyCopies() const {
    const fs::directory_iterator all(keys_);
    return static_cast<size_t>(std::distance(begin(all), end(all)));
  }

  support::TempDir dir_;
  const std::string backups_ = dir_ / "backups", keys_ = dir_ / "keys";
  support::FakeClock clock_;
  support::LogCapture log_;
  Logger logger_{log_, clock_, LogLevel::kDebug};
  std::unique_ptr<vault::Vault> vault_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<ledger::Ledger> ledger_;
};

TEST_F(UpkeepTest, BacksUpLogAndKeysAndDropsOldOnes) {
  Upkeep upkeep = Made(Options());
  for (int i = 1; i <= 3; ++i) {
    Add(i);
    const auto made = upkeep.CreateBackup();
    ASSERT_TRUE(made) << made.error().ToString();
    // From the second on there is what the log signed of itself, after ten minutes, as well.
    EXPECT_EQ(made->through.value, static_cast<uint64_t>(2 * i - 1));
    EXPECT_TRUE(fs::exists(made->key_copy));
    clock_.Advance(std::chrono::days(20));
  }
  const auto all = upkeep.ListBackups();
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2u);  // keep = 2.
  EXPECT_EQ((*all)[1].through.value, 5u);
  EXPECT_EQ(KeyCopies(), 2u);  // The first was made 40 days before the third.
  EXPECT_TRUE(upkeep.VerifyBackup((*all)[0].files.id));
}

TEST_F(UpkeepTest, WhatIsRestoredIsTheLogThatWasSignedAndTheErasedStayErased) {
  const EntityId erased = Add(1);
  Add(2);
  const auto made = Made(Options()).CreateBackup();
  ASSERT_TRUE(made) << made.error().ToString();
  Add(3);
  ASSERT_TRUE(ledger_->Erase(
      {.party = {.id = erased, .ref = {}, .email = {}}, .reason = "asked", .actor = "uid:0"},
      support::LedgerFixture::Soon()));
  Close();
  fs::rename(dir_ / "db", dir_ / "lost");
  const auto restored = engine::RestoreBackup(backups_, made->files.id, dir_ / "db");
  ASSERT_TRUE(restored) << restored.error().ToString();
  // Four events were acknowledged, and the backup has two: somebody has to say that this is meant.
  ledger::LedgerOptions accepting;
  accepting.accept_head = "the disk was lost";
  accepting.accept_actor = "uid:0";
  Open(accepting);
  EXPECT_EQ(Found(1), 0u);
  EXPECT_TRUE((*ledger_->Read())->GetEntity(erased)->erased);
  EXPECT_EQ(Found(2), 1u);
  EXPECT_EQ(Found(3), 0u);
  const auto report = ledger_->Verify({}, {.heads = {restored->note}});
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(report->problems, std::vector<std::string>{});
  EXPECT_GT(Add(4).value, 4u);  // No number means something else than before.
  // The rows of the person come again, with the next file.
  ledger::ObserveParty wish;
  wish.row = support::LedgerFixture::Person({"crm", "Contact", "1"}, "First", "Last1", "");
  wish.row.occurred_at = clock_.Now();
  wish.feed = "rpc";
  wish.actor = "test";
  EXPECT_EQ(ledger_->Observe(std::move(wish), support::LedgerFixture::Soon()).error().number(),
            3031);
}

TEST_F(UpkeepTest, ARotationMakesACopyUnderTheNewKey) {
  Upkeep upkeep = Made(Options());
  Add(1);
  const uint32_t before = upkeep.Keys().epoch;
  const auto epoch = upkeep.RotateKey({});
  ASSERT_TRUE(epoch) << epoch.error().ToString();
  EXPECT_EQ(*epoch, before + 1);
  EXPECT_EQ(upkeep.Keys().epoch, *epoch);
  EXPECT_EQ(KeyCopies(), 1u);
  Open({});
  EXPECT_EQ(Found(1), 1u);
}

TEST_F(UpkeepTest, NoCopyOfTheKeysOutlivesItsAge) {
  Upkeep upkeep = Made(Options());
  Add(1);
  EXPECT_EQ(upkeep.RenewKeyCopies(), Result<bool>(false));  // There is none.
  const std::string first = *upkeep.CopyKeys();
  clock_.Advance(std::chrono::days(29));
  EXPECT_EQ(upkeep.RenewKeyCopies(), Result<bool>(false));
  EXPECT_TRUE(fs::exists(first));
  clock_.Advance(std::chrono::days(2));
  EXPECT_EQ(upkeep.RenewKeyCopies(), Result<bool>(true));
  EXPECT_FALSE(fs::exists(first));
  EXPECT_EQ(KeyCopies(), 1u);
  EXPECT_EQ(Made({}).RenewKeyCopies(), Result<bool>(false));
}

TEST_F(UpkeepTest, SaysWhatIsNotConfigured) {
  Upkeep upkeep = Made({.key_is_credential = true});
  EXPECT_EQ(upkeep.CreateBackup().error().number(), 4018);
  EXPECT_EQ(upkeep.ListBackups().error().number(), 4018);
  EXPECT_EQ(upkeep.CopyKeys().error().number(), 4018);
  EXPECT_EQ(upkeep.RotateKey({}).error().number(), 4019);
}

}  // namespace
}  // namespace referrald::upkeep
