#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "plugin/ctl/context.h"
#include "plugin/ctl/daemon_program.h"
#include "plugin/ctl/text.h"
#include "storage/base/text.h"
#include "thrift/idl/ReferraldAdmin.h"

namespace referrald::ctl {
namespace {

using Client = idl::ReferraldAdminClient;

struct StoreOptions {
  std::string name;
  std::string host;
  std::string number;
  std::string file = "/etc/referrald/referrald.toml";
};

ExitCode Rebuild(Context& context, const StoreOptions&) {
  auto client = context.ConnectPatiently();
  if (!client) return context.Fail(client.error());
  int64_t events = 0;
  const Status status = client->Call([&] { events = client->raw().rebuild(); });
  if (!status.ok()) return context.Fail(status);
  return context.Show({{"event_count", events}},
                      fmt::format("Rebuilt from {}.\n", Count(events, "event")));
}

ExitCode ListExports(Context& context, const StoreOptions&) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto exports = client->Ask(&Client::listExports);
  if (!exports) return context.Fail(exports.error());
  return context.Show({{"exports", ToJsonList(*exports)}}, ExportsText(*exports, context.style()));
}

ExitCode RunExport(Context& context, const StoreOptions& options) {
  auto client = context.ConnectPatiently();
  if (!client) return context.Fail(client.error());
  const auto result = client->Ask(&Client::runExport, options.name);
  if (!result) return context.Fail(result.error());
  return context.Show(ToJson(*result), ExportText(*result, context.style()));
}

ExitCode Ping(Context& context, const StoreOptions& options) {
  if (!options.host.empty()) context.options().address = options.host;
  const auto begin = std::chrono::steady_clock::now();
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto info = client->Ask(&Client::getServerInfo, "referralctl", 1, 0);
  if (!info) return context.Fail(info.error());
  const double milliseconds =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  const std::string& address = context.options().address;
  return context.Show({{"address", address},
                       {"version", info->version},
                       {"api_version", info->api_version},
                       {"milliseconds", milliseconds}},
                      fmt::format("referrald {} answers at {}: API {}, framed binary, {:.1f} ms\n",
                                  info->version, address, info->api_version, milliseconds));
}

// With the code that the daemon will use at its next start.
ExitCode CheckConfig(Context& context, const StoreOptions& options) {
  const Result<ProgramOutput> checked =
      RunDaemonProgram({"--check-config", "--config", options.file});
  if (!checked) return context.Fail(checked.error());
  const bool ok = checked->exit_code == 0;
  return context.Show({{"ok", ok}, {"file", options.file}, {"text", checked->text}}, checked->text,
                      ok ? ExitCode::kOk : ExitCode::kConfiguration);
}

ExitCode Version(Context& context, const StoreOptions&) {
  return context.Show({{"version", REFERRALD_VERSION}},
                      fmt::format("referralctl {}\n", REFERRALD_VERSION));
}

}  // namespace

void AddStoreCommands(CLI::App& app, Command& command) {
  const auto options = std::make_shared<StoreOptions>();
  const auto choose = [&command, options](auto action) {
    return [&command, options, action] {
      command = [options, action](Context& context) { return action(context, *options); };
    };
  };
  app.add_subcommand("rebuild", "Make everything derived anew, from the log")
      ->callback(choose(Rebuild));

  CLI::App* exports = app.add_subcommand("export", "Files for a CRM's own importer");
  exports->require_subcommand(1);
  exports->add_subcommand("list", "Every export")->callback(choose(ListExports));
  CLI::App* run = exports->add_subcommand("run", "Write the files of an export now");
  run->add_option("NAME", options->name, "Its name")->required();
  run->callback(choose(RunExport));

  CLI::App* rpc = app.add_subcommand("rpc", "The network face");
  rpc->require_subcommand(1);
  CLI::App* ping = rpc->add_subcommand("ping", "Who answers, and how fast");
  ping->add_option("--host", options->host, "127.0.0.1:7431, instead of the unix socket");
  ping->callback(choose(Ping));

  CLI::App* config = app.add_subcommand("config", "The configuration");
  config->require_subcommand(1);
  CLI::App* check = config->add_subcommand("check", "Say everything that is wrong with it");
  check->add_option("FILE", options->file, "The file")->capture_default_str();
  check->callback(choose(CheckConfig));

  AddExplainCommand(app, command);
  app.add_subcommand("version", "Which version this is")->callback(choose(Version));
}

}  // namespace referrald::ctl
