#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/status.h"
#include "storage/vault/erasure.h"
#include "storage/vault/key_tree.h"
#include "storage/vault/secret.h"

// What the key store holds; storage/doc/keys.md has the stored form.
namespace referrald::vault {

// Made once.
struct StoreKeys {
  Key index;
  Key chain;
  Key sign;
};

// Changed by every erasure.
struct Subjects {
  KeyTree tree;
  std::vector<Erasure> erasures;

  // True where `erasure` (as Normalised gives it) is among them, whenever it was.
  bool Remembers(const Erasure& erasure) const;
  // The same with `erasure`, whose subjects have no key then.
  Subjects With(Erasure erasure) const;
};

struct KeyContents {
  StoreKeys keys;
  Subjects subjects;
};

// Lists ascending, each element once: one erasure, one form.
Erasure Normalised(Erasure erasure);

// Fresh random keys. IoError (RFD4105): the system has no random bytes.
Result<KeyContents> NewContents();
// All of it derived from `master`; for tests.
KeyContents DeriveContents(const Key& master);

// The tagged form. Whoever takes it wipes it.
std::string EncodeContents(const StoreKeys& keys, const Subjects& subjects);
// Corruption: not what EncodeContents writes, or at odds with itself.
Result<KeyContents> DecodeContents(std::string_view bytes);

}  // namespace referrald::vault
