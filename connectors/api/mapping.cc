#include <algorithm>
#include <set>
#include <utility>

#include "connectors/api/connector.h"
#include "connectors/api/dates.h"
#include "connectors/api/values.h"
#include "storage/base/limits.h"
#include "storage/base/text.h"

namespace referrald::connectors {
namespace {

constexpr int kMissingColumns = 2010, kUnknownColumn = 2011, kUnknownField = 2012;
constexpr int kFieldLimit = 2105, kNoId = 2120;

// The names of the column that a description calls `name`: its rule's, or the name alone.
std::span<const std::string_view> NamesOf(const ObjectDescription& object,
                                          const std::string_view& name) {
  for (const ColumnRule& rule : object.columns) {
    if (!rule.names.empty() && rule.names[0] == name) return rule.names;
  }
  return {&name, 1};
}

bool Has(const Header& header, const ObjectDescription& object, std::string_view name) {
  return header.FindAny(NamesOf(object, name)).has_value();
}

bool HasAll(const ObjectDescription& object, std::span<const std::string_view> titles,
            const Header& header) {
  return !titles.empty() && std::ranges::all_of(titles, [&](std::string_view name) {
    return Has(header, object, name);
  });
}

bool HasAny(const ObjectDescription& object, std::span<const std::string_view> titles,
            const Header& header) {
  return std::ranges::any_of(titles,
                             [&](std::string_view name) { return Has(header, object, name); });
}

Status NoColumn(const Header& header, const std::string& field, std::string_view title) {
  const std::vector<std::string_view> titles(header.titles().begin(), header.titles().end());
  const std::string_view near = Nearest(title, titles);
  return Status::InvalidArgument(
      "mapping: " + field + ": the file has no column \"" + std::string(title) + "\"" +
          (near.empty() ? "" : "; did you mean \"" + std::string(near) + "\"?"),
      kUnknownColumn);
}

Status NoField(const std::string& name) {
  const std::string_view near = Nearest(name, KnownFields());
  return Status::InvalidArgument(
      "mapping: there is no field \"" + name + "\"" +
          (near.empty() ? "; a field of your own is called \"attr." + name + "\""
                        : "; did you mean \"" + std::string(near) + "\"?"),
      kUnknownField);
}

// How a field is read where no rule says so.
ColumnType TypeOf(std::string_view name) {
  namespace field = referral::field;
  if (name == field::kEmail) return ColumnType::kEmail;
  if (name == field::kPhone || name == field::kMobile) return ColumnType::kPhone;
  if (name == field::kCloseDate) return ColumnType::kDate;
  if (name == role::kChangedAt) return ColumnType::kDateTime;
  if (name == role::kDeleted) return ColumnType::kBoolean;
  if (name.contains(':')) return ColumnType::kIdList;
  return ColumnType::kText;
}

// What a source fills: a field, or the role of a link ("owner:User").
std::string_view NameOf(std::string_view field) { return field.substr(0, field.find(':')); }

bool IsRole(std::string_view name) {
  return name == role::kExternalId || name == role::kChangedAt || name == role::kDeleted ||
         name == role::kMergedInto;
}

// The outcome of a deal is read from its stage.
void AddDerived(std::vector<std::string>& silent) {
  namespace field = referral::field;
  const auto is_silent = [&silent](std::string_view name) {
    return std::ranges::find(silent, name) != silent.end();
  };
  if (is_silent(field::kStage) && !is_silent(field::kOutcome)) silent.emplace_back(field::kOutcome);
}

// "a; b;;c": each that is not empty.
template <typename Visit>
void ForEachId(std::string_view list, const Visit& visit) {
  while (!list.empty()) {
    const size_t end = std::min(list.find(';'), list.size());
    if (const std::string_view id = Trim(list.substr(0, end)); !id.empty()) visit(id);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

RowError TooLarge(std::string column, size_t bytes, size_t limit) {
  return {.number = kFieldLimit,
          .code = "R-LIMIT",
          .column = std::move(column),
          .reason = "is " + std::to_string(bytes) + " bytes, limit " + std::to_string(limit)};
}

std::optional<RowError> CheckDraft(const Draft& draft, const std::string& id_column) {
  if (draft.ref.id.empty() || draft.ref.id.size() > limits::kExternalIdBytesMax) {
    return RowError{.number = kNoId,
                    .code = "R-ID-INVALID",
                    .column = id_column,
                    .reason = draft.ref.id.empty()
                                  ? "the id is empty; export the file again with its id column"
                                  : "the id is longer than " +
                                        std::to_string(limits::kExternalIdBytesMax) + " bytes"};
  }
  size_t bytes = 0;
  for (const referral::Field& field : draft.fields) bytes += field.value.size();
  if (bytes <= limits::kRowFieldBytesMax) return std::nullopt;
  return TooLarge("", bytes, limits::kRowFieldBytesMax);
}

}  // namespace

bool HasColumn(const ObjectDescription& object, const Header& header, std::string_view name) {
  return Has(header, object, name);
}

const ObjectDescription* Recognise(const ConnectorInfo& connector, const Header& header) {
  const ObjectDescription* best = nullptr;
  for (const ObjectDescription& object : connector.objects) {
    if (!HasAll(object, object.signature, header) || HasAny(object, object.excludes, header)) {
      continue;
    }
    if (best == nullptr || object.signature.size() > best->signature.size()) best = &object;
  }
  return best;
}

const ObjectDescription* RecogniseByMarks(const ConnectorInfo& connector, const Header& header) {
  const ObjectDescription* best = nullptr;
  for (const ObjectDescription& object : connector.objects) {
    if (!HasAll(object, object.marks, header)) continue;
    if (best == nullptr || object.marks.size() > best->marks.size()) best = &object;
  }
  return best;
}

Result<Mapping> Mapping::Bind(const ConnectorInfo& connector, const ObjectDescription* object,
                              const FeedMapping& mapping, Header header) {
  Mapping bound;
  bound.connector_ = &connector;
  bound.object_ = object;
  bound.kind_ = object != nullptr ? object->kind : mapping.kind;
  bound.system_ = mapping.system.empty() ? std::string(connector.name) : mapping.system;
  bound.object_name_ = object != nullptr ? std::string(object->object) : mapping.object;
  bound.dates_ = mapping.dates;
  bound.header_ = std::move(header);
  if (Status status = bound.AddConfigured(mapping); !status.ok()) return status;
  bound.AddRules();
  bound.FindSilent(mapping);
  if (Status status = bound.CheckRequired(); !status.ok()) return status;
  return bound;
}

Result<Mapping::Source> Mapping::Configured(const Header& header, const std::string& name,
                                            const std::string& text) {
  Source source{.field = name, .column = text, .type = TypeOf(name), .parts = {}};
  if (const std::optional<size_t> column = header.Find(text)) {
    source.parts.emplace_back(*column);
    return source;
  }
  if (!text.contains('{')) return NoColumn(header, name, text);
  for (size_t at = 0; at < text.size();) {
    const size_t open = std::min(text.find('{', at), text.size());
    if (open > at) source.parts.emplace_back(text.substr(at, open - at));
    if (open == text.size()) break;
    const size_t close = std::min(text.find('}', open), text.size());
    const std::string title = text.substr(open + 1, close - open - 1);
    const std::optional<size_t> column = header.Find(title);
    if (!column) return NoColumn(header, name, title);
    source.parts.emplace_back(*column);
    at = close + 1;
  }
  return source;
}

Status Mapping::AddConfigured(const FeedMapping& mapping) {
  for (const auto& [name, text] : mapping.columns) {
    if (!IsKnownField(name)) return NoField(name);
    Result<Source> source = Configured(header_, name, text);
    // One feed takes all objects of a system; a column of one of them is not in the others.
    if (!source && object_ != nullptr && name.starts_with("attr.")) continue;
    if (!source) return source.error();
    sources_.push_back(*std::move(source));
  }
  return Status::Ok();
}

void Mapping::AddRules() {
  if (object_ == nullptr) return;
  const size_t configured_count = sources_.size();
  const auto is_configured = [&](std::string_view field) {
    const auto end = sources_.begin() + static_cast<std::ptrdiff_t>(configured_count);
    return std::any_of(sources_.begin(), end,
                       [field](const Source& source) { return source.field == field; });
  };
  for (const ColumnRule& rule : object_->columns) {
    const std::optional<size_t> column = header_.FindAny(rule.names);
    if (rule.field.empty() || !column || is_configured(rule.field)) continue;
    sources_.push_back({.field = std::string(rule.field),
                        .column = std::string(Trim(header_.titles()[*column])),
                        .type = rule.type,
                        .parts = {*column}});
  }
}

// Whether one of the first `cell_count` cells says something, if only "empty", of `name`.
bool Mapping::Speaks(std::string_view name, size_t cell_count) const {
  const auto is_there = [cell_count](const auto& part) {
    const auto* const column = std::get_if<size_t>(&part);
    return column == nullptr || *column < cell_count;
  };
  return std::ranges::any_of(sources_, [&](const Source& source) {
    return NameOf(source.field) == name && std::ranges::all_of(source.parts, is_there);
  });
}

void Mapping::FindSilent(const FeedMapping& mapping) {
  std::vector<std::string> silent;
  const auto add = [&](std::string_view name) {
    if (IsRole(name) || Speaks(name, header_.titles().size())) return;
    if (std::ranges::find(silent, name) == silent.end()) silent.emplace_back(name);
  };
  if (object_ != nullptr) {
    for (const ColumnRule& rule : object_->columns) {
      if (!rule.field.empty()) add(NameOf(rule.field));
    }
    for (const auto& [name, text] : mapping.columns) add(NameOf(name));
  }
  AddDerived(silent);
  if (!silent.empty()) silent_ = std::make_shared<const std::vector<std::string>>(silent);
}

// Of a row that has so many cells.
std::vector<std::string> Mapping::SilentIn(size_t cell_count) const {
  std::vector<std::string> silent = silent_ ? *silent_ : std::vector<std::string>();
  for (const Source& source : sources_) {
    const std::string_view name = NameOf(source.field);
    if (IsRole(name) || Speaks(name, cell_count)) continue;
    if (std::ranges::find(silent, name) == silent.end()) silent.emplace_back(name);
  }
  AddDerived(silent);
  return silent;
}

Status Mapping::CheckRequired() const {
  std::string missing;
  if (object_ != nullptr) {
    for (const std::string_view name : object_->required) {
      if (Has(header_, *object_, name)) continue;
      missing += (missing.empty() ? "" : ", ") + std::string(name);
    }
  }
  const bool has_id =
      connector_->derives_ids || std::ranges::any_of(sources_, [](const Source& source) {
        return source.field == role::kExternalId;
      });
  if (missing.empty() && has_id) return Status::Ok();
  if (missing.empty()) {
    return Status::InvalidArgument(
        "nothing is mapped to external_id; name the column that identifies a row for ever",
        kMissingColumns);
  }
  return Status::InvalidArgument(
      "the file lacks columns: " + missing + "; export it again with them", kMissingColumns);
}

std::string_view Mapping::TextOf(const Source& source, const Cells& cells,
                                 std::string& built) const {
  if (source.parts.size() == 1 && std::holds_alternative<size_t>(source.parts[0])) {
    return cells.at(std::get<size_t>(source.parts[0]));
  }
  built.clear();
  bool any = false;
  for (const auto& part : source.parts) {
    if (const auto* text = std::get_if<std::string>(&part)) {
      built += *text;
      continue;
    }
    const std::string_view cell = cells.at(std::get<size_t>(part));
    any |= !cell.empty();
    built += cell;
  }
  // A template of empty cells says nothing, whatever stands between them.
  return any ? Trim(built) : std::string_view();
}

std::optional<RowError> Mapping::Place(const Source& source, std::string_view text,
                                       Draft& draft) const {
  // "'+49 30 1" was "+49 30 1" before the system wrote it; "'tis" never was anything else.
  const std::string_view before = connector_->apostrophe_before;
  if (text.size() > 1 && text[0] == '\'' && before.contains(text[1])) text.remove_prefix(1);
  std::variant<std::string, RowError> read = ReadValue(source.type, text, dates_);
  if (auto* error = std::get_if<RowError>(&read)) {
    error->column = source.column;
    return std::move(*error);
  }
  auto& value = std::get<std::string>(read);
  const std::string& name = source.field;
  if (const size_t colon = name.find(':'); colon != std::string::npos) {
    const auto link = [&](std::string_view id) {
      draft.associations.push_back(
          {.role = name.substr(0, colon),
           .ref = {.system = system_, .object = name.substr(colon + 1), .id = std::string(id)}});
    };
    ForEachId(value, link);
  } else if (name == role::kExternalId) {
    draft.ref.id = std::move(value);
  } else if (name == role::kDeleted) {
    draft.deleted = value == "true";
  } else if (name == role::kMergedInto) {
    draft.merged_into = referral::ExternalRef{system_, object_name_, std::move(value)};
  } else if (name == role::kChangedAt) {
    draft.changed_at = *ParseTimestamp(value);
  } else if (value.size() > limits::kFieldValueBytesMax) {
    return TooLarge(source.column, value.size(), limits::kFieldValueBytesMax);
  } else {
    draft.fields.push_back({.name = name, .value = std::move(value)});
  }
  return std::nullopt;
}

std::variant<Draft, RowError> Mapping::Map(std::span<const std::string_view> row,
                                           size_t cell_count) const {
  const Cells cells(header_, row, dates_);
  Draft draft;
  draft.silent = cell_count < row.size()
                     ? std::make_shared<const std::vector<std::string>>(SilentIn(cell_count))
                     : silent_;
  draft.kind = kind_;
  draft.ref.system = system_;
  draft.ref.object = object_name_;
  draft.fields.reserve(sources_.size());
  std::string built;
  std::string_view id_column;
  for (const Source& source : sources_) {
    if (source.field == role::kExternalId) id_column = source.column;
    const std::string_view text = TextOf(source, cells, built);
    if (text.empty()) continue;
    if (std::optional<RowError> error = Place(source, text, draft)) return *std::move(error);
  }
  draft.fields = referral::Normalised(std::move(draft.fields));
  if (object_ != nullptr && connector_->finish != nullptr) {
    if (std::optional<RowError> error = connector_->finish(*object_, cells, draft)) {
      return *std::move(error);
    }
    draft.fields = referral::Normalised(std::move(draft.fields));
  }
  if (std::optional<RowError> error = CheckDraft(draft, std::string(id_column))) {
    return *std::move(error);
  }
  return draft;
}

std::vector<std::pair<std::string, std::string>> Mapping::Mapped() const {
  std::vector<std::pair<std::string, std::string>> mapped;
  for (const Source& source : sources_) mapped.emplace_back(source.column, source.field);
  return mapped;
}

std::vector<std::string> Mapping::Ignored() const {
  std::set<size_t> used;
  for (const Source& source : sources_) {
    for (const auto& part : source.parts) {
      if (const auto* column = std::get_if<size_t>(&part)) used.insert(*column);
    }
  }
  if (object_ != nullptr) {
    for (const ColumnRule& rule : object_->columns) {
      if (const auto column = header_.FindAny(rule.names)) used.insert(*column);
    }
  }
  std::vector<std::string> ignored;
  for (size_t i = 0; i < header_.titles().size(); ++i) {
    if (!used.contains(i)) ignored.push_back(header_.titles()[i]);
  }
  return ignored;
}

}  // namespace referrald::connectors
