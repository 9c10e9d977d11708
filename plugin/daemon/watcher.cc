#include <utility>

#include "plugin/daemon/watcher.h"

#include <fmt/format.h>
#include <sys/inotify.h>

#include <array>
#include <boost/asio.hpp>
#include <cstring>
#include <map>

namespace referrald::daemon {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

constexpr int kNotWatched = 1070;
// A hard link appears by IN_CREATE alone; a file that is still being written settles first.
constexpr uint32_t kInterest = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ONLYDIR;
constexpr std::chrono::milliseconds kSettleMargin{50};

}  // namespace

// Held by the callbacks that wait, so that one that comes late finds it.
class Watcher::State : public std::enable_shared_from_this<State> {
 public:
  State(asio::io_context& io, std::vector<Inbox> inboxes, Look look, const Logger& logger,
        Options options)
      : logger_(logger),
        options_(options),
        look_(std::move(look)),
        inotify_(io),
        rescan_timer_(io) {
    for (Inbox& inbox : inboxes) {
      feeds_.push_back(std::make_unique<Feed>(std::move(inbox), io));
    }
  }

  void Start() {
    const int descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (descriptor >= 0) {
      inotify_.assign(descriptor);
      for (const auto& feed : feeds_) Watch(*feed);
      Read();
    } else {
      Warn("inotify cannot be used", errno);
    }
    AwaitRescan();
  }

  void Stop() {
    look_ = nullptr;
    ErrorCode ignored;
    inotify_.close(ignored);
    rescan_timer_.cancel();
    for (const auto& feed : feeds_) feed->settle_timer.cancel();
  }

 private:
  struct Feed {
    Feed(Inbox config, asio::io_context& io) : inbox(std::move(config)), settle_timer(io) {}
    Inbox inbox;
    asio::steady_timer settle_timer;
  };

  void Watch(Feed& feed) {
    const int watch =
        inotify_add_watch(inotify_.native_handle(), feed.inbox.path.c_str(), kInterest);
    if (watch >= 0) {
      by_watch_[watch] = &feed;
    } else {
      Warn(fmt::format("the inbox of {} cannot be watched", feed.inbox.feed), errno);
    }
  }

  void Warn(std::string what, int error) {
    logger_.Write({.level = LogLevel::kWarning,
                   .event = "inbox.unwatched",
                   .message = fmt::format("{} ({}): files are found by looking every {} s", what,
                                          std::strerror(error), options_.rescan.count() / 1000),
                   .number = kNotWatched,
                   .fields = {}});
  }

  void Read() {
    inotify_.async_read_some(asio::buffer(buffer_),
                             [self = shared_from_this()](const ErrorCode& error, size_t size) {
                               if (error || !self->look_) return;
                               self->Dispatch(size);
                               self->Read();
                             });
  }

  void Dispatch(size_t size) {
    for (size_t at = 0; at + sizeof(inotify_event) <= size;) {
      inotify_event event{};
      std::memcpy(&event, buffer_.data() + at, sizeof event);
      const char* name = buffer_.data() + at + sizeof event;
      Handle(event, event.len > 0 ? std::string(name) : std::string());
      at += sizeof event + event.len;
    }
  }

  void Handle(const inotify_event& event, const std::string& name) {
    if ((event.mask & IN_Q_OVERFLOW) != 0) {
      look_("", "");
      return;
    }
    const auto found = by_watch_.find(event.wd);
    if (found == by_watch_.end()) return;
    Feed& feed = *found->second;
    look_(feed.inbox.feed, (event.mask & IN_MOVED_TO) != 0 ? name : "");
    AwaitSettle(feed);
  }

  // Anew for each event: a file that is written in pieces has settled after the last one.
  void AwaitSettle(Feed& feed) {
    feed.settle_timer.expires_after(feed.inbox.settle + kSettleMargin);
    feed.settle_timer.async_wait([self = shared_from_this(), &feed](const ErrorCode& error) {
      if (!error && self->look_) self->look_(feed.inbox.feed, "");
    });
  }

  void AwaitRescan() {
    rescan_timer_.expires_after(options_.rescan);
    rescan_timer_.async_wait([self = shared_from_this()](const ErrorCode& error) {
      if (error || !self->look_) return;
      self->look_("", "");
      self->AwaitRescan();
    });
  }

  const Logger& logger_;
  const Options options_;
  Look look_;  // Empty: stopped.
  std::vector<std::unique_ptr<Feed>> feeds_;
  asio::posix::stream_descriptor inotify_;
  asio::steady_timer rescan_timer_;
  std::map<int, Feed*> by_watch_;
  alignas(inotify_event) std::array<char, 16 * 1024> buffer_{};
};

Watcher::Watcher(asio::io_context& io, std::vector<Inbox> inboxes, Look look, const Logger& logger,
                 Options options)
    : state_(std::make_shared<State>(io, std::move(inboxes), std::move(look), logger, options)) {
  state_->Start();
}

Watcher::~Watcher() { Stop(); }

void Watcher::Stop() { state_->Stop(); }

}  // namespace referrald::daemon
