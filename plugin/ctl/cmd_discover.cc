// What a file is, without a daemon and without a feed.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "connectors/registry/discover.h"
#include "plugin/ctl/context.h"
#include "plugin/ctl/text.h"

namespace referrald::ctl {
namespace {

using registry::Discovery;

Json ToJson(const Discovery& found) {
  Json mapped = Json::array();
  for (const auto& [column, field] : found.mapped) {
    mapped.push_back({{"column", column}, {"field", field}});
  }
  const bool known = found.connector != nullptr;
  return {{"connector", known ? Json(found.connector->name) : Json()},
          {"object", known ? Json(found.object->object) : Json()},
          {"encoding", found.format.encoding},
          {"delimiter", found.format.delimiter_name},
          {"rows_usable", found.rows},
          {"rows_bad", found.bad},
          {"mapped", std::move(mapped)},
          {"ignored", found.ignored},
          {"lacking", found.lacking}};
}

// A table of configuration that an admin can paste.
std::string ConfigurationFor(const Discovery& found) {
  if (found.connector != nullptr) {
    return fmt::format("[[feed]]\nname = \"{0}\"\nconnector = \"{0}\"\n", found.connector->name);
  }
  std::string text =
      "[[feed]]\nname = \"NAME\"\nconnector = \"generic_csv\"\nkind = \"person\"\n\n[feed.map]\n";
  bool has_id = false;
  for (const auto& [column, field] : found.mapped) {
    text += fmt::format("{} = {}\n", field,
                        Json(column).dump(-1, ' ', false, Json::error_handler_t::replace));
    has_id = has_id || field == connectors::role::kExternalId;
  }
  if (!has_id) text += "external_id = \"THE COLUMN THAT NAMES EACH ROW\"\n";
  return text;
}

std::string DiscoveryText(const Discovery& found, const Style& style) {
  std::string text;
  if (found.connector != nullptr) {
    text += fmt::format("{} ({})\n", found.object->title, found.connector->name);
  } else {
    text += "A file of no system that is known here; the mapping is a proposal by its titles\n";
  }
  text += fmt::format("Read    {}", found.format.encoding);
  const std::string& delimiter = found.format.delimiter_name;
  text += delimiter.empty() ? "\n" : fmt::format(", delimiter {}\n", Clean(delimiter));
  if (!found.lacking.empty()) {
    text +=
        style.Bad(fmt::format("Lacks   {}: without it rows could not be known again; export it, "
                              "too\n",
                              fmt::join(found.lacking, ", ")));
  } else if (found.connector != nullptr) {
    text += fmt::format("Rows    {} usable, {} not, of the first {}\n", found.rows, found.bad,
                        registry::kRowsLookedAt);
  }
  Table table({{"COLUMN"}, {"MEANS"}});
  for (const auto& [column, field] : found.mapped) table.Add({Clean(column), field});
  for (const std::string& column : found.ignored) table.Add({Clean(column), style.Dim("-")});
  text += "\n" + table.Text(style, {}) + "\nFor the configuration\n\n" + ConfigurationFor(found);
  return text;
}

ExitCode DiscoverFile(Context& context, const std::string& path) {
  const Result<Discovery> found = registry::Discover(path);
  if (!found) return context.Fail(found.error());
  return context.Show(ToJson(*found), DiscoveryText(*found, context.style()),
                      found->connector == nullptr ? ExitCode::kNotFound : ExitCode::kOk);
}

}  // namespace

void AddDiscoverCommand(CLI::App& feed, Command& command) {
  CLI::App* discover =
      feed.add_subcommand("discover", "What a file is, and how a feed would read it");
  const auto file = std::make_shared<std::string>();
  discover->add_option("FILE", *file, "The file; nothing else is looked at")->required();
  discover->callback([&command, file] {
    command = [file](Context& context) { return DiscoverFile(context, *file); };
  });
}

}  // namespace referrald::ctl
