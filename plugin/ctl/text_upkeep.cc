#include <fmt/format.h>

#include "plugin/ctl/text.h"

namespace referrald::ctl {

std::string BackupText(const idl::BackupInfo& backup, const Style& style) {
  std::string text =
      fmt::format("Backup {}  {}  {}, the log up to {}\n", style.Bold(std::to_string(backup.id)),
                  TimeText(backup.made_at), ByteText(backup.size_bytes), backup.through);
  if (!backup.whole) text += "  not finished, or damaged: it cannot be restored\n";
  if (!backup.key_copy.empty()) text += fmt::format("  keys: {}\n", backup.key_copy);
  return text;
}

std::string BackupsText(std::span<const idl::BackupInfo> backups, const Style& style) {
  if (backups.empty()) return "There are no backups: referralctl backup create\n";
  Table table({{.title = "BACKUP", .align = Table::Align::kRight},
               {.title = "MADE"},
               {.title = "SIZE", .align = Table::Align::kRight},
               {.title = "LOG UP TO"},
               {.title = ""}});
  for (const idl::BackupInfo& backup : backups) {
    table.Add({std::to_string(backup.id), TimeText(backup.made_at), ByteText(backup.size_bytes),
               backup.through, backup.whole ? "" : "not whole"});
  }
  return table.Text(style);
}

std::string KeyText(const idl::KeyStatus& keys, const Style& style) {
  return fmt::format(
      "epoch     {}{}\nerasures  {}\ncopies    {}\n", style.Bold(std::to_string(keys.epoch)),
      keys.is_credential ? "  (a credential)" : "", keys.erasure_count,
      keys.copies_folder.empty() ? "none: set [backup] key_folder" : keys.copies_folder);
}

}  // namespace referrald::ctl
