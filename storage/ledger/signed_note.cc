#include "storage/ledger/signed_note.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "storage/base/base64.h"
#include "storage/base/bytes.h"
#include "storage/vault/hash.h"

namespace referrald::ledger {
namespace {

constexpr std::string_view kEd25519 = "\x01";
constexpr size_t kKeyIdBytes = 4;
constexpr size_t kSignatureBytes = kKeyIdBytes + sizeof(vault::Signature);
constexpr std::string_view kSignatureStart = "\xe2\x80\x94 ";  // An em dash and a space.

bool IsName(std::string_view name) {
  return !name.empty() &&
         std::ranges::all_of(name, [](char c) { return c > ' ' && c <= '~' && c != '+'; });
}

std::string KeyId(const NoteKey& key) {
  const Hash256 hash =
      vault::Sha256(key.name, std::string("\n").append(kEd25519), AsBytes(key.key));
  return std::string(AsBytes(hash).substr(0, kKeyIdBytes));
}

std::string SignatureLine(const NoteKey& key, const vault::Signature& signature) {
  return std::string(kSignatureStart) + key.name + ' ' +
         ToBase64(KeyId(key).append(signature.begin(), signature.end())) + '\n';
}

Status Refused(std::string_view why) {
  return Status::Corruption("signed text: " + std::string(why), kNoteRefused);
}

// The signature of a line that SignatureLine wrote for `key`.
std::optional<vault::Signature> ReadSignature(std::string_view line, const NoteKey& key) {
  const std::string start = std::string(kSignatureStart) + key.name + ' ';
  if (!line.starts_with(start) || !line.ends_with('\n')) return std::nullopt;
  line.remove_prefix(start.size());
  line.remove_suffix(1);
  const std::optional<std::string> bytes = FromBase64(line);
  if (!bytes || bytes->size() != kSignatureBytes || !bytes->starts_with(KeyId(key))) {
    return std::nullopt;
  }
  vault::Signature signature;
  std::ranges::copy(bytes->substr(kKeyIdBytes), signature.begin());
  return signature;
}

}  // namespace

std::string EncodeNoteKey(const NoteKey& key) {
  REFERRALD_CHECK(IsName(key.name));
  return key.name + '+' + ToHex(KeyId(key)) + '+' +
         ToBase64(std::string(kEd25519).append(AsBytes(key.key)));
}

Result<NoteKey> ParseNoteKey(std::string_view text) {
  const auto refused = [] {
    return Status::InvalidArgument(
        "public key: is not name+hash+key as `referralctl` prints it, in one line", kNoteRefused);
  };
  const size_t name_end = text.find('+');
  const size_t id_end =
      name_end == std::string_view::npos ? name_end : text.find('+', name_end + 1);
  if (id_end == std::string_view::npos || !IsName(text.substr(0, name_end))) return refused();
  const std::optional<std::string> bytes = FromBase64(text.substr(id_end + 1));
  NoteKey key{.name = std::string(text.substr(0, name_end)), .key = {}};
  if (!bytes || bytes->size() != kEd25519.size() + key.key.size()) return refused();
  std::ranges::copy(bytes->substr(kEd25519.size()), key.key.begin());
  // One key, one text: also refuses another kind of key and an id that is not this key's.
  if (EncodeNoteKey(key) != text) return refused();
  return key;
}

std::string SignNote(std::string_view text, const NoteKey& key, const Signer& sign) {
  REFERRALD_CHECK(IsName(key.name) && text.ends_with('\n'));
  return std::string(text) + '\n' + SignatureLine(key, sign(text));
}

Result<std::string> OpenNote(std::string_view note, const NoteKey& key) {
  // The text may hold empty lines; the signature stands below the last.
  const size_t empty_line = note.rfind("\n\n");
  if (empty_line == std::string_view::npos) return Refused("has no signature below an empty line");
  const std::string_view text = note.substr(0, empty_line + 1);
  const std::optional<vault::Signature> signature = ReadSignature(note.substr(empty_line + 2), key);
  if (!signature) return Refused("does not bear one signature by " + key.name + " and this key");
  if (!vault::VerifySignature(key.key, text, *signature)) {
    return Refused("the signature by " + key.name + " does not fit the text");
  }
  return std::string(text);
}

}  // namespace referrald::ledger
