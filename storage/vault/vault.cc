#include "storage/vault/vault.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include "storage/base/limits.h"
#include "storage/vault/cipher.h"
#include "storage/vault/disk.h"
#include "storage/vault/hash.h"
#include "storage/vault/key_contents.h"
#include "storage/vault/key_store.h"
#include "storage/vault/numbers.h"
#include "storage/vault/workers.h"

namespace referrald::vault {

struct Vault::Parts {
  Parts(KeyContents contents, std::optional<KeyStoreFile> on_disk)
      : index(contents.keys.index),
        chain(contents.keys.chain),
        signer(contents.keys.sign),
        workers(contents.subjects.tree),
        keys(std::move(contents.keys)),
        subjects(std::move(contents.subjects)),
        file(std::move(on_disk)) {}

  // Constant after construction, or their own guards.
  const Mac index;
  const Mac chain;
  const Signer signer;
  Workers workers;
  const StoreKeys keys;

  // Held across a whole change, its syncs included: one change at a time is its purpose. No sealing
  // waits for it.
  std::mutex change;
  // Guarded by change. The tree is the workers' one.
  Subjects subjects;
  std::optional<KeyStoreFile> file;  // Nothing in tests.
};

namespace {

constexpr char kScheme = 2;
constexpr size_t kSchemeSize = 1;

std::string SubjectBytes(uint64_t subject) {
  std::string bytes;
  AppendBigEndian64(bytes, subject);
  return bytes;
}

Status Broken(uint64_t subject, std::string_view why) {
  return Status::Corruption(fmt::format("a sealed record of e_{} does not open: {}", subject, why),
                            kSealBroken);
}

Status Erased(uint64_t subject) {
  return Status::FailedPrecondition(
      fmt::format("e_{} was erased, and its key is destroyed", subject), kPersonErased);
}

Status NoSubject(uint64_t subject) {
  return Status::InvalidArgument(
      fmt::format("e_{} is no subject, limit {}", subject, limits::kSequenceMax));
}

Status InMemory() { return Status::FailedPrecondition("this vault has no key store on a disk"); }

}  // namespace

Vault::Vault(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Vault::~Vault() = default;

Result<std::unique_ptr<Vault>> Vault::Open(const Places& places, bool create) {
  return OpenOn(SystemDisk(), places, create);
}

Result<std::unique_ptr<Vault>> Vault::OpenOn(Disk& disk, const Places& places, bool create) {
  Result<KeyStoreFile::Opened> opened = KeyStoreFile::Open(disk, places, create);
  if (!opened) return opened.error();
  return std::unique_ptr<Vault>(
      new Vault(std::make_unique<Parts>(std::move(opened->contents), std::move(opened->file))));
}

std::unique_ptr<Vault> Vault::ForTest(std::string_view key) {
  return std::unique_ptr<Vault>(
      new Vault(std::make_unique<Parts>(DeriveContents(Key(key)), std::nullopt)));
}

Result<std::string> Vault::SealWith(bool reproducible, uint64_t subject, std::string_view context,
                                    std::string_view plain) const {
  if (subject > limits::kSequenceMax) return NoSubject(subject);
  Workers::Loan worker(parts_->workers);
  if (!worker->ReadyToSeal(worker.tree(), subject)) return Erased(subject);
  if (reproducible && !worker->ReadyToMakeNonces(worker.tree(), subject)) return Erased(subject);
  const std::string nonce =
      reproducible ? worker->ReproducibleNonce(context, plain) : worker->RandomNonce();
  std::string sealed;
  sealed.reserve(kSchemeSize + nonce.size() + plain.size() + kTagSize);
  sealed.push_back(kScheme);
  sealed.append(nonce);
  worker->sealer().Seal(nonce, SubjectBytes(subject).append(context), plain, sealed);
  return sealed;
}

Result<std::string> Vault::Seal(uint64_t subject, std::string_view context,
                                std::string_view plain) const {
  return SealWith(/*reproducible=*/false, subject, context, plain);
}

Result<std::string> Vault::SealReproducibly(uint64_t subject, std::string_view context,
                                            std::string_view plain) const {
  return SealWith(/*reproducible=*/true, subject, context, plain);
}

Result<std::string> Vault::Unseal(uint64_t subject, std::string_view context,
                                  std::string_view sealed) const {
  if (subject > limits::kSequenceMax) return Broken(subject, "there is no such subject");
  Workers::Loan worker(parts_->workers);
  if (!worker->ReadyToOpen(worker.tree(), subject)) return Erased(subject);
  if (sealed.size() < kSchemeSize + kNonceSize + kTagSize) return Broken(subject, "it is cut off");
  if (sealed[0] != kScheme) return Broken(subject, "it is sealed in a way that is not known");
  sealed.remove_prefix(kSchemeSize);
  const std::string_view nonce = sealed.substr(0, kNonceSize);
  std::string plain;
  if (worker->opener().Open(nonce, SubjectBytes(subject).append(context), sealed.substr(kNonceSize),
                            plain)) {
    return plain;
  }
  return Broken(subject, "it was altered, or sealed by another key or for another place");
}

Hash128 Vault::BlindIndex(IndexKind kind, std::string_view text) const {
  const char head = static_cast<char>(kind);
  const Hash256 mac = parts_->index.Compute({&head, 1}, text);
  Hash128 hash;
  std::copy_n(mac.begin(), hash.size(), hash.begin());
  return hash;
}

Hash256 Vault::ChainHash(const Hash256& previous, std::string_view event) const {
  return parts_->chain.Compute(AsBytes(previous), event);
}

Signature Vault::Sign(std::string_view message) const { return parts_->signer.Sign(message); }
const PublicKey& Vault::public_key() const { return parts_->signer.public_key(); }

Status Vault::Erase(const Erasure& erasure) {
  Erasure wanted = Normalised(erasure);
  if (wanted.subjects.empty()) return Status::InvalidArgument("an erasure names no subject");
  if (wanted.subjects.back() > limits::kSequenceMax) return NoSubject(wanted.subjects.back());
  if (wanted.subjects.front() == 0) {
    return Status::InvalidArgument("subject 0 is the store itself, which nobody erases");
  }
  const std::lock_guard lock(parts_->change);
  if (parts_->subjects.Remembers(wanted)) {
    return parts_->file ? parts_->file->stopped() : Status::Ok();
  }
  Subjects next = parts_->subjects.With(std::move(wanted));
  Status status;
  if (parts_->file) status = parts_->file->Replace(parts_->keys, next);
  // Whatever file one sees now, the keys that it lacks go here, too.
  if (!status.ok() && status.number() != kKeyStoreStopped) return status;
  parts_->workers.ReplaceTree(next.tree);
  parts_->subjects = std::move(next);
  return status;
}

bool Vault::IsErased(uint64_t subject) const {
  const Workers::Loan loan(parts_->workers);
  return subject <= limits::kSequenceMax && loan.tree().Covering(subject) == nullptr;
}

std::vector<Erasure> Vault::Erasures() const {
  const std::lock_guard lock(parts_->change);
  return parts_->subjects.erasures;
}

uint32_t Vault::epoch() const {
  const std::lock_guard lock(parts_->change);
  return parts_->file ? parts_->file->epoch() : 0;
}

Result<uint32_t> Vault::Rotate(const std::string& new_key_file) {
  const std::lock_guard lock(parts_->change);
  if (!parts_->file) return InMemory();
  return new_key_file.empty()
             ? parts_->file->Rotate(parts_->keys, parts_->subjects)
             : parts_->file->RotateTo(new_key_file, parts_->keys, parts_->subjects);
}

Result<std::string> Vault::CopyKeyStore(const std::string& folder, Timestamp now) const {
  const std::lock_guard lock(parts_->change);
  if (!parts_->file) return InMemory();
  return parts_->file->CopyTo(folder, now, parts_->keys, parts_->subjects);
}

}  // namespace referrald::vault
