#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "connectors/api/connector.h"
#include "connectors/format/table_file.h"
#include "connectors/sync/digest.h"
#include "connectors/sync/files.h"
#include "connectors/sync/sync.h"

namespace referrald::sync {

// The columns that a rejects file has behind the user's own. A file that comes back with them is a
// mended one: connectors pass over them, and it is not measured against whole exports.
inline constexpr std::array<std::string_view, 5> kRejectColumns = {"_row", "_line", "_code",
                                                                   "_column", "_reason"};

// One row of a file as its feed's connector reads it.
struct SourceRow {
  uint64_t record = 0;
  uint64_t line = 0;
  bool looks_cut = false;
  std::variant<connectors::Draft, connectors::RowError> content;
};

// A file of a feed: recognised, bound to the feed's connector, and read once from front to back in
// bounded memory. One thread at a time. The feed and connector must outlive it.
class RowSource {
 public:
  // File errors of OpenCsv and Mapping::Bind, and:
  // InvalidArgument: RFD2020 not a regular file; RFD2022 a file of another system; RFD2023 of none
  // that is known. The messages name the remedy.
  static Result<std::unique_ptr<RowSource>> Open(const std::string& path, const FeedConfig& feed,
                                                 const connectors::ConnectorInfo& connector);

  // The next row; nothing at the end. A failure is the file's, and final.
  Result<std::optional<SourceRow>> Next();

  const connectors::Mapping& mapping() const { return mapping_; }
  uint64_t rows_short() const { return table_.reader->totals().padded; }
  const format::TableFormat& format() const { return table_.reader->format(); }
  bool mended() const { return mended_; }
  Timestamp file_time() const { return file_time_; }

  // Of the whole file, once Next has returned nothing: what the table left unread counts, too.
  struct Whole {
    uint64_t bytes = 0;
    std::string sha256;
  };
  Result<Whole> Finish();

 private:
  // The file's bytes, counted and hashed on their way to the reader.
  struct Bytes final : format::ByteSource {
    explicit Bytes(Descriptor opened) : file(std::move(opened)) {}
    Result<size_t> Read(std::span<char> buffer) override;

    Descriptor file;
    Sha256 digest;
    uint64_t count = 0;
  };

  explicit RowSource(Descriptor file) : bytes_(std::move(file)) {}
  Status Bind(const FeedConfig& feed, const connectors::ConnectorInfo& connector);
  SourceRow Read(const format::TableRow& row) const;
  SourceRow Undecoded(const format::TableRow& row) const;

  Bytes bytes_;
  format::OpenedTable table_;
  connectors::Mapping mapping_;
  bool mended_ = false;
  Timestamp file_time_{};
};

// The reader's settings of a feed.
format::CsvOptions CsvOptionsOf(const FeedConfig& feed);

}  // namespace referrald::sync
