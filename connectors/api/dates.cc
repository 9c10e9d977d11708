#include "connectors/api/dates.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>

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

// What is left of a text, read from the front.
class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) {}

  // Digits, at most `digits_max` of them, as a number; nothing where there are none, or more.
  std::optional<int> Number(size_t digits_max) {
    const size_t size = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (size == 0 || size > digits_max) return std::nullopt;
    int number = 0;
    std::from_chars(rest_.data(), rest_.data() + size, number);
    rest_.remove_prefix(size);
    return number;
  }
  std::string_view Letters() {
    const auto* const end = std::ranges::find_if_not(
        rest_, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
    const auto size = static_cast<size_t>(end - rest_.begin());
    const std::string_view letters = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return letters;
  }
  // The next character where it is one of `any`; 0 otherwise.
  char Take(std::string_view any) {
    if (rest_.empty() || !any.contains(rest_.front())) return 0;
    const char taken = rest_.front();
    rest_.remove_prefix(1);
    return taken;
  }
  void Skip(std::string_view any) {
    while (Take(any) != 0) continue;
  }
  bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

struct Day {
  int year = 0, month = 0, day = 0;
};

// 1 to 12 for an English month or its first three letters; 0 for anything else.
int MonthCalled(std::string_view word) {
  constexpr std::array<std::string_view, 12> kMonths = {
      "january", "february", "march",     "april",   "may",      "june",
      "july",    "august",   "september", "october", "november", "december"};
  constexpr size_t kShort = 3;
  const std::string folded = LowerAscii(word);
  for (size_t i = 0; i < kMonths.size(); ++i) {
    const bool is_short = folded == kMonths[i].substr(0, kShort) || folded == "sept";
    if (folded == kMonths[i] || (is_short && kMonths[i].starts_with(folded.substr(0, kShort)))) {
      return static_cast<int>(i) + 1;
    }
  }
  return 0;
}

// "Sep 12, 2026", "12 September 2026".
std::optional<Day> NamedDay(Words& words) {
  Day day;
  if (const std::optional<int> number = words.Number(2)) {
    day.day = *number;
    words.Skip(" .-");
    day.month = MonthCalled(words.Letters());
  } else {
    day.month = MonthCalled(words.Letters());
    words.Skip(" .-");
    day.day = words.Number(2).value_or(0);
  }
  words.Skip(" ,.-");
  day.year = words.Number(4).value_or(0);
  return day.month == 0 || day.day == 0 || day.year < 1000 ? std::nullopt : std::optional(day);
}

// "4/15/2006", "15.04.2006".
std::optional<Day> OrderedDay(Words& words, DateOrder order) {
  const std::optional<int> first = words.Number(2);
  const char separator = words.Take("/.-");
  const std::optional<int> second = words.Number(2);
  if (!first || separator == 0 || !second || words.Take({&separator, 1}) == 0) return std::nullopt;
  const std::optional<int> year = words.Number(4);
  if (!year || *year < 1000) return std::nullopt;
  const bool month_first = order == DateOrder::kMonthFirst;
  return Day{.year = *year,
             .month = month_first ? *first : *second,
             .day = month_first ? *second : *first};
}

// "15:23", "3:23:07 pm", "" is midnight.
std::optional<std::chrono::seconds> TimeOfDay(Words& words) {
  words.Skip(" ,T");
  if (words.empty()) return std::chrono::seconds{0};
  const std::optional<int> hour = words.Number(2);
  if (!hour || words.Take(":.") == 0) return std::nullopt;
  const std::optional<int> minute = words.Number(2);
  int second = 0;
  if (words.Take(":.") != 0) second = words.Number(2).value_or(60);
  words.Skip(" ");
  const std::string half = LowerAscii(words.Letters());
  const bool twelve = half == "am" || half == "pm";
  const bool valid = minute && *minute < 60 && second < 60 && words.empty() &&
                     (half.empty() ? *hour < 24 : twelve && *hour >= 1 && *hour <= 12);
  if (!valid) return std::nullopt;
  const int hours = half.empty() ? *hour : *hour % 12 + (half == "pm" ? 12 : 0);
  return std::chrono::hours{hours} + std::chrono::minutes{*minute} + std::chrono::seconds{second};
}

// Dates that are not written as RFC 3339 is; nothing where `text` is none of them.
std::optional<Timestamp> ReadLocal(std::string_view text, DateOrder order) {
  constexpr size_t kYearDigits = 4;
  if (text.size() > kYearDigits && text[kYearDigits] == '-') return std::nullopt;  // RFC 3339.
  Words named(text);
  Words ordered(text);
  std::optional<Day> day = NamedDay(named);
  Words& words = day ? named : ordered;
  if (!day && order != DateOrder::kUnsaid) day = OrderedDay(ordered, order);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{day->year},
                                         std::chrono::month{static_cast<unsigned>(day->month)},
                                         std::chrono::day{static_cast<unsigned>(day->day)}};
  const std::optional<std::chrono::seconds> time = TimeOfDay(words);
  if (!date.ok() || !time) return std::nullopt;
  return Timestamp{std::chrono::sys_days{date} + *time};
}

}  // namespace

Result<Timestamp> ParseDateTime(std::string_view text, DateOrder order) {
  text = Trim(text);
  if (const std::optional<Timestamp> local = ReadLocal(text, order)) return *local;
  if (IsEpochMilliseconds(text)) return FromEpochMilliseconds(text);
  if (text.size() <= kDateLength) return ParseTimestamp(text);
  std::string whole(text);
  if (whole[kDateLength] == ' ') whole[kDateLength] = 'T';
  if (!HasZone(whole)) whole += 'Z';
  return ParseTimestamp(whole);
}

Result<std::string> ParseDate(std::string_view text, DateOrder order) {
  text = Trim(text);
  const Result<Timestamp> at = ParseDateTime(text, order);
  if (!at) return at.error();
  if (IsEpochMilliseconds(text) || ReadLocal(text, order))
    return FormatTimestamp(*at).substr(0, kDateLength);
  return std::string(text.substr(0, kDateLength));
}

}  // namespace referrald::connectors
