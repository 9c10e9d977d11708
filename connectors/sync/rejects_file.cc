#include "connectors/sync/rejects_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <tuple>
#include <variant>

#include "connectors/format/csv_writer.h"
#include "connectors/format/table_file.h"
#include "connectors/sync/drop_folder.h"
#include "connectors/sync/files.h"
#include "connectors/sync/row_source.h"
#include "storage/base/limits.h"

namespace referrald::sync {
namespace {

constexpr std::string_view kSuffix = ".rejects.csv";

// What the two kinds of row items have in common.
struct RawRow {
  uint64_t record = 0;
  std::string_view raw;
  size_t cell_count = 0;
};

std::optional<RawRow> RawRowOf(const format::TableItem& item) {
  if (const auto* row = std::get_if<format::TableRow>(&item)) {
    return RawRow{row->record, row->raw, row->cell_count};
  }
  if (const auto* error = std::get_if<format::TableRowError>(&item)) {
    return RawRow{error->record, error->raw, error->cell_count};
  }
  return std::nullopt;
}

void AppendReject(const format::CsvWriter& writer, const RawRow& row, size_t width,
                  const ledger::Reject& reject, std::string& out) {
  const std::string record = fmt::format("{}", reject.record);
  const std::string line = fmt::format("{}", reject.line);
  const std::string code = fmt::format("RFD{:04} {}", reject.number, reject.code);
  const std::array<std::string_view, kRejectColumns.size()> extra = {record, line, code,
                                                                     reject.column, reject.reason};
  const size_t missing =
      row.cell_count == 0 || row.cell_count >= width ? 0 : width - row.cell_count;
  writer.AppendRaw(row.raw, missing, extra, out);
}

// Reads on until all of `rejects` have been met, in the order of both.
Status AppendRejects(format::TableReader& reader, const format::CsvWriter& writer,
                     const RejectList& rejects, AtomicFile& file) {
  for (size_t next = 0; next < rejects.size();) {
    const Result<format::TableItem> item = reader.Next();
    if (!item) return item.error();
    const std::optional<RawRow> row = RawRowOf(*item);
    if (!row) return Status::Ok();
    const ledger::Reject reject = rejects.at(next);
    if (row->record != reject.record) continue;
    std::string text;
    AppendReject(writer, *row, reader.header().size(), reject, text);
    if (Status appended = file.Append(text); !appended.ok()) return appended;
    ++next;
  }
  return Status::Ok();
}

}  // namespace

void RejectList::Add(const ledger::Reject& reject) {
  items_.push_back({.record = reject.record,
                    .line = reject.line,
                    .outcome = reject.outcome,
                    .number = reject.number,
                    .code = Intern(reject.code),
                    .column = Intern(reject.column),
                    .reason = Intern(reject.reason),
                    .added = added_++});
}

void RejectList::Settle() {
  std::ranges::sort(items_, {}, [](const Item& item) { return std::tie(item.record, item.added); });
  const auto repeated = std::ranges::unique(items_, {}, &Item::record);
  items_.erase(repeated.begin(), repeated.end());
}

ledger::Reject RejectList::at(size_t index) const {
  const Item& item = items_.at(index);
  return {.record = item.record,
          .line = item.line,
          .outcome = item.outcome,
          .number = item.number,
          .code = *texts_[item.code],
          .column = *texts_[item.column],
          .reason = *texts_[item.reason]};
}

uint32_t RejectList::Intern(const std::string& text) {
  const auto found = places_.find(text);
  if (found != places_.end()) return found->second;
  // Reasons that name something different in every row: the number alone says enough then.
  if (texts_.size() >= limits::kRejectTextsMax) return Intern("");
  const auto [place, added] = places_.emplace(text, static_cast<uint32_t>(texts_.size()));
  texts_.push_back(&place->first);
  return place->second;
}

Status WriteRejectsFile(const std::string& source, const FeedConfig& feed,
                        const RejectList& rejects, const std::string& path) {
  Result<std::unique_ptr<format::ByteSource>> bytes = format::OpenFile(source);
  if (!bytes) return bytes.error();
  const Result<format::OpenedTable> table = format::OpenTable(**bytes, source, CsvOptionsOf(feed));
  if (!table) return table.error();
  format::TableReader& reader = *table->reader;
  Result<std::unique_ptr<format::CsvWriter>> writer =
      format::CsvWriter::Make(format::SameFormAs(reader.format()));
  if (!writer) return writer.error();
  Result<AtomicFile> file = AtomicFile::Create(path, 0640);
  if (!file) return file.error();
  std::string text;
  (*writer)->AppendPreamble(text);
  (*writer)->AppendRaw(reader.header_raw(), 0, kRejectColumns, text);
  if (Status appended = file->Append(text); !appended.ok()) return appended;
  if (Status done = AppendRejects(reader, **writer, rejects, *file); !done.ok()) return done;
  return file->Commit();
}

std::string RejectsFileName(const ledger::RunRecord& run) {
  std::string stem = std::filesystem::path(run.file).stem().string();
  // A mended file's own name already ends in an earlier run's; it must not grow with each round.
  if (IsRejectsFileName(run.file)) stem.resize(run.file.size() - kSuffix.size() - 27);
  return ShortName(stem, kNameBytesMax - kSuffix.size()) + "." + ToText(run.id) +
         std::string(kSuffix);
}

bool IsRejectsFileName(std::string_view name) {
  if (!name.ends_with(kSuffix)) return false;
  name.remove_suffix(kSuffix.size());
  return name.size() > 27 && name[name.size() - 27] == '.' &&
         ParseRunId(name.substr(name.size() - 26)).has_value();
}

std::string RejectsFileOf(const FeedConfig& feed, const ledger::RunRecord& run) {
  std::string path = DropFolder(feed.folder).quarantine() + "/" + RejectsFileName(run);
  std::error_code ignored;
  return std::filesystem::exists(path, ignored) ? path : "";
}

}  // namespace referrald::sync
