#include "connectors/registry/discover.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <variant>

#include "connectors/format/byte_source.h"
#include "connectors/format/table_file.h"
#include "storage/base/text.h"

namespace referrald::registry {
namespace {

using connectors::ColumnRule;
using connectors::ConnectorInfo;
using connectors::Header;
using connectors::Mapping;
using connectors::ObjectDescription;

// What a title is called by any system that we know; a link needs a system, so it is none.
std::string_view FieldCalled(std::string_view title) {
  for (const ConnectorInfo* connector : Connectors()) {
    for (const ObjectDescription& object : connector->objects) {
      for (const ColumnRule& rule : object.columns) {
        if (rule.field.empty() || rule.field.contains(':')) continue;
        const auto same = [title](std::string_view name) {
          return EqualsIgnoreCase(name, Trim(title));
        };
        if (std::ranges::any_of(rule.names, same)) return rule.field;
      }
    }
  }
  return {};
}

void Propose(const Header& header, Discovery& found) {
  std::set<std::string_view> taken;
  for (const std::string& title : header.titles()) {
    const std::string_view field = FieldCalled(title);
    if (field.empty() || !taken.insert(field).second) {
      found.ignored.push_back(title);
    } else {
      found.mapped.emplace_back(title, field);
    }
  }
}

Status Count(format::TableReader& reader, const Mapping& mapping, Discovery& found) {
  while (found.rows + found.bad < kRowsLookedAt) {
    const Result<format::TableItem> item = reader.Next();
    if (!item) return item.error();
    if (std::holds_alternative<format::TableEnd>(*item)) break;
    const auto* row = std::get_if<format::TableRow>(&*item);
    const bool usable =
        row != nullptr && !row->decoded_fallback &&
        std::holds_alternative<connectors::Draft>(mapping.Map(row->cells, row->cell_count));
    ++(usable ? found.rows : found.bad);
  }
  return Status::Ok();
}

}  // namespace

Result<Discovery> Discover(const std::string& path) {
  const Result<std::unique_ptr<format::ByteSource>> bytes = format::OpenFile(path);
  if (!bytes) return bytes.error();
  const Result<format::OpenedTable> table = format::OpenTable(**bytes, path, {});
  if (!table) return table.error();
  format::TableReader& reader = *table->reader;
  Discovery found;
  found.format = reader.format();
  const Header header(reader.header());
  std::optional<Recognised> recognised = RecogniseAny(header);
  if (!recognised) recognised = RecogniseAnyByMarks(header);
  if (!recognised) {
    Propose(header, found);
    return found;
  }
  found.connector = recognised->connector;
  found.object = recognised->object;
  reader.SkipFooters(found.connector->footers);
  connectors::FeedMapping mapping;
  mapping.system = found.connector->name;
  for (const std::string_view name : found.object->required) {
    if (!connectors::HasColumn(*found.object, header, name)) found.lacking.emplace_back(name);
  }
  if (!found.lacking.empty()) {
    Propose(header, found);
    return found;
  }
  const Result<Mapping> bound = Mapping::Bind(*found.connector, found.object, mapping, header);
  if (!bound) return bound.error();
  found.mapped = bound->Mapped();
  found.ignored = bound->Ignored();
  if (Status counted = Count(reader, *bound, found); !counted.ok()) return counted;
  return found;
}

}  // namespace referrald::registry
