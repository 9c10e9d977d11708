#include "connectors/sync/row_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "connectors/registry/registry.h"
#include "storage/base/text.h"

namespace referrald::sync {
namespace {

using connectors::ConnectorInfo;
using connectors::Header;
using connectors::Mapping;
using connectors::ObjectDescription;

bool EndsWithRejectColumns(const std::vector<std::string>& titles) {
  if (titles.size() < kRejectColumns.size()) return false;
  return std::equal(kRejectColumns.rbegin(), kRejectColumns.rend(), titles.rbegin(),
                    [](std::string_view expected, std::string_view title) {
                      return EqualsIgnoreCase(expected, Trim(title));
                    });
}

// "Salesforce contacts, Salesforce leads".
std::string TitlesOf(const ConnectorInfo& connector) {
  std::string titles;
  for (const ObjectDescription& object : connector.objects) {
    titles += (titles.empty() ? "" : ", ") + std::string(object.title);
  }
  return titles;
}

// Why `header` is no file of this feed, as helpfully as its columns allow.
Status NotOurs(const FeedConfig& feed, const ConnectorInfo& connector, const Header& header,
               std::string_view encoding) {
  if (const auto other = registry::RecogniseAny(header); other && other->object != nullptr) {
    return Status::InvalidArgument(
        fmt::format("this looks like a file of another system: {}; feed {} reads {} files. Put it "
                    "into the inbox of a feed with connector \"{}\"",
                    other->object->title, feed.name, connector.title, other->connector->name),
        2022);
  }
  return Status::InvalidArgument(
      fmt::format(
          "the columns of this file, read as {}, belong to nothing that feed {} can read ({}). "
          "Export it again with its id column and API or standard titles, or give it a feed of "
          "its own with connector \"generic_csv\" and a mapping",
          encoding, feed.name, TitlesOf(connector)),
      2023);
}

}  // namespace

Result<size_t> RowSource::Bytes::Read(std::span<char> buffer) {
  const Result<size_t> size = ReadSome(file, buffer.data(), buffer.size());
  if (!size) return size.error();
  digest.Add({buffer.data(), *size});
  count += *size;
  return *size;
}

Result<std::unique_ptr<RowSource>> RowSource::Open(const std::string& path, const FeedConfig& feed,
                                                   const ConnectorInfo& connector) {
  Result<Descriptor> file = OpenRegular(path);
  if (!file) return file.error();
  const Result<FileStamp> stamp = StampOf(*file);
  if (!stamp) return stamp.error();
  std::unique_ptr<RowSource> source(new RowSource(std::move(*file)));
  source->file_time_ = FromMicros(stamp->modified_ns / 1000);
  Result<format::OpenedTable> table = format::OpenTable(source->bytes_, path, CsvOptionsOf(feed));
  if (!table) return table.error();
  source->table_ = std::move(*table);
  if (Status bound = source->Bind(feed, connector); !bound.ok()) return bound;
  return source;
}

Status RowSource::Bind(const FeedConfig& feed, const ConnectorInfo& connector) {
  // A report's last lines are no rows, and no bad rows either.
  table_.reader->SkipFooters(connector.footers);
  const std::vector<std::string>& titles = table_.reader->header();
  mended_ = EndsWithRejectColumns(titles);
  Header header(titles);
  const ObjectDescription* object = connectors::Recognise(connector, header);
  if (object == nullptr && !connector.objects.empty()) {
    return NotOurs(feed, connector, header, format().encoding);
  }
  Result<Mapping> mapping = Mapping::Bind(connector, object, feed.mapping, std::move(header));
  if (!mapping) return mapping.error();
  mapping_ = std::move(*mapping);
  return Status::Ok();
}

Result<std::optional<SourceRow>> RowSource::Next() {
  const Result<format::TableItem> item = table_.reader->Next();
  if (!item) return item.error();
  if (std::holds_alternative<format::TableEnd>(*item)) return std::nullopt;
  if (const auto* error = std::get_if<format::TableRowError>(&*item)) {
    return SourceRow{
        .record = error->record,
        .line = error->line,
        .content = connectors::RowError{
            .number = error->number, .code = error->code, .column = "", .reason = error->reason}};
  }
  return Read(std::get<format::TableRow>(*item));
}

Result<RowSource::Whole> RowSource::Finish() {
  std::array<char, 64 * 1024> buffer{};
  for (;;) {
    const Result<size_t> size = bytes_.Read(buffer);
    if (!size) return size.error();
    if (*size == 0) return Whole{.bytes = bytes_.count, .sha256 = bytes_.digest.Finish()};
  }
}

// What such a row says can only be guessed, and a guess is not imported.
SourceRow RowSource::Undecoded(const format::TableRow& row) const {
  return {.record = row.record,
          .line = row.line,
          .looks_cut = row.looks_cut,
          .content = connectors::RowError{
              .number = 2106,
              .code = "R-ENCODING",
              .column = "",
              .reason = "the row is no text in " + format().encoding +
                        ", as the rest of the file is; write it in that encoding"}};
}

SourceRow RowSource::Read(const format::TableRow& row) const {
  if (row.decoded_fallback) return Undecoded(row);
  SourceRow read{.record = row.record, .line = row.line, .looks_cut = row.looks_cut, .content = {}};
  std::visit([&read](auto&& content) { read.content = std::forward<decltype(content)>(content); },
             mapping_.Map(row.cells, row.cell_count));
  return read;
}

format::CsvOptions CsvOptionsOf(const FeedConfig& feed) {
  return {.encoding = feed.encoding, .delimiter = feed.delimiter};
}

}  // namespace referrald::sync
