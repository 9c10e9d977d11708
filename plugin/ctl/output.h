#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/time.h"

// How numbers, times and tables look on the terminal. Pure.
namespace referrald::ctl {

// Colours, or none. What comes from files and the store goes through Clean first.
struct Style {
  bool colour = false;

  std::string Bold(std::string_view text) const { return Paint("1", text); }
  std::string Dim(std::string_view text) const { return Paint("2", text); }
  std::string Good(std::string_view text) const { return Paint("32", text); }
  std::string Bad(std::string_view text) const { return Paint("31", text); }
  std::string Warn(std::string_view text) const { return Paint("33", text); }

 private:
  std::string Paint(std::string_view code, std::string_view text) const;
};

// Control characters become '?': a name in a CRM must not be able to steer the terminal.
std::string Clean(std::string_view text);

// "412 907".
std::string Grouped(int64_t number);
// "812 B", "9.4 MiB", "2.1 GiB".
std::string ByteText(int64_t bytes);
// The two largest units that matter: "250 ms", "9.2 s", "38 s", "12 min", "3 h 5 min", "3 d 4 h".
std::string DurationText(std::chrono::microseconds duration);
// "12 min ago"; "-" for a time that is not set.
std::string AgoText(int64_t then_micros, Timestamp now);
// "2026-11-21T10:04:09Z"; "-" for a time that is not set.
std::string TimeText(int64_t micros);
// "12 000.00 EUR".
std::string MoneyText(int64_t minor_units, std::string_view currency);
// Digits behind the point of an ISO 4217 currency: 2, but 0 for JPY and 3 for KWD.
int MinorDigits(std::string_view currency);
// "1 row", "17 rows".
std::string Count(int64_t number, std::string_view noun);

// Columns on the terminal that `text` takes: code points, without colour.
size_t Width(std::string_view text);

// Text in columns, two spaces apart, each as wide as its widest cell; the last one is not padded.
class Table {
 public:
  enum class Align : uint8_t { kLeft, kRight };
  struct Column {
    std::string title;
    Align align = Align::kLeft;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  // As many cells as there are columns.
  void Add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }

  struct Look {
    size_t indent = 0;
    bool with_titles = true;
  };
  std::string Text(const Style& style, Look look) const;
  std::string Text(const Style& style) const { return Text(style, Look{}); }

 private:
  std::string Line(const std::vector<std::string>& cells, const std::vector<size_t>& widths,
                   size_t indent) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace referrald::ctl
