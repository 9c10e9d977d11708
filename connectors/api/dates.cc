#include "connectors/api/dates.h"

#include <algorithm>
#include <charconv>

#include "storage/base/text.h"

namespace referrald::connectors {
namespace {

constexpr size_t kDateLength = 10;  // "2026-11-21"

bool IsEpochMilliseconds(std::string_view text) {
  return text.size() >= 12 && text.size() <= 14 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

Timestamp FromEpochMilliseconds(std::string_view text) {
  int64_t milliseconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), milliseconds);
  return Timestamp{std::chrono::milliseconds{milliseconds}};
}

bool HasZone(std::string_view text) {
  // A minus within the date is none.
  return text.find_first_of("Zz+-", kDateLength) != std::string_view::npos;
}

}  // namespace

Result<Timestamp> ParseDateTime(std::string_view text) {
  text = Trim(text);
  if (IsEpochMilliseconds(text)) return FromEpochMilliseconds(text);
  if (text.size() <= kDateLength) return ParseTimestamp(text);
  std::string whole(text);
  if (whole[kDateLength] == ' ') whole[kDateLength] = 'T';
  if (!HasZone(whole)) whole += 'Z';
  return ParseTimestamp(whole);
}

Result<std::string> ParseDate(std::string_view text) {
  text = Trim(text);
  const Result<Timestamp> at = ParseDateTime(text);
  if (!at) return at.error();
  if (IsEpochMilliseconds(text)) return FormatTimestamp(*at).substr(0, kDateLength);
  return std::string(text.substr(0, kDateLength));
}

}  // namespace referrald::connectors
