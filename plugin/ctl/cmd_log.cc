// What the log says of itself, for others to keep and to check.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <vector>

#include "plugin/ctl/context.h"
#include "plugin/ctl/daemon_program.h"
#include "plugin/ctl/text.h"
#include "thrift/idl/ReferraldAdmin.h"

namespace referrald::ctl {
namespace {

using Client = idl::ReferraldAdminClient;

struct LogOptions {
  std::string event;
  std::string since;
  std::vector<std::string> against;
  bool key = false;
  bool offline = false;
  bool log_only = false;
  std::string config = "/etc/referrald/referrald.toml";
};

// A checkpoint is half a kilobyte; whatever is larger is none.
constexpr uintmax_t kHeadFileBytesMax = 64 * 1024;

Result<std::string> ReadHead(const std::string& path) {
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(path, error);
  if (error) return Status::NotFound("cannot read " + path + ": " + error.message());
  if (size > kHeadFileBytesMax) {
    return Status::InvalidArgument(path + " is " + std::to_string(size) +
                                   " bytes; a signed head has less than a thousand");
  }
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return Status::IoError("cannot read " + path);
  return text.str();
}

// With the code of the daemon, which must not be running.
ExitCode VerifyOffline(Context& context, const LogOptions& options) {
  const Result<ProgramOutput> verified = RunDaemonProgram({"--verify", "--config", options.config});
  if (!verified) return context.Fail(verified.error());
  const bool ok = verified->exit_code == 0;
  return context.Show({{"ok", ok}, {"text", verified->text}}, verified->text,
                      ok ? ExitCode::kOk : ExitCode::kFailed);
}

ExitCode Verify(Context& context, const LogOptions& options) {
  if (options.offline) return VerifyOffline(context, options);
  std::vector<std::string> heads;
  for (const std::string& path : options.against) {
    Result<std::string> head = ReadHead(path);
    if (!head) return context.Fail(head.error());
    heads.push_back(*std::move(head));
  }
  auto client = context.ConnectPatiently();
  if (!client) return context.Fail(client.error());
  const auto report = client->Ask(&Client::verify, heads, options.log_only);
  if (!report) return context.Fail(report.error());
  return context.Show(ToJson(*report), VerifyText(*report, context.style()),
                      report->problems.empty() ? ExitCode::kOk : ExitCode::kFailed);
}

ExitCode ExportHead(Context& context, const LogOptions& options) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto text =
      options.key ? client->Ask(&Client::getPublicKey) : client->Ask(&Client::getSignedHead);
  if (!text) return context.Fail(text.error());
  return context.Show({{options.key ? "public_key" : "head", *text}},
                      options.key ? *text + "\n" : *text);
}

ExitCode Prove(Context& context, const LogOptions& options) {
  if (options.event.empty() == options.since.empty()) {
    return context.Fail(Status::InvalidArgument("name an event (e_45), or a head with --since"));
  }
  Result<std::string> older = std::string();
  if (!options.since.empty()) older = ReadHead(options.since);
  if (!older) return context.Fail(older.error());
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto proof = options.since.empty() ? client->Ask(&Client::getProof, options.event)
                                           : client->Ask(&Client::getGrowthProof, *older);
  if (!proof) return context.Fail(proof.error());
  // The file is JSON itself, and has exactly one form.
  return context.Show(Json::parse(*proof), *proof);
}

}  // namespace

void AddLogCommands(CLI::App& app, Command& command) {
  const auto options = std::make_shared<LogOptions>();
  const auto choose = [&command, options](auto action) {
    return [&command, options, action] {
      command = [options, action](Context& context) { return action(context, *options); };
    };
  };
  CLI::App* verify =
      app.add_subcommand("verify", "Read the whole log and compare everything derived from it");
  verify->add_option("--against", options->against,
                     "A signed head that was kept elsewhere; may be repeated");
  CLI::Option* log_only = verify->add_flag(
      "--log", options->log_only, "Only the log, in which tampering shows; many times faster");
  verify->add_flag("--offline", options->offline, "Of a store whose daemon is stopped")
      ->excludes(log_only);
  verify->add_option("--config", options->config, "The configuration, with --offline")
      ->capture_default_str();
  verify->callback(choose(Verify));

  CLI::App* head = app.add_subcommand("head", "What the log signs of itself");
  head->require_subcommand(1);
  CLI::App* exported =
      head->add_subcommand("export", "The log as it is now, signed; keep it on another machine");
  exported->add_flag("--key", options->key, "The public key that checks it instead");
  exported->callback(choose(ExportHead));

  CLI::App* proof =
      app.add_subcommand("proof", "A proof file; check-proof checks it with the public key alone");
  proof->add_option("EVENT", options->event, "e_45: that the log holds this event");
  proof->add_option("--since", options->since,
                    "A signed head: that the log begins with all it had then");
  proof->callback(choose(Prove));
}

}  // namespace referrald::ctl
