#pragma once

#include <string>
#include <utility>
#include <vector>

#include "connectors/api/connector.h"
#include "connectors/format/table_reader.h"
#include "connectors/registry/registry.h"
#include "storage/base/status.h"

namespace referrald::registry {

// What a file is, found by its content alone: no feed, no name, no extension.
struct Discovery {
  const connectors::ConnectorInfo* connector = nullptr;   // Null: a file of no system we know.
  const connectors::ObjectDescription* object = nullptr;  // Null likewise.
  format::TableFormat format;
  // (column title, field). Of a file of no known system: what columns of these titles are
  // elsewhere, a proposal for [feed.map].
  std::vector<std::pair<std::string, std::string>> mapped;
  std::vector<std::string> ignored;  // Titles of the other columns.
  // Columns without which a feed could not use it: by their first name, "Id".
  std::vector<std::string> lacking;
  uint64_t rows = 0;  // Of the first kRowsLookedAt, those that could be used,
  uint64_t bad = 0;   // and those that could not.
};
inline constexpr uint64_t kRowsLookedAt = 1000;

// Reads the beginning of the file at `path`. Failures as those of format::OpenFile and of the
// format's reader; a row that cannot be read is counted, not a failure.
Result<Discovery> Discover(const std::string& path);

}  // namespace referrald::registry
