#include "storage/vault/key_store.h"

#include <fmt/format.h>

#include <limits>
#include <optional>
#include <utility>

#include "storage/base/bytes.h"
#include "storage/base/limits.h"
#include "storage/vault/cipher.h"
#include "storage/vault/hash.h"
#include "storage/vault/key_copies.h"
#include "storage/vault/key_file.h"
#include "storage/vault/numbers.h"
#include "storage/vault/private_file.h"

namespace referrald::vault {
namespace {

constexpr std::string_view kMagic = "RFD-KEYS";
constexpr uint32_t kFormat = 1;
constexpr size_t kFormatAt = 8;
constexpr size_t kEpochAt = 12;
constexpr size_t kKeyIdAt = 16;
constexpr size_t kKeyIdSize = 8;
constexpr size_t kNonceAt = 24;
constexpr size_t kHeaderSize = kNonceAt + kNonceSize;

PrivateFile KeyStoreAt(const std::string& path) { return {.path = path, .what = "key store"}; }
std::string NextOf(const Places& places) { return places.key_file + ".next"; }
Key WrapKeyOf(const Key& kek) { return DeriveKey(kek, "referrald key store 1"); }

Status Unusable(std::string_view why) {
  return Status::Corruption(std::string(why), kKeyStoreUnusable);
}

Status Missing(const Places& places) {
  return Status::NotFound(
      fmt::format("the key store {} is missing, though there is a database; restore it from its "
                  "backup: without it personal data stays sealed",
                  places.key_store),
      kKeyStoreUnusable);
}

Status WrongKey(const Places& places) {
  return Status::FailedPrecondition(
      fmt::format("the key store {} is under another key than {}; put the key file of its epoch "
                  "there",
                  places.key_store, places.key_file),
      kKeyStoreUnusable);
}

struct FoundKey {
  Key kek;
  bool in_next = false;  // A rotation was interrupted before its last step.
};

// The key with `key_id`.
Result<FoundKey> FindKey(Disk& disk, const Places& places, std::string_view key_id) {
  Result<Key> key = ReadKeyFile(disk, places.key_file);
  if (key && KeyIdOf(*key) == key_id) return FoundKey{.kek = *std::move(key)};
  if (!key && key.error().code() != Code::kNotFound) return key.error();
  Result<Key> next = ReadKeyFile(disk, NextOf(places));
  if (next && KeyIdOf(*next) == key_id) return FoundKey{.kek = *std::move(next), .in_next = true};
  // Whatever else is in .next, malformed perhaps, opens nothing and is no hindrance.
  return key ? WrongKey(places) : key.error();
}

}  // namespace

std::string KeyIdOf(const Key& kek) {
  const Hash256 hash = Mac(kek).Compute("referrald key id 1");
  return std::string(AsBytes(hash).substr(0, kKeyIdSize));
}

Result<std::string> WrapContents(const Key& kek, uint32_t epoch, const StoreKeys& keys,
                                 const Subjects& subjects) {
  std::string plain = EncodeContents(keys, subjects);
  const WipeAtEnd wipe(plain);
  if (kHeaderSize + plain.size() + kTagSize > limits::kKeyStoreBytesMax) {
    return Status::FailedPrecondition(
        fmt::format("the key store would be {} bytes, limit {}: too many persons were erased",
                    kHeaderSize + plain.size() + kTagSize, limits::kKeyStoreBytesMax),
        kKeyStoreFull);
  }
  std::string nonce(kNonceSize, '\0');
  if (!FillRandom(reinterpret_cast<uint8_t*>(nonce.data()), nonce.size())) {
    return Status::IoError("the system has no random bytes for the key store", kKeyUnreadable);
  }
  std::string file(kMagic);
  AppendBigEndian32(file, kFormat);
  AppendBigEndian32(file, epoch);
  file.append(KeyIdOf(kek)).append(nonce);
  const std::string header = file;
  Sealer sealer;
  sealer.SetKey(WrapKeyOf(kek));
  sealer.Seal(nonce, header, plain, file);
  return file;
}

Result<KeyStoreHeader> ReadHeader(std::string_view file) {
  if (file.size() < kHeaderSize + kTagSize) return Unusable("it is cut off");
  if (file.substr(0, kMagic.size()) != kMagic) return Unusable("it is no key store");
  if (ReadBigEndian32(file.substr(kFormatAt)) != kFormat) {
    return Unusable("its format is not known; a later version of referrald may have written it");
  }
  return KeyStoreHeader{.epoch = ReadBigEndian32(file.substr(kEpochAt)),
                        .key_id = std::string(file.substr(kKeyIdAt, kKeyIdSize))};
}

Result<KeyContents> UnwrapContents(const Key& kek, std::string_view file) {
  if (const auto header = ReadHeader(file); !header) return header.error();
  Opener opener;
  opener.SetKey(WrapKeyOf(kek));
  const std::string_view header = file.substr(0, kHeaderSize);
  std::string plain;
  const WipeAtEnd wipe(plain);
  if (!opener.Open(header.substr(kNonceAt), header, file.substr(kHeaderSize), plain)) {
    return Unusable("it was altered");
  }
  Result<KeyContents> contents = DecodeContents(plain);
  if (!contents) return Unusable(contents.error().message());
  return contents;
}

Result<KeyStoreFile::Opened> KeyStoreFile::Open(Disk& disk, const Places& places, bool create) {
  const PrivateFile place = KeyStoreAt(places.key_store);
  Result<std::optional<Disk::File>> file = ReadPrivate(disk, place, limits::kKeyStoreBytesMax);
  if (file && !*file) {
    const Result<Key> key = ReadKeyFile(disk, places.key_file);
    if (!key && (!create || key.error().code() != Code::kNotFound)) return key.error();
    if (!create) return Missing(places);
    if (Status made = Create(disk, places); !made.ok()) return made;
    file = ReadPrivate(disk, place, limits::kKeyStoreBytesMax);
  }
  if (!file) return file.error();
  if (!*file) return Missing(places);
  // What was read shall also be what a power cut leaves: an erasure in it may be relied on.
  if (Status synced = disk.SyncFolderOf(places.key_store); !synced.ok()) return synced;
  Result<Opened> opened = OpenFile(disk, places, TextOf((*file)->bytes));
  if (opened || opened.error().number() != kKeyStoreUnusable ||
      opened.error().code() != Code::kCorruption) {
    return opened;
  }
  return opened.error().Prefixed(fmt::format(
      "the key store {} is damaged and must be restored from its backup", places.key_store));
}

Status KeyStoreFile::Create(Disk& disk, const Places& places) {
  if (Status made = MakeKeyFile(disk, places.key_file); !made.ok()) return made;
  const Result<Key> kek = ReadKeyFile(disk, places.key_file);
  if (!kek) return kek.error();
  const Result<KeyContents> contents = NewContents();
  if (!contents) return contents.error();
  const Result<std::string> file =
      WrapContents(*kek, /*epoch=*/1, contents->keys, contents->subjects);
  if (!file) return file.error();
  return MakePrivate(disk, KeyStoreAt(places.key_store), *file);
}

Result<KeyStoreFile::Opened> KeyStoreFile::OpenFile(Disk& disk, const Places& places,
                                                    std::string_view file) {
  const Result<KeyStoreHeader> header = ReadHeader(file);
  if (!header) return header.error();
  Result<FoundKey> found = FindKey(disk, places, header->key_id);
  if (!found) return found.error();
  Result<KeyContents> contents = UnwrapContents(found->kek, file);
  if (!contents) return contents.error();
  KeyStoreFile opened(disk, places, std::move(found->kek));
  opened.epoch_ = header->epoch;
  opened.header_ = file.substr(0, kHeaderSize);
  if (found->in_next) {
    if (Status finished = opened.FinishRotation(); !finished.ok()) return finished;
  }
  return Opened{.file = std::move(opened), .contents = *std::move(contents)};
}

Status KeyStoreFile::CheckUnchanged() const {
  if (!stopped_.ok()) return stopped_;
  const Result<std::optional<Disk::File>> file = disk_->Read(places_.key_store, kHeaderSize);
  if (!file) return file.error();
  if (*file && TextOf((*file)->bytes) == header_) return Status::Ok();
  return Status::FailedPrecondition(
      fmt::format("the key store {} is not the one that was opened: somebody removed or replaced "
                  "it; nothing was changed, restart to open what is there",
                  places_.key_store),
      kKeyStoreUnusable);
}

// A sync that failed is not tried again: the second one may say Ok and mean nothing.
Status KeyStoreFile::Note(Status status) {
  if (status.number() == kKeyStoreStopped) stopped_ = status;
  return status;
}

Status KeyStoreFile::Put(const Key& kek, uint32_t epoch, const StoreKeys& keys,
                         const Subjects& subjects) {
  const Result<std::string> file = WrapContents(kek, epoch, keys, subjects);
  if (!file) return file.error();
  Status replaced = Note(ReplacePrivate(*disk_, KeyStoreAt(places_.key_store), *file));
  if (replaced.ok()) header_ = file->substr(0, kHeaderSize);
  return replaced;
}

Status KeyStoreFile::Replace(const StoreKeys& keys, const Subjects& subjects) {
  if (Status unchanged = CheckUnchanged(); !unchanged.ok()) return unchanged;
  return Put(kek_, epoch_, keys, subjects);
}

Status KeyStoreFile::Rewrap(Key kek, const StoreKeys& keys, const Subjects& subjects) {
  REFERRALD_CHECK(epoch_ < std::numeric_limits<uint32_t>::max());
  if (Status put = Put(kek, epoch_ + 1, keys, subjects); !put.ok()) return put;
  kek_ = std::move(kek);
  ++epoch_;
  return Status::Ok();
}

// Puts the key in .next, where it is the one in use, into the place of the key file.
Status KeyStoreFile::FinishRotation() {
  const Result<Key> next = ReadKeyFile(*disk_, NextOf(places_));
  if (!next) {
    const int number = next.error().number();
    return number == kKeyMissing || number == kKeyMalformed ? Status::Ok() : next.error();
  }
  if (!next->Equals(kek_)) return Status::Ok();
  return Note(RenameSynced(*disk_, NextOf(places_), places_.key_file));
}

Result<uint32_t> KeyStoreFile::Rotate(const StoreKeys& keys, const Subjects& subjects) {
  if (Status unchanged = CheckUnchanged(); !unchanged.ok()) return unchanged;
  // Else the only place of the key in use would be overwritten.
  if (Status finished = FinishRotation(); !finished.ok()) return finished;
  Result<Key> fresh = NewKey();
  if (!fresh) return fresh.error();
  Status status = Note(ReplaceKeyFile(*disk_, NextOf(places_), *fresh));
  if (status.ok()) status = Rewrap(*std::move(fresh), keys, subjects);
  if (status.ok()) status = FinishRotation();
  if (!status.ok()) return status;
  return epoch_;
}

Result<uint32_t> KeyStoreFile::RotateTo(const std::string& path, const StoreKeys& keys,
                                        const Subjects& subjects) {
  if (Status unchanged = CheckUnchanged(); !unchanged.ok()) return unchanged;
  Result<Key> given = ReadKeyFile(*disk_, path);
  if (!given) return given.error();
  if (given->Equals(kek_)) {
    return Status::InvalidArgument(fmt::format("{} has the key that is in use already", path));
  }
  if (Status status = Rewrap(*std::move(given), keys, subjects); !status.ok()) return status;
  return epoch_;
}

Result<std::string> KeyStoreFile::CopyTo(const std::string& folder, Timestamp now,
                                         const StoreKeys& keys, const Subjects& subjects) const {
  const PrivateFile copy = KeyStoreAt(folder + "/" + KeyCopyName(epoch_, now));
  const Result<std::string> file = WrapContents(kek_, epoch_, keys, subjects);
  if (!file) return file.error();
  if (Status written = ReplacePrivate(*disk_, copy, *file); !written.ok()) return written;
  const auto back = ReadPrivate(*disk_, copy, limits::kKeyStoreBytesMax);
  if (!back) return back.error();
  const bool same = *back && TextOf((*back)->bytes) == *file;
  if (same && UnwrapContents(kek_, *file)) return copy.path;
  return Unusable(fmt::format("the copy {} is not what was written; check its disk", copy.path));
}

}  // namespace referrald::vault
