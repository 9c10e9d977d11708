#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/status.h"
#include "storage/vault/secret.h"

namespace referrald::vault {

// The disk as the vault uses it: whole small files, one step a call, so that a test can cut the
// power between any two. Any thread. Every failure is IoError (RFD4105) with the path and what the
// system said.
class Disk {
 public:
  struct File {
    SecretBytes bytes;
    uint64_t size = 0;  // Of the whole file.
    uint32_t mode = 0;  // Permission bits.
    bool group_is_root = false;
    bool is_regular = false;  // Otherwise there are no bytes.
  };

  virtual ~Disk() = default;
  // The file at `path`, its first `size_max` bytes; nullopt where there is none.
  virtual Result<std::optional<File>> Read(const std::string& path, size_t size_max) = 0;
  // Makes a new file in place of any that is there. Nothing of it is durable yet.
  virtual Status Write(const std::string& path, std::string_view bytes, uint32_t mode) = 0;
  // Makes the bytes of the file durable, or the names in the folder that `path` is in.
  virtual Status Sync(const std::string& path) = 0;
  virtual Status SyncFolderOf(const std::string& path) = 0;
  // Takes the place of `to`, at once.
  virtual Status Rename(const std::string& from, const std::string& to) = 0;
  // A second name for `from`. False: something has that name.
  virtual Result<bool> Link(const std::string& from, const std::string& to) = 0;
  // Ok also where there is none.
  virtual Status Remove(const std::string& path) = 0;
  // The names in `folder`.
  virtual Result<std::vector<std::string>> List(const std::string& folder) = 0;
};

// The real one. It has no state.
Disk& SystemDisk();

}  // namespace referrald::vault
