#include "plugin/daemon/config_section.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "plugin/daemon/config_units.h"
#include "storage/base/text.h"

namespace referrald::daemon {
namespace {

constexpr int kWrongType = 1004;
constexpr int kNotAChoice = 1005;
constexpr int kOutOfRange = 1007;
constexpr int kMissing = 1008;
constexpr int kBadPath = 1013;
constexpr int kUnknownSetting = 1042;

std::string_view TypeName(toml::node_type type) {
  switch (type) {
    case toml::node_type::none: return "nothing";
    case toml::node_type::table: return "a table";
    case toml::node_type::array: return "a list";
    case toml::node_type::string: return "text";
    case toml::node_type::integer: return "a number";
    case toml::node_type::floating_point: return "a number with a fraction";
    case toml::node_type::boolean: return "true or false";
    case toml::node_type::date: return "a date";
    case toml::node_type::time: return "a time";
    case toml::node_type::date_time: return "a date and time";
  }
  return "something else";
}

// Where it ends on a later line, or nobody knows where, one caret has to do.
Place PlaceOf(const std::string& file, const toml::source_region& region) {
  Place place{.file = file, .line = region.begin.line, .column = region.begin.column};
  if (region.end.line == region.begin.line && region.end.column > region.begin.column) {
    place.width = region.end.column - region.begin.column;
  }
  return place;
}

const toml::key* KeyOf(const toml::table& table, std::string_view key) {
  const auto found = table.find(key);
  return found == table.end() ? nullptr : &found->first;
}

}  // namespace

void Findings::Error(const toml::source_region& region, Finding finding) {
  Place place = PlaceOf(source_.path, region);
  std::string line = LineOf(source_.text, place.line);
  out_.push_back({.number = finding.number,
                  .message = std::move(finding.message),
                  .place = std::move(place),
                  .source_line = std::move(line),
                  .label = std::move(finding.label),
                  .note = std::move(finding.note)});
}

void Findings::Error(Finding finding) {
  out_.push_back({.number = finding.number,
                  .message = std::move(finding.message),
                  .place = {.file = source_.path},
                  .source_line = {},
                  .label = {},
                  .note = std::move(finding.note)});
}

const toml::node* Section::Ask(std::string_view key) {
  if (std::ranges::find(asked_, key) == asked_.end()) asked_.emplace_back(key);
  return table_.get(key);
}

const toml::node* Section::Expect(std::string_view key, toml::node_type type,
                                  std::string_view example) {
  const toml::node* node = Ask(key);
  if (node == nullptr || node->type() == type) return node;
  findings_.Error(node->source(),
                  {.number = kWrongType,
                   .message = fmt::format("`{}` is {}", key, TypeName(node->type())),
                   .label = fmt::format("expected {}: {}", TypeName(type), example),
                   .note = {}});
  return nullptr;
}

const toml::node* Section::ReadText(std::string_view key, std::string& value) {
  const toml::node* node = Expect(key, toml::node_type::string, "\"...\"");
  if (node != nullptr) value = **node->as_string();
  return node;
}

const toml::node* Section::ReadInteger(std::string_view key, int64_t least, int64_t most,
                                       int64_t& value) {
  const toml::node* node = Expect(key, toml::node_type::integer, std::to_string(least));
  if (node == nullptr) return nullptr;
  const int64_t number = **node->as_integer();
  if (number < least || number > most) {
    Refuse(key, {.number = kOutOfRange,
                 .message = fmt::format("`{}` is out of range", key),
                 .label = fmt::format("expected {} to {}", least, most),
                 .note = {}});
    return nullptr;
  }
  value = number;
  return node;
}

const toml::node* Section::ReadBytes(std::string_view key, uint64_t& value) {
  const toml::node* node = Expect(key, toml::node_type::string, "\"1 MiB\"");
  if (node == nullptr) return nullptr;
  const Result<uint64_t> bytes = ParseBytes(**node->as_string());
  if (bytes) {
    value = *bytes;
    return node;
  }
  Refuse(key, {.number = bytes.error().number(),
               .message = fmt::format("`{}` is not a size", key),
               .label = bytes.error().message(),
               .note = {}});
  return nullptr;
}

const toml::node* Section::ReadDuration(std::string_view key, std::chrono::milliseconds& value) {
  const toml::node* node = Expect(key, toml::node_type::string, "\"2 s\"");
  if (node == nullptr) return nullptr;
  const Result<std::chrono::milliseconds> duration = ParseDuration(**node->as_string());
  if (duration) {
    value = *duration;
    return node;
  }
  Refuse(key, {.number = duration.error().number(),
               .message = fmt::format("`{}` is not a duration", key),
               .label = duration.error().message(),
               .note = {}});
  return nullptr;
}

const toml::node* Section::ReadRatio(std::string_view key, double& value) {
  const toml::node* node = Expect(key, toml::node_type::string, "\"5 %\"");
  if (node == nullptr) return nullptr;
  const Result<double> ratio = ParseRatio(**node->as_string());
  if (ratio) {
    value = *ratio;
    return node;
  }
  Refuse(key, {.number = ratio.error().number(),
               .message = fmt::format("`{}` is not a share", key),
               .label = ratio.error().message(),
               .note = {}});
  return nullptr;
}

const toml::node* Section::ReadPath(std::string_view key, std::string& value) {
  std::string text;
  const toml::node* node = ReadText(key, text);
  if (node == nullptr) return nullptr;
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  const std::filesystem::path path(text);
  if (path.is_absolute() && path == path.lexically_normal() && text != "/") {
    value = text;
    return node;
  }
  Refuse(key, {.number = kBadPath,
               .message = fmt::format("`{}` is not an absolute path", key),
               .label = "expected a path from the root, without \".\" and \"..\"",
               .note = {}});
  return nullptr;
}

std::vector<Section::TextItem> Section::ReadTexts(std::string_view key) {
  const toml::node* node = Ask(key);
  if (node == nullptr) return {};
  if (const auto* text = node->as_string()) return {{.text = **text, .node = node}};
  std::vector<TextItem> items;
  const toml::array* list = node->as_array();
  if (list == nullptr) {
    Refuse(key, {.number = kWrongType,
                 .message = fmt::format("`{}` is {}", key, TypeName(node->type())),
                 .label = "expected a list of texts: [\"...\"]",
                 .note = {}});
    return {};
  }
  for (const toml::node& item : *list) {
    if (const auto* text = item.as_string()) {
      items.push_back({.text = **text, .node = &item});
      continue;
    }
    findings_.Error(item.source(),
                    {.number = kWrongType,
                     .message = fmt::format("`{}` holds {}", key, TypeName(item.type())),
                     .label = "expected text: \"...\"",
                     .note = {}});
  }
  return items;
}

size_t Section::ChoiceOf(std::string_view key, const std::vector<std::string_view>& names) {
  std::string text;
  if (ReadText(key, text) == nullptr) return names.size();
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) {
    Refuse(key, {.number = kNotAChoice,
                 .message = fmt::format("`{}` cannot be `{}`", key, text),
                 .label = fmt::format("expected one of {}", fmt::join(names, ", ")),
                 .note = Suggest(text, names, "")});
  }
  return static_cast<size_t>(found - names.begin());
}

