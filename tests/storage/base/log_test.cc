#include "storage/base/log.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace referrald {
namespace {

class Recorder final : public LogSink {
 public:
  void Write(const LogRecord& record) override { records.push_back(record); }
  std::vector<LogRecord> records;
};

LogRecord Sample() {
  return {.level = LogLevel::kWarning,
          .event = "run.finished",
          .message = "3 rows are quarantined.",
          .number = 2101,
          .fields = {{.key = "feed", .value = "hubspot-eu"},
                     {.key = "rows", .value = int64_t{-12}},
                     {.key = "file", .value = "a \"b\".csv"}},
          .at = support::FakeClock::kStart};
}

TEST(FormatLogfmt, QuotesWhatNeedsIt) {
  EXPECT_EQ(FormatLogfmt(Sample()),
            "ts=2026-01-01T00:00:00.000000Z level=warning event=run.finished code=RFD2101 "
            "msg=\"3 rows are quarantined.\" feed=hubspot-eu rows=-12 file=\"a \\\"b\\\".csv\"");
}

TEST(FormatLogfmt, StaysOneLineWhateverTheValue) {
  LogRecord record = Sample();
  record.fields = {{.key = "file", .value = "x\nlevel=error y"}, {.key = "empty", .value = ""}};
  const std::string line = FormatLogfmt(record);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_TRUE(line.ends_with("file=\"x\\nlevel=error y\" empty=\"\"")) << line;
}

TEST(FormatJson, IsOneObject) {
  EXPECT_EQ(FormatJson(Sample()),
            R"({"ts":"2026-01-01T00:00:00.000000Z","level":"warning","event":"run.finished",)"
            R"("code":"RFD2101","msg":"3 rows are quarantined.","feed":"hubspot-eu","rows":-12,)"
            R"("file":"a \"b\".csv"})");
}

TEST(JsonQuote, EscapesAndRepairs) {
  EXPECT_EQ(JsonQuote("a\\b\"c\n\t\x01\x7f"), R"("a\\b\"c\n\t\u0001\u007f")");
  EXPECT_EQ(JsonQuote("é\xff\xed\xa0\x80"),
            "\"é\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
  EXPECT_EQ(JsonQuote("\xf0\x9f\x98\x80"), "\"\xf0\x9f\x98\x80\"");
}

TEST(Logger, DropsWhatIsBelowItsLevelAndGivesTheTime) {
  Recorder recorder;
  const support::FakeClock clock;
  const Logger logger(recorder, clock, LogLevel::kInfo);
  logger.Write({.level = LogLevel::kDebug, .event = "a", .message = "A.", .fields = {}});
  logger.Write({.level = LogLevel::kInfo, .event = "b", .message = "B.", .fields = {}});
  ASSERT_EQ(recorder.records.size(), 1u);
  EXPECT_EQ(recorder.records[0].event, "b");
  EXPECT_EQ(recorder.records[0].at, support::FakeClock::kStart);
}

TEST(LogLevel, IsReadAsItIsWritten) {
  for (const LogLevel level :
       {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError}) {
    EXPECT_EQ(ParseLogLevel(LogLevelName(level)).value_or(LogLevel::kDebug), level);
  }
  EXPECT_FALSE(ParseLogLevel("INFO"));
}

}  // namespace
}  // namespace referrald
