#pragma once

#include <string>
#include <string_view>

#include "storage/base/status.h"
#include "storage/base/time.h"

namespace referrald::connectors {

// A moment as CRMs write it: RFC 3339 with a zone ("2006-06-15T20:47:07.000Z", "+0000"); the same
// without one or with a space ("2024-03-12 09:14[:ss]"), taken as UTC; a date alone, midnight UTC;
// or milliseconds since 1970 (twelve to fourteen digits).
// InvalidArgument: anything else. Orders that differ by country (03/04/2024) are never guessed.
Result<Timestamp> ParseDateTime(std::string_view text);

// A date alone, "2026-11-21", also out of one of the forms above; what they say about the time of
// day and the zone is cut off, never computed with, so that no date moves by a day.
// InvalidArgument: anything else, or a day that does not exist.
Result<std::string> ParseDate(std::string_view text);

}  // namespace referrald::connectors
