#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "storage/base/status.h"
#include "storage/vault/signature.h"

// Text that somebody signed, as C2SP signed-note has it (storage/doc/proof.md, "The checkpoint"),
// with exactly one signature, of Ed25519.
namespace referrald::ledger {

// RFD4212: a signed text, or the text of a key, that is not accepted.
inline constexpr int kNoteRefused = 4212;

struct NoteKey {
  std::string name;  // Printable ASCII without space and plus; not empty.
  vault::PublicKey key;

  friend bool operator==(const NoteKey&, const NoteKey&) = default;
};

// Signs a message with the secret half of a key.
using Signer = std::function<vault::Signature(std::string_view message)>;

// "name+4f1c2a3b+AbCd..=".
std::string EncodeNoteKey(const NoteKey& key);
// InvalidArgument (RFD4212): not what EncodeNoteKey writes.
Result<NoteKey> ParseNoteKey(std::string_view text);

// `text`, which ends with a newline, and below it the signature that `sign` makes for `key`.
std::string SignNote(std::string_view text, const NoteKey& key, const Signer& sign);
// The text of a note that `key` signed.
// Corruption (RFD4212): not what SignNote writes for this key; or text or signature were altered.
Result<std::string> OpenNote(std::string_view note, const NoteKey& key);

}  // namespace referrald::ledger
