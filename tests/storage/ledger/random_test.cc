// Random lives of a store: rebuilt equals live, sums hold, nothing personal lies in the open.
#include <gtest/gtest.h>

#include <random>

#include "storage/ledger/ledger.h"
#include "tests/support/ledger_fixture.h"
#include "tests/support/seed.h"

namespace referrald::ledger {
namespace {

using referral::EventType;
using referral::ExternalRef;

class RandomTest : public testing::Test, public support::LedgerFixture {
 protected:
  uint64_t Below(uint64_t bound) { return random_() % bound; }

  ExternalRef SomeRef() {
    const bool here = Below(2) == 0;
    return {here ? "crm" : "mail", here ? "Contact" : "person",
            "canary-id-" + std::to_string(Below(30))};
  }
  Row SomeRow() {
    const std::string number = std::to_string(Below(12));
    Row row =
        Person(SomeRef(), "Canaryfirst" + std::to_string(Below(4)),
               "Canarylast" + std::to_string(Below(3)), "canary" + number + "@canary.example");
    row.deleted = Below(12) == 0;
    if (Below(10) == 0) row.merged_into = SomeRef();
    return row;
  }
  RecordFact SomeFact() {
    static constexpr EventType kTypes[] = {
        EventType::kNameReceived,          EventType::kSourceContacted,
        EventType::kAcquaintanceConfirmed, EventType::kAcquaintanceDenied,
        EventType::kIntroductionMade,      EventType::kIntroductionMade,
        EventType::kOutreachMade,          EventType::kMeetingHeld,
        EventType::kRelationshipConfirmed, EventType::kRelationshipDenied};
    const uint64_t head = Read()->head().value + 1;
    RecordFact wish = Fact(kTypes[Below(std::size(kTypes))], {1 + Below(head)}, {1 + Below(head)},
                           {1 + Below(head)});
    wish.fact.evidence.reference += " canary-evidence";
    wish.accept_out_of_order = Below(2) == 0;
    if (Below(3) == 0) wish.idempotency_key = "canary-key-" + std::to_string(Below(20));
    return wish;
  }
  void EraseSomebody() {
    const EntityId id{1 + Below(Read()->head().value + 1)};
    const auto receipt = ledger().Erase(
        {.party = {.id = id, .ref = {}, .email = {}}, .reason = "canary-reason", .actor = "test"},
        Soon());
    if (!receipt) return;  // Nobody has that id.
    const auto erased = Read()->GetEntity(receipt->entity);
    ASSERT_TRUE(erased) << erased.error().ToString();
    ASSERT_TRUE(erased->erased);
    ASSERT_TRUE(erased->links.empty());
    ASSERT_TRUE(vault().IsErased(receipt->entity.value));
  }
  void Step() {
    clock().Advance(std::chrono::minutes(1));
    if (Below(25) == 0) return EraseSomebody();
    if (Below(3) > 0) {
      (void)Record(SomeFact());  // Most are refused, and must then leave nothing.
      return;
    }
    RunRecord run = NewRun();
    std::vector<Row> rows;
    for (uint64_t i = 0; i < 1 + Below(8); ++i) rows.push_back(SomeRow());
    const size_t count = rows.size();
    const auto results = Import(std::move(rows), run);
    ASSERT_TRUE(results) << results.error().ToString();
    ASSERT_EQ(run.counts.read, count);
    ASSERT_EQ(run.counts.read, run.counts.Sum());
    ASSERT_EQ(*Read()->GetRun(run.id), run);
  }
  void ExpectNoCanary() {
    const auto view = std::move(*engine().Read(1));
    size_t rows = 0;
    ASSERT_TRUE(view->Scan({},
                           [&rows](std::string_view key, std::string_view value) {
                             ++rows;
                             for (const std::string_view bytes : {key, value}) {
                               EXPECT_EQ(bytes.find("anary"), std::string_view::npos);
                             }
                             return true;
                           })
                    .ok());
    EXPECT_GT(rows, 10u);
  }

  std::mt19937_64 random_{support::TestSeed()};
};

TEST_F(RandomTest, RebuiltEqualsLiveAndNothingPersonalIsInTheOpen) {
  for (int round = 0; round < 4; ++round) {
    for (int step = 0; step < 60; ++step) Step();
    const auto report = ledger().Verify({});
    ASSERT_TRUE(report) << report.error().ToString();
    ASSERT_EQ(report->problems, std::vector<std::string>{});
    if (round == 1) Reopen();
    if (round == 2) {
      ASSERT_TRUE(ledger().Rebuild({}));
    }
  }
  ExpectNoCanary();
}

TEST_F(RandomTest, AnInterruptedImportEndsLikeAnUndisturbedOne) {
  std::vector<std::vector<Row>> stretches(12);
  for (std::vector<Row>& rows : stretches) {
    for (uint64_t i = 0; i < 1 + Below(6); ++i) rows.push_back(SomeRow());
  }
  RunRecord undisturbed = NewRun();
  LedgerFixture other;
  RunRecord interrupted = other.NewRun();
  for (const std::vector<Row>& rows : stretches) {
    ASSERT_TRUE(Import(rows, undisturbed));
    if (Below(2) == 0) {
      other.Reopen();
      const auto stored = other.Read()->GetRun(interrupted.id);
      if (stored) interrupted = *stored;
    }
    ASSERT_TRUE(other.Import(rows, interrupted));
  }
  EXPECT_EQ(undisturbed, interrupted);
  EXPECT_EQ(Read()->head(), other.Read()->head());
  EXPECT_EQ(Read()->GetTotals()->persons, other.Read()->GetTotals()->persons);
}

}  // namespace
}  // namespace referrald::ledger
