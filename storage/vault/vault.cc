#include "storage/vault/vault.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "storage/vault/cipher.h"
#include "storage/vault/key_file.h"
#include "storage/vault/numbers.h"

// The stored forms and the derivations: storage/doc/keys.md.
namespace referrald::vault {
namespace {

constexpr char kScheme = 1;
constexpr char kEpoch = 1;
constexpr size_t kHeaderSize = 2;  // Scheme, and the epoch as a varint of one byte.

// Nonces are random: a person's key seals thousands of records in its life, far from the billions
// at which 96 random bits begin to repeat, and nothing needs to be remembered over a restart. They
// are drawn many at a time, since one draw costs as much as two sealings.
class Nonces {
 public:
  std::string_view Next() {
    if (used_ == bytes_.size()) {
      REFERRALD_CHECK(FillRandom(bytes_.data(), bytes_.size()));
      used_ = 0;
    }
    const char* nonce = reinterpret_cast<const char*>(bytes_.data()) + used_;
    used_ += kNonceSize;
    return {nonce, kNonceSize};
  }

 private:
  std::array<uint8_t, 256 * kNonceSize> bytes_;
  size_t used_ = bytes_.size();
};

std::string SubjectBytes(uint64_t subject) {
  std::string bytes;
  AppendBigEndian64(bytes, subject);
  return bytes;
}

}  // namespace

// The keys, and the contexts that hold them. A context serves one call at a time; there are as many
// as there were calls at once. They go with the vault, and the keys in them.
struct Vault::Keys {
  struct Worker {
    explicit Worker(const Keys& keys) : person(keys.seal), index(keys.index) {}
    Mac person;
    Mac index;
    Sealer sealer;
    Opener opener;
    // Whose keys these two hold; records of one person often come in a row.
    std::optional<uint64_t> sealer_of, opener_of;
    Nonces nonces;
  };

  // Lends a worker to one call.
  class Loan {
   public:
    explicit Loan(Keys& keys) : keys_(keys), worker_(keys.Take()) {}
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ~Loan() { keys_.GiveBack(std::move(worker_)); }
    Worker* operator->() { return worker_.get(); }

   private:
    Keys& keys_;
    std::unique_ptr<Worker> worker_;
  };

  explicit Keys(const Key& master)
      : seal(DeriveKey(master, "referrald seal 1")),
        index(DeriveKey(master, "referrald index 1")) {}

  std::unique_ptr<Worker> Take() {
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        std::unique_ptr<Worker> worker = std::move(idle.back());
        idle.pop_back();
        return worker;
      }
    }
    return std::make_unique<Worker>(*this);
  }
  void GiveBack(std::unique_ptr<Worker> worker) {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(worker));
  }

  const Key seal;
  const Key index;

  std::mutex mutex;
  std::vector<std::unique_ptr<Worker>> idle;  // Guarded by mutex.
};

namespace {

// Gives `cipher` the key of `subject` alone, so that this can be destroyed alone (keys.md, "As it
// will be"). `holder`: whose key it has.
template <typename Cipher>
void SetPersonKey(Cipher& cipher, std::optional<uint64_t>& holder, Mac& mac, uint64_t subject) {
  if (holder == subject) return;
  uint8_t bytes[Key::kSize];
  mac.Compute("person", SubjectBytes(subject), bytes);
  Key key;
  std::copy(std::begin(bytes), std::end(bytes), key.data());
  OPENSSL_cleanse(bytes, sizeof(bytes));
  cipher.SetKey(key);
  holder = subject;
}

Status Broken(uint64_t subject, std::string_view why) {
  return Status::Corruption(fmt::format("a sealed record of e_{} does not open: {}", subject, why),
                            kSealBroken);
}

}  // namespace

Vault::Vault(std::unique_ptr<Keys> keys) : keys_(std::move(keys)) {}
Vault::~Vault() = default;

Result<std::unique_ptr<Vault>> Vault::Open(const std::string& path, bool create) {
  const Result<Key> master = ReadKeyFile(path, create);
  if (!master) return master.error();
  return std::unique_ptr<Vault>(new Vault(std::make_unique<Keys>(*master)));
}

std::unique_ptr<Vault> Vault::ForTest(std::string_view key) {
  REFERRALD_CHECK(key.size() == Key::kSize);
  Key master;
  std::copy(key.begin(), key.end(), master.data());
  return std::unique_ptr<Vault>(new Vault(std::make_unique<Keys>(master)));
}

std::string Vault::Seal(uint64_t subject, std::string_view context, std::string_view plain) const {
  Keys::Loan worker(*keys_);
  SetPersonKey(worker->sealer, worker->sealer_of, worker->person, subject);
  const std::string_view nonce = worker->nonces.Next();
  std::string sealed;
  sealed.reserve(kHeaderSize + nonce.size() + plain.size() + kTagSize);
  sealed.push_back(kScheme);
  sealed.push_back(kEpoch);
  sealed.append(nonce);
  worker->sealer.Seal(nonce, SubjectBytes(subject).append(context), plain, sealed);
  return sealed;
}

Result<std::string> Vault::Unseal(uint64_t subject, std::string_view context,
                                  std::string_view sealed) const {
  if (sealed.size() < kHeaderSize + kNonceSize + kTagSize) {
    return Broken(subject, "it is cut off");
  }
  if (sealed[0] != kScheme) return Broken(subject, "it is sealed in a way that is not known");
  if (sealed[1] != kEpoch) return Broken(subject, "its key epoch is not known");
  sealed.remove_prefix(kHeaderSize);
  Keys::Loan worker(*keys_);
  SetPersonKey(worker->opener, worker->opener_of, worker->person, subject);
  const std::string_view nonce = sealed.substr(0, kNonceSize);
  std::string plain;
  if (worker->opener.Open(nonce, SubjectBytes(subject).append(context), sealed.substr(kNonceSize),
                          plain)) {
    return plain;
  }
  return Broken(subject, "it was altered, or sealed by another key or for another place");
}

Hash128 Vault::BlindIndex(IndexKind kind, std::string_view text) const {
  uint8_t mac[Key::kSize];
  const char head = static_cast<char>(kind);
  Keys::Loan worker(*keys_);
  worker->index.Compute({&head, 1}, text, mac);
  Hash128 hash;
  std::copy_n(std::begin(mac), hash.size(), hash.begin());
  return hash;
}

}  // namespace referrald::vault
