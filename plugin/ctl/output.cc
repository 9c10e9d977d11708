#include "plugin/ctl/output.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace referrald::ctl {
namespace {

using std::chrono::microseconds;

constexpr std::string_view kNoMinorUnit[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY",
                                             "KMF", "KRW", "PYG", "RWF", "UGX", "VND",
                                             "VUV", "XAF", "XOF", "XPF"};
constexpr std::string_view kThreeDigits[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};

struct TimeUnit {
  std::string_view name;
  int64_t seconds;
};
constexpr TimeUnit kTimeUnits[] = {{"d", 86'400}, {"h", 3'600}, {"min", 60}, {"s", 1}};

}  // namespace

std::string Style::Paint(std::string_view code, std::string_view text) const {
  if (!colour || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

namespace {

// U+202A to U+202E and U+2066 to U+2069, which make a line read as another one; three bytes each.
bool IsBidiControl(std::string_view text) {
  const std::string_view three = text.substr(0, 3);
  return (three >= "\u202a" && three <= "\u202e") || (three >= "\u2066" && three <= "\u2069");
}

}  // namespace

std::string Clean(std::string_view text) {
  std::string clean;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // C1 controls (U+0080 to U+009F) are 0xc2 and a byte below 0xa0 in UTF-8.
    const bool is_c1 =
        byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (is_c1) ++i;
    if (IsBidiControl(text.substr(i))) {
      clean += '?';
      i += 2;
      continue;
    }
    clean += byte < 0x20 || byte == 0x7f || is_c1 ? '?' : text[i];
  }
  return clean;
}

std::string Grouped(int64_t number) {
  std::string digits = std::to_string(number);
  const ptrdiff_t first = number < 0 ? 1 : 0;
  for (auto place = static_cast<ptrdiff_t>(digits.size()) - 3; place > first; place -= 3) {
    digits.insert(digits.begin() + place, ' ');
  }
  return digits;
}

std::string ByteText(int64_t bytes) {
  constexpr std::array<std::string_view, 4> kUnits = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  auto value = static_cast<double>(bytes) / 1024;
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string DurationText(microseconds duration) {
  const int64_t micros = std::max<int64_t>(duration.count(), 0);
  if (micros < 1'000'000) return fmt::format("{} ms", micros / 1'000);
  if (micros < 10'000'000) return fmt::format("{:.1f} s", static_cast<double>(micros) / 1e6);
  int64_t seconds = micros / 1'000'000;
  std::string text;
  for (const TimeUnit& unit : kTimeUnits) {
    const int64_t count = seconds / unit.seconds;
    seconds %= unit.seconds;
    if (count == 0 && text.empty()) continue;
    const bool is_second = !text.empty();
    if (count > 0) text += fmt::format("{}{} {}", is_second ? " " : "", count, unit.name);
    // Seconds matter beside few minutes only.
    if (is_second || (unit.name == "min" && count >= 10)) break;
  }
  return text;
}

std::string AgoText(int64_t then_micros, Timestamp now) {
  if (then_micros == 0) return "-";
  const int64_t micros = ToMicros(now) - then_micros;
  if (micros < 1'000'000) return "now";
  for (const TimeUnit& unit : kTimeUnits) {
    const int64_t count = micros / 1'000'000 / unit.seconds;
    if (count > 0) return fmt::format("{} {} ago", count, unit.name);
  }
  return "now";
}

std::string TimeText(int64_t micros) {
  if (micros == 0) return "-";
  const std::string text = FormatTimestamp(FromMicros(micros));
  return text.substr(0, text.find('.')) + "Z";
}

int MinorDigits(std::string_view currency) {
  if (std::ranges::find(kNoMinorUnit, currency) != std::end(kNoMinorUnit)) return 0;
  return std::ranges::find(kThreeDigits, currency) != std::end(kThreeDigits) ? 3 : 2;
}

std::string MoneyText(int64_t minor_units, std::string_view currency) {
  const int digits = MinorDigits(currency);
  int64_t scale = 1;
  for (int i = 0; i < digits; ++i) scale *= 10;
  const int64_t fraction = minor_units % scale;
  std::string text = Grouped(minor_units / scale);
  if (minor_units < 0 && minor_units / scale == 0) text.insert(text.begin(), '-');
  if (digits > 0) text += fmt::format(".{:0{}}", fraction < 0 ? -fraction : fraction, digits);
  return fmt::format("{} {}", text, Clean(currency));
}

std::string Count(int64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", Grouped(number), noun, number == 1 ? "" : "s");
}

size_t Width(std::string_view text) {
  size_t width = 0;
  bool in_colour = false;
  for (const char c : text) {
    if (c == '\x1b') in_colour = true;
    const bool continues = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
    if (!in_colour && !continues) ++width;
    if (c == 'm') in_colour = false;
  }
  return width;
}

std::string Table::Line(const std::vector<std::string>& cells, const std::vector<size_t>& widths,
                        size_t indent) const {
  std::string line(indent, ' ');
  for (size_t i = 0; i < cells.size(); ++i) {
    const std::string padding(widths[i] - Width(cells[i]), ' ');
    if (i > 0) line += "  ";
    if (columns_[i].align == Align::kRight) line += padding;
    line += cells[i];
    if (columns_[i].align == Align::kLeft && i + 1 < cells.size()) line += padding;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string Table::Text(const Style& style, Look look) const {
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(style.Dim(column.title));
  std::vector<size_t> widths(columns_.size());
  for (size_t i = 0; i < widths.size(); ++i) {
    if (look.with_titles) widths[i] = Width(titles[i]);
    for (const auto& row : rows_) widths[i] = std::max(widths[i], Width(row[i]));
  }
  std::string text;
  if (look.with_titles) text += Line(titles, widths, look.indent);
  for (const auto& row : rows_) text += Line(row, widths, look.indent);
  return text;
}

}  // namespace referrald::ctl
