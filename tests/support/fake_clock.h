#pragma once

#include <atomic>

#include "storage/base/time.h"

namespace referrald::support {

// A clock that moves only when it is told to. Any thread.
class FakeClock final : public Clock {
 public:
  // 2026-01-01T00:00:00Z, so that a test that prints a time prints the same one each run.
  static constexpr Timestamp kStart = FromMicros(1'767'225'600'000'000);

  explicit FakeClock(Timestamp now = kStart) : micros_(ToMicros(now)) {}

  Timestamp Now() const override { return FromMicros(micros_.load()); }
  void Set(Timestamp now) { micros_.store(ToMicros(now)); }
  void Advance(std::chrono::microseconds by) { micros_.fetch_add(by.count()); }

 private:
  std::atomic<int64_t> micros_;
};

}  // namespace referrald::support
