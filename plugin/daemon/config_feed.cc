#include "plugin/daemon/config_feed.h"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/format/csv_dialect.h"
#include "connectors/format/text_encoding.h"
#include "storage/referral/entity.h"

namespace referrald::daemon {
namespace {

using connectors::ConnectorInfo;
using referral::EntityKind;

constexpr int kMissing = 1008;
constexpr int kTaken = 1009;
constexpr int kUnknownConnector = 1010;
constexpr int kBadPath = 1013;
constexpr int kFolderTaken = 1014;
constexpr int kNotForThisConnector = 1015;
constexpr int kBadName = 1016;
constexpr int kTooMany = 1017;
constexpr int kUnknownField = 1018;
constexpr int kUnusableForm = 1020;

constexpr std::string_view kFields[] = {
    connectors::role::kExternalId, connectors::role::kChangedAt,  connectors::role::kDeleted,
    connectors::role::kMergedInto, referral::field::kDisplayName, referral::field::kFirstName,
    referral::field::kLastName,    referral::field::kEmail,       referral::field::kPhone,
    referral::field::kMobile,      referral::field::kTitle,       referral::field::kCompany,
    referral::field::kDomain,      referral::field::kIndustry,    referral::field::kCity,
    referral::field::kPostalCode,  referral::field::kCountry,     referral::field::kOwner,
    referral::field::kLeadSource,  referral::field::kReferredBy,  referral::field::kStatus,
    referral::field::kStage,       referral::field::kAmount,      referral::field::kCurrency,
    referral::field::kCloseDate,   referral::field::kOutcome,
};
constexpr std::string_view kRoles[] = {"contact", "converted_to", "merged_id",   "organisation",
                                       "owner",   "parent",       "referred_by", "reports_to"};

// "attr.hall" is kept as it is; "organisation:Account" points to another row.
bool IsField(std::string_view name) {
  constexpr std::string_view kOwn = "attr.";
  if (std::ranges::find(kFields, name) != std::end(kFields)) return true;
  if (name.starts_with(kOwn)) return name.size() > kOwn.size();
  const size_t colon = name.find(':');
  return colon != std::string_view::npos && colon + 1 < name.size() &&
         std::ranges::find(kRoles, name.substr(0, colon)) != std::end(kRoles);
}

// What may be meant: a field, or the role of a link with the object that was written.
std::string SuggestField(std::string_view name) {
  const size_t colon = name.find(':');
  if (colon == std::string_view::npos) {
    return Suggest(name, {std::begin(kFields), std::end(kFields)}, "fields");
  }
  return Suggest(name.substr(0, colon), {std::begin(kRoles), std::end(kRoles)}, "roles");
}

// "{First Name} {Last Name}": every brace has its other one.
bool IsTemplateWhole(std::string_view text) {
  bool is_open = false;
  for (const char c : text) {
    if (c != '{' && c != '}') continue;
    if (is_open == (c == '{')) return false;
    is_open = c == '{';
  }
  return !is_open;
}

bool IsName(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, allowed);
}

std::string DefaultObject(EntityKind kind) {
  switch (kind) {
    case EntityKind::kOrganisation: return "Account";
    case EntityKind::kOpportunity: return "Opportunity";
    case EntityKind::kUnknown:
    case EntityKind::kPerson: break;
  }
  return "Contact";
}

}  // namespace

void FeedReader::ReadLimits(Section& section, sync::FeedConfig& feed) {
  section.ReadChoice<bool>("on_bad_row", {{"quarantine", false}, {"stop", true}},
                           feed.stop_on_bad_row);
  section.ReadRatio("max_bad", feed.max_bad_ratio);
  section.ReadRatio("min_rows", feed.min_rows_ratio);
  section.ReadChoice<bool>("deletes", {{"flagged", false}, {"absent", true}}, feed.absent_is_gone);
  section.ReadRatio("max_deletes", feed.max_deletes_ratio);
}

void FeedReader::ReadDefaults(Section section) {
  ReadLimits(section, defaults_);
  section.RefuseTheRest();
}

void FeedReader::ReadAll(Section& root) {
  for (const toml::table* table : root.ReadTables("feed")) {
    ReadFeed(Section(*table, "[[feed]]", root.findings()));
  }
  for (const toml::table* table : root.ReadTables("export")) {
    ReadExport(Section(*table, "[[export]]", root.findings()));
  }
}

