#pragma once

#include <string>
#include <variant>
#include <vector>

#include "connectors/api/connector.h"
#include "connectors/format/csv_reader.h"
#include "connectors/registry/registry.h"
#include "tests/connectors/format/read_all.h"

namespace referrald::corpus {

// What became of a whole file: as an import would read it.
struct MappedFile {
  format::ReadResult read;
  std::string kind;  // "Salesforce contacts"; "" where nobody knows it.
  std::vector<connectors::Draft> drafts;
  std::vector<std::string> errors;  // Codes of rows that were refused, in order.
};

inline MappedFile MapFile(const std::string& path) {
  MappedFile file;
  Result<std::unique_ptr<format::ByteSource>> source = format::OpenFile(path);
  if (!source) {
    file.read.status = source.error();
    return file;
  }
  constexpr std::string_view kFooters[] = {"Grand Totals (", "Confidential Information",
                                           "Copyright (c) 2000-"};
  file.read = format::ReadFrom(**source, {}, kFooters);
  const connectors::Header header(file.read.header);
  const auto recognised = registry::RecogniseAny(header);
  if (!recognised) return file;
  file.kind = recognised->object->title;
  const auto mapping =
      connectors::Mapping::Bind(*recognised->connector, recognised->object, {}, header);
  for (const format::ReadRow& row : file.read.rows) {
    if (!row.code.empty() || !mapping) {
      file.errors.push_back(row.code);
      continue;
    }
    const std::vector<std::string_view> cells(row.cells.begin(), row.cells.end());
    const auto outcome = mapping->Map(cells);
    if (const auto* draft = std::get_if<connectors::Draft>(&outcome)) file.drafts.push_back(*draft);
    if (const auto* error = std::get_if<connectors::RowError>(&outcome)) {
      file.errors.push_back(error->code);
    }
  }
  return file;
}

}  // namespace referrald::corpus
