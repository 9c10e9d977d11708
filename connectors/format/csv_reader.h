#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "connectors/format/byte_source.h"
#include "connectors/format/table_reader.h"
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

// Opens a delimited text file: the first buffer is read, encoding and delimiter are recognised, and
// the header is read. Memory is one buffer and one row, whatever the file's size; any division of
// the source into chunks gives the same rows.
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
Result<std::unique_ptr<TableReader>> OpenCsv(ByteSource& source, const CsvOptions& options);

}  // namespace referrald::format
