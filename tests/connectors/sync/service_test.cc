#include <gmock/gmock.h>

#include <algorithm>

#include "tests/connectors/sync/sync_fixture.h"

namespace referrald::sync {
namespace {

using ledger::RowCounts;
using ledger::RunRecord;
using ledger::RunStatus;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class ServiceTest : public SyncTest {};

TEST_F(ServiceTest, CountsARowOfEachOutcome) {
  Up();
  Import("crm", "first.csv", CrmFile(4));
  const RunRecord run = Import("crm", "second.csv",
                               std::string(kCrmHeader) +
                                   "1,Person 1,p1@example.org,Web,0,\n"       // Unchanged.
                                   "2,Somebody Else,p2@example.org,Web,0,\n"  // Updated.
                                   "3,Person 3,p3@example.org,Web,1,\n"       // Deleted.
                                   "4,Person 4,p4@example.org,Web,0,5\n"  // Merged into the next.
                                   "5,Person 5,p5@example.org,Web,0,\n"   // Created.
                                   "5,Person 5,p5@example.org,Web,0,\n"   // Duplicate.
                                   "5,Another 5,p5@example.org,Web,0,\n"  // Same id, other content.
                                   "6,Six,p6@example.org,Web,0,,,x\n"     // Too many columns.
                                   ",No id,n@example.org,Web,0,\n");
  EXPECT_EQ(run.status, RunStatus::kPartial) << run.reason;
  EXPECT_EQ(run.counts, (RowCounts{.read = 9,
                                   .created = 1,
                                   .updated = 1,
                                   .unchanged = 1,
                                   .duplicate = 1,
                                   .deleted = 1,
                                   .merged = 1,
                                   .quarantined = 3}));
  EXPECT_EQ(run.rows_expected, 9u);
  const std::vector<ledger::Reject> rejects = RejectsOf(run.id);
  ASSERT_THAT(rejects, SizeIs(3));
  EXPECT_EQ(rejects[0].record, 8u);
  EXPECT_EQ(rejects[0].line, 8u);
  EXPECT_EQ(rejects[0].number, 2130);
  EXPECT_EQ(rejects[0].code, "R-DUP-ID-IN-FILE");
  EXPECT_EQ(rejects[1].code, "R-COLUMNS");
  EXPECT_EQ(rejects[2].record, 10u);
}

TEST_F(ServiceTest, HoldsARowWhoseContactIsAmbiguous) {
  feeds_ = {CrmFeed("one"), CrmFeed("two")};
  Up();
  Import("one", "a.csv",
         std::string(kCrmHeader) +
             "1,Ann Lee,same@example.org,,0,\n"
             "2,Ann Ray,same@example.org,,0,\n");
  const RunRecord run =
      Import("two", "b.csv", std::string(kCrmHeader) + "9,Ann Lee,same@example.org,,0,\n");
  EXPECT_EQ(run.status, RunStatus::kPartial);
  EXPECT_EQ(run.counts, (RowCounts{.read = 1, .held = 1}));
  const std::vector<ledger::Reject> rejects = RejectsOf(run.id);
  ASSERT_THAT(rejects, SizeIs(1));
  EXPECT_EQ(rejects[0].outcome, ledger::RowOutcome::kHeld);
  EXPECT_EQ(rejects[0].line, 2u);
  EXPECT_THAT(support::ReadFile(RejectsFileOf(feeds_[1], run)),
              HasSubstr(",2,2,RFD2201 R-AMBIGUOUS,"));
}

TEST_F(ServiceTest, TheFeedWithTheLowerPriorityNumberWins) {
  feeds_ = {CrmFeed("first"), CrmFeed("second")};
  feeds_[0].priority = 10;
  feeds_[1].priority = 20;
  Up();
  Import("first", "a.csv", std::string(kCrmHeader) + "1,Ann Lee,ann@example.org,Web,0,\n");
  Import("second", "b.csv", std::string(kCrmHeader) + "9,Ann Lee,ann@example.org,Fair,0,\n");
  const auto reader = real_->Read();
  ASSERT_TRUE(reader);
  const auto id = (*reader)->FindByRef({"second", "Contact", "9"});
  ASSERT_TRUE(id) << id.error().ToString();
  const auto entity = (*reader)->GetEntity(*id);
  ASSERT_TRUE(entity);
  ASSERT_THAT(entity->links, SizeIs(2));
  EXPECT_EQ(referral::MergedValue(*entity, referral::field::kLeadSource), "Web");
}

TEST_F(ServiceTest, TheSameFileTwiceChangesNothing) {
  Up();
  const RunRecord first = Import("crm", "contacts.csv", CrmFile(700));
  EXPECT_EQ(first.counts, (RowCounts{.read = 700, .created = 700}));
  const std::string world = World();
  const uint64_t facts = Facts();
  const RunRecord second = Import("crm", "contacts.csv", CrmFile(700));
  EXPECT_EQ(second.status, RunStatus::kOk);
  EXPECT_EQ(second.counts, (RowCounts{.read = 700, .unchanged = 700}));
  EXPECT_EQ(second.sha256, first.sha256);
  EXPECT_EQ(second.sequence_from, Sequence{});
  EXPECT_EQ(Facts(), facts);
  EXPECT_EQ(World(), world);
}

TEST_F(ServiceTest, MergedRowsFindTheirSurvivorWhateverTheOrder) {
  Up();
  Import("crm", "before.csv", CrmFile(3));
  const RunRecord run =
      Import("crm", "merged.csv",
             std::string(kCrmHeader) + "1,Person 1,p1@example.org,Web,0,900\n" + CrmRows(500, 401));
  EXPECT_EQ(run.counts, (RowCounts{.read = 402, .created = 401, .merged = 1})) << run.reason;
  const auto survivor = Read()->FindByRef({"crm", "Contact", "900"});
  const auto merged = Read()->FindByRef({"crm", "Contact", "1"});
  ASSERT_TRUE(survivor && merged);
  EXPECT_EQ(*survivor, *merged);
}

TEST_F(ServiceTest, TwoRowsMergedIntoEachOtherDeleteNobody) {
  Up();
  Import("crm", "first.csv", CrmFile(2));
  const RunRecord run = Import("crm", "circle.csv",
                               std::string(kCrmHeader) +
                                   "1,Person 1,p1@example.org,Web,1,2\n"
                                   "2,Person 2,p2@example.org,Web,1,1\n");
  EXPECT_EQ(run.counts, (RowCounts{.read = 2, .quarantined = 2}));
  EXPECT_EQ(RejectsOf(run.id).at(0).number, 2305);
  EXPECT_EQ(Import("crm", "again.csv", CrmFile(2)).counts.unchanged, 2u);
}

TEST_F(ServiceTest, AChangedAddressIsTheSamePerson) {
  Up();
  Import("crm", "first.csv", std::string(kCrmHeader) + "1,Ann Lee,old@example.org,,0,\n");
  const RunRecord run =
      Import("crm", "second.csv", std::string(kCrmHeader) + "1,Ann Lee,new@example.org,,0,\n");
  EXPECT_EQ(run.counts, (RowCounts{.read = 1, .updated = 1}));
  EXPECT_EQ(Totals().persons, 1U);
  const auto reader = Read();
  EXPECT_EQ(reader->FindByEmail("new@example.org", 2)->size(), 1U);
  EXPECT_TRUE(reader->FindByEmail("old@example.org", 2)->empty());
}

// A line break without quotes cut the row in two.
TEST_F(ServiceTest, WhatAShortRowDoesNotSayStays) {
  Up();
  Import("crm", "first.csv", CrmFile(2));
  const RunRecord cut =
      Import("crm", "cut.csv", std::string(kCrmHeader) + "1,Another Name\n2,Person 2\n");
  EXPECT_EQ(cut.counts, (RowCounts{.read = 2, .updated = 1, .unchanged = 1}));
  EXPECT_EQ(cut.rows_short, 2u);
  const RunRecord whole = Import("crm", "again.csv", CrmFile(2));
  EXPECT_EQ(whole.counts, (RowCounts{.read = 2, .updated = 1, .unchanged = 1}));
}

TEST_F(ServiceTest, ChainsOfMergesFindTheLastOne) {
  Up();
  const RunRecord run = Import("crm", "chain.csv",
                               std::string(kCrmHeader) +
                                   "1,A,a@example.org,,0,2\n"
                                   "2,B,b@example.org,,0,3\n"
                                   "3,C,c@example.org,,0,\n");
  EXPECT_EQ(run.counts, (RowCounts{.read = 3, .created = 1, .merged = 2})) << World();
  EXPECT_EQ(*Read()->FindByRef({"crm", "Contact", "1"}),
            *Read()->FindByRef({"crm", "Contact", "3"}));
}

TEST_F(ServiceTest, TellsTheLogTheWholeStoryWithoutAnyPerson) {
  Up();
  Import("crm", "story.csv",
         std::string(kCrmHeader) + CrmRows(1, 40) + "1,Grace Hopper,grace@example.org,Web,0,\n");
  EXPECT_THAT(sink_.All("file.claimed"), SizeIs(1));
  EXPECT_THAT(sink_.All("run.started"), SizeIs(1));
  EXPECT_THAT(sink_.All("file.archived"), SizeIs(1));
  const std::vector<LogRecord> refused = sink_.All("row.quarantined");
  ASSERT_THAT(refused, SizeIs(1));
  EXPECT_EQ(refused[0].number, 2130);
  const std::vector<LogRecord> finished = sink_.All("run.finished");
  ASSERT_THAT(finished, SizeIs(1));
  EXPECT_EQ(TextOf(finished[0], "status"), "partial");
  EXPECT_THAT(FormatLogfmt(finished[0]),
              AllOf(HasSubstr("rows_read=41"), HasSubstr("rows_created=40"),
                    HasSubstr("rows_quarantined=1")));
  for (const LogRecord& record : sink_.All("")) {
    EXPECT_THAT(FormatLogfmt(record), AllOf(Not(HasSubstr("Grace")), Not(HasSubstr("example.org")),
                                            Not(HasSubstr("Person"))));
  }
}

TEST_F(ServiceTest, LogsTheFirstTenRowsOfEachReason) {
  Up();
  std::string rows = CrmFile(40);
  for (int i = 0; i < 15; ++i) rows += ",No id,n@example.org,,0,\n";
  EXPECT_EQ(Import("crm", "many.csv", rows).counts.quarantined, 15u);
  EXPECT_THAT(sink_.All("row.quarantined"), SizeIs(10));
}

TEST_F(ServiceTest, HoldsAFileWithTooManyBadRowsUntilAPersonAccepts) {
  feeds_[0].max_bad_ratio = 0.05;
  Up();
  const std::string file = CrmFile(8) + ",No id,n@example.org,,0,\n,No id,n@example.org,,0,\n";
  const RunRecord held = Import("crm", "bad.csv", file);
  EXPECT_EQ(held.status, RunStatus::kHeld);
  EXPECT_EQ(held.number, 2030);
  EXPECT_EQ(held.counts, (RowCounts{.read = 10, .quarantined = 2, .held = 8}));
  EXPECT_EQ(Facts(), 0u);
  EXPECT_THAT(RejectsOf(held.id), SizeIs(2));
  EXPECT_THAT(sink_.All("run.held"), SizeIs(1));
  const std::string kept = In("crm", "quarantine/" + ToText(held.id) + "__bad.csv");
  EXPECT_EQ(support::ReadFile(kept), file);
  EXPECT_THAT(support::ReadFile(kept + ".why.txt"),
              HasSubstr("referralctl sync crm " + kept + " --accept"));

  const Result<RunId> again =
      service_->Begin("crm", {.path = kept, .accept = true, .started_by = "ctl"});
  ASSERT_TRUE(again) << again.error().ToString();
  const RunRecord accepted = WaitForRun(2);
  EXPECT_EQ(accepted.id, *again);
  EXPECT_EQ(accepted.file, "bad.csv");
  EXPECT_EQ(accepted.counts, (RowCounts{.read = 10, .created = 8, .quarantined = 2}));
}

TEST_F(ServiceTest, HoldsAShrunkenFileAndMeasuresOnlyTheSameObject) {
  feeds_.push_back(CrmFeed("crm2"));
  feeds_[1].mapping.object = "Lead";
  Up();
  Import("crm", "whole.csv", CrmFile(100));
  const RunRecord held = Import("crm", "half.csv", CrmFile(49));
  EXPECT_EQ(held.status, RunStatus::kHeld);
  EXPECT_EQ(held.number, 2031);
  EXPECT_THAT(held.reason, AllOf(HasSubstr("49 rows"), HasSubstr("100"), HasSubstr("min_rows")));
  EXPECT_EQ(Import("crm", "enough.csv", CrmFile(50)).status, RunStatus::kOk);
  EXPECT_EQ(Import("crm2", "other.csv", CrmFile(3)).status, RunStatus::kOk);
}

TEST_F(ServiceTest, AFeedThatStopsOnABadRowIsHeldByOne) {
  feeds_[0].stop_on_bad_row = true;
  Up();
  const RunRecord run = Import("crm", "one.csv", CrmFile(99) + ",No id,n@example.org,,0,\n");
  EXPECT_EQ(run.status, RunStatus::kHeld);
  EXPECT_EQ(run.number, 2032);
}

TEST_F(ServiceTest, AMendedRejectsFileGoesBackIn) {
  Up();
  const RunRecord first = Import("crm", "contacts.csv",
                                 CrmFile(60) +
                                     "77,Grace,not an address,Web,0,\n"
                                     "78,\"Ada, Countess\",a@b@c,Web,0,\n");
  EXPECT_EQ(first.counts.quarantined, 2u);
  std::string rejects = support::ReadFile(RejectsFileOf(feeds_[0], first));
  EXPECT_THAT(rejects, HasSubstr("Id,Name,Mail,Source,Gone,Into,"));
  EXPECT_THAT(rejects, HasSubstr("78,\"Ada, Countess\",a@b@c,Web,0,,"));
  EXPECT_EQ(std::filesystem::path(RejectsFileOf(feeds_[0], first)).filename(),
            "contacts." + ToText(first.id) + ".rejects.csv");

  rejects.replace(rejects.find("not an address"), 14, "g@example.org");
  const RunRecord second = Import("crm", "contacts." + ToText(first.id) + ".rejects.csv", rejects);
  EXPECT_EQ(second.counts, (RowCounts{.read = 2, .created = 1, .quarantined = 1})) << second.reason;
  EXPECT_EQ(std::filesystem::path(RejectsFileOf(feeds_[0], second)).filename(),
            "contacts." + ToText(second.id) + ".rejects.csv");
  // It is no measure for whole exports.
  EXPECT_EQ(Import("crm", "cut.csv", CrmFile(10)).number, 2031);
}

TEST_F(ServiceTest, ADryRunSaysWhatARealRunDoesAndWritesNothing) {
  Up();
  Import("crm", "before.csv", CrmFile(400));
  const std::string file = std::string(kCrmHeader) + "1,Person 1,p1@example.org,Web,0,600\n" +
                           CrmRows(2, 300) + "2,Person 2,p2@example.org,Web,0,\n" +
                           "301,Person Three,p301@example.org,Referral,0,\n" +
                           "302,New Name,p302@example.org,Referral,0,\n" + CrmRows(500, 200);
  const std::string path = dir_.Write("outside/plan.csv", file);
  const std::string world = World();
  const auto files = FilesIn("crm", "");

  const Result<Plan> plan = service_->DryRun("crm", {.path = path, .started_by = "ctl"});
  ASSERT_TRUE(plan) << plan.error().ToString();
  EXPECT_EQ(World(), world);
  EXPECT_EQ(FilesIn("crm", ""), files);
  EXPECT_TRUE(std::filesystem::exists(path));
  EXPECT_TRUE(plan->run.dry_run);
  EXPECT_THAT(Read()->ListRuns("crm", "", 10)->items, SizeIs(1));

  const RunRecord real = Import("crm", "plan.csv", file);
  EXPECT_EQ(plan->run.counts, real.counts);
  EXPECT_EQ(plan->run.status, real.status);
  EXPECT_EQ(plan->run.claims_found, real.claims_found);
  EXPECT_EQ(plan->run.matched_external_id, real.matched_external_id);
  EXPECT_EQ(plan->rejects, RejectsOf(real.id));
  EXPECT_THAT(plan->fields_changed, ::testing::Contains(::testing::Pair("display_name", 1u)));
  EXPECT_EQ(plan->preview.object, "Contact");
}

TEST_F(ServiceTest, ADryRunOfAShrunkenFileSaysThatItWouldBeHeld) {
  Up();
  Import("crm", "before.csv", CrmFile(100));
  const std::string path = dir_.Write("outside/few.csv", CrmFile(10));
  const Result<Plan> plan = service_->DryRun("crm", From(path));
  ASSERT_TRUE(plan) << plan.error().ToString();
  EXPECT_EQ(plan->run.status, RunStatus::kHeld);
  EXPECT_EQ(plan->run.number, 2031);
  EXPECT_EQ(plan->run.counts.unchanged, 10u);
  const Result<Plan> some = service_->DryRun(
      "crm", {.path = path, .accept = true, .row_count_max = 3, .started_by = "ctl"});
  ASSERT_TRUE(some);
  EXPECT_EQ(some->run.counts.read, 3u);
}

TEST_F(ServiceTest, BeginCopiesAFileFromElsewhereAndLeavesIt) {
  Up();
  const std::string path = dir_.Write("outside/mine.csv", CrmFile(5));
  const Result<RunId> id = service_->Begin("crm", {.path = path, .started_by = "rpc"});
  ASSERT_TRUE(id) << id.error().ToString();
  const RunRecord run = WaitForRun(1);
  EXPECT_EQ(run.id, *id);
  EXPECT_EQ(run.started_by, "rpc");
  EXPECT_EQ(run.counts.created, 5u);
  EXPECT_EQ(support::ReadFile(path), CrmFile(5));
  EXPECT_THAT(FilesIn("crm", "archive"), ElementsAre(ToText(*id) + "__mine.csv"));
  EXPECT_THAT(FilesIn("crm", "processing"), IsEmpty());
}

TEST_F(ServiceTest, BeginRefusesWithARemedy) {
  Open();
  EXPECT_EQ(service_->Begin("cmr", {}).error().message(),
            "there is no feed called cmr; did you mean crm?");
  EXPECT_EQ(service_->Begin("crm", {}).error().number(), 2045);
  const Status missing = service_->Begin("crm", From(dir_ / "none.csv")).error();
  EXPECT_EQ(missing.code(), Code::kNotFound);
  EXPECT_THAT(missing.message(), HasSubstr("copy it into the inbox"));
  EXPECT_EQ(service_->Begin("crm", From("none.csv")).error().code(), Code::kInvalidArgument);
}

TEST_F(ServiceTest, OpenRefusesWhatCannotWork) {
  const auto open = [this](const FeedConfig& feed) {
    auto opened = SyncService::Open(*faulty_, clock_, logger_, {feed}, {}, {});
    return StatusOf(opened);
  };
  FeedConfig feed = CrmFeed();
  feed.connector = "generic_cvs";
  EXPECT_THAT(open(feed).message(), HasSubstr("did you mean \"generic_csv\"?"));
  feed = CrmFeed();
  feed.mapping.columns.clear();
  EXPECT_EQ(open(feed).number(), 2041);
  feed = CrmFeed();
  feed.name = "../crm";
  EXPECT_EQ(open(feed).number(), 2041);
}

TEST_F(ServiceTest, ShowsFeedsChecksAndPreviews) {
  Up();
  Import("crm", "contacts.csv", CrmFile(5));
  const std::vector<FeedState> states = service_->Feeds();
  ASSERT_THAT(states, SizeIs(1));
  ASSERT_TRUE(states[0].last_run);
  EXPECT_EQ(states[0].last_run->counts.created, 5u);
  const auto checks = service_->CheckFeed("crm");
  ASSERT_TRUE(checks);
  for (const Check& check : *checks) EXPECT_TRUE(check.status.ok()) << check.status.ToString();

  const std::string path = dir_.Write(
      "outside/p.csv", "Id;Name;Mail;Source;Gone;Into;Extra\n1;A;a@b.org;;0;;x\n;B;;;0;;\n");
  const auto preview = service_->PreviewFile("crm", path, 20);
  ASSERT_TRUE(preview) << preview.error().ToString();
  EXPECT_EQ(preview->delimiter, ";");
  EXPECT_THAT(preview->ignored, ElementsAre("Extra"));
  ASSERT_THAT(preview->rows, SizeIs(2));
  EXPECT_TRUE(preview->rows[0].draft);
  EXPECT_TRUE(preview->rows[1].reject);
}

}  // namespace
}  // namespace referrald::sync
