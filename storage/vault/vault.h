#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/base/time.h"
#include "storage/vault/erasure.h"
#include "storage/vault/places.h"
#include "storage/vault/signature.h"

namespace referrald::vault {

class Disk;

// What a blind index is over: the same text under two kinds gives unrelated hashes.
enum class IndexKind : uint8_t {  // Stored in hashes; never renumber.
  kExternalRef = 1,
  kEmail = 2,
  kName = 3,
  kPhone = 4,
  kIdempotencyKey = 5,
  kFingerprint = 6,   // Content of an imported row.
  kTombstoneRef = 7,  // An erased person is known again by these three.
  kTombstoneEmail = 8,
  kTombstonePhone = 9,
  kRun = 10,    // A run's record and rejects.
  kAlike = 11,  // Organisation, industry or place of a person.
};

// The keys of a store: seals personal data with AES-256-GCM under a key of the person's own, makes
// keyed hashes for look-up and for the chain of the log, signs, and erases a person by destroying
// the person's key. Stored forms, derivations and their reasons: storage/doc/keys.md.
//
// Any thread may call anything. One process at a time may have the key store open to change it: the
// lock of the database sees to that.
class Vault {
 public:
  // Opens the key store with the key-encryption key from the key file, and finishes a rotation that
  // a crash interrupted. With `create` (a database that was never written to), makes both where
  // there are none, or the key store alone where the key file is a credential; durable on return.
  // NotFound (RFD4101): no key file, and not allowed to make one, or there is a key store already.
  // PermissionDenied (RFD4102): others can read one of the files. Corruption (RFD4103): the key
  // file is not 32 bytes. IoError (RFD4105). RFD4107: the key store is missing (NotFound), damaged
  // or of a later version (Corruption), or under another key (FailedPrecondition).
  static Result<std::unique_ptr<Vault>> Open(const Places& places, bool create);
  // The same on `disk`, which must outlive the vault.
  static Result<std::unique_ptr<Vault>> OpenOn(Disk& disk, const Places& places, bool create);
  // A vault in memory with everything derived from `key` (32 bytes), for tests. It can erase, but
  // neither rotate nor copy.
  static std::unique_ptr<Vault> ForTest(std::string_view key);

  ~Vault();

  // `plain` sealed for `subject` (an entity id) under a random nonce: scheme byte, nonce,
  // ciphertext, tag. `context` names the place (record and version); the same context must be given
  // to Unseal. FailedPrecondition (RFD4106): the person was erased. InvalidArgument: `subject` is
  // more than limits::kSequenceMax.
  Result<std::string> Seal(uint64_t subject, std::string_view context,
                           std::string_view plain) const;
  // The same, but the same arguments give the same bytes, for records that are compared with their
  // rebuilt selves. Whoever sees two of them sees whether they are equal.
  Result<std::string> SealReproducibly(uint64_t subject, std::string_view context,
                                       std::string_view plain) const;
  // Corruption (RFD4104): not sealed for this subject and context, or altered. FailedPrecondition
  // (RFD4106): the person was erased.
  Result<std::string> Unseal(uint64_t subject, std::string_view context,
                             std::string_view sealed) const;

  // HMAC-SHA-256 of the kind and `text`, its first 16 bytes. `text` is already folded.
  Hash128 BlindIndex(IndexKind kind, std::string_view text) const;
  // HMAC-SHA-256 of `previous` and `event` under the chain key: the next link of the chain.
  Hash256 ChainHash(const Hash256& previous, std::string_view event) const;
  // With the store's own key; VerifySignature checks it.
  Signature Sign(std::string_view message) const;
  const PublicKey& public_key() const;

  // Destroys the keys of `erasure.subjects` and remembers the erasure; durable on return, and then
  // no call and no cache has these keys any more. What was erased before stays so; an erasure that
  // is known (same subjects and tombstones) changes nothing. Blocks for two syncs.
  // InvalidArgument: no subject, 0 (the store itself), or more than limits::kSequenceMax.
  // FailedPrecondition: somebody else replaced the key store (RFD4107), or it is full (RFD4108).
  // IoError (RFD4105): nothing was erased. IoError (RFD4109): a sync failed; these are erased here
  // but perhaps not durably, and the vault takes no change any more: restart, and erase again.
  Status Erase(const Erasure& erasure);
  bool IsErased(uint64_t subject) const;
  // In the order in which they happened, to do them again to a restored log. May wait for a change
  // that is being written.
  std::vector<Erasure> Erasures() const;

  // Of the key-encryption key; 0 for tests. May wait for a change that is being written.
  uint32_t epoch() const;
  // Puts the key store under a new key-encryption key, while everything else goes on; returns the
  // new epoch. Afterwards the old key opens nothing but old copies. A crash leaves what opens.
  // Without `new_key_file`, makes the key and replaces the key file. With it (the key file is a
  // credential, not ours to write), takes the key from there and leaves both files alone: the store
  // opens with that file only. Failures as Erase and, for `new_key_file`, as Open; InvalidArgument:
  // it has the key in use. FailedPrecondition: a vault for tests.
  Result<uint32_t> Rotate(const std::string& new_key_file = {});

  // Makes a verified copy of the key store in `folder` (which exists), named for epoch and time,
  // and returns its path. The key file of this epoch opens it (Places::key_store). IoError
  // (RFD4105), Corruption (RFD4107): it did not come back as it was written. FailedPrecondition: a
  // vault for tests. DropKeyCopies removes old ones.
  Result<std::string> CopyKeyStore(const std::string& folder, Timestamp now) const;

 private:
  struct Parts;
  explicit Vault(std::unique_ptr<Parts> parts);
  Result<std::string> SealWith(bool reproducible, uint64_t subject, std::string_view context,
                               std::string_view plain) const;
  std::unique_ptr<Parts> parts_;
};

}  // namespace referrald::vault
