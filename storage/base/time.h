#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "storage/base/status.h"

namespace referrald {

// A moment in UTC, in whole microseconds since 1970-01-01T00:00:00Z.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

constexpr int64_t ToMicros(Timestamp at) { return at.time_since_epoch().count(); }
constexpr Timestamp FromMicros(int64_t micros) {
  return Timestamp{std::chrono::microseconds{micros}};
}

// Where "now" comes from. Any thread may call it.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp Now() const = 0;
};

// The machine's wall clock.
class SystemClock final : public Clock {
 public:
  Timestamp Now() const override;
};

// "2026-11-21T10:04:09.218734Z" (RFC 3339, always six digits, always Z).
std::string FormatTimestamp(Timestamp at);

// Reads RFC 3339 with a zone ("Z", "+01:00", "+0100") and up to nine fraction digits, or a date
// alone ("2026-11-21", taken as midnight UTC).
// InvalidArgument: anything else, a date that does not exist, or a time without a zone: a zone is
// never guessed here.
Result<Timestamp> ParseTimestamp(std::string_view text);

}  // namespace referrald
