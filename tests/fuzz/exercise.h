#pragma once

#include <fstream>
#include <string>
#include <string_view>

#include "connectors/api/connector.h"
#include "connectors/format/csv_reader.h"
#include "connectors/format/vcard_reader.h"
#include "connectors/format/xlsx_reader.h"
#include "connectors/format/zip_archive.h"
#include "connectors/registry/registry.h"
#include "storage/base/status.h"
#include "tests/connectors/format/zip_maker.h"

// What every input of the fuzzers and of their replay goes through. Promises are checked with
// REFERRALD_CHECK, which a fuzzer sees as a crash.
namespace referrald::fuzz {

inline format::CsvOptions SmallLimits() {
  format::CsvOptions options;
  options.row_bytes_max = 4096;
  options.cell_bytes_max = 512;
  options.buffer_bytes = 256;
  return options;
}

inline void CheckRow(const format::TableReader& reader, const format::TableRow& row) {
  REFERRALD_CHECK(row.cells.size() == reader.header().size());
  REFERRALD_CHECK(!row.raw.empty());
}

inline void CheckDraft(const connectors::Draft& draft) {
  REFERRALD_CHECK(!draft.ref.id.empty());
  for (const referral::Field& field : draft.fields) REFERRALD_CHECK(!field.value.empty());
}

// Reads a table to its end; where the header is one of ours, also maps the rows.
inline void ExerciseTable(format::TableReader& reader, bool map_rows) {
  const connectors::Header header(reader.header());
  const auto recognised = registry::RecogniseAny(header);
  Result<connectors::Mapping> mapping = Status::NotFound("not ours");
  if (map_rows && recognised) {
    mapping = connectors::Mapping::Bind(*recognised->connector, recognised->object, {}, header);
  }
  uint64_t record = 1;
  while (true) {
    const Result<format::TableItem> item = reader.Next();
    if (!item || std::holds_alternative<format::TableEnd>(*item)) break;
    if (const auto* error = std::get_if<format::TableRowError>(&*item)) {
      REFERRALD_CHECK(error->number != 0 && error->record > record);
      record = error->record;
      continue;
    }
    const auto& row = std::get<format::TableRow>(*item);
    REFERRALD_CHECK(row.record > record);
    record = row.record;
    CheckRow(reader, row);
    if (!mapping) continue;
    const auto outcome = mapping->Map(row.cells);
    if (const auto* draft = std::get_if<connectors::Draft>(&outcome)) CheckDraft(*draft);
  }
}

// What cannot be opened is refused with a number.
inline void ExerciseOpened(const Result<std::unique_ptr<format::TableReader>>& reader,
                           bool map_rows) {
  if (reader) {
    ExerciseTable(**reader, map_rows);
  } else {
    REFERRALD_CHECK(reader.error().number() != 0);
  }
}

inline void Exercise(std::string_view bytes, size_t chunk_bytes, bool map_rows) {
  const auto source = format::MakeMemorySource(bytes, chunk_bytes);
  const auto reader = format::OpenCsv(*source, SmallLimits());
  ExerciseOpened(reader, map_rows);
  if (reader) REFERRALD_CHECK((*reader)->bytes_consumed() <= bytes.size());
}

inline void ExerciseVcard(std::string_view bytes, size_t chunk_bytes) {
  const auto source = format::MakeMemorySource(bytes, chunk_bytes);
  ExerciseOpened(format::OpenVcard(*source, {.line_bytes_max = 4096, .cell_bytes_max = 512}), true);
}

// As an archive and as a workbook; both want a file, which is written to `path`.
inline void ExerciseZip(std::string_view bytes, const std::string& path) {
  std::ofstream(path, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  ExerciseOpened(format::OpenXlsx(path, {}), true);
  const auto archive = format::ZipArchive::Open(path);
  if (!archive) {
    REFERRALD_CHECK(archive.error().number() != 0);
    return;
  }
  std::string buffer(4096, '\0');
  for (const format::ZipMember& member : (*archive)->members()) {
    const std::string framed = "/" + member.name + "/";
    REFERRALD_CHECK(!framed.contains("/../") && !framed.contains('\\') && framed[1] != '/');
    const auto source = (*archive)->OpenMember(member);
    if (!source) continue;
    uint64_t read = 0;
    for (Result<size_t> size = (*source)->Read(buffer); size && *size > 0;
         size = (*source)->Read(buffer)) {
      read += *size;
    }
    REFERRALD_CHECK(read <= member.bytes);
  }
}

// `bytes` as the cells of an otherwise good workbook.
inline void ExerciseSheet(std::string_view bytes, const std::string& path) {
  format::Members members = format::WorkbookOf("");
  members.back().second = bytes;
  format::WriteZip(path, members);
  ExerciseOpened(
      format::OpenXlsx(path, {.sheet = {}, .cell_bytes_max = 512, .row_bytes_max = 4096}), true);
}

}  // namespace referrald::fuzz
