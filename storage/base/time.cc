#include "storage/base/time.h"

#include <fmt/format.h>

#include <optional>

namespace referrald {
namespace {

// Reads decimal digits off the front of a text, bounded by a width.
class DigitReader {
 public:
  explicit DigitReader(std::string_view text) : rest_(text) {}

  // Exactly `width` digits, or nothing.
  std::optional<int> Number(size_t width) {
    if (rest_.size() < width) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, width)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(width);
    return value;
  }

  bool Accept(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool AcceptOneOf(std::string_view expected) {
    if (rest_.empty() || !expected.contains(rest_.front())) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Up to nine digits as microseconds; digits beyond the sixth are cut.
  std::optional<int> Fraction() {
    int micros = 0;
    size_t count = 0;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9' && count < 9) {
      if (count < 6) micros = micros * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
      ++count;
    }
    if (count == 0) return std::nullopt;
    for (; count < 6; ++count) micros *= 10;
    return micros;
  }

  bool AtEnd() const { return rest_.empty(); }
  char Peek() const { return rest_.empty() ? '\0' : rest_.front(); }

 private:
  std::string_view rest_;
};

std::optional<Timestamp> ReadDate(DigitReader& reader) {
  const auto year = reader.Number(4);
  if (!year || !reader.Accept('-')) return std::nullopt;
  const auto month = reader.Number(2);
  if (!month || !reader.Accept('-')) return std::nullopt;
  const auto day = reader.Number(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return Timestamp{std::chrono::sys_days{date}};
}

std::optional<std::chrono::microseconds> ReadTimeOfDay(DigitReader& reader) {
  const auto hour = reader.Number(2);
  if (!hour || *hour > 23 || !reader.Accept(':')) return std::nullopt;
  const auto minute = reader.Number(2);
  if (!minute || *minute > 59) return std::nullopt;
  int second = 0;
  if (reader.Accept(':')) {
    const auto read = reader.Number(2);
    if (!read || *read > 59) return std::nullopt;
    second = *read;
  }
  int micros = 0;
  if (reader.Accept('.')) {
    const auto read = reader.Fraction();
    if (!read) return std::nullopt;
    micros = *read;
  }
  return std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{second} +
         std::chrono::microseconds{micros};
}

// "Z", "+01:00", "+0100": what has to be added to UTC to get the local time.
std::optional<std::chrono::minutes> ReadZone(DigitReader& reader) {
  if (reader.AcceptOneOf("Zz")) return std::chrono::minutes{0};
  const char sign = reader.Peek();
  if (!reader.AcceptOneOf("+-")) return std::nullopt;
  const auto hours = reader.Number(2);
  if (!hours || *hours > 23) return std::nullopt;
  reader.Accept(':');
  const auto minutes = reader.Number(2);
  if (!minutes || *minutes > 59) return std::nullopt;
  const std::chrono::minutes offset = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
  return sign == '-' ? -offset : offset;
}

Status Malformed(std::string_view what) {
  return Status::InvalidArgument(fmt::format(
      "not a time: {} (write 2026-11-21T10:04:09Z or 2026-11-21T11:04:09+01:00)", what));
}

}  // namespace

Timestamp SystemClock::Now() const {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string FormatTimestamp(Timestamp at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{at - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     time.subseconds().count());
}

Result<Timestamp> ParseTimestamp(std::string_view text) {
  DigitReader reader(text);
  const auto date = ReadDate(reader);
  if (!date) return Malformed("the date is not YYYY-MM-DD, or no such day exists");
  if (reader.AtEnd()) return *date;
  if (!reader.AcceptOneOf("Tt ")) return Malformed("'T' is missing behind the date");
  const auto time = ReadTimeOfDay(reader);
  if (!time) return Malformed("the time of day is not hh:mm:ss");
  if (reader.AtEnd()) return Malformed("the time has no zone, and one is never guessed");
  const auto zone = ReadZone(reader);
  if (!zone || !reader.AtEnd()) return Malformed("the zone is not Z or +hh:mm");
  return *date + *time - *zone;
}

}  // namespace referrald
