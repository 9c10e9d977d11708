#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

struct evp_pkey_st;

namespace referrald::vault {

class Key;

// Ed25519 (RFC 8032, pure).
using Signature = std::array<uint8_t, 64>;
using PublicKey = std::array<uint8_t, 32>;

// Whether `signature` was made over `message` with the private key of `signer`. False also where
// `signer` is no key.
bool VerifySignature(const PublicKey& signer, std::string_view message, const Signature& signature);

// Signs with one private key, which is wiped when it goes. Any thread.
class Signer {
 public:
  explicit Signer(const Key& private_key);
  Signature Sign(std::string_view message) const;
  const PublicKey& public_key() const { return public_key_; }

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  std::unique_ptr<evp_pkey_st, Free> key_;
  PublicKey public_key_{};
};

}  // namespace referrald::vault
