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

}  // namespace
}  // namespace referrald::sync
