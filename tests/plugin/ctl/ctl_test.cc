#include "plugin/ctl/ctl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/support/fake_clock.h"
#include "tests/support/temp_dir.h"

namespace referrald::ctl {
namespace {

using testing::HasSubstr;

class CtlTest : public testing::Test {
 protected:
  ExitCode RunWith(std::vector<const char*> words) {
    out_.str("");
    error_.str("");
    words.insert(words.begin(), "referralctl");
    const std::string socket = dir_ / "none";
    words.insert(words.end(), {"--socket", socket.c_str()});
    return ctl::Run(static_cast<int>(words.size()), words.data(),
                    {.clock = clock_, .out = out_, .error = error_});
  }

  const support::TempDir dir_;
  const support::FakeClock clock_;
  std::ostringstream out_, error_;
};

TEST_F(CtlTest, HelpNamesTheExitCodes) {
  EXPECT_EQ(RunWith({"--help"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("69 the daemon does not answer"));
  EXPECT_EQ(RunWith({"referral", "record", "--help"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("source-contacted"));
}

TEST_F(CtlTest, SaysItsVersion) {
  EXPECT_EQ(RunWith({"--version"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), testing::StartsWith("referralctl "));
}

TEST_F(CtlTest, AnUnknownCommandIsUsage) {
  EXPECT_EQ(RunWith({}), ExitCode::kUsage);
  EXPECT_EQ(RunWith({"statsu"}), ExitCode::kUsage);
  EXPECT_THAT(error_.str(), HasSubstr("Did you mean `status`?"));
  EXPECT_EQ(RunWith({"bogus"}), ExitCode::kUsage);
  EXPECT_THAT(error_.str(), HasSubstr("`bogus` is no command."));
  EXPECT_EQ(RunWith({"run"}), ExitCode::kUsage);
  EXPECT_EQ(RunWith({"run", "show"}), ExitCode::kUsage);
}

TEST_F(CtlTest, SaysThatTheDaemonDoesNotAnswer) {
  EXPECT_EQ(RunWith({"status"}), ExitCode::kNotReachable);
  EXPECT_THAT(error_.str(), testing::StartsWith("referralctl: RFD5010 "));
  EXPECT_EQ(out_.str(), "");
}

TEST_F(CtlTest, QuietIsQuietOnlyWhileAllIsWell) {
  ctl::Options options;
  options.quiet = true;
  Context context(options, clock_, out_, error_);
  EXPECT_EQ(context.Show({}, "fine\n"), ExitCode::kOk);
  EXPECT_EQ(context.Show({}, "not fine\n", ExitCode::kIncomplete), ExitCode::kIncomplete);
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(error_.str(), "not fine\n");
}

TEST_F(CtlTest, LimitsAreNumbersThatMakeSense) {
  EXPECT_EQ(RunWith({"run", "list", "-n", "0"}), ExitCode::kUsage);
  EXPECT_EQ(RunWith({"contact", "find", "x", "-n", "-1"}), ExitCode::kUsage);
  EXPECT_EQ(RunWith({"chain", "show", "c_1", "--depth", "-1"}), ExitCode::kUsage);
}

TEST_F(CtlTest, AFailureIsJsonWhereJsonIsAsked) {
  EXPECT_EQ(RunWith({"status", "--json"}), ExitCode::kNotReachable);
  EXPECT_THAT(out_.str(), HasSubstr("\"code\": \"RFD5010\""));
  EXPECT_EQ(error_.str(), "");
}

TEST_F(CtlTest, AUsageErrorIsJsonWhereJsonIsAsked) {
  EXPECT_EQ(RunWith({"--json", "statsu"}), ExitCode::kUsage);
  EXPECT_THAT(out_.str(), HasSubstr("\"kind\": \"invalid argument\""));
  EXPECT_THAT(out_.str(), HasSubstr("Did you mean `status`?"));
  EXPECT_EQ(error_.str(), "");
  EXPECT_EQ(RunWith({"run", "show", "--json"}), ExitCode::kUsage);
  EXPECT_THAT(out_.str(), HasSubstr("RUN is required"));
  EXPECT_EQ(error_.str(), "");
}

TEST_F(CtlTest, MistakesAreFoundBeforeTheDaemonIsAsked) {
  EXPECT_EQ(RunWith({"contact", "show", "nobody"}), ExitCode::kUsage);
  EXPECT_EQ(RunWith({"referral", "record", "warm"}), ExitCode::kUsage);
  EXPECT_THAT(error_.str(), HasSubstr("RFD3010"));
  EXPECT_EQ(RunWith({"referral", "record", "named", "--temperature", "WARM"}), ExitCode::kUsage);
  EXPECT_THAT(error_.str(), HasSubstr("RFD3010"));
  EXPECT_EQ(RunWith({"referral", "record", "won", "--amount", "12,5 EUR"}), ExitCode::kUsage);
  EXPECT_EQ(RunWith({"referral", "record", "named", "--at", "yesterday"}), ExitCode::kUsage);
  EXPECT_EQ(RunWith({"chain", "show", "c_1", "--format", "png"}), ExitCode::kUsage);
  EXPECT_EQ(RunWith({"status", "--timeout", "soon"}), ExitCode::kUsage);
}

TEST_F(CtlTest, AnswersWhatItKnowsByItself) {
  EXPECT_EQ(RunWith({"version"}), ExitCode::kOk);
  EXPECT_EQ(out_.str(), "referralctl " REFERRALD_VERSION "\n");
  EXPECT_EQ(RunWith({"explain", "rfd1042"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("unknown setting"));
  EXPECT_EQ(RunWith({"explain", "RFD9999"}), ExitCode::kNotFound);
  EXPECT_EQ(RunWith({"referral", "transitions"}), ExitCode::kOk);
  EXPECT_THAT(out_.str(), HasSubstr("INTRODUCED"));
  EXPECT_EQ(RunWith({"--quiet", "version"}), ExitCode::kOk);
  EXPECT_EQ(out_.str(), "");
}

TEST(ExitCodeOf, SaysWhoMustAct) {
  EXPECT_EQ(ExitCodeOf(Status::Ok()), ExitCode::kOk);
  EXPECT_EQ(ExitCodeOf(Status::InvalidArgument("")), ExitCode::kUsage);
  EXPECT_EQ(ExitCodeOf(Status::NotFound("")), ExitCode::kNotFound);
  EXPECT_EQ(ExitCodeOf(Status::FailedPrecondition("")), ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf(Status::AlreadyExists("")), ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf(Status::PermissionDenied("")), ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf(Status::Unavailable("", 5010)), ExitCode::kNotReachable);
  EXPECT_EQ(ExitCodeOf(Status::DeadlineExceeded("", 5012)), ExitCode::kNotReachable);
  EXPECT_EQ(ExitCodeOf(Status::Unavailable("", 4002)), ExitCode::kTryAgain);
  EXPECT_EQ(ExitCodeOf(Status::Corruption("")), ExitCode::kFailed);
}

}  // namespace
}  // namespace referrald::ctl
