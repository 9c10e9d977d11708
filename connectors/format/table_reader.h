#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "storage/base/status.h"

// What every format of files is read as: a header of titles and rows of cells. Connectors and runs
// know tables only; how the bytes of one look is the business of its reader (csv_reader.h, ...).
namespace referrald::format {

// What was recognised, for people and for writing files of the same form.
struct TableFormat {
  std::string encoding;   // "UTF-8", "UTF-16LE with BOM", "windows-1252 (guessed)".
  std::string converter;  // The same as a CsvWriter wants it: "UTF-8", "UTF-16LE", "windows-1252".
  bool byte_order_mark = false;
  char delimiter = ',';
  std::string delimiter_name;     // ",", ";", "tab", "|", ...; "" where nothing delimits.
  std::string line_end;           // Of the header row: "\n", "\r\n", "\r"; "\n" where it has none.
  bool backslash_quotes = false;  // \" instead of "" inside quotes.
};

// One row. Its views are valid until the next call of Next.
struct TableRow {
  uint64_t record = 0;   // Logical record number; the header is 1. Blank rows have none.
  uint64_t line = 0;     // Physical line on which it starts; the first is 1.
  std::string_view raw;  // Its bytes as they are in the file, with the line end.
  // UTF-8, unquoted, not trimmed, as many as the header has; CR LF inside quotes is LF.
  std::span<const std::string_view> cells;
  size_t cell_count = 0;          // As many as the file has: fewer were padded, surplus was empty.
  bool decoded_fallback = false;  // Not UTF-8 in a file that mostly is: read as windows-1252.
  bool looks_cut = false;         // The last row, short and without a line end.
};

// A row that cannot be read; reading goes on behind it. Its raw bytes are one or more whole lines.
struct TableRowError {
  uint64_t record = 0;
  uint64_t line = 0;
  std::string_view raw;   // Valid until the next call of Next.
  size_t cell_count = 0;  // Cells that could be told apart; 0 where that makes no sense.
  int number = 0;         // RFD2101 R-COLUMNS, 2102 R-QUOTE, 2104 R-BINARY, 2105 R-LIMIT,
  std::string code;       // 2106 R-ENCODING.
  std::string reason;     // No values of the file.
};

struct TableEnd {};
using TableItem = std::variant<TableEnd, TableRow, TableRowError>;

// What a whole file was like; complete once Next returned TableEnd.
struct TableTotals {
  uint64_t rows = 0;              // TableRow and TableRowError items returned.
  uint64_t padded = 0;            // Rows shorter than the header.
  uint64_t decoded_fallback = 0;  // V-DECODED-FALLBACK rows.
  uint64_t repeated_headers = 0;  // Passed over; they take a record number.
  uint64_t footers = 0;           // Passed over; see SkipFooters.
  bool looks_cut = false;         // W-TRUNCATED.
};

// Reads a file row by row in bounded memory. One thread at a time; what it reads from must outlive
// it. Which files it refuses stands at the function that makes it.
class TableReader {
 public:
  virtual ~TableReader() = default;

  virtual const TableFormat& format() const = 0;
  // Titles as they stand, without a byte order mark; may repeat or be empty.
  virtual const std::vector<std::string>& header() const = 0;
  // The header row's bytes as in the file, with its line end, without byte order mark.
  virtual std::string_view header_raw() const = 0;

  // The next row that is not blank. After a file error or the end, the same again.
  virtual Result<TableItem> Next() = 0;

  // From now on, rows whose only text is a first cell with one of these beginnings are passed over:
  // what reports put below their rows. The views must outlive the reader.
  virtual void SkipFooters(std::span<const std::string_view> beginnings) = 0;

  // Bytes of the source that the rows returned so far (and what was passed over) made up.
  virtual uint64_t bytes_consumed() const = 0;
  virtual const TableTotals& totals() const = 0;
};

}  // namespace referrald::format
