#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/base/status.h"
#include "storage/vault/disk.h"

// Files that only their owner may read, and that a power cut leaves whole.
namespace referrald::vault {

struct PrivateFile {
  std::string path;
  std::string_view what;  // "key file": for messages.
  uint32_t mode = 0600;   // Of a new one.
};

// The first `size_max` bytes of `file`; nullopt where there is none. PermissionDenied (RFD4102):
// others could read or replace it. Corruption (RFD4103): it is a folder or a device.
Result<std::optional<Disk::File>> ReadPrivate(Disk& disk, const PrivateFile& file, size_t size_max);

// Makes `file` with `bytes` where there is none; what is there stays. Durable on return.
Status MakePrivate(Disk& disk, const PrivateFile& file, std::string_view bytes);

// Puts `bytes` into the place of `file`: a new file, synced, renamed over the old one, folder
// synced. IoError (RFD4109): the new file is in its place, and only that last sync failed, so a
// power cut would leave the one or the other. Any other failure: the old file is there.
Status ReplacePrivate(Disk& disk, const PrivateFile& file, std::string_view bytes);

// Renames, and syncs the folder. Failures as ReplacePrivate.
Status RenameSynced(Disk& disk, const std::string& from, const std::string& to);

}  // namespace referrald::vault
