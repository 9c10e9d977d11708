#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "storage/base/ids.h"
#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/base/time.h"
#include "storage/engine/backup.h"
#include "storage/engine/engine.h"
#include "storage/ledger/ledger.h"
#include "storage/vault/vault.h"

// What an operator does to an open store now and then: backups and keys. Log and keys are copied
// apart, because a copy of the keys must not live long (storage/doc/keys.md, "Copies").
namespace referrald::upkeep {

struct UpkeepOptions {
  std::string folder{};      // Of backups; empty: none are made.
  size_t keep = 7;           // So many whole backups stay.
  std::string key_folder{};  // Of copies of the key store; empty: none are made.
  std::chrono::milliseconds key_age = std::chrono::days{30};  // Older copies go.
  bool key_is_credential = false;
};

struct Backup {
  engine::BackupInfo files;  // Its note is a signed head of the log: the backup holds all of that.
  Sequence through;          // How far that head goes; 0: the note cannot be read.
  std::string key_copy;      // Path of the copy of the key store that was made with it.
};

struct KeyStatus {
  uint32_t epoch = 0;     // Of the key-encryption key; one more with each rotation.
  uint64_t erasures = 0;  // That the key store remembers.
  bool is_credential = false;
  std::string folder;  // Where copies go.
};

// Any thread may call anything; what changes a folder waits for its turn. All parts must outlive
// it.
class Upkeep {
 public:
  struct Parts {
    engine::Engine& engine;
    vault::Vault& vault;
    ledger::Ledger& ledger;
    const Clock& clock;
    const Logger& logger;
  };
  Upkeep(const Parts& parts, UpkeepOptions options) : parts_(parts), options_(std::move(options)) {}

  // Makes a backup of the log and a copy of the key store, reads both back, and removes what is
  // older than is to be kept. FailedPrecondition (RFD4018): no folder is configured. Else as
  // engine::Engine::Backup and Vault::CopyKeyStore.
  Result<Backup> CreateBackup();
  // As engine::ListBackups and VerifyBackup.
  Result<std::vector<Backup>> ListBackups() const;
  Result<Backup> VerifyBackup(uint32_t id) const;

  KeyStatus Keys() const;
  // As vault::Vault::Rotate. InvalidArgument (RFD4019): the key is a credential, and no file with a
  // new one is named. A copy under the new key is made, where copies are.
  Result<uint32_t> RotateKey(const std::string& new_key_file);
  // Path of the copy. FailedPrecondition (RFD4018): no folder is configured.
  Result<std::string> CopyKeys();
  // Sees to it that no copy of the key store outlives its age: where one did, a new one is made and
  // the old ones go, so that there never is none. To be called now and then; does nothing where no
  // folder is configured, where all are young, or where something else has its turn. True: it did.
  Result<bool> RenewKeyCopies();

 private:
  Result<std::string> CopyKeysInTurn();

  const Parts parts_;
  const UpkeepOptions options_;
  std::mutex turn_;  // Held over a backup, a copy or a rotation, on purpose: one at a time.
};

// What is known of a backup from its files.
Backup Described(engine::BackupInfo files);

}  // namespace referrald::upkeep
