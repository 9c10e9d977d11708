#include "plugin/ctl/progress.h"

#include <gtest/gtest.h>

#include <sstream>

namespace referrald::ctl {
namespace {

using namespace std::chrono_literals;
constexpr Progress::Time kStart{};

idl::Run RunAt(int64_t rows) {
  idl::Run run;
  run.feed = "hubspot-eu";
  run.status = "running";
  run.rows_expected = 88'140;
  run.counts.rows_read = rows;
  run.counts.quarantined = rows > 0 ? 17 : 0;
  return run;
}

TEST(Progress, WritesALineEveryTwoSecondsWhereNothingCanBeRedrawn) {
  std::ostringstream out;
  Progress progress(out, {});
  progress.Update(RunAt(0), kStart);
  progress.Update(RunAt(10'000), kStart + 1s);
  progress.Update(RunAt(53'801), kStart + 4s);
  progress.Finish();
  EXPECT_EQ(out.str(),
            "hubspot-eu  importing  0 %  0/88 140 rows  0 quarantined\n"
            "hubspot-eu  importing  61 %  53 801/88 140 rows  13 450 rows/s  17 quarantined  "
            "2.0 s left\n");
}

TEST(Progress, RedrawsOneLineOnATerminalAndWipesIt) {
  std::ostringstream out;
  Progress progress(out, {.is_terminal = true});
  idl::Run run = RunAt(0);
  progress.Update(run, kStart);
  run.rows_expected = 0;
  progress.Update(run, kStart + 1ms);
  progress.Finish();
  const std::string first = "hubspot-eu  importing  0 %  0/88 140 rows  0 quarantined";
  const std::string second = "hubspot-eu  checking the file";
  EXPECT_EQ(out.str(), "\r" + first + "\r" + second +
                           std::string(first.size() - second.size(), ' ') + "\r" +
                           std::string(second.size(), ' ') + "\r");
}

TEST(Progress, IsSilentWhenAsked) {
  std::ostringstream out;
  Progress progress(out, {.is_terminal = true, .silent = true});
  progress.Update(RunAt(1), kStart);
  progress.Finish();
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace referrald::ctl
