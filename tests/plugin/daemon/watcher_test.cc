#include <utility>

#include "plugin/daemon/watcher.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio.hpp>
#include <filesystem>

#include "tests/support/fake_clock.h"
#include "tests/support/temp_dir.h"

namespace referrald::daemon {
namespace {

using std::chrono::milliseconds;

struct NullSink final : LogSink {
  void Write(const LogRecord& record) override { events.push_back(record.event); }
  std::vector<std::string> events;
};

using Looks = std::vector<std::pair<std::string, std::string>>;  // Feed, renamed in.

// A watcher over one inbox, and what it said so far.
class WatcherTest : public testing::Test {
 protected:
  void Start(Watcher::Options options, const std::string& inbox) {
    watcher_ = std::make_unique<Watcher>(
        io_, std::vector<Watcher::Inbox>{{.feed = "f", .path = inbox, .settle = milliseconds(1)}},
        [this](std::string_view feed, std::string_view renamed_in) {
          looks_.emplace_back(feed, renamed_in);
        },
        logger_, options);
  }

  // Runs the loop until `look` has come; false where it does not within ten seconds.
  bool Awaits(const Looks::value_type& look) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::find(looks_.begin(), looks_.end(), look) == looks_.end()) {
      if (io_.run_one_until(until) == 0) return false;
    }
    return true;
  }

  const support::TempDir dir_;
  const support::FakeClock clock_;
  NullSink sink_;
  const Logger logger_{sink_, clock_, LogLevel::kDebug};
  boost::asio::io_context io_;
  Looks looks_;
  std::unique_ptr<Watcher> watcher_;
};

TEST_F(WatcherTest, NamesAFileThatWasRenamedIn) {
  const std::string file = dir_.Write("outside.csv", "x");
  std::filesystem::create_directory(dir_ / "inbox");
  Start({}, dir_ / "inbox");
  std::filesystem::rename(file, dir_ / "inbox" + "/inside.csv");
  EXPECT_TRUE(Awaits({"f", "inside.csv"}));
}

TEST_F(WatcherTest, LooksAgainWhenAWrittenFileHasSettled) {
  std::filesystem::create_directory(dir_ / "inbox");
  Start({}, dir_ / "inbox");
  dir_.Write("inbox/a.csv", "x");
  ASSERT_TRUE(Awaits({"f", ""}));
  looks_.clear();
  EXPECT_TRUE(Awaits({"f", ""}));
}

TEST_F(WatcherTest, LooksEverywhereNowAndThen) {
  std::filesystem::create_directory(dir_ / "inbox");
  Start({.rescan = milliseconds(1)}, dir_ / "inbox");
  ASSERT_TRUE(Awaits({"", ""}));
  looks_.clear();
  EXPECT_TRUE(Awaits({"", ""}));
}

TEST_F(WatcherTest, LeavesAnInboxItCannotWatchToTheRescans) {
  Start({.rescan = milliseconds(1)}, dir_ / "missing");
  EXPECT_EQ(sink_.events, std::vector<std::string>{"inbox.unwatched"});
  EXPECT_TRUE(Awaits({"", ""}));
}

TEST_F(WatcherTest, LooksNoMoreOnceItIsStopped) {
  std::filesystem::create_directory(dir_ / "inbox");
  Start({.rescan = milliseconds(1)}, dir_ / "inbox");
  dir_.Write("inbox/a.csv", "x");
  watcher_->Stop();
  io_.run();  // Nothing is left to wait for.
  EXPECT_TRUE(looks_.empty());
}

}  // namespace
}  // namespace referrald::daemon
