#include "thrift/rpc/front.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "tests/support/fake_clock.h"
#include "tests/support/log_capture.h"
#include "tests/support/raw_connection.h"
#include "tests/support/temp_dir.h"

namespace referrald::rpc {
namespace {

using std::chrono::milliseconds;
using support::Framed;
using support::RawConnection;

constexpr std::chrono::hours kFar{1};

// The least that the front takes for a call.
std::string Call(std::string_view text) {
  return std::string("\x80\x01\x00\x01", 4) + std::string(12, '.') + std::string(text);
}

// A door that calls wait at until the test opens it.
class Gate {
 public:
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void Pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void AwaitWaiting(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this, count] { return waiting_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  int waiting_ = 0;
};

using AnswerFunction = std::function<Reply(const Request&)>;

class FunctionConversation final : public Conversation {
 public:
  explicit FunctionConversation(AnswerFunction answer) : answer_(std::move(answer)) {}
  Reply Answer(const Request& request) override { return answer_(request); }

 private:
  AnswerFunction answer_;
};

Reply Echo(const Request& request) {
  return {.frame = std::string(request.overloaded ? "overloaded" : request.frame),
          .close = false,
          .refusal = {}};
}

class FrontTest : public testing::Test {
 protected:
  void Start(FrontOptions options = {}, AnswerFunction answer = &Echo) {
    if (options.listen.empty()) options.listen = {"127.0.0.1:0"};
    // What a test does not set must not do what it waits for.
    const FrontOptions standard;
    if (options.idle_deadline == standard.idle_deadline) options.idle_deadline = kFar;
    if (options.frame_deadline == standard.frame_deadline) options.frame_deadline = kFar;
    if (options.stop_deadline == standard.stop_deadline) options.stop_deadline = kFar;
    Greet greet = [this, answer](const Caller& caller) {
      last_caller_ = caller;
      return std::make_unique<FunctionConversation>(answer);
    };
    Result<std::unique_ptr<Front>> front = Front::Start(options, greet, logger_, clock_);
    ASSERT_TRUE(front) << front.error().ToString();
    front_ = std::move(*front);
  }

  RawConnection Connect() const { return RawConnection(front_->ListenAddresses().front()); }

  // One call and its answer: the front has seen this connection.
  static void Exchange(RawConnection& connection) {
    ASSERT_TRUE(connection.Send(Framed(Call("hello"))));
    ASSERT_EQ(connection.ReadFrame(), Call("hello"));
  }

  std::string LastRefusal() const {
    const auto records = log_.records();
    return records.empty() ? "" : records.back().message;
  }

