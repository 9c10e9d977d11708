#pragma once

#include <string>

#include "storage/base/status.h"
#include "storage/vault/cipher.h"

namespace referrald::vault {

// Reads the key at `path`, or with `create` makes one where there is none. NotFound (RFD4101),
// PermissionDenied (RFD4102), Corruption (RFD4103), IoError (RFD4105): as Vault::Open.
Result<Key> ReadKeyFile(const std::string& path, bool create);

}  // namespace referrald::vault
