#pragma once

#include <string>

#include "storage/base/status.h"
#include "storage/vault/disk.h"
#include "storage/vault/secret.h"

// The key file, which holds the key-encryption key (KEK).
namespace referrald::vault {

// Reads the key at `path`. NotFound (RFD4101), PermissionDenied (RFD4102), Corruption (RFD4103),
// IoError (RFD4105): as Vault::Open.
Result<Key> ReadKeyFile(Disk& disk, const std::string& path);

// Makes a key at `path` where there is none; one that is there stays. Durable on return.
Status MakeKeyFile(Disk& disk, const std::string& path);

// Puts `key` into the file `path`, in place of any that is there. Failures as ReplacePrivate.
Status ReplaceKeyFile(Disk& disk, const std::string& path, const Key& key);

// 32 random bytes. IoError (RFD4105): the system has none.
Result<Key> NewKey();

}  // namespace referrald::vault
