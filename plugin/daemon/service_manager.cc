#include "plugin/daemon/service_manager.h"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

namespace referrald::daemon {
namespace {

// A manager that does not listen is not a reason to stop serving.
void Tell(const std::string& state) {
  static_cast<void>(sd_notify(/*unset_environment=*/0, state.c_str()));
}

}  // namespace

void TellStarting(std::string_view doing, std::chrono::seconds longest) {
  const std::chrono::microseconds micros = longest;
  Tell(fmt::format("STATUS={}\nEXTEND_TIMEOUT_USEC={}", doing, micros.count()));
}

void TellReady(std::string_view state) { Tell(fmt::format("READY=1\nSTATUS={}", state)); }

void TellStopping() { Tell("STOPPING=1\nSTATUS=stopping"); }

void TellAlive() { Tell("WATCHDOG=1"); }

std::optional<std::chrono::microseconds> WatchdogInterval() {
  uint64_t micros = 0;
  if (sd_watchdog_enabled(/*unset_environment=*/0, &micros) <= 0) return std::nullopt;
  return std::chrono::microseconds{static_cast<int64_t>(micros / 2)};
}

}  // namespace referrald::daemon