void FeedReader::ReadFeed(Section section) {
  if (!HasRoom(section, config_.feeds.size())) return;
  sync::FeedConfig feed = defaults_;
  ReadName(section, feed_names_, feed.name);
  const ConnectorInfo* connector = ReadConnector(section, feed.connector);
  feed.folder = ReadFolder(section, "inbox", feed.name);
  int64_t priority = feed.priority;
  section.ReadInteger("priority", 0, 1'000'000, priority);
  feed.priority = static_cast<uint32_t>(priority);
  ReadLimits(section, feed);
  ReadForm(section, feed);
  section.ReadDuration("settle", feed.settle);
  ReadMapping(section, feed);
  if (const toml::table* stages = section.ReadTable("stages")) {
    ReadStages(Section(*stages, "[feed.stages]", section.findings()), feed);
  }
  if (connector != nullptr) CheckMapping(section, *connector, feed);
  section.RefuseTheRest();
  config_.feeds.push_back(std::move(feed));
}

// With the code that will read the files.
void FeedReader::ReadForm(Section& section, sync::FeedConfig& feed) {
  const auto refuse = [&section](std::string_view key, const Status& why) {
    section.Refuse(key, {.number = kUnusableForm,
                         .message = fmt::format("`{}` cannot be used", key),
                         .label = why.message(),
                         .note = {}});
  };
  section.ReadText("encoding", feed.encoding);
  const auto encoding = format::DetectEncoding({}, /*whole=*/true, feed.encoding);
  if (!encoding) refuse("encoding", encoding.error());
  section.ReadText("delimiter", feed.delimiter);
  const auto dialect = format::DetectDialect({}, feed.delimiter);
  if (!dialect) refuse("delimiter", dialect.error());
}

void FeedReader::ReadMapping(Section& section, sync::FeedConfig& feed) {
  connectors::FeedMapping& mapping = feed.mapping;
  section.ReadText("system", mapping.system);
  if (mapping.system.empty()) mapping.system = feed.connector;
  section.ReadText("object", mapping.object);
  section.ReadChoice<EntityKind>("kind",
                                 {{"person", EntityKind::kPerson},
                                  {"organisation", EntityKind::kOrganisation},
                                  {"opportunity", EntityKind::kOpportunity}},
                                 mapping.kind);
  section.ReadChoice<connectors::DateOrder>("dates",
                                            {{"iso", connectors::DateOrder::kUnsaid},
                                             {"month_first", connectors::DateOrder::kMonthFirst},
                                             {"day_first", connectors::DateOrder::kDayFirst}},
                                            mapping.dates);
  if (const toml::table* map = section.ReadTable("map")) {
    ReadColumns(Section(*map, "[feed.map]", section.findings()), mapping);
  }
}

void FeedReader::ReadColumns(Section section, connectors::FeedMapping& mapping) {
  for (const auto& [key, node] : section.table()) {
    const std::string_view field = key.str();
    std::string column;
    section.ReadText(field, column);
    if (!IsTemplateWhole(column)) {
      section.Refuse(field, {.number = kUnusableForm,
                             .message = fmt::format("`{}` is no whole template", field),
                             .label = "a { or } without its other one",
                             .note = {}});
    }
    mapping.columns.emplace_back(field, std::move(column));
    if (IsField(field)) continue;
    section.findings().Error(key.source(),
                             {.number = kUnknownField,
                              .message = fmt::format("unknown field `{}`", field),
                              .label = "not a field; your own are called \"attr.NAME\"",
                              .note = SuggestField(field)});
  }
}

void FeedReader::ReadStages(Section section, sync::FeedConfig& feed) {
  for (const auto& [key, node] : section.table()) {
    const std::string_view stage = key.str();
    sync::StageRule rule{.stage = std::string(stage)};
    section.ReadChoice<sync::Moment>(stage,
                                     {{"nothing", sync::Moment::kNone},
                                      {"first_engagement", sync::Moment::kEngaged},
                                      {"customer_excited", sync::Moment::kExcited},
                                      {"order_placed", sync::Moment::kOrdered},
                                      {"deal_lost", sync::Moment::kLost}},
                                     rule.moment);
    feed.stages.push_back(std::move(rule));
  }
}