const toml::table* Section::ReadTable(std::string_view key) {
  const toml::node* node =
      Expect(key, toml::node_type::table, fmt::format("[{}] on a line of its own", key));
  return node == nullptr ? nullptr : node->as_table();
}

std::vector<const toml::table*> Section::ReadTables(std::string_view key) {
  const toml::node* node = Ask(key);
  if (node == nullptr) return {};
  std::vector<const toml::table*> tables;
  if (const toml::array* list = node->as_array()) {
    for (const toml::node& item : *list) tables.push_back(item.as_table());
  }
  if (tables.empty() || std::ranges::find(tables, nullptr) != tables.end()) {
    Refuse(key, {.number = kWrongType,
                 .message = fmt::format("`{}` is {}", key, TypeName(node->type())),
                 .label = fmt::format("expected [[{}]], with two brackets", key),
                 .note = {}});
    return {};
  }
  return tables;
}

void Section::Require(std::string_view key, std::string_view example) {
  if (Ask(key) != nullptr) return;
  findings_.Error(table_.source(), {.number = kMissing,
                                    .message = fmt::format("{} has no `{}`", title_, key),
                                    .label = fmt::format("needs {} = {}", key, example),
                                    .note = {}});
}

void Section::RefuseTheRest() {
  const std::vector<std::string_view> known(asked_.begin(), asked_.end());
  for (const auto& [key, node] : table_) {
    if (std::ranges::find(known, key.str()) != known.end()) continue;
    findings_.Error(key.source(), {.number = kUnknownSetting,
                                   .message = fmt::format("unknown setting `{}`", key.str()),
                                   .label = fmt::format("not a setting of {}", title_),
                                   .note = Suggest(key.str(), known, "settings of " + title_)});
  }
}

void Section::Refuse(std::string_view key, Findings::Finding finding) {
  const toml::node* node = table_.get(key);
  // A table has no extent worth underlining; its name has.
  const toml::key* name = KeyOf(table_, key);
  if (node == nullptr) {
    findings_.Error(table_.source(), std::move(finding));
  } else if (node->is_value()) {
    findings_.Error(node->source(), std::move(finding));
  } else {
    findings_.Error(name->source(), std::move(finding));
  }
}

std::string Suggest(std::string_view word, const std::vector<std::string_view>& known,
                    std::string_view what) {
  const std::string_view nearest = Nearest(word, known);
  std::string text;
  if (!nearest.empty()) text = fmt::format("did you mean `{}`?", nearest);
  if (what.empty()) return text;
  if (!text.empty()) text += "   ";
  return text + fmt::format("{}: {}", what, fmt::join(known, ", "));
}

}  // namespace referrald::daemon
