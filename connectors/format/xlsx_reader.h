#pragma once

#include <memory>
#include <string>

#include "connectors/format/table_reader.h"
#include "storage/base/limits.h"
#include "storage/base/status.h"

namespace referrald::format {

struct XlsxOptions {
  std::string sheet;  // "": the first that is not hidden.
  size_t cell_bytes_max = limits::kCsvCellBytesMax;
  size_t row_bytes_max = limits::kCsvRowBytesMax;
  size_t column_count_max = limits::kCsvColumnsMax;
  uint64_t row_count_max = limits::kFileRowsMax;
};

// Opens one sheet of an Excel workbook (.xlsx). The first row with a text is the header; hidden
// columns are columns like any other (Dynamics keeps its ids in them); of a formula the last value
// counts. Numbers are as the file has them, whole ones without a fraction or exponent; days and
// moments, by their format, are "2026-03-12" and "2026-03-12 09:14:00", in the 1900 and in the 1904
// system. TableRow::line is the spreadsheet's own row number; `raw` is the row as a line of CSV, in
// UTF-8, so that rejects can be written. Memory: the shared texts and one row.
//
// InvalidArgument: RFD2001 E-CONTAINER no workbook or a damaged one; RFD2003 E-EMPTY no row;
// RFD2006 E-NO-HEADER; RFD2007 there is no such sheet, or none that is not hidden; RFD2008 E-LIMIT.
// Row errors: RFD2101 R-COLUMNS, RFD2105 R-LIMIT, RFD2107 R-ERROR-CELL (#REF!, #N/A).
Result<std::unique_ptr<TableReader>> OpenXlsx(const std::string& path, const XlsxOptions& options);

}  // namespace referrald::format
