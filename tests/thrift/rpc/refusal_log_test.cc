#include "thrift/rpc/refusal_log.h"

#include <gtest/gtest.h>

#include "storage/base/limits.h"
#include "tests/support/fake_clock.h"
#include "tests/support/log_capture.h"

namespace referrald::rpc {
namespace {

TEST(RefusalLog, WritesSomeRecordsAMinuteAndThenCounts) {
  support::FakeClock clock;
  support::LogCapture log;
  const Logger logger(log, clock, LogLevel::kDebug);
  RefusalLog refusals(logger, clock);
  const size_t left_out = 7;
  for (size_t i = 0; i < limits::kRpcRefusalsLoggedPerMinute + left_out; ++i) {
    refusals.Write({"http", "looks like HTTP"}, {});
  }
  EXPECT_EQ(log.records().size(), limits::kRpcRefusalsLoggedPerMinute);

  clock.Advance(std::chrono::minutes(1));
  refusals.Write({"http", "looks like HTTP"}, {});
  ASSERT_EQ(log.records().size(), limits::kRpcRefusalsLoggedPerMinute + 1);
  const std::string line = FormatLogfmt(log.records().back());
  EXPECT_NE(line.find("event=rpc.refused"), std::string::npos) << line;
  EXPECT_NE(line.find("looks like HTTP"), std::string::npos) << line;
  EXPECT_NE(line.find("left_out=7"), std::string::npos) << line;
}

}  // namespace
}  // namespace referrald::rpc
