// What follows from a file as a whole: rows that are gone, files that are old or the same, runs
// that are taken back.
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/connectors/sync/sync_fixture.h"

namespace referrald::sync {
namespace {

using ledger::RowCounts;
using ledger::RunRecord;
using ledger::RunStatus;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class WholeFileTest : public SyncTest {
 protected:
  void BeSnapshots() {
    feeds_[0].absent_is_gone = true;
    feeds_[0].min_rows_ratio = 0;
    Up();
  }
  bool IsGone(const std::string& id) const {
    const auto entity = EntityOf(id);
    return referral::IsDeleted(entity);
  }
  referral::Entity EntityOf(const std::string& id) const {
    const auto reader = Read();
    const auto found = reader->FindByRef({"crm", "Contact", id});
    EXPECT_TRUE(found) << found.error().ToString();
    return found ? *reader->GetEntity(*found) : referral::Entity{};
  }
  std::string NameOf(const std::string& id) const { return referral::DisplayName(EntityOf(id)); }

  RunRecord Revert(const RunRecord& run) {
    const size_t before = sink_.All("run.finished").size();
    const Result<RunId> id = service_->BeginRevert(run.id, "ctl");
    EXPECT_TRUE(id) << id.error().ToString();
    return WaitForRun(before + 1);
  }
};

TEST_F(WholeFileTest, WhatASnapshotLacksIsGone) {
  feeds_[0].max_deletes_ratio = 0.5;
  BeSnapshots();
  Import("crm", "all.csv", CrmFile(4));
  const RunRecord run = Import("crm", "less.csv", std::string(kCrmHeader) + CrmRows(1, 3));
  EXPECT_EQ(run.counts, (RowCounts{.read = 3, .unchanged = 3}));
  EXPECT_EQ(run.gone, 1U);
  EXPECT_TRUE(IsGone("4"));
  EXPECT_FALSE(IsGone("3"));
  // And back again, should it have been a mistake.
  EXPECT_EQ(Import("crm", "again.csv", CrmFile(4)).counts,
            (RowCounts{.read = 4, .updated = 1, .unchanged = 3}));
  EXPECT_FALSE(IsGone("4"));
}

TEST_F(WholeFileTest, AbsenceMeansNothingWhereFilesAreNoSnapshots) {
  Up();
  Import("crm", "all.csv", CrmFile(4));
  const RunRecord run = Import("crm", "less.csv", CrmFile(3));
  EXPECT_EQ(run.gone, 0U);
  EXPECT_FALSE(IsGone("4"));
}

TEST_F(WholeFileTest, TooManyGoneHoldTheRunAndNothingIsWritten) {
  feeds_[0].max_deletes_ratio = 0.2;
  BeSnapshots();
  Import("crm", "all.csv", CrmFile(10));
  const std::string world = World();
  const RunRecord run =
      Import("crm", "less.csv",
             std::string(kCrmHeader) + "1,Other,p1@example.org,Web,0,\n" + CrmRows(2, 6));
  EXPECT_EQ(run.status, RunStatus::kHeld);
  EXPECT_EQ(run.number, 2035);
  EXPECT_THAT(run.reason, AllOf(HasSubstr("3 of the 10 rows"), HasSubstr("max_deletes"),
                                HasSubstr("--accept")));
  EXPECT_EQ(World(), world);
}

// The row that cannot be read may be the one that seems to be missing.
TEST_F(WholeFileTest, NobodyIsGoneFromAFileWithBadRows) {
  feeds_[0].max_deletes_ratio = 1;
  BeSnapshots();
  Import("crm", "all.csv", CrmFile(4));
  const RunRecord run =
      Import("crm", "bad.csv", CrmFile(3) + "4,Person 4,p4@example.org,Web,0,,,x\n");
  EXPECT_EQ(run.counts, (RowCounts{.read = 4, .unchanged = 3, .quarantined = 1}));
  EXPECT_EQ(run.gone, 0U);
  EXPECT_FALSE(IsGone("4"));
}

TEST_F(WholeFileTest, OtherFeedsAndObjectsAreNotMeasured) {
  feeds_ = {CrmFeed(), CrmFeed("other")};
  feeds_[0].max_deletes_ratio = 0;
  BeSnapshots();
  Import("other", "theirs.csv", CrmFile(9));
  Import("crm", "ours.csv", std::string(kCrmHeader) + CrmRows(20, 3));
  const RunRecord run =
      Import("crm", "again.csv",
             std::string(kCrmHeader) + "23,New,n@example.org,Web,0,\n" + CrmRows(20, 3));
  EXPECT_EQ(run.status, RunStatus::kOk) << run.reason;
  EXPECT_EQ(run.gone, 0U);
}

TEST_F(WholeFileTest, ADryRunTellsHowManyWouldBeGone) {
  feeds_[0].max_deletes_ratio = 0.5;
  BeSnapshots();
  Import("crm", "all.csv", CrmFile(4));
  dir_.Write("less.csv", CrmFile(3));
  const Result<Plan> plan = service_->DryRun("crm", From(dir_ / "less.csv"));
  ASSERT_TRUE(plan) << plan.error().ToString();
  EXPECT_EQ(plan->run.gone, 1U);
  EXPECT_FALSE(IsGone("4"));
}

TEST_F(WholeFileTest, TheSameFileIsKnownAtOnce) {
  Up();
  const RunRecord first = Import("crm", "a.csv", CrmFile(5));
  EXPECT_FALSE(first.identical);
  const RunRecord second = Import("crm", "b.csv", CrmFile(5));
  EXPECT_TRUE(second.identical);
  EXPECT_EQ(second.counts, (RowCounts{.read = 5, .unchanged = 5}));
}

// What it says can differ although its bytes are the same.
TEST_F(WholeFileTest, TheSameFileIsReadAgainWhereItsMappingOrTheRowsChanged) {
  Up();
  Import("crm", "a.csv", CrmFile(5));
  Import("crm", "b.csv",
         std::string(kCrmHeader) + "1,Other,p1@example.org,Web,0,\n" + CrmRows(2, 4));
  EXPECT_EQ(Import("crm", "c.csv", CrmFile(5)).counts.updated, 1U);
  Down();
  std::erase_if(feeds_[0].mapping.columns,
                [](const auto& column) { return column.first == "lead_source"; });
  Up();
  EXPECT_FALSE(Import("crm", "d.csv", CrmFile(5)).identical);
}

TEST_F(WholeFileTest, ARowThatTheSystemChangedLaterIsLeftAlone) {
  feeds_[0].mapping.columns.emplace_back("changed_at", "When");
  Up();
  const std::string header = "Id,Name,Mail,Source,Gone,Into,When\n";
  Import("crm", "new.csv", header + "1,New,a@example.org,Web,0,,2026-03-02T00:00:00Z\n");
  const RunRecord old = Import("crm", "old.csv",
                               header +
                                   "1,Old,a@example.org,Web,0,,2026-03-01T00:00:00Z\n"
                                   "2,Two,b@example.org,Web,0,,2026-03-01T00:00:00Z\n");
  EXPECT_EQ(old.counts, (RowCounts{.read = 2, .created = 1, .unchanged = 1}));
  EXPECT_EQ(old.stale, 1U);
  EXPECT_EQ(NameOf("1"), "New");
}

TEST_F(WholeFileTest, AnOlderFileWithoutStampsIsHeld) {
  Up();
  Import("crm", "new.csv", CrmFile(3));
  dir_.Write("old.csv", std::string(kCrmHeader) + "1,Old,p1@example.org,Web,0,\n" + CrmRows(2, 2));
  std::filesystem::last_write_time(
      dir_ / "old.csv", std::filesystem::file_time_type::clock::now() - std::chrono::hours{48});
  const size_t before = sink_.All("run.finished").size();
  ASSERT_TRUE(service_->Begin("crm", From(dir_ / "old.csv")));
  const RunRecord run = WaitForRun(before + 1);
  EXPECT_EQ(run.status, RunStatus::kHeld) << run.reason;
  EXPECT_EQ(run.number, 2036);
  EXPECT_EQ(NameOf("1"), "Person 1");
}

TEST_F(WholeFileTest, OneAddressInEveryRowHoldsTheRun) {
  Up();
  Import("crm", "good.csv", CrmFile(40));
  std::string rows(kCrmHeader);
  for (int id = 1; id <= 40; ++id) {
    rows += std::to_string(id) + ",Person,noreply@example.org,Web,0,\n";
  }
  const RunRecord run = Import("crm", "overwritten.csv", rows);
  EXPECT_EQ(run.status, RunStatus::kHeld);
  EXPECT_EQ(run.number, 2037);
}

TEST_F(WholeFileTest, ARunIsTakenBack) {
  Up();
  Import("crm", "first.csv", CrmFile(3));
  const std::string world = World();
  const std::string text = std::string(kCrmHeader) +
                           "1,Wrong,p1@example.org,Web,0,\n"     // Updated.
                           "2,Person 2,p2@example.org,Web,1,\n"  // Deleted.
                           "3,Person 3,p3@example.org,Web,0,\n"  // Unchanged.
                           "9,Nine,p9@example.org,Web,0,\n";     // Created.
  const RunRecord wrong = Import("crm", "wrong.csv", text);
  EXPECT_EQ(wrong.counts,
            (RowCounts{.read = 4, .created = 1, .updated = 1, .unchanged = 1, .deleted = 1}));
  const Result<RunRecord> plan = service_->PlanRevert(wrong.id);
  ASSERT_TRUE(plan) << plan.error().ToString();
  EXPECT_EQ(NameOf("1"), "Wrong");

  const RunRecord back = Revert(wrong);
  EXPECT_EQ(back.status, RunStatus::kOk) << back.reason;
  EXPECT_EQ(back.reverts, wrong.id);
  EXPECT_EQ(back.counts, (RowCounts{.read = 3, .updated = 2, .deleted = 1}));
  EXPECT_EQ(plan->counts, back.counts);
  EXPECT_EQ(NameOf("1"), "Person 1");
  EXPECT_FALSE(IsGone("2"));
  EXPECT_TRUE(IsGone("9"));
  // The file again means what it meant before it was taken back.
  EXPECT_FALSE(Import("crm", "wrong.csv", text).identical);
  EXPECT_EQ(NameOf("1"), "Wrong");
}

TEST_F(WholeFileTest, WhatALaterRunChangedIsNotTakenBack) {
  Up();
  Import("crm", "first.csv", CrmFile(2));
  const RunRecord wrong = Import("crm", "wrong.csv",
                                 std::string(kCrmHeader) +
                                     "1,Wrong,p1@example.org,Web,0,\n"
                                     "2,Wrong,p2@example.org,Web,0,\n");
  Import("crm", "later.csv",
         std::string(kCrmHeader) +
             "1,Later,p1@example.org,Web,0,\n"
             "2,Wrong,p2@example.org,Web,0,\n");
  const RunRecord back = Revert(wrong);
  EXPECT_EQ(back.status, RunStatus::kPartial);
  EXPECT_EQ(back.counts, (RowCounts{.read = 2, .updated = 1, .held = 1}));
  ASSERT_THAT(RejectsOf(back.id), SizeIs(1));
  EXPECT_EQ(RejectsOf(back.id)[0].number, 2131);
  EXPECT_EQ(NameOf("1"), "Later");
  EXPECT_EQ(NameOf("2"), "Person 2");
}

TEST_F(WholeFileTest, ARevertThatACrashCutGoesOn) {
  Up();
  const RunRecord wrong = Import("crm", "wrong.csv", CrmFile(700));
  // The store stops taking anything after the first stretch; then the process ends.
  faulty_->FailAt(faulty_->stretches() + 1, FaultyLedger::Fault::kBefore);
  const Result<RunId> id = service_->BeginRevert(wrong.id, "ctl");
  ASSERT_TRUE(id) << id.error().ToString();
  ASSERT_TRUE(sink_.WaitFor("run.postponed", 1));
  const size_t before = sink_.All("run.finished").size();
  Restart();
  const RunRecord back = WaitForRun(before + 1);
  EXPECT_EQ(back.id, *id);
  EXPECT_EQ(back.status, RunStatus::kOk) << back.reason;
  EXPECT_EQ(back.counts, (RowCounts{.read = 700, .deleted = 700}));
}

TEST_F(WholeFileTest, NothingIsTakenBackOfARunThatWroteNothing) {
  Up();
  Import("crm", "a.csv", CrmFile(2));
  const RunRecord same = Import("crm", "b.csv", CrmFile(2));
  EXPECT_EQ(service_->BeginRevert(same.id, "ctl").error().number(), 2049);
  EXPECT_EQ(service_->BeginRevert(RunId{}, "ctl").error().code(), Code::kNotFound);
}

}  // namespace
}  // namespace referrald::sync
