#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/format/byte_source.h"
#include "connectors/format/csv_reader.h"
#include "connectors/format/table_reader.h"

namespace referrald::format {

// What a file is, by its first bytes and never by its name.
enum class Container : unsigned char { kText, kGzip, kZip, kWorkbook, kVcard };
// `beginning`: the first bytes of a file, as many as there are up to 4 KiB.
Container ContainerOf(std::string_view beginning);

// A table and what it is read from.
struct OpenedTable {
  Container container = Container::kText;
  std::vector<std::unique_ptr<ByteSource>> sources;  // That the reader reads through; never empty.
  std::unique_ptr<TableReader> reader;
};

// Opens the file at `path`, whose bytes `bytes` gives from its beginning, as what it is: delimited
// text, vCards, either in gzip, or an Excel workbook (which is read at `path`, not through
// `bytes`). A zip archive holds files, and is none of them: RFD2001. Failures as of OpenCsv,
// OpenVcard, MakeGzipSource and OpenXlsx. `bytes` must outlive the table.
Result<OpenedTable> OpenTable(ByteSource& bytes, const std::string& path,
                              const CsvOptions& options);

}  // namespace referrald::format
