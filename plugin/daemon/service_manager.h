#pragma once

#include <chrono>
#include <optional>
#include <string_view>

// What systemd wants to hear (sd_notify). Where nobody listens (no NOTIFY_SOCKET), all of it is
// nothing.
namespace referrald::daemon {

// Start is going on and may take up to `longest`: a long log to read is not a hang.
void TellStarting(std::string_view doing, std::chrono::seconds longest);
void TellReady(std::string_view state);
void TellStopping();
void TellAlive();

// How often TellAlive must come, where systemd asked for it: half of WatchdogSec.
std::optional<std::chrono::microseconds> WatchdogInterval();

}  // namespace referrald::daemon
