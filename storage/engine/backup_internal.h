#pragma once

#include <string>

#include "storage/engine/backup.h"

namespace rocksdb {
class DB;
}

namespace referrald::engine {

// Makes a backup of `db` in `folder`, which is made where its parent is there, and reads it back; a
// rotten table of older backups is replaced on the way. Corruption (RFD4015): it is not what was
// written, and is no backup then. Stops, leaving
// nothing, where less than `reserve_bytes` of its disk are left free (RFD4002). InvalidArgument:
// the note is over limits::kBackupNoteBytesMax.
Result<BackupInfo> CreateBackup(rocksdb::DB& db, const std::string& folder, std::string_view note,
                                uint64_t reserve_bytes);

}  // namespace referrald::engine
