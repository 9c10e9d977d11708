#include "plugin/daemon/disk_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/log_capture.h"

namespace referrald::daemon {
namespace {

using engine::DiskLevel;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> EventsOf(const support::LogCapture& lines) {
  std::vector<std::string> events;
  for (const LogRecord& record : lines.records()) events.push_back(record.event);
  return events;
}

TEST(DiskLog, SaysOnceWhenSomethingChanges) {
  support::FakeClock clock;
  support::LogCapture lines;
  const Logger logger(lines, clock, LogLevel::kInfo);
  DiskLog log(logger);
  const auto look = [&log](DiskLevel level) {
    engine::Condition now;
    now.disk = level;
    log.Look(now);
  };
  look(DiskLevel::kAmple);
  EXPECT_THAT(EventsOf(lines), IsEmpty());
  for (const DiskLevel level :
       {DiskLevel::kLow, DiskLevel::kLow, DiskLevel::kFull, DiskLevel::kFull, DiskLevel::kAmple}) {
    look(level);
  }
  EXPECT_THAT(EventsOf(lines), ElementsAre("disk.low", "disk.full", "disk.ample"));
}

TEST(DiskLog, SaysAtOnceWhereItBeginsFull) {
  support::FakeClock clock;
  support::LogCapture lines;
  const Logger logger(lines, clock, LogLevel::kInfo);
  DiskLog log(logger);
  engine::Condition now;
  now.disk = DiskLevel::kFull;
  log.Look(now);
  EXPECT_THAT(EventsOf(lines), ElementsAre("disk.full"));
}

}  // namespace
}  // namespace referrald::daemon