  support::TempDir dir_;
  support::FakeClock clock_;
  support::LogCapture log_;
  const Logger logger_{log_, clock_, LogLevel::kDebug};
  Caller last_caller_;
  std::unique_ptr<Front> front_;
};

TEST_F(FrontTest, TellsThePortThatItGot) {
  Start();
  const std::string address = front_->ListenAddresses().front();
  EXPECT_TRUE(address.starts_with("127.0.0.1:"));
  EXPECT_FALSE(address.ends_with(":0"));
  RawConnection connection = Connect();
  Exchange(connection);
  EXPECT_FALSE(last_caller_.local);
}

TEST_F(FrontTest, KnowsWhoCallsOnAUnixSocket) {
  Start({.listen = {"unix:" + dir_ / "rpc.sock"}});
  RawConnection connection = Connect();
  Exchange(connection);
  EXPECT_TRUE(last_caller_.local);
  EXPECT_EQ(last_caller_.uid, getuid());
}

TEST_F(FrontTest, MakesTheSocketFileForOwnerAndGroupAndRemovesIt) {
  const std::string path = dir_ / "rpc.sock";
  Start({.listen = {"unix:" + path}});
  struct stat found{};
  ASSERT_EQ(stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0660U);
  front_->Stop();
  EXPECT_NE(stat(path.c_str(), &found), 0);
}

TEST_F(FrontTest, AnswersPipelinedFramesInOrder) {
  Start();
  RawConnection connection = Connect();
  std::string all;
  for (int i = 0; i < 100; ++i) all += Framed(Call(std::to_string(i)));
  ASSERT_TRUE(connection.Send(all));
  for (int i = 0; i < 100; ++i) ASSERT_EQ(connection.ReadFrame(), Call(std::to_string(i)));
}

TEST_F(FrontTest, CarriesTheLargestFrame) {
  Start();
  RawConnection connection = Connect();
  const std::string call = Call(std::string(limits::kFrameBytesMax - Call("").size(), 'x'));
  std::thread sender([&] { connection.Send(Framed(call)); });
  EXPECT_EQ(connection.ReadFrame(), call);
  sender.join();
}

TEST_F(FrontTest, ClosesAtOnceOnWhatIsNoFrameAndSaysWhatItLookedLike) {
  Start();
  const std::pair<std::string, std::string> cases[] = {
      {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "looks like HTTP"},
      {std::string("\x16\x03\x01\x02\x00\x01", 6), "looks like TLS"},
      {Call("getServerInfo"), "unframed binary: use the framed transport"},
      {Framed(std::string("\x82\x21", 2) + std::string(20, 'x')), "framed compact"},
      {std::string("\x00\x10\x00\x01", 4), "length 1048577 exceeds the limit of 1048576"},
  };
  for (const auto& [bytes, expected] : cases) {
    RawConnection connection = Connect();
    connection.Send(bytes);
    EXPECT_TRUE(connection.IsClosed()) << expected;
    EXPECT_NE(LastRefusal().find(expected), std::string::npos) << LastRefusal();
  }
  EXPECT_EQ(front_->Counts().refused, std::size(cases));
}

TEST_F(FrontTest, JudgesABodyBeforeItIsComplete) {
  Start();
  RawConnection connection = Connect();
  connection.Send(std::string("\x00\x0f\x00\x00junk", 8));
  EXPECT_TRUE(connection.IsClosed()) << "waited for a body that will never come";
}

TEST_F(FrontTest, NeverLogsWhatAClientSent) {
  Start();
  RawConnection connection = Connect();
  connection.Send("GET /canary-4711 HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(connection.IsClosed());
  for (const LogRecord& record : log_.records()) {
    EXPECT_EQ(FormatLogfmt(record).find("canary"), std::string::npos);
  }
}

TEST_F(FrontTest, CutsAFrameThatDripsPastItsDeadline) {
  Start({.frame_deadline = milliseconds(100)});
  RawConnection connection = Connect();
  const std::string frame = Framed(Call(std::string(1000, 'x')));
  size_t sent = 0;
  // Never idle for long, and still too slow: only an absolute deadline sees that. All of it would
  // take ten seconds.
  while (sent < frame.size() && !connection.IsClosedWithin(milliseconds(10))) {
    connection.Send(frame.substr(sent++, 1));
  }
  EXPECT_LT(sent, frame.size());
  EXPECT_NE(LastRefusal().find("not finished in time"), std::string::npos) << LastRefusal();
}

TEST_F(FrontTest, ClosesAnIdleConnectionWithoutComplaint) {
  Start({.idle_deadline = milliseconds(50)});
  RawConnection connection = Connect();  // A call might come too late for so short a deadline.
  EXPECT_TRUE(connection.IsClosed());
  EXPECT_TRUE(log_.records().empty());
}

TEST_F(FrontTest, CutsAClientThatDoesNotReadItsAnswer) {
  const std::string large(8 << 20, 'x');
  Start({.write_deadline = milliseconds(100)},
        [&large](const Request&) { return Reply{.frame = large, .close = false, .refusal = {}}; });
  RawConnection connection = Connect();
  connection.Send(Framed(Call("")));
  const auto begun = std::chrono::steady_clock::now();
  while (front_->Counts().refused == 0) {
    ASSERT_LT(std::chrono::steady_clock::now() - begun, RawConnection::kPatience);
    std::this_thread::yield();
  }
  EXPECT_NE(LastRefusal().find("not read in time"), std::string::npos) << LastRefusal();
}

TEST_F(FrontTest, ClosesTheOldestIdleConnectionForANewOne) {
  Start({.connections_max = 3});
  RawConnection oldest = Connect();
  Exchange(oldest);
  RawConnection second = Connect();
  Exchange(second);
  RawConnection third = Connect();
  Exchange(third);
  Exchange(oldest);  // Now `second` has been idle for longest.
  RawConnection fourth = Connect();
  Exchange(fourth);
  EXPECT_TRUE(second.IsClosed());
  EXPECT_TRUE(oldest.IsQuiet());
  EXPECT_TRUE(third.IsQuiet());
  EXPECT_EQ(front_->Counts().evicted, 1U);
  EXPECT_EQ(front_->Counts().connections, 3U);
}

TEST_F(FrontTest, RefusesANewConnectionWhereNoneIsIdle) {
  Gate gate;
  Start({.connections_max = 1}, [&gate](const Request& request) {
    gate.Pass();
    return Echo(request);
  });
  RawConnection busy = Connect();
  busy.Send(Framed(Call("a")));
  gate.AwaitWaiting(1);
  RawConnection late = Connect();
  EXPECT_TRUE(late.IsClosed());
  gate.Open();
  EXPECT_EQ(busy.ReadFrame(), Call("a"));
}

TEST_F(FrontTest, RefusesMoreRequestsThanMayBeInFlight) {
  Gate gate;
  Start({.workers = 2, .requests_in_flight_max = 2}, [&gate](const Request& request) {
    if (!request.overloaded) gate.Pass();
    return Echo(request);
  });
  RawConnection first = Connect();
  RawConnection second = Connect();
  first.Send(Framed(Call("1")));
  second.Send(Framed(Call("2")));
  gate.AwaitWaiting(2);
  RawConnection third = Connect();
  third.Send(Framed(Call("3")));
  EXPECT_EQ(third.ReadFrame(), "overloaded");
  gate.Open();
  EXPECT_EQ(first.ReadFrame(), Call("1"));
  EXPECT_EQ(second.ReadFrame(), Call("2"));
  EXPECT_EQ(front_->Counts().overloaded, 1U);
  third.Send(Framed(Call("4")));
  EXPECT_EQ(third.ReadFrame(), Call("4"));
}

TEST_F(FrontTest, CutsTheOldestLargeFrameWhenMemoryRunsOut) {
  Start({.buffered_bytes_max = 64 * 1024});
  const std::string half = Framed(Call(std::string(100 * 1024, 'x'))).substr(0, 60 * 1024);
  RawConnection first = Connect();
  first.Send(half);
  RawConnection small = Connect();
  Exchange(small);  // By now the front has read the first part of `first`, or will before `second`.
  RawConnection second = Connect();
  second.Send(half);
  EXPECT_TRUE(first.IsClosed());
  Exchange(small);
}

TEST_F(FrontTest, AnswersCallsInFlightBeforeItStops) {
  Gate gate;
  Start({}, [&gate](const Request& request) {
    gate.Pass();
    return Echo(request);
  });
  RawConnection idle = Connect();
  RawConnection busy = Connect();
  busy.Send(Framed(Call("last")));
  gate.AwaitWaiting(1);
  std::thread stopper([this] { front_->Stop(); });
  EXPECT_TRUE(idle.IsClosed());
  gate.Open();
  EXPECT_EQ(busy.ReadFrame(), Call("last"));
  EXPECT_TRUE(busy.IsClosed());
  stopper.join();
}

TEST_F(FrontTest, ClosesTheSocketsOfCallsThatOutliveTheStopDeadline) {
  Gate gate;
  Start({.stop_deadline = milliseconds(50)}, [&gate](const Request& request) {
    gate.Pass();
    return Echo(request);
  });
  RawConnection busy = Connect();
  busy.Send(Framed(Call("stuck")));
  gate.AwaitWaiting(1);
  std::thread stopper([this] { front_->Stop(); });
  EXPECT_TRUE(busy.IsClosed());
  gate.Open();
  stopper.join();
}

TEST_F(FrontTest, ReplacesASocketFileThatACrashLeft) {
  const std::string path = dir_ / "rpc.sock";
  const std::string kept = dir_ / "kept.sock";
  Start({.listen = {"unix:" + path}});
  ASSERT_EQ(link(path.c_str(), kept.c_str()), 0);  // Stop removes `path`; a crash would not.
  front_->Stop();
  Start({.listen = {"unix:" + kept}});
  RawConnection connection = Connect();
  Exchange(connection);
}

TEST_F(FrontTest, RefusesASocketThatSomebodyAnswersAt) {
  const std::string address = "unix:" + dir_ / "rpc.sock";
  Start({.listen = {address}});
  const auto second =
      Front::Start({.listen = {address}}, [](const Caller&) { return nullptr; }, logger_, clock_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().number(), 5004);
  RawConnection connection = Connect();
  Exchange(connection);  // The first one still has its file.
}

TEST_F(FrontTest, NeverRemovesAFileThatIsNoSocket) {
  const std::string path = dir_.Write("precious.txt", "data");
  const auto front = Front::Start(
      {.listen = {"unix:" + path}}, [](const Caller&) { return nullptr; }, logger_, clock_);
  ASSERT_FALSE(front);
  EXPECT_EQ(front.error().number(), 5004);
  EXPECT_EQ(support::ReadFile(path), "data");
}

TEST_F(FrontTest, RefusesAPortInUse) {
  Start();
  const auto second = Front::Start(
      {.listen = front_->ListenAddresses()}, [](const Caller&) { return nullptr; }, logger_,
      clock_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().number(), 5004);
}

}  // namespace
}  // namespace referrald::rpc
