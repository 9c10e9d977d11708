#include "storage/vault/hash.h"

// EVP spends 400 ns around a block of 70 ns. These functions are deprecated for that they cannot be
// replaced by a provider's; they are in every OpenSSL 3.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <algorithm>
#include <cstring>

#include "storage/base/status.h"

namespace referrald::vault {
namespace {

constexpr size_t kBlockSize = SHA256_CBLOCK;
constexpr size_t kLabelSize = 8;
constexpr uint8_t kInnerPad = 0x36;
constexpr uint8_t kOuterPad = 0x5c;

// A hash in the making, wiped when it goes.
class Hasher {
 public:
  Hasher() { SHA256_Init(&context_); }
  // Goes on behind one block.
  explicit Hasher(const std::array<uint32_t, 8>& state) : Hasher() {
    std::copy(state.begin(), state.end(), context_.h);
    context_.Nl = kBlockSize * 8;
  }
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;
  ~Hasher() { Wipe(&context_, sizeof(context_)); }

  Hasher& Add(std::string_view bytes) {
    SHA256_Update(&context_, bytes.data(), bytes.size());
    return *this;
  }
  void AddBlock(const uint8_t (&block)[kBlockSize]) { SHA256_Transform(&context_, block); }
  std::array<uint32_t, 8> state() const {
    std::array<uint32_t, 8> words;
    std::copy(std::begin(context_.h), std::end(context_.h), words.begin());
    return words;
  }
  Hash256 Finish() {
    Hash256 hash;
    SHA256_Final(hash.data(), &context_);
    return hash;
  }

 private:
  SHA256_CTX context_;
};

std::array<uint32_t, 8> StateBehind(std::string_view key, uint8_t pad) {
  uint8_t block[kBlockSize];
  std::fill(std::begin(block), std::end(block), pad);
  for (size_t i = 0; i < key.size(); ++i) block[i] ^= static_cast<uint8_t>(key[i]);
  Hasher hasher;
  hasher.AddBlock(block);
  Wipe(block, sizeof(block));
  return hasher.state();
}

void PutBigEndian(uint32_t value, uint8_t* out) {
  for (int i = 0; i < 4; ++i) out[i] = static_cast<uint8_t>(value >> (24 - 8 * i));
}

}  // namespace

Hash256 Sha256(std::string_view first, std::string_view second, std::string_view third) {
  return Hasher().Add(first).Add(second).Add(third).Finish();
}

Mac::Mac(std::string_view key) { SetKey(key); }

Mac::~Mac() {
  Wipe(inner_.data(), sizeof(inner_));
  Wipe(outer_.data(), sizeof(outer_));
}

void Mac::SetKey(std::string_view key) {
  REFERRALD_CHECK(key.size() <= kBlockSize);
  inner_ = StateBehind(key, kInnerPad);
  outer_ = StateBehind(key, kOuterPad);
}

Hash256 Mac::Compute(std::string_view first, std::string_view second,
                     std::string_view third) const {
  const Hash256 inner = Hasher(inner_).Add(first).Add(second).Add(third).Finish();
  return Hasher(outer_).Add(AsBytes(inner)).Finish();
}

Key DeriveKey(const Key& master, std::string_view label) {
  Hash256 hash = Mac(master).Compute(label);
  Key key(AsBytes(hash));
  Wipe(hash.data(), hash.size());
  return key;
}

void HashSeed(std::string_view label, const uint8_t* seed, uint8_t branch, uint8_t* out) {
  REFERRALD_CHECK(label.size() == kLabelSize);
  // The message, and the padding of FIPS 180-4: one bit, zeros, the length in bits.
  constexpr size_t kMessageSize = kLabelSize + Key::kSize + 1;
  uint8_t block[kBlockSize] = {};
  std::memcpy(block, label.data(), kLabelSize);
  std::memcpy(block + kLabelSize, seed, Key::kSize);
  block[kMessageSize - 1] = branch;
  block[kMessageSize] = 0x80;
  PutBigEndian(kMessageSize * 8, block + kBlockSize - 4);
  Hasher hasher;
  hasher.AddBlock(block);
  std::array<uint32_t, 8> words = hasher.state();
  for (size_t i = 0; i < words.size(); ++i) PutBigEndian(words[i], out + 4 * i);
  Wipe(block, sizeof(block));
  Wipe(words.data(), sizeof(words));
}

}  // namespace referrald::vault
