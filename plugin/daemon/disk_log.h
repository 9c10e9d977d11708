#pragma once

#include <optional>

#include "storage/base/log.h"
#include "storage/engine/engine.h"

namespace referrald::daemon {

// Says once, in the log, when the space on the disk of the store gets low or full, and when it is
// ample again: who reads the log at night need not ask for the status. One thread.
class DiskLog {
 public:
  explicit DiskLog(const Logger& logger) : logger_(logger) {}  // Borrows it.

  // What the engine says now; often.
  void Look(const engine::Condition& now);

 private:
  const Logger& logger_;
  std::optional<engine::DiskLevel> said_;
};

}  // namespace referrald::daemon
