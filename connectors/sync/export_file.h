#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "connectors/api/connector.h"
#include "connectors/format/csv_writer.h"
#include "connectors/sync/digest.h"
#include "connectors/sync/files.h"
#include "storage/base/bytes.h"
#include "storage/base/ids.h"

namespace referrald::sync {

// What the last export of one file said of each row, so that the next one can tell changes alone.
// Kept beside the file as hashes: ".<name>.state", 16 + 8 bytes a row in memory.
class ExportState {
 public:
  // What stands at `path`; nothing where there is no such file, or one that Write did not write:
  // then every row is new. IoError.
  static Result<ExportState> Read(const std::string& path);
  Status Write(const std::string& path) const;

  // Remembers what the row now says. True where that is something new.
  bool Note(std::string_view external_id, std::string_view line);
  // A state that only knows rows noted from now on.
  ExportState Fresh() const { return ExportState(&lines_); }

 private:
  using Lines = std::unordered_map<std::string, uint64_t>;  // Hash of the id -> of the line.
  ExportState() = default;
  explicit ExportState(const Lines* before) : before_(before) {}

  Lines lines_;
  const Lines* before_ = nullptr;
};

// How an export file is written.
struct ExportForm {
  std::string path;
  std::string line_end;
  bool byte_order_mark = false;
  bool for_people = false;  // With the marks that spreadsheets need; see CsvWriterOptions.
};

// What the manifest says besides the file's own name, sum and rows.
struct ExportNote {
  Sequence through;           // The last event that the file knows.
  bool changes_only = false;  // Rows that are as they were in the file before are left out.
};

// Writes lines to a file and knows their sum; .sha256, .manifest.json and .done go beside it. One
// thread; one use.
class ExportFile {
 public:
  static Result<ExportFile> Create(const ExportForm& form);

  // The line of `cells`; valid until the next call.
  std::string_view Line(std::span<const std::string_view> cells);
  Status Append(std::string_view line);

  // Whoever sees .done sees files that belong together.
  Status Commit(const ExportNote& note, uint64_t rows);

 private:
  ExportFile(std::string path, std::unique_ptr<format::CsvWriter> writer, AtomicFile file)
      : path_(std::move(path)), writer_(std::move(writer)), file_(std::move(file)) {}

  std::string path_;
  std::unique_ptr<format::CsvWriter> writer_;
  AtomicFile file_;
  Sha256 digest_;
  std::string line_;
};

}  // namespace referrald::sync
