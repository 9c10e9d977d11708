#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/base/status.h"
#include "storage/base/time.h"

namespace referrald::connectors {

// In which order a date of numbers stands, where somebody said so.
enum class DateOrder : uint8_t {
  kUnsaid = 0,      // 03/04/2024 could be two days: refused.
  kMonthFirst = 1,  // 03/04/2024, 3-4-2024 or 3.4.2024 is the fourth of March.
  kDayFirst = 2,    // It is the third of April.
};

// A moment as CRMs write it: RFC 3339 with a zone ("2006-06-15T20:47:07.000Z", "+0000"); the same
// without one or with a space ("2024-03-12 09:14[:ss]"), taken as UTC; a date alone, midnight UTC;
// or milliseconds since 1970 (twelve to fourteen digits); "Sep 12, 2026" or "12 September 2026",
// whose month is a word. With an `order`, dates of numbers too; each of them may be followed by a
// time of day, "15:23[:07]" or "3:23 pm". InvalidArgument: anything else. Orders that differ by
// country (03/04/2024) are never guessed.
Result<Timestamp> ParseDateTime(std::string_view text, DateOrder order = DateOrder::kUnsaid);

// A date alone, "2026-11-21", also out of one of the forms above; what they say about the time of
// day and the zone is cut off, never computed with, so that no date moves by a day.
// InvalidArgument: anything else, or a day that does not exist.
Result<std::string> ParseDate(std::string_view text, DateOrder order = DateOrder::kUnsaid);

}  // namespace referrald::connectors
