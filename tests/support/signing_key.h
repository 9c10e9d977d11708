#pragma once

#include <cstdint>

#include "storage/vault/secret.h"
#include "storage/vault/signature.h"

namespace referrald::support {

// The key pair whose seed is the bytes `first`, `first` + 1, ...
inline vault::Signer TestSigningKey(uint8_t first = 0) {
  vault::Key seed;
  for (size_t i = 0; i < vault::Key::kSize; ++i) {
    seed.data()[i] = static_cast<uint8_t>(first + i);
  }
  return vault::Signer(seed);
}

// Signs with `key`, which must outlive it.
inline auto SignerOf(const vault::Signer& key) {
  return [&key](std::string_view message) { return key.Sign(message); };
}

}  // namespace referrald::support
