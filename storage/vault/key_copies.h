#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "storage/base/status.h"
#include "storage/base/time.h"

namespace referrald::vault {

class Disk;

// "keys-000003-20261121T100409218734Z": the copy of a key store of `epoch` made at `now`.
std::string KeyCopyName(uint32_t epoch, Timestamp now);

// When the oldest copy in `folder` was made, whole or not; nothing where there is none. IoError
// (RFD4105): the folder cannot be read.
Result<std::optional<Timestamp>> OldestKeyCopy(const std::string& folder);

// Removes from `folder` the copies of key stores (Vault::CopyKeyStore) that were made before
// `before`, and what is left of unfinished ones; other files stay. Returns how many went, durably.
// IoError (RFD4105): the folder cannot be read, or a copy not be removed.
Result<size_t> DropKeyCopies(const std::string& folder, Timestamp before);
Result<size_t> DropKeyCopies(Disk& disk, const std::string& folder, Timestamp before);

}  // namespace referrald::vault
