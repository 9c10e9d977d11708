#include "connectors/sync/run_log.h"

#include <gtest/gtest.h>

#include "tests/connectors/sync/fakes.h"
#include "tests/support/fake_clock.h"

namespace referrald::sync {
namespace {

int64_t NumberOf(const LogRecord& record, std::string_view key) {
  for (const LogField& field : record.fields) {
    if (field.key == key) return std::get<int64_t>(field.value);
  }
  return -1;
}

TEST(RunLog, ProgressSaysHowFastAndHowLongStill) {
  support::FakeClock clock;
  EventSink sink;
  const Logger logger(sink, clock, LogLevel::kDebug);
  RunLog log(logger, clock);
  ledger::RunRecord run;
  run.started_at = clock.Now();
  run.rows_expected = 3000;
  log.Started(run);
  run.counts = {.read = 1000, .created = 990, .quarantined = 10};
  clock.Advance(std::chrono::seconds{1});
  log.Progress(run);  // Not so soon again.
  EXPECT_TRUE(sink.All("run.progress").empty());
  clock.Advance(std::chrono::seconds{3});
  log.Progress(run);
  const auto records = sink.All("run.progress");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(NumberOf(records[0], "rows_read"), 1000);
  EXPECT_EQ(NumberOf(records[0], "rows_quarantined"), 10);
  EXPECT_EQ(NumberOf(records[0], "rows_per_s"), 250);
  EXPECT_EQ(NumberOf(records[0], "seconds_left"), 8);
}

// The receipt of an erasure cannot name a file that comes after it.
TEST(RunLog, NamesAFileThatHoldsWhoWasErased) {
  support::FakeClock clock;
  EventSink sink;
  const Logger logger(sink, clock, LogLevel::kDebug);
  RunLog log(logger, clock);
  ledger::RunRecord run;
  run.file = "Contact.csv";
  run.counts = {.read = 3, .created = 3};
  log.Finished(run);
  EXPECT_TRUE(sink.All("file.holds_erased").empty());
  run.counts = {.read = 3, .created = 1, .suppressed = 2};
  log.Finished(run);
  const auto records = sink.All("file.holds_erased");
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(NumberOf(records[0], "rows_suppressed"), 2);
  EXPECT_NE(records[0].message.find("Contact.csv"), std::string::npos);
}

}  // namespace
}  // namespace referrald::sync
