#include "connectors/sync/check.h"

#include <gmock/gmock.h>

#include "connectors/sync/rejects_file.h"
#include "connectors/sync/row_sorter.h"
#include "connectors/sync/run_ledger.h"
#include "tests/support/fake_clock.h"

namespace referrald::sync {
namespace {

using ::testing::HasSubstr;

ledger::Reject RejectOf(uint64_t record, int number, std::string code) {
  ledger::Reject reject;
  reject.record = record;
  reject.number = number;
  reject.code = std::move(code);
  return reject;
}

CheckReport ReportOf(uint64_t rows, uint64_t bad) {
  CheckReport report;
  report.object = "Contact";
  report.rows = rows;
  report.bad = bad;
  for (uint64_t i = 0; i < bad; ++i) report.rejects.push_back(RejectOf(i + 2, 2110, "R-TYPE"));
  return report;
}

// As if the last good run had read so many rows; 0: there was none.
Status Judge(const FeedConfig& feed, const CheckReport& report, std::string_view file,
             uint64_t last_rows) {
  FormerRuns former;
  if (last_rows > 0) former.measure.emplace().counts.read = last_rows;
  return SafetyStop(
      {.feed = feed, .report = report, .former = former, .file = file, .absence = {}});
}

TEST(SafetyStop, LetsAnOrdinaryFilePass) {
  EXPECT_TRUE(Judge({}, ReportOf(100, 5), "x.csv", 0).ok());
  EXPECT_TRUE(Judge({}, ReportOf(50, 0), "x.csv", 100).ok());
}

TEST(SafetyStop, NamesLimitAndRemedy) {
  FeedConfig feed;
  feed.name = "crm";
  const Status bad = Judge(feed, ReportOf(100, 6), "/q/x.csv", 0);
  EXPECT_EQ(bad.number(), 2030);
  EXPECT_THAT(bad.message(), HasSubstr("6 of 100 rows are bad (6 %, limit max_bad = 5 %)"));
  EXPECT_THAT(bad.message(), HasSubstr("referralctl sync crm /q/x.csv --accept"));
  EXPECT_EQ(Judge(feed, ReportOf(49, 0), "x", 100).number(), 2031);
  EXPECT_EQ(Judge(feed, ReportOf(0, 0), "x", 0).number(), 2033);
  feed.stop_on_bad_row = true;
  EXPECT_EQ(Judge(feed, ReportOf(1000, 1), "x", 0).number(), 2032);
}

TEST(SafetyStop, DoesNotMeasureAMendedFile) {
  CheckReport mended = ReportOf(10, 5);
  mended.mended = true;
  EXPECT_TRUE(Judge({}, mended, "x.csv", 1000).ok());
}

TEST(RejectList, KeepsOneReasonARowInOrder) {
  RejectList list;
  list.Add(RejectOf(9, 2201, "R-AMBIGUOUS"));
  list.Add(RejectOf(4, 2110, "R-TYPE"));
  list.Add(RejectOf(9, 1, "later"));
  list.Settle();
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list.at(0).record, 4u);
  EXPECT_EQ(list.at(1).code, "R-AMBIGUOUS");
}

TEST(RejectsFileName, DoesNotGrowWithEachRound) {
  ledger::RunRecord run;
  run.id = RunId::Make(support::FakeClock::kStart, {1});
  run.file = "contacts.v2.csv";
  const std::string name = RejectsFileName(run);
  EXPECT_EQ(name, "contacts.v2." + ToText(run.id) + ".rejects.csv");
  EXPECT_TRUE(IsRejectsFileName(name));
  EXPECT_FALSE(IsRejectsFileName("my.rejects.csv"));
  run.file = name;
  EXPECT_EQ(RejectsFileName(run), name);
}

SourceRow RowOf(uint64_t record, std::string id, std::string name) {
  connectors::Draft draft;
  draft.kind = referral::EntityKind::kPerson;
  draft.ref = {"crm", "Contact", std::move(id)};
  draft.fields = {{"display_name", std::move(name)}};
  return {.record = record, .line = record, .looks_cut = false, .content = std::move(draft)};
}

TEST(RowSorter, TellsWhatEachRowIsByTheRowsBefore) {
  RowSorter sorter;
  EXPECT_TRUE(std::holds_alternative<ledger::Row>(sorter.Sort(RowOf(2, "1", "A"))));
  EXPECT_TRUE(std::holds_alternative<RowSorter::Duplicate>(sorter.Sort(RowOf(3, "1", "A"))));
  const RowSorter::Sorted other = sorter.Sort(RowOf(4, "1", "B"));
  ASSERT_TRUE(std::holds_alternative<ledger::Reject>(other));
  EXPECT_EQ(std::get<ledger::Reject>(other).number, 2130);
  SourceRow merged = RowOf(5, "2", "C");
  std::get<connectors::Draft>(merged.content).merged_into = {"crm", "Contact", "1"};
  EXPECT_TRUE(std::holds_alternative<RowSorter::Merge>(sorter.Sort(std::move(merged))));
  SourceRow bad{.record = 6, .line = 9, .looks_cut = false, .content = connectors::RowError{}};
  std::get<connectors::RowError>(bad.content).code = "R-COLUMNS";
  EXPECT_EQ(std::get<ledger::Reject>(sorter.Sort(std::move(bad))).line, 9u);
}

TEST(RowSorter, OtherObjectsMayShareAnId) {
  RowSorter sorter;
  SourceRow lead = RowOf(3, "1", "A");
  std::get<connectors::Draft>(lead.content).ref.object = "Lead";
  EXPECT_TRUE(std::holds_alternative<ledger::Row>(sorter.Sort(RowOf(2, "1", "A"))));
  EXPECT_TRUE(std::holds_alternative<ledger::Row>(sorter.Sort(std::move(lead))));
}

TEST(Covers, ComparesPassThenRecord) {
  ledger::RunRecord stored, wish;
  stored.pass = 1;
  stored.cursor_record = 50;
  wish.pass = 1;
  wish.cursor_record = 50;
  EXPECT_TRUE(Covers(stored, wish));
  wish.cursor_record = 51;
  EXPECT_FALSE(Covers(stored, wish));
  wish.pass = 2;
  wish.cursor_record = 1;
  EXPECT_FALSE(Covers(stored, wish));
}

}  // namespace
}  // namespace referrald::sync
