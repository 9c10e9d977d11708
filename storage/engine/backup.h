#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "storage/base/status.h"
#include "storage/base/time.h"

// Backups of a RocksDB store, many in one folder, which share the tables that they have in common
// (storage/doc/engine.md, "Backups"). Engine::Backup makes one. Here is what needs no open store.
//
// One at a time works in a folder, whichever process it is; the others get Unavailable (RFD4014).
// All block for as long as the files take. Further failures of all of them: IoError (RFD4005), the
// folder cannot be read or written.
namespace referrald::engine {

struct BackupInfo {
  uint32_t id = 0;          // Grows with every backup of a folder.
  Timestamp made_at{};      // To the second.
  uint64_t size_bytes = 0;  // Of its files, shared ones included.
  std::string note;         // As it was given to Engine::Backup.
  bool whole = true;        // False: not finished, or its list of files is damaged. No restore.
};

// Oldest first. A folder that is not there holds none.
Result<std::vector<BackupInfo>> ListBackups(const std::string& folder);

// Reads every byte of the backup and compares it with its checksums. NotFound (RFD4016). Corruption
// (RFD4015): not finished, or not what was written; the message names the file.
Result<BackupInfo> VerifyBackup(const std::string& folder, uint32_t id);

// Verifies the backup and makes it the store at `path`; durable on return, and there only when it
// is whole. FailedPrecondition (RFD4017): something is at `path`. Failures as VerifyBackup, and
// Unavailable (RFD4002): the disk of `path` is full.
Result<BackupInfo> RestoreBackup(const std::string& folder, uint32_t id, const std::string& path);

// Removes every backup but the newest `keep` whole ones, and what is left of unfinished ones; a
// damaged one goes when `keep` whole ones are newer. Returns how many went. InvalidArgument: `keep`
// is 0.
Result<size_t> DropBackups(const std::string& folder, size_t keep);

}  // namespace referrald::engine
