#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include "storage/base/log.h"

namespace referrald::support {

// Keeps what is logged. Any thread.
class LogCapture final : public LogSink {
 public:
  void Write(const LogRecord& record) override {
    const std::lock_guard lock(mutex_);
    records_.push_back(record);
  }
  std::vector<LogRecord> records() const {
    const std::lock_guard lock(mutex_);
    return records_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<LogRecord> records_;  // Guarded by mutex_.
};

}  // namespace referrald::support
