#pragma once

#include <string_view>

#include "connectors/api/connector.h"
#include "connectors/format/csv_reader.h"
#include "connectors/registry/registry.h"
#include "storage/base/status.h"

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

// Reads `bytes` to the end; where the header is one of ours, also maps the rows.
inline void Exercise(std::string_view bytes, size_t chunk_bytes, bool map_rows) {
  const auto source = format::MakeMemorySource(bytes, chunk_bytes);
  const auto reader = format::OpenCsv(*source, SmallLimits());
  if (!reader) {
    REFERRALD_CHECK(reader.error().number() != 0);
    return;
  }
  const connectors::Header header((*reader)->header());
  const auto recognised = registry::RecogniseAny(header);
  Result<connectors::Mapping> mapping = Status::NotFound("not ours");
  if (map_rows && recognised) {
    mapping = connectors::Mapping::Bind(*recognised->connector, recognised->object, {}, header);
  }
  uint64_t record = 1;
  while (true) {
    const Result<format::TableItem> item = (*reader)->Next();
    if (!item || std::holds_alternative<format::TableEnd>(*item)) break;
    if (const auto* error = std::get_if<format::TableRowError>(&*item)) {
      REFERRALD_CHECK(error->number != 0 && error->record > record);
      record = error->record;
      continue;
    }
    const auto& row = std::get<format::TableRow>(*item);
    REFERRALD_CHECK(row.record > record);
    record = row.record;
    CheckRow(**reader, row);
    if (!mapping) continue;
    const auto outcome = mapping->Map(row.cells);
    if (const auto* draft = std::get_if<connectors::Draft>(&outcome)) CheckDraft(*draft);
  }
  REFERRALD_CHECK((*reader)->bytes_consumed() <= bytes.size());
}

}  // namespace referrald::fuzz
