#include "storage/vault/secret.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>

#include "storage/base/status.h"

namespace referrald::vault {

void Wipe(void* place, size_t size) { OPENSSL_cleanse(place, size); }

Key::Key(std::string_view bytes) {
  REFERRALD_CHECK(bytes.size() == kSize);
  std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

Key::Key(Key&& other) noexcept : bytes_(other.bytes_) {
  Wipe(other.bytes_.data(), other.bytes_.size());
}

Key& Key::operator=(Key&& other) noexcept {
  if (this == &other) return *this;
  bytes_ = other.bytes_;
  Wipe(other.bytes_.data(), other.bytes_.size());
  return *this;
}

Key::~Key() { Wipe(bytes_.data(), bytes_.size()); }

bool Key::Equals(const Key& other) const { return CRYPTO_memcmp(data(), other.data(), kSize) == 0; }

bool FillRandom(uint8_t* out, size_t size) { return RAND_bytes(out, static_cast<int>(size)) == 1; }

}  // namespace referrald::vault
