#include "plugin/ctl/ctl.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <span>
#include <string_view>

#include "storage/base/text.h"

namespace referrald::ctl {
namespace {

constexpr const char* kExitCodes =
    R"(Exit codes: 0 done; 1 failed; 2 usage; 3 the run is partial or held; 4 not found;
5 refused by the rules, in conflict or not permitted; 69 the daemon does not answer;
75 not now (the disk is full, too busy): try again; 78 wrong configuration.
With --json the answer, or {"error": {...}}, goes to standard output.
)";

struct GlobalOptions {
  std::string socket = "/run/referrald/rpc.sock";
  double timeout_seconds = 10;
  bool json = false, quiet = false, no_color = false;
};

CLI::Option* AddGlobalOptions(CLI::App& app, GlobalOptions& options) {
  app.add_flag("--json", options.json, "Answer in JSON");
  app.add_flag("-q,--quiet", options.quiet, "Say nothing unless it fails");
  app.add_flag("--no-color", options.no_color, "No colours (also: NO_COLOR in the environment)");
  app.add_option("--socket", options.socket, "The daemon's unix socket, or 127.0.0.1:7431")
      ->envname("REFERRALD_SOCKET")
      ->capture_default_str();
  // One unit, so that "10s" and "10" are both welcome.
  return app
      .add_option_function<std::string>(
          "--timeout",
          [&options](std::string text) {
            if (text.ends_with('s')) text.pop_back();
            if (!CLI::detail::lexical_cast(text, options.timeout_seconds) ||
                !(options.timeout_seconds > 0 && options.timeout_seconds <= 86'400)) {
              throw CLI::ValidationError("--timeout", "expected seconds, such as 10s");
            }
          },
          "How long to wait for each answer (default: 10s; whole files and stores: 1 h)")
      ->type_name("SECONDS");
}

// A path, with or without "unix:", or a host and port.
std::string AddressOf(const std::string& socket) {
  const bool is_path = socket.find('/') != std::string::npos && !socket.starts_with("unix:");
  return is_path ? "unix:" + socket : socket;
}

Options OptionsOf(const GlobalOptions& global, bool timeout_given, const Surroundings& around) {
  const bool colour =
      around.out_is_terminal && !global.no_color && std::getenv("NO_COLOR") == nullptr;
  return {.address = AddressOf(global.socket),
          .timeout = std::chrono::milliseconds{static_cast<int64_t>(global.timeout_seconds * 1e3)},
          .timeout_given = timeout_given,
          .json = global.json,
          .quiet = global.quiet,
          .style = {.colour = colour},
          .error_is_terminal = around.error_is_terminal};
}

// The word of a command that CLI11 could make nothing of, and the nearest one it knows.
std::string Suggestion(const CLI::App& app) {
  const CLI::App* place = &app;
  while (!place->get_subcommands().empty()) place = place->get_subcommands().front();
  const std::vector<std::string> unknown = place->remaining();
  if (unknown.empty()) return {};
  std::vector<std::string_view> names;
  const auto known = place->get_subcommands([](const CLI::App*) { return true; });
  std::vector<std::string> storage;
  for (const CLI::App* each : known) storage.push_back(each->get_name());
  for (const std::string& name : storage) names.push_back(name);
  const std::string_view nearest = Nearest(unknown.front(), names);
  if (!nearest.empty()) return fmt::format(" Did you mean `{}`?", nearest);
  const bool is_command = !names.empty() && !unknown.front().starts_with('-');
  return is_command ? fmt::format(" `{}` is no command.", Clean(unknown.front())) : std::string();
}

// Said before parsing: a command line that cannot be parsed has set no option.
bool AsksForJson(std::span<const char* const> words) {
  return std::ranges::find(words, std::string_view("--json")) != words.end();
}

ExitCode Refuse(const CLI::App& app, const CLI::ParseError& error, bool as_json,
                const Surroundings& around) {
  // Help and such are "errors" of CLI11 with exit code 0.
  if (error.get_exit_code() == 0) {
    app.exit(error, around.out, around.error);
    return ExitCode::kOk;
  }
  const std::string message =
      fmt::format("{}.{} See referralctl --help", Clean(error.what()), Suggestion(app));
  if (as_json) {
    around.out << Print(ErrorJson(Status::InvalidArgument(message)));
  } else {
    around.error << fmt::format("referralctl: {}\n", message);
  }
  return ExitCode::kUsage;
}

}  // namespace

ExitCode Run(int argc, const char* const* argv, const Surroundings& surroundings) {
  CLI::App app("referralctl talks to referrald, the referral database beside your CRM",
               "referralctl");
  app.footer(kExitCodes);
  app.require_subcommand(1);
  app.set_version_flag("--version", "referralctl " REFERRALD_VERSION);
  app.fallthrough();  // Global options may stand behind the command, too.
  GlobalOptions global;
  const CLI::Option* timeout = AddGlobalOptions(app, global);
  Command command;
  AddFeedCommands(app, command);
  AddRunCommands(app, command);
  AddContactCommands(app, command);
  AddReferralCommands(app, command);
  AddAskCommands(app, command);
  AddPromptCommands(app, command);
  AddActCommands(app, command);
  AddMetricCommands(app, command);
  AddFirmCommands(app, command);
  AddReviewCommands(app, command);
  AddChainCommands(app, command);
  AddStoreCommands(app, command);
  AddLogCommands(app, command);
  AddUpkeepCommands(app, command);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return Refuse(app, error, AsksForJson({argv, static_cast<size_t>(argc)}), surroundings);
  }
  Context context(OptionsOf(global, timeout->count() > 0, surroundings), surroundings.clock,
                  surroundings.out, surroundings.error);
  return command(context);
}

}  // namespace referrald::ctl
