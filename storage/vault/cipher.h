#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "storage/vault/secret.h"

struct evp_cipher_ctx_st;

// Ciphers over contexts that are made once and reused: to make one costs more than to use it.
namespace referrald::vault {

inline constexpr size_t kNonceSize = 12;
inline constexpr size_t kTagSize = 16;

struct FreeCipherContext {
  void operator()(evp_cipher_ctx_st* context) const;
};

// AES-256-GCM under the key that was set last. One thread at a time.
class Sealer {
 public:
  Sealer();
  void SetKey(const Key& key);
  // Appends ciphertext and tag of `plain` to `out`; the tag covers `aad`, too.
  void Seal(std::string_view nonce, std::string_view aad, std::string_view plain, std::string& out);

 private:
  std::unique_ptr<evp_cipher_ctx_st, FreeCipherContext> context_;
};

// The way back.
class Opener {
 public:
  Opener();
  void SetKey(const Key& key);
  // Puts the plain text of `sealed` (ciphertext and tag) into `out`. False: the tag does not fit,
  // and `out` is empty.
  bool Open(std::string_view nonce, std::string_view aad, std::string_view sealed,
            std::string& out);

 private:
  std::unique_ptr<evp_cipher_ctx_st, FreeCipherContext> context_;
};

}  // namespace referrald::vault
