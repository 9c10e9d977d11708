#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "storage/base/bytes.h"
#include "storage/base/status.h"

namespace referrald::vault {

// What a blind index is over: the same text under two kinds gives unrelated hashes.
enum class IndexKind : uint8_t {  // Stored in hashes; never renumber.
  kExternalRef = 1,
  kEmail = 2,
  kName = 3,
  kPhone = 4,
  kIdempotencyKey = 5,
  kFingerprint = 6,  // Content of an imported row.
};

// Keeps personal data readable only with the store's key: sealing with AES-256-GCM under a key of
// the person's own, and keyed hashes for look-up. The stored forms are in storage/doc/keys.md.
//
// Any thread may call the const methods.
class Vault {
 public:
  // Reads the key-encryption key from `path` (32 bytes, mode 0400 or 0600). With `create`, makes a
  // new one where there is none, synced with its folder before this returns.
  // NotFound (RFD4101): no key, and not allowed to make one. PermissionDenied (RFD4102): others can
  // read it. Corruption (RFD4103): not 32 bytes.
  static Result<std::unique_ptr<Vault>> Open(const std::string& path, bool create);
  // A vault whose key is `key` (32 bytes), for tests.
  static std::unique_ptr<Vault> ForTest(std::string_view key);

  ~Vault();

  // `plain` sealed for `subject` (an entity id): scheme byte, epoch, nonce, ciphertext, tag.
  // `context` names the place (record and version); the same context must be given to Open.
  std::string Seal(uint64_t subject, std::string_view context, std::string_view plain) const;
  // Corruption (RFD4104): not sealed by this key for this subject and context, or altered.
  Result<std::string> Unseal(uint64_t subject, std::string_view context,
                             std::string_view sealed) const;

  // HMAC-SHA-256 of the kind and `text`, its first 16 bytes. `text` is already folded.
  Hash128 BlindIndex(IndexKind kind, std::string_view text) const;

 private:
  struct Keys;
  explicit Vault(std::unique_ptr<Keys> keys);
  std::unique_ptr<Keys> keys_;
};

}  // namespace referrald::vault
