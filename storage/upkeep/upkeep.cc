#include "storage/upkeep/upkeep.h"

#include <charconv>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "storage/vault/key_copies.h"

namespace referrald::upkeep {
namespace {

constexpr int kNoFolder = 4018;
constexpr int kCredential = 4019;

// The size of the tree is the second line of a checkpoint (storage/doc/proof.md). Only for people:
// the restore checks the whole head, with its signature.
Sequence SizeIn(std::string_view head) {
  const size_t begin = head.find('\n') + 1;
  const size_t end = head.find('\n', begin);
  if (begin == 0 || end == std::string_view::npos) return {};
  Sequence size;
  const char* const last = head.data() + end;
  const auto [stopped, error] = std::from_chars(head.data() + begin, last, size.value);
  return error == std::errc{} && stopped == last ? size : Sequence{};
}

Status NoFolder(std::string_view setting) {
  return Status::FailedPrecondition(
      "no folder is configured: set [backup] " + std::string(setting) + " and restart", kNoFolder);
}

}  // namespace

Backup Described(engine::BackupInfo files) {
  const Sequence through = SizeIn(files.note);
  return {.files = std::move(files), .through = through, .key_copy = {}};
}

Result<Backup> Upkeep::CreateBackup() {
  if (options_.folder.empty()) return NoFolder("folder");
  const std::lock_guard turn(turn_);
  const Result<std::string> head = parts_.ledger.SignedHead();
  if (!head) return head.error();
  auto made = parts_.engine.Backup(options_.folder, *head);
  if (!made) return made.error();
  Backup backup = Described(*std::move(made));
  if (!options_.key_folder.empty()) {
    Result<std::string> copy = CopyKeysInTurn();
    if (!copy) return copy.error().Prefixed("the log is backed up, the keys are not");
    backup.key_copy = *std::move(copy);
  }
  const auto dropped = engine::DropBackups(options_.folder, options_.keep);
  if (!dropped) return dropped.error().Prefixed("backed up, but old backups stay");
  parts_.logger.Write({.level = LogLevel::kInfo,
                       .event = "backup.created",
                       .message = "A backup was made and read back.",
                       .fields = {{"backup", static_cast<int64_t>(backup.files.id)},
                                  {"through", ToText(backup.through)},
                                  {"bytes", static_cast<int64_t>(backup.files.size_bytes)},
                                  {"dropped", static_cast<int64_t>(*dropped)}},
                       .at = {}});
  return backup;
}

Result<std::vector<Backup>> Upkeep::ListBackups() const {
  if (options_.folder.empty()) return NoFolder("folder");
  Result<std::vector<engine::BackupInfo>> all = engine::ListBackups(options_.folder);
  if (!all) return all.error();
  std::vector<Backup> backups;
  for (engine::BackupInfo& files : *all) backups.push_back(Described(std::move(files)));
  return backups;
}

Result<Backup> Upkeep::VerifyBackup(uint32_t id) const {
  if (options_.folder.empty()) return NoFolder("folder");
  Result<engine::BackupInfo> verified = engine::VerifyBackup(options_.folder, id);
  if (!verified) return verified.error();
  return Described(*std::move(verified));
}

KeyStatus Upkeep::Keys() const {
  return {.epoch = parts_.vault.epoch(),
          .erasures = parts_.vault.Erasures().size(),
          .is_credential = options_.key_is_credential,
          .folder = options_.key_folder};
}

Result<uint32_t> Upkeep::RotateKey(const std::string& new_key_file) {
  if (options_.key_is_credential && new_key_file.empty()) {
    return Status::InvalidArgument(
        "the key is a credential, which is not ours to write: put a new one into a file, name that "
        "here, and put it into the place of the credential before the next start",
        kCredential);
  }
  const std::lock_guard turn(turn_);
  const Result<uint32_t> epoch = parts_.vault.Rotate(new_key_file);
  if (!epoch) return epoch.error();
  parts_.logger.Write({.level = LogLevel::kInfo,
                       .event = "key.rotated",
                       .message = "The key store is under a new key.",
                       .fields = {{"epoch", static_cast<int64_t>(*epoch)}},
                       .at = {}});
  if (options_.key_folder.empty()) return *epoch;
  const Result<std::string> copy = CopyKeysInTurn();
  if (!copy) return copy.error().Prefixed("the key is rotated, but the key store is not copied");
  return *epoch;
}

Result<std::string> Upkeep::CopyKeys() {
  if (options_.key_folder.empty()) return NoFolder("key_folder");
  const std::lock_guard turn(turn_);
  return CopyKeysInTurn();
}

Result<bool> Upkeep::RenewKeyCopies() {
  const std::unique_lock turn(turn_, std::try_to_lock);
  std::error_code error;
  if (!turn || !std::filesystem::is_directory(options_.key_folder, error)) return false;
  const auto oldest = vault::OldestKeyCopy(options_.key_folder);
  if (!oldest) return oldest.error();
  if (!*oldest || parts_.clock.Now() - **oldest <= options_.key_age) return false;
  const Result<std::string> copy = CopyKeysInTurn();
  if (!copy) return copy.error();
  parts_.logger.Write({.level = LogLevel::kInfo,
                       .event = "key.copies_renewed",
                       .message = "A copy of the key store was past its age: a new one was made, "
                                  "the old ones are gone.",
                       .fields = {{"copy", *copy}},
                       .at = {}});
  return true;
}

Result<std::string> Upkeep::CopyKeysInTurn() {
  const Timestamp now = parts_.clock.Now();
  Result<std::string> copy = parts_.vault.CopyKeyStore(options_.key_folder, now);
  if (!copy) return copy;
  const auto dropped = vault::DropKeyCopies(options_.key_folder, now - options_.key_age);
  if (!dropped) return dropped.error().Prefixed("copied, but old copies stay");
  return copy;
}

}  // namespace referrald::upkeep
