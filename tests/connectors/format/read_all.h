#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "connectors/format/csv_reader.h"

namespace referrald::format {

// One row or row error, copied out of the reader.
struct ReadRow {
  uint64_t record = 0;
  uint64_t line = 0;
  std::string raw;
  std::vector<std::string> cells;  // Empty for an error.
  size_t cell_count = 0;
  bool decoded_fallback = false;
  bool looks_cut = false;
  std::string code;  // Of an error.
  int number = 0;
  std::string reason;

  friend bool operator==(const ReadRow&, const ReadRow&) = default;
};

inline void PrintTo(const ReadRow& row, std::ostream* out) {
  *out << "record " << row.record << " line " << row.line << " " << row.code << " [";
  for (const std::string& cell : row.cells) *out << ::testing::PrintToString(cell) << " ";
  *out << "]";
}

// A whole file as the reader gave it.
struct ReadResult {
  Status status;  // What ended it, or Ok.
  TableFormat format;
  std::vector<std::string> header;
  std::string header_raw;
  std::vector<ReadRow> rows;
  TableTotals totals;
  uint64_t bytes = 0;
};

inline ReadRow Copy(const TableRow& row) {
  ReadRow copy{.record = row.record,
               .line = row.line,
               .raw = std::string(row.raw),
               .cells = {},
               .cell_count = row.cell_count,
               .decoded_fallback = row.decoded_fallback,
               .looks_cut = row.looks_cut,
               .code = "",
               .number = 0,
               .reason = ""};
  copy.cells.assign(row.cells.begin(), row.cells.end());
  return copy;
}

inline ReadRow Copy(const TableRowError& error) {
  return {.record = error.record,
          .line = error.line,
          .raw = std::string(error.raw),
          .cells = {},
          .cell_count = error.cell_count,
          .decoded_fallback = false,
          .looks_cut = false,
          .code = error.code,
          .number = error.number,
          .reason = error.reason};
}

inline ReadResult ReadFrom(ByteSource& source, const CsvOptions& options = {},
                           std::span<const std::string_view> footers = {}) {
  ReadResult result;
  Result<std::unique_ptr<TableReader>> reader = OpenCsv(source, options);
  if (!reader) {
    result.status = reader.error();
    return result;
  }
  (*reader)->SkipFooters(footers);
  result.format = (*reader)->format();
  result.header = (*reader)->header();
  result.header_raw = (*reader)->header_raw();
  while (true) {
    Result<TableItem> item = (*reader)->Next();
    if (!item) {
      result.status = item.error();
      break;
    }
    if (std::holds_alternative<TableEnd>(*item)) break;
    if (const auto* row = std::get_if<TableRow>(&*item)) result.rows.push_back(Copy(*row));
    if (const auto* error = std::get_if<TableRowError>(&*item)) result.rows.push_back(Copy(*error));
  }
  result.totals = (*reader)->totals();
  result.bytes = (*reader)->bytes_consumed();
  return result;
}

// `chunk_bytes`: the most a Read of the source gives; 0: everything.
inline ReadResult ReadAll(std::string_view bytes, const CsvOptions& options = {},
                          size_t chunk_bytes = 0) {
  const std::unique_ptr<ByteSource> source = MakeMemorySource(bytes, chunk_bytes);
  return ReadFrom(*source, options);
}

using Table = std::vector<std::vector<std::string>>;

// The cells of all rows; an error is a row of its code alone.
inline Table CellsOf(const ReadResult& result) {
  Table table;
  for (const ReadRow& row : result.rows) {
    table.push_back(row.code.empty() ? row.cells : std::vector<std::string>{row.code});
  }
  return table;
}

}  // namespace referrald::format
