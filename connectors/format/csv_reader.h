#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "connectors/format/byte_source.h"
#include "storage/base/limits.h"
#include "storage/base/status.h"

namespace referrald::format {

// How to read a file. All of it can be left to recognition.
struct CsvOptions {
  std::string encoding;   // "": recognised; else an ICU converter name. A byte order mark wins.
  std::string delimiter;  // "": recognised; one ASCII character, or "tab".
  // Longer rows end the file (RFD2008); larger cells are row errors (RFD2105).
  size_t row_bytes_max = limits::kCsvRowBytesMax;
  size_t cell_bytes_max = limits::kCsvCellBytesMax;
  size_t column_count_max = limits::kCsvColumnsMax;
  uint64_t row_count_max = limits::kFileRowsMax;
  size_t buffer_bytes = 256 * 1024;  // Memory for reading; also how much recognition looks at.
};

// What was recognised, for people and for writing files of the same form.
struct CsvFormat {
  std::string encoding;   // "UTF-8", "UTF-16LE with BOM", "windows-1252 (guessed)".
  std::string converter;  // The same as a CsvWriter wants it: "UTF-8", "UTF-16LE", "windows-1252".
  bool byte_order_mark = false;
  char delimiter = ',';
  std::string delimiter_name;     // ",", ";", "tab", "|", ...
  std::string line_end;           // Of the header row: "\n", "\r\n", "\r"; "\n" where it has none.
  bool backslash_quotes = false;  // \" instead of "" inside quotes.
};

// One row. Its views are valid until the next call of Next.
struct CsvRow {
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
struct CsvRowError {
  uint64_t record = 0;
  uint64_t line = 0;
  std::string_view raw;   // Valid until the next call of Next.
  size_t cell_count = 0;  // Cells that could be told apart; 0 where that makes no sense.
  int number = 0;         // RFD2101 R-COLUMNS, 2102 R-QUOTE, 2104 R-BINARY, 2105 R-LIMIT,
  std::string code;       // 2106 R-ENCODING.
  std::string reason;     // No values of the file.
};

struct CsvEnd {};
using CsvItem = std::variant<CsvEnd, CsvRow, CsvRowError>;

// What a whole file was like; complete once Next returned CsvEnd.
struct CsvTotals {
  uint64_t rows = 0;              // CsvRow and CsvRowError items returned.
  uint64_t padded = 0;            // Rows shorter than the header.
  uint64_t decoded_fallback = 0;  // V-DECODED-FALLBACK rows.
  uint64_t repeated_headers = 0;  // Passed over; they take a record number.
  uint64_t footers = 0;           // Passed over; see SkipFooters.
  bool looks_cut = false;         // W-TRUNCATED.
};

// Reads a delimited text file row by row in bounded memory: one buffer and one row, whatever the
// file's size. Any division of the source into chunks gives the same rows. One thread at a time;
// the source must outlive it.
//
// File errors (InvalidArgument unless said otherwise; the message names the remedy):
//   RFD2001 E-CONTAINER  a zip, gzip, spreadsheet or other binary file
//   RFD2002 E-ENCODING   undecodable, a wrong byte order mark, or an unknown converter name
//   RFD2003 E-EMPTY      no row at all, not even a header
//   RFD2004 E-TRUNCATED  the file ends inside quotes; names the line where they opened
//   RFD2005 E-DELIMITER  a configured delimiter that cannot be one
//   RFD2006 E-NO-HEADER  the first row has no titles
//   RFD2008 E-LIMIT      a row, the number of columns, or the number of rows is over its limit
//   IoError              as the source said
class CsvReader {
 public:
  // Reads the first buffer, recognises encoding and delimiter, and reads the header.
  static Result<std::unique_ptr<CsvReader>> Open(ByteSource& source, const CsvOptions& options);
  virtual ~CsvReader() = default;

  virtual const CsvFormat& format() const = 0;
  // Titles as they stand, without a byte order mark; may repeat or be empty.
  virtual const std::vector<std::string>& header() const = 0;
  // The header row's bytes as in the file, with its line end, without byte order mark.
  virtual std::string_view header_raw() const = 0;

  // The next row that is not blank. After a file error or the end, the same again.
  virtual Result<CsvItem> Next() = 0;

  // From now on, rows whose only text is a first cell with one of these beginnings are passed over:
  // what reports put below their rows. The views must outlive the reader.
  virtual void SkipFooters(std::span<const std::string_view> beginnings) = 0;

  // Bytes of the source that the rows returned so far (and what was passed over) made up.
  virtual uint64_t bytes_consumed() const = 0;
  virtual const CsvTotals& totals() const = 0;
};

}  // namespace referrald::format
