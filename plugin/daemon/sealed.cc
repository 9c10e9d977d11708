#include "plugin/daemon/sealed.h"

#include <boost/asio.hpp>
#include <csignal>
#include <utility>

#include "plugin/daemon/service_manager.h"

namespace referrald::daemon {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

constexpr int kNoKey = 4101;
constexpr std::chrono::seconds kLookAgain{1};
// Somebody may have to fetch the key: systemd is asked for more time with each look.
constexpr std::chrono::seconds kNextLookLatest{30};

class SealedWait {
 public:
  SealedWait(Status why, const std::function<Status()>& open)
      : why_(std::move(why)), open_(open), signals_(io_, SIGTERM, SIGINT, SIGHUP), timer_(io_) {}

  Status Run() {
    AwaitSignal();
    LookLater();
    io_.run();
    return why_;
  }

 private:
  void AwaitSignal() {
    signals_.async_wait([this](const ErrorCode& error, int signal) {
      if (error) return;
      if (signal == SIGHUP) return AwaitSignal();  // The next look comes anyway.
      End(Status::Aborted("asked to stop before the key came"));
    });
  }

  void LookLater() {
    TellStarting("sealed: " + why_.message(), kNextLookLatest);
    timer_.expires_after(kLookAgain);
    timer_.async_wait([this](const ErrorCode& error) {
      if (error) return;
      Status opened = open_();
      if (!IsSealed(opened)) return End(std::move(opened));
      LookLater();
    });
  }

  void End(Status outcome) {
    why_ = std::move(outcome);
    timer_.cancel();
    signals_.cancel();
  }

  Status why_;
  const std::function<Status()>& open_;
  asio::io_context io_;
  asio::signal_set signals_;
  asio::steady_timer timer_;
};

}  // namespace

bool IsSealed(const Status& failure) { return failure.number() == kNoKey; }

Status AwaitKey(const Status& why, const std::function<Status()>& open, const SealedParts& parts) {
  auto server = rpc::Server::StartSealed(why, parts.logger, parts.clock, parts.server);
  if (!server) return server.error();
  parts.logger.Write({.level = LogLevel::kWarning,
                      .event = "daemon.sealed",
                      .message = "Nothing is served until the key is there: " + why.message(),
                      .number = why.number(),
                      .fields = {}});
  const Status outcome = SealedWait(why, open).Run();
  (*server)->Stop();
  if (outcome.ok()) {
    parts.logger.Write({.level = LogLevel::kInfo,
                        .event = "daemon.unsealed",
                        .message = "The key is there; the store is open.",
                        .fields = {}});
  }
  return outcome;
}

}  // namespace referrald::daemon
