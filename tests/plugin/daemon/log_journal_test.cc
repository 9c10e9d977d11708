#include "plugin/daemon/log_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace referrald::daemon {
namespace {

TEST(JournalFields, CarryTheSameKeysInCapitals) {
  const LogRecord record{
      .level = LogLevel::kWarning,
      .event = "run.finished",
      .message = "Some rows need a fix.",
      .number = 2030,
      .fields = {{"feed", std::string("hubspot-eu")}, {"dur_us.read", int64_t{12}}}};
  EXPECT_THAT(JournalFields(record),
              testing::ElementsAre("MESSAGE=Some rows need a fix.", "PRIORITY=4",
                                   "SYSLOG_IDENTIFIER=referrald", "REFERRALD_EVENT=run.finished",
                                   "REFERRALD_CODE=RFD2030", "REFERRALD_FEED=hubspot-eu",
                                   "REFERRALD_DUR_US_READ=12"));
}

TEST(JournalFields, HaveNoCodeWithoutANumber) {
  const LogRecord record{.level = LogLevel::kInfo, .event = "e", .message = "m", .fields = {}};
  EXPECT_EQ(JournalFields(record).size(), 4u);
}

}  // namespace
}  // namespace referrald::daemon
