#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace referrald::format {

struct CsvDialect {
  char delimiter = ',';
  bool backslash_quotes = false;
};

// How far a record is once a line was added to it.
enum class TokenResult : uint8_t {
  kComplete,
  kInsideQuotes,    // The next line belongs to it too.
  kTextAfterQuote,  // Something other than a delimiter follows a closing quote.
};

// Splits a record's text into cells, physical line by physical line, so that a cell of many lines
// costs no second look. One thread at a time.
class CsvTokenizer {
 public:
  explicit CsvTokenizer(CsvDialect dialect) : dialect_(dialect) {}

  void Begin();
  // Adds the line text[begin, content_end), whose line end reaches to `end`. `text` is the record
  // from its start; it may have moved since the last line, but not changed.
  TokenResult AddLine(std::string_view text, size_t begin, size_t content_end, size_t end);

  size_t cell_count() const { return cells_.size(); }
  // Behind the quote that opened last.
  size_t open_quote() const { return open_.begin; }
  // The cells, unquoted: views into `text` or into memory of the tokenizer, until Begin.
  std::span<const std::string_view> Cells(std::string_view text);

 private:
  struct Cell {
    size_t begin = 0;
    size_t end = 0;
    bool rewritten = false;  // Holds doubled quotes or CR LF.
  };

  // Place of the quote that closes the open cell, or `to`.
  size_t FindClosingQuote(std::string_view text, size_t from, size_t to);
  void AppendUnquoted(std::string_view cell);

  const CsvDialect dialect_;
  std::vector<Cell> cells_;
  bool in_quotes_ = false;
  Cell open_;  // While in quotes.
  std::vector<std::string_view> views_;
  std::string unquoted_;
};

}  // namespace referrald::format
