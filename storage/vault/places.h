#pragma once

#include <string>

namespace referrald::vault {

// Where the keys are. Beside them lie, for a moment or after a crash, <key_file>.next and drafts
// that end in .new.
struct Places {
  std::string key_file;   // The key-encryption key: a file of ours, or a credential.
  std::string key_store;  // Everything else, sealed under it; outside the database.
};

}  // namespace referrald::vault
