#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "connectors/format/csv_reader.h"
#include "storage/base/status.h"

namespace referrald::format {

enum class CsvQuoting : unsigned char { kAsNeeded, kAll };

struct CsvWriterOptions {
  CsvQuoting quoting = CsvQuoting::kAll;
  char delimiter = ',';
  std::string line_end = "\r\n";
  bool byte_order_mark = false;
  std::string encoding = "UTF-8";  // A converter name, as in TableFormat::converter.
  // Puts ' before cells that a spreadsheet would run as a formula (= + - @ TAB CR). Only for files
  // that people open: an importer would store the apostrophe.
  bool neutralise_formulas = false;
};

// The options with which a file of the same form as `format` is written.
CsvWriterOptions SameFormAs(const TableFormat& format);

// Turns rows into RFC 4180 text in any encoding. Appends to strings: where they go is the caller's
// business. Cells are UTF-8. One thread at a time.
class CsvWriter {
 public:
  // InvalidArgument RFD2002: unknown encoding; RFD2005: the delimiter cannot be one.
  static Result<std::unique_ptr<CsvWriter>> Make(const CsvWriterOptions& options);
  virtual ~CsvWriter() = default;

  // The byte order mark, if the options ask for one: first in a file.
  virtual void AppendPreamble(std::string& out) const = 0;

  // One row. A character that the encoding does not have becomes '?'.
  virtual void AppendRow(std::span<const std::string_view> cells, std::string& out) const = 0;

  // A row of another file, byte for byte but for its line end, made `missing` cells longer, then
  // the `extra` cells: a quarantined row and why it is there. The line end is the options'.
  virtual void AppendRaw(std::string_view raw, size_t missing,
                         std::span<const std::string_view> extra, std::string& out) const = 0;
};

}  // namespace referrald::format
