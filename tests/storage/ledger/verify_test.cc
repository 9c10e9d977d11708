#include "storage/ledger/verify.h"

#include <gtest/gtest.h>

#include "storage/base/limits.h"
#include "storage/ledger/keys.h"
#include "tests/support/ledger_fixture.h"

namespace referrald::ledger {
namespace {

class VerifyTest : public testing::Test, public support::LedgerFixture {
 protected:
  VerifyTest() {
    const EntityId ana = Add({"crm", "Contact", "1"}, "Ana", "Lopez", "ana@example.org");
    const EntityId ben = Add({"crm", "Contact", "2"}, "Ben", "Moss", "ben@example.org");
    const EntityId rep = Add({"crm", "User", "3"}, "Rep", "One", "rep@example.org");
    RecordFact wish = Fact(referral::EventType::kIntroductionMade, ana, ben, rep);
    wish.idempotency_key = "key";
    EXPECT_TRUE(Record(wish));
    Reopen();  // So that the engine holds what the tail held.
  }

  std::vector<std::string> Problems() {
    const auto report = ledger().Verify({});
    EXPECT_TRUE(report) << StatusOf(report).ToString();
    return report ? report->problems : std::vector<std::string>{};
  }
  void Change(const std::string& key, std::optional<std::string> value) {
    engine::Batch batch(1, (*engine().Read(1))->version());
    value ? batch.Put(key, *value) : batch.Delete(key);
    ASSERT_EQ(engine().Commit(batch).outcome, engine::Outcome::kOk);
  }
  std::string ValueOf(const std::string& key) { return **(*engine().Read(1))->Get(key); }
  size_t CountDerived() {
    size_t count = 0;
    EXPECT_TRUE((*engine().Read(1))
                    ->Scan(engine::PrefixRange(keys::kDerived),
                           [&count](std::string_view, std::string_view) { return ++count > 0; })
                    .ok());
    return count;
  }
};

TEST_F(VerifyTest, FindsNothingWrongAndLeavesNothingBehind) {
  const size_t before = CountDerived();
  const auto report = ledger().Verify({});
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(report->problems, std::vector<std::string>{});
  EXPECT_EQ(report->events, 4u);
  EXPECT_EQ(report->projections, before);
  EXPECT_EQ(CountDerived(), before);
}

// More events than one batch of projections holds.
TEST_F(VerifyTest, ComparesALogOfSeveralBatches) {
  constexpr int kPeople = 2000;
  for (int i = 0; i < kPeople; ++i) {
    const std::string id = std::to_string(100 + i);
    Add({"crm", "Contact", id}, "First" + id, "Last" + id, "p" + id + "@example.org");
  }
  const auto report = ledger().Verify({});
  ASSERT_TRUE(report) << report.error().ToString();
  EXPECT_EQ(report->problems, std::vector<std::string>{});
  EXPECT_GT(report->projections, limits::kBatchOperationsMax);
  const auto rebuilt = ledger().Rebuild({});
  ASSERT_TRUE(rebuilt) << rebuilt.error().ToString();
  EXPECT_EQ(*rebuilt, report->events);
}

TEST_F(VerifyTest, FindsATamperedEvent) {
  std::string bytes = ValueOf(keys::Event({2}));
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  Change(keys::Event({2}), bytes);
  ASSERT_GE(Problems().size(), 2u);
  EXPECT_NE(Problems()[0].find("e_2: not tied"), std::string::npos);
  EXPECT_NE(Problems()[1].find("e_2: checksum"), std::string::npos);
}

// Only the log: what is derived from it may be what it likes, and is not looked at.
TEST_F(VerifyTest, OfTheLogAloneFindsATamperedEventAndNothingElse) {
  Change(DerivedKeys(1).In(Space::kTotals), "damaged");
  const auto before = ledger().Verify({}, {.derived = false});
  ASSERT_TRUE(before) << before.error().ToString();
  EXPECT_EQ(before->problems, std::vector<std::string>{});
  EXPECT_EQ(before->events, 4u);
  EXPECT_EQ(before->projections, 0u);
  std::string bytes = ValueOf(keys::Event({2}));
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  Change(keys::Event({2}), bytes);
  const auto after = ledger().Verify({}, {.derived = false});
  ASSERT_TRUE(after) << after.error().ToString();
  ASSERT_FALSE(after->problems.empty());
  EXPECT_NE(after->problems[0].find("e_2: not tied"), std::string::npos);
}

TEST_F(VerifyTest, FindsAMissingEvent) {
  Change(keys::Event({2}), std::nullopt);
  EXPECT_EQ(Problems().front(), "event e_2: missing");
}

TEST_F(VerifyTest, FindsAnExchangedEvent) {
  Change(keys::Event({2}), ValueOf(keys::Event({1})));
  EXPECT_FALSE(Problems().empty());
}

TEST_F(VerifyTest, FindsAMissingIdempotencyKey) {
  const Hash128 hash = Read()->GetEvent({4})->idempotency;
  Change(DerivedKeys(1).In(Space::kIdempotency, hash), std::nullopt);
  ASSERT_EQ(Problems().size(), 1u);
  EXPECT_NE(Problems().front().find("missing"), std::string::npos);
}

TEST_F(VerifyTest, FindsEveryDamagedProjectionAndRebuildMendsIt) {
  std::vector<std::pair<std::string, std::string>> derived;
  ASSERT_TRUE((*engine().Read(1))
                  ->Scan(engine::PrefixRange(keys::kDerived),
                         [&derived](std::string_view key, std::string_view value) {
                           derived.emplace_back(key, value);
                           return true;
                         })
                  .ok());
  for (const auto& [key, value] : derived) {
    Change(key, value + "x");
    EXPECT_EQ(Problems().size(), 1u) << key.substr(2, 1);
    if (key == DerivedKeys(1).In(Space::kWatermark)) {
      Change(key, value);
      continue;  // Without it, nothing of the generation counts.
    }
    Change(key, std::nullopt);
    EXPECT_EQ(Problems().size(), 1u) << key.substr(2, 1);
    Change(key, value);
  }
  Change(derived.front().first + "extra", "x");
  Change(derived.back().first, std::nullopt);
  EXPECT_EQ(Problems().size(), 2u);
  EXPECT_EQ(*ledger().Rebuild({}), 4u);
  EXPECT_EQ(Problems(), std::vector<std::string>{});
  EXPECT_EQ(CountDerived(), derived.size());
  Reopen();
  EXPECT_EQ(Read()->GetTotals()->persons, 3u);
}

TEST_F(VerifyTest, MakesReadModelsAnewThatDoNotSayHowFarTheyGo) {
  Change(DerivedKeys(1).In(Space::kWatermark), "damaged");
  Reopen();
  EXPECT_EQ(Problems(), std::vector<std::string>{});
  EXPECT_EQ(Read()->GetTotals()->persons, 3u);
}

TEST_F(VerifyTest, DropsWhatACrashLeftOfARebuild) {
  const size_t before = CountDerived();
  Change(DerivedKeys(2).In(Space::kTotals), "half");
  Reopen();
  EXPECT_EQ(CountDerived(), before);
}

}  // namespace
}  // namespace referrald::ledger
