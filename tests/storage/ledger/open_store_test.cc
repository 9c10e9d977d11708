#include "storage/ledger/open_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include "storage/ledger/envelope.h"
#include "storage/ledger/keys.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/temp_dir.h"

namespace referrald::ledger {
namespace {

// A ledger in memory with a head file on the disk.
class OpenStoreTest : public testing::Test, public support::LedgerFixture {
 protected:
  OpenStoreTest() {
    Close();
    Start();
    for (int i = 0; i < 3; ++i) Learn(i);
  }

  LedgerOptions Options() const { return {.store_path = "memory", .head_file = dir_ / "head"}; }
  void Start(const LedgerOptions& options) {
    auto opened = Open(vault(), options);
    ASSERT_TRUE(opened) << opened.error().ToString();
    Use(std::move(*opened));
  }
  void Start() { Start(Options()); }
  void Learn(int number) {
    const std::string id = std::to_string(number);
    Add({"crm", "Contact", id}, "First" + id, "Last" + id, "p" + id + "@example.org");
  }
  Status Refusal() { return StatusOf(Open(vault(), Options())); }
  // The log as it was before its last event: what is left when the newest log file is lost.
  void LoseLastEvent(const std::string& head) {
    const auto view = std::move(*engine().Read(1));
    engine::Batch batch(1, view->version());
    batch.Put(keys::Head(), head);
    batch.Delete(keys::Event({3}));
    ASSERT_EQ(engine().Commit(batch).outcome, engine::Outcome::kOk);
  }

  void Change(const std::string& key, const std::string& value) {
    engine::Batch batch(1, (*engine().Read(1))->version());
    batch.Put(key, value);
    ASSERT_EQ(engine().Commit(batch).outcome, engine::Outcome::kOk);
  }
  void ChangeInfo(const std::function<void(StoreInfo&)>& change) {
    StoreInfo info = *DecodeStoreInfo(**(*engine().Read(1))->Get(keys::StoreInfo()));
    change(info);
    Change(keys::StoreInfo(), Encode(info));
  }
  size_t CountLogged(std::string_view event) {
    return static_cast<size_t>(std::ranges::count(log().records(), event, &LogRecord::event));
  }

