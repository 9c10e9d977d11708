#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/log.h"

namespace boost::asio {
class io_context;
}

namespace referrald::daemon {

// Notices files that arrive in inboxes and says so; decides nothing about them.
//
// Lives on the thread that runs `io`; the logger and `io` must outlive it.
class Watcher {
 public:
  struct Inbox {
    std::string feed;
    std::string path;
    std::chrono::milliseconds settle{};  // Look again so long after something was written.
  };
  struct Options {
    std::chrono::milliseconds rescan{30'000};  // Notifications get lost; network mounts send none.
  };
  // Look into the inbox of `feed` (all: ""). `renamed_in`: that file was moved in whole.
  using Look = std::function<void(std::string_view feed, std::string_view renamed_in)>;

  // Begins at once. An inbox that cannot be watched is logged (warning) and left to the rescans.
  Watcher(boost::asio::io_context& io, std::vector<Inbox> inboxes, Look look, const Logger& logger,
          Options options);
  ~Watcher();  // Stops.

  // No look comes after it.
  void Stop();

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace referrald::daemon