void FeedReader::CheckMapping(Section& section, const ConnectorInfo& connector,
                              sync::FeedConfig& feed) {
  connectors::FeedMapping& mapping = feed.mapping;
  if (!connector.objects.empty()) {
    for (const std::string_view key : {"object", "kind"}) {
      if (!section.table().contains(key)) continue;
      section.Refuse(key,
                     {.number = kNotForThisConnector,
                      .message = fmt::format("`{}` is not for connector {}", key, feed.connector),
                      .label = "it recognises its files by their columns",
                      .note = {}});
    }
    return;
  }
  if (mapping.object.empty()) mapping.object = DefaultObject(mapping.kind);
  const auto maps_id = [](const auto& column) { return column.first == "external_id"; };
  if (std::ranges::any_of(mapping.columns, maps_id)) return;
  section.Refuse("map", {.number = kMissing,
                         .message = fmt::format("feed `{}` maps no `external_id`", feed.name),
                         .label = fmt::format("needs external_id = \"COLUMN\": connector {} knows "
                                              "no columns by itself",
                                              feed.connector),
                         .note = {}});
}

void FeedReader::ReadExport(Section section) {
  if (!HasRoom(section, config_.exports.size())) return;
  sync::ExportConfig config;
  ReadName(section, export_names_, config.name);
  const ConnectorInfo* connector = ReadConnector(section, config.connector);
  if (connector != nullptr && connector->exports.empty()) {
    section.Refuse("connector",
                   {.number = kNotForThisConnector,
                    .message = fmt::format("connector `{}` cannot export", config.connector),
                    .label = "it only reads",
                    .note = {}});
  }
  section.ReadText("system", config.system);
  if (config.system.empty()) config.system = config.connector;
  config.folder = ReadFolder(section, "outbox", config.name);
  section.ReadChoice<bool>("rows", {{"all", false}, {"changed", true}}, config.changes_only);
  section.ReadChoice<bool>("audience", {{"importer", false}, {"people", true}}, config.for_people);
  section.RefuseTheRest();
  config_.exports.push_back(std::move(config));
}

const ConnectorInfo* FeedReader::ReadConnector(Section& section, std::string& name) {
  section.Require("connector", "\"salesforce\"");
  if (section.ReadText("connector", name) == nullptr) return nullptr;
  std::vector<std::string_view> known;
  for (const ConnectorInfo* connector : connectors_) {
    if (connector->name == name) return connector;
    known.push_back(connector->name);
  }
  section.Refuse("connector", {.number = kUnknownConnector,
                               .message = fmt::format("unknown connector `{}`", name),
                               .label = "no connector has this name",
                               .note = Suggest(name, known, "connectors")});
  return nullptr;
}

void FeedReader::ReadName(Section& section, Taken& names, std::string& name) {
  section.Require("name", "\"hubspot-eu\"");
  const toml::node* node = section.ReadText("name", name);
  if (node == nullptr) return;
  if (!IsName(name)) {
    section.Refuse("name", {.number = kBadName,
                            .message = "a name is made of letters, digits, '-' and '_'",
                            .label = "at most 64 of them",
                            .note = {}});
    return;
  }
  const auto [first, fresh] =
      names.emplace(name, fmt::format("{}:{}", file_, node->source().begin.line));
  if (fresh) return;
  section.Refuse("name", {.number = kTaken,
                          .message = fmt::format("the name `{}` is taken", name),
                          .label = "names must differ",
                          .note = fmt::format("the first one is at {}", first->second)});
}

std::string FeedReader::ReadFolder(Section& section, std::string_view key,
                                   const std::string& name) {
  std::string path = fmt::format("/srv/referrald/{}/{}", name, key);
  section.ReadPath(key, path);
  const std::string suffix = fmt::format("/{}", key);
  if (!path.ends_with(suffix) || path == suffix) {
    section.Refuse(key, {.number = kBadPath,
                         .message = fmt::format("`{}` must be a folder called {}", key, key),
                         .label = fmt::format("expected a path such as \"/srv/referrald/{}{}\"",
                                              name.empty() ? "NAME" : name, suffix),
                         .note = "the folders that belong to it are made beside it"});
    return {};
  }
  const auto [first, fresh] = folders_.emplace(path, name);
  if (!fresh && first->second != name) {
    section.Refuse(key, {.number = kFolderTaken,
                         .message = fmt::format("`{}` is used by two", path),
                         .label = fmt::format("belongs to `{}` already", first->second),
                         .note = {}});
  }
  return path.substr(0, path.size() - suffix.size());
}

bool FeedReader::HasRoom(Section& section, size_t count) const {
  if (count < limits::kFeedsMax) return true;
  section.findings().Error({.number = kTooMany,
                            .message = "more than 1024 feeds or exports",
                            .label = {},
                            .note = "the rest has not been read"});
  return false;
}

}  // namespace referrald::daemon