  support::TempDir dir_;
};

TEST_F(OpenStoreTest, OpensAgainAndAfterACrash) {
  Close();
  Start();
  Learn(4);
  EXPECT_EQ(Read()->head(), Sequence{4});
}

TEST_F(OpenStoreTest, RefusesALogThatLostItsEnd) {
  Close();
  // Build the head of two events from the events themselves.
  Head shorter;
  const auto view = std::move(*engine().Read(1));
  for (uint64_t n = 1; n <= 2; ++n) {
    const std::string bytes = **view->Get(keys::Event({n}));
    shorter.last = {n};
    shorter.chain = LinkOf(bytes);
    shorter.tree.Append(MerkleLeaf(bytes));
  }
  LoseLastEvent(Encode(shorter));
  const Status refused = Refusal();
  EXPECT_EQ(refused.number(), 4213);
  EXPECT_NE(refused.message().find("first missing event is e_3"), std::string::npos)
      << refused.message();

  LedgerOptions accepting = Options();
  accepting.accept_head = "the newest log file was lost";
  accepting.accept_actor = "uid:0";
  Start(accepting);
  const auto event = Read()->GetEvent({3});
  ASSERT_TRUE(event) << event.error().ToString();
  const auto& accepted = std::get<HeadAccepted>(event->body);
  EXPECT_EQ(accepted.expected, Sequence{3});
  EXPECT_EQ(accepted.found, Sequence{2});
  EXPECT_EQ(accepted.reason, "the newest log file was lost");
  EXPECT_TRUE(std::filesystem::exists(dir_ / "head.refused"));
  Close();
  Start();  // Accepted for good.
}

TEST_F(OpenStoreTest, RefusesAnOldCopyOfTheHeadFilesStore) {
  Close();
  std::filesystem::copy(dir_ / "head", dir_ / "head.of3");
  Start();
  Learn(4);
  Close();
  std::filesystem::remove(dir_ / "head");
  EXPECT_EQ(Refusal().number(), 4213);  // Gone.
  std::filesystem::copy(dir_ / "head.of3", dir_ / "head");
  Start();  // An older head file knows less; that is no contradiction.
  Close();
  // Another store's.
  std::filesystem::remove(dir_ / "head");
  ASSERT_TRUE(
      engine::HeadFile::Create(dir_ / "head", {.identity = {1}, .sequence = 1, .chain = {}}));
  EXPECT_NE(Refusal().message().find("belongs to another store"), std::string::npos);
}

TEST_F(OpenStoreTest, RefusesAnotherHistory) {
  Close();
  const auto file = engine::HeadFile::Open(dir_ / "head");
  ASSERT_TRUE(file);
  engine::HeadMark mark = file->mark();
  mark.chain[0] ^= 1;
  std::filesystem::remove(dir_ / "head");
  ASSERT_TRUE(engine::HeadFile::Create(dir_ / "head", mark));
  EXPECT_NE(Refusal().message().find("is not the one that was acknowledged"), std::string::npos);
}

TEST_F(OpenStoreTest, MakesAHeadFileForAStoreThatHadNone) {
  LedgerFixture other;
  other.Add({"crm", "Contact", "1"}, "A", "B", "a@example.org");
  other.Close();
  const LedgerOptions options{.store_path = "memory", .head_file = dir_ / "other"};
  auto opened = other.Open(other.vault(), options);
  ASSERT_TRUE(opened) << opened.error().ToString();
  opened->reset();
  EXPECT_EQ(engine::HeadFile::Open(dir_ / "other")->mark().sequence, 1u);
}

TEST_F(OpenStoreTest, SaysThatASlotOfTheHeadFileIsDamaged) {
  Close();
  {
    std::fstream file(dir_ / "head", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(20);  // In the first one.
    file.put('\x55');
  }
  Start();
  EXPECT_EQ(CountLogged("store.head_slot_damaged"), 1u);
}

TEST_F(OpenStoreTest, RefusesALaterFormat) {
  Close();
  ChangeInfo([](StoreInfo& info) { info.format_version = kFormatVersion + 1; });
  const Status refused = Refusal();
  EXPECT_EQ(refused.number(), 4202);
  EXPECT_NE(refused.message().find("use a newer one"), std::string::npos) << refused.message();
}

// What an upgrade does that derives something else from the same log.
TEST_F(OpenStoreTest, MakesTheReadModelsOfAnotherVersionAnew) {
  const std::vector<EntityId> found = *Read()->FindByEmail("p1@example.org", 10);
  ASSERT_EQ(found.size(), 1u);
  Close();
  const engine::Range derived = engine::PrefixRange(DerivedKeys(1).All());
  std::vector<std::string> derived_keys;
  ASSERT_TRUE((*engine().Read(1))
                  ->Scan(derived,
                         [&](std::string_view key, std::string_view) {
                           derived_keys.emplace_back(key);
                           return true;
                         })
                  .ok());
  ASSERT_GT(derived_keys.size(), 5u);
  for (const std::string& key : derived_keys) Change(key, "what the other version wrote there");
  ChangeInfo([](StoreInfo& info) { info.derived_version = kDerivedVersion + 1; });
  Start();
  EXPECT_EQ(CountLogged("store.rebuilding"), 1u);
  EXPECT_EQ(*Read()->FindByEmail("p1@example.org", 10), found);
  EXPECT_EQ(ledger().Verify({})->problems, std::vector<std::string>{});
  Close();
  Start();  // Once.
  EXPECT_EQ(CountLogged("store.rebuilding"), 1u);
}

}  // namespace
}  // namespace referrald::ledger
