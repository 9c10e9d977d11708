// Backups and keys: what an operator does now and then.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "plugin/ctl/context.h"
#include "plugin/ctl/daemon_program.h"
#include "plugin/ctl/text.h"
#include "thrift/idl/ReferraldAdmin.h"

namespace referrald::ctl {
namespace {

using Client = idl::ReferraldAdminClient;

struct UpkeepOptions {
  int32_t id = 0;
  std::string reason;
  std::string file = "/etc/referrald/referrald.toml";
  std::string new_key_file;
};

ExitCode CreateBackup(Context& context, const UpkeepOptions&) {
  auto client = context.ConnectPatiently();
  if (!client) return context.Fail(client.error());
  const auto backup = client->Ask(&Client::createBackup);
  if (!backup) return context.Fail(backup.error());
  return context.Show(ToJson(*backup), BackupText(*backup, context.style()));
}

ExitCode ListBackups(Context& context, const UpkeepOptions&) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto backups = client->Ask(&Client::listBackups);
  if (!backups) return context.Fail(backups.error());
  return context.Show({{"backups", ToJsonList(*backups)}}, BackupsText(*backups, context.style()));
}

ExitCode VerifyBackup(Context& context, const UpkeepOptions& options) {
  auto client = context.ConnectPatiently();
  if (!client) return context.Fail(client.error());
  const auto backup = client->Ask(&Client::verifyBackup, options.id);
  if (!backup) return context.Fail(backup.error());
  return context.Show(
      ToJson(*backup),
      fmt::format("Backup {} is whole: every byte is what was written.\n", backup->id));
}

// With the code of the daemon, which must not be running: the store is made anew.
ExitCode RestoreBackup(Context& context, const UpkeepOptions& options) {
  const Result<ProgramOutput> restored =
      RunDaemonProgram({"--restore", std::to_string(options.id), "--reason", options.reason,
                        "--config", options.file});
  if (!restored) return context.Fail(restored.error());
  const bool ok = restored->exit_code == 0;
  return context.Show({{"ok", ok}, {"backup", options.id}, {"text", restored->text}},
                      restored->text, ok ? ExitCode::kOk : ExitCode::kFailed);
}

ExitCode ShowKeys(Context& context, const UpkeepOptions&) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto keys = client->Ask(&Client::getKeyStatus);
  if (!keys) return context.Fail(keys.error());
  return context.Show(ToJson(*keys), KeyText(*keys, context.style()));
}

ExitCode RotateKey(Context& context, const UpkeepOptions& options) {
  auto client = context.ConnectPatiently();
  if (!client) return context.Fail(client.error());
  const auto keys = client->Ask(&Client::rotateKey, options.new_key_file);
  if (!keys) return context.Fail(keys.error());
  return context.Show(ToJson(*keys),
                      "The key store is under a new key.\n" + KeyText(*keys, context.style()));
}

ExitCode CopyKeys(Context& context, const UpkeepOptions&) {
  auto client = context.ConnectPatiently();
  if (!client) return context.Fail(client.error());
  const auto path = client->Ask(&Client::copyKeys);
  if (!path) return context.Fail(path.error());
  return context.Show({{"path", *path}},
                      fmt::format("Copied to {}; the key file of this epoch opens it.\n", *path));
}

}  // namespace

void AddUpkeepCommands(CLI::App& app, Command& command) {
  const auto options = std::make_shared<UpkeepOptions>();
  const auto choose = [&command, options](auto action) {
    return [&command, options, action] {
      command = [options, action](Context& context) { return action(context, *options); };
    };
  };
  CLI::App* backup = app.add_subcommand("backup", "Copies of the log, and the way back");
  backup->require_subcommand(1);
  backup
      ->add_subcommand("create",
                       "Copy log and keys into the folders of [backup], read both back, and drop "
                       "old ones; everything goes on meanwhile")
      ->callback(choose(CreateBackup));
  backup->add_subcommand("list", "Every backup, oldest first")->callback(choose(ListBackups));
  CLI::App* verify = backup->add_subcommand("verify", "Read every byte of a backup");
  verify->add_option("ID", options->id, "Its number")->required();
  verify->callback(choose(VerifyBackup));
  CLI::App* restore = backup->add_subcommand(
      "restore",
      "Make the store anew from a backup; the daemon must be stopped and the store moved "
      "away");
  restore->add_option("ID", options->id, "Its number")->required();
  restore->add_option("--reason", options->reason, "Why; kept in the log")->required();
  restore->add_option("--config", options->file, "The configuration")->capture_default_str();
  restore->callback(choose(RestoreBackup));

  CLI::App* key = app.add_subcommand("key", "The key that makes the store readable");
  key->require_subcommand(1);
  key->add_subcommand("status", "Its epoch, and where copies go")->callback(choose(ShowKeys));
  CLI::App* rotate = key->add_subcommand(
      "rotate", "Put the key store under a new key; copies under the old one die with it");
  rotate->add_option("--new-key-file", options->new_key_file,
                     "32 random bytes; only where the key is a credential");
  rotate->callback(choose(RotateKey));
  key->add_subcommand("backup", "Copy the key store into [backup] key_folder")
      ->callback(choose(CopyKeys));
}

}  // namespace referrald::ctl
