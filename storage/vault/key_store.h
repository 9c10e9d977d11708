#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "storage/base/status.h"
#include "storage/base/time.h"
#include "storage/vault/disk.h"
#include "storage/vault/key_contents.h"
#include "storage/vault/places.h"
#include "storage/vault/secret.h"

// The file that holds the keys: storage/doc/keys.md has its form and the steps of its changes.
namespace referrald::vault {

// Eight bytes that tell which key-encryption key a key store needs.
std::string KeyIdOf(const Key& kek);

// The bytes of a key store of `epoch` under `kek`. IoError (RFD4105): no random bytes.
// FailedPrecondition (RFD4108): larger than limits::kKeyStoreBytesMax.
Result<std::string> WrapContents(const Key& kek, uint32_t epoch, const StoreKeys& keys,
                                 const Subjects& subjects);

struct KeyStoreHeader {
  uint32_t epoch = 0;
  std::string key_id;
};
// The clear part. Corruption: this is no key store, or one of a later version.
Result<KeyStoreHeader> ReadHeader(std::string_view file);
// Corruption: altered, or of another key. All failures here have the number RFD4107.
Result<KeyContents> UnwrapContents(const Key& kek, std::string_view file);

// The key store on the disk, and the key it is under. One thread at a time. The disk must outlive
// it.
class KeyStoreFile {
 public:
  struct Opened;

  // As Vault::Open.
  static Result<Opened> Open(Disk& disk, const Places& places, bool create);

  uint32_t epoch() const { return epoch_; }
  // Ok, or the failure (RFD4109) after which every change is refused.
  const Status& stopped() const { return stopped_; }

  // Puts these into the file, durable on return. FailedPrecondition (RFD4107): somebody else put
  // another file there. IoError (RFD4109): the new file is there, but the last sync failed, and
  // from then on every change is refused with this. Any other failure: the old file is there.
  Status Replace(const StoreKeys& keys, const Subjects& subjects);

  // The same under a new key, which takes the place of the key file; or under the key in the file
  // `path`, which is only read. Returns the new epoch. Failures as Replace and ReadKeyFile, and
  // InvalidArgument: `path` has the key that is in use.
  Result<uint32_t> Rotate(const StoreKeys& keys, const Subjects& subjects);
  Result<uint32_t> RotateTo(const std::string& path, const StoreKeys& keys,
                            const Subjects& subjects);

  // Makes a copy in `folder`, reads it back and compares; returns its path.
  Result<std::string> CopyTo(const std::string& folder, Timestamp now, const StoreKeys& keys,
                             const Subjects& subjects) const;

 private:
  KeyStoreFile(Disk& disk, Places places, Key kek)
      : disk_(&disk), places_(std::move(places)), kek_(std::move(kek)) {}

  static Status Create(Disk& disk, const Places& places);
  static Result<Opened> OpenFile(Disk& disk, const Places& places, std::string_view file);
  Status CheckUnchanged() const;
  Status Put(const Key& kek, uint32_t epoch, const StoreKeys& keys, const Subjects& subjects);
  Status Rewrap(Key kek, const StoreKeys& keys, const Subjects& subjects);
  Status FinishRotation();
  Status Note(Status status);

  Disk* disk_;
  Places places_;
  Key kek_;
  uint32_t epoch_ = 0;
  std::string header_;  // As it is on the disk.
  Status stopped_;
};

struct KeyStoreFile::Opened {
  KeyStoreFile file;
  KeyContents contents;
};

}  // namespace referrald::vault
