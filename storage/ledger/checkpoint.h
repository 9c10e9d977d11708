#pragma once

#include <string>
#include <string_view>

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/base/time.h"
#include "storage/ledger/merkle.h"
#include "storage/ledger/signed_note.h"

namespace referrald::ledger {

// What the log signs for others to keep: how large it was, and what it held (storage/doc/proof.md,
// "The checkpoint").
struct Checkpoint {
  Hash128 database{};  // Its identity.
  TreeHead tree;
  Hash256 chain{};  // Tag of the last event; zeros for an empty log.
  Timestamp at{};

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// The key of the log of `database`, under the name that its checkpoints bear: "referrald/7c9e..".
NoteKey LogKey(const Hash128& database, const vault::PublicKey& key);

// The text of `checkpoint`, signed by `sign` with the secret half of `key`.
std::string EncodeCheckpoint(const Checkpoint& checkpoint, const vault::PublicKey& key,
                             const Signer& sign);

// What `key` signed. Corruption (RFD4212): not what EncodeCheckpoint writes, of another database,
// or altered.
Result<Checkpoint> OpenCheckpoint(std::string_view text, const NoteKey& key);

}  // namespace referrald::ledger
