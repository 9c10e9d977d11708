#include "storage/vault/key_file.h"

#include <fmt/format.h>

#include <optional>

#include "storage/vault/numbers.h"
#include "storage/vault/private_file.h"

namespace referrald::vault {
namespace {

PrivateFile KeyFileAt(const std::string& path) {
  return {.path = path, .what = "key file", .mode = 0400};
}

}  // namespace

Result<Key> ReadKeyFile(Disk& disk, const std::string& path) {
  const Result<std::optional<Disk::File>> file = ReadPrivate(disk, KeyFileAt(path), Key::kSize);
  if (!file) return file.error();
  if (!*file) {
    return Status::NotFound(
        fmt::format("there is no key file {}; restore it from where it is kept safe: without it "
                    "personal data stays sealed",
                    path),
        kKeyMissing);
  }
  if ((*file)->size != Key::kSize || (*file)->bytes.size() != Key::kSize) {
    return Status::Corruption(
        fmt::format("key file {} is {} bytes, must be {}; restore it from where it is kept safe",
                    path, (*file)->size, size_t{Key::kSize}),
        kKeyMalformed);
  }
  return Key(TextOf((*file)->bytes));
}

Status MakeKeyFile(Disk& disk, const std::string& path) {
  const Result<Key> key = NewKey();
  if (!key) return key.error();
  return MakePrivate(disk, KeyFileAt(path), key->text());
}

Status ReplaceKeyFile(Disk& disk, const std::string& path, const Key& key) {
  return ReplacePrivate(disk, KeyFileAt(path), key.text());
}

Result<Key> NewKey() {
  Key key;
  if (FillRandom(key.data(), Key::kSize)) return key;
  return Status::IoError("the system has no random bytes for a new key", kKeyUnreadable);
}

}  // namespace referrald::vault
