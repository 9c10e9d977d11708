#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "storage/base/bytes.h"
#include "storage/vault/secret.h"

// SHA-256 and what is made of it. Pure functions and constant objects: any thread.
namespace referrald::vault {

// SHA-256 of the three, one behind the other.
Hash256 Sha256(std::string_view first, std::string_view second = {}, std::string_view third = {});

// HMAC-SHA-256 (RFC 2104) under one key, of which only the two states behind it are kept; they are
// wiped when it goes.
class Mac {
 public:
  explicit Mac(std::string_view key);
  explicit Mac(const Key& key) : Mac(key.text()) {}
  Mac(const Mac&) = delete;
  Mac& operator=(const Mac&) = delete;
  Mac(Mac&&) = delete;
  Mac& operator=(Mac&&) = delete;
  ~Mac();

  // A key of at most 64 bytes in place of the one before.
  void SetKey(std::string_view key);
  // Of the three, one behind the other.
  Hash256 Compute(std::string_view first, std::string_view second = {},
                  std::string_view third = {}) const;

 private:
  using State = std::array<uint32_t, 8>;
  State inner_{};
  State outer_{};
};

// The key derived from `master` for the purpose `label`.
Key DeriveKey(const Key& master, std::string_view label);

// SHA-256 of `label` (8 bytes), `seed` (32 bytes) and `branch`, into `out`, which may be `seed`:
// one block, without the calls around it, which cost more than the block.
void HashSeed(std::string_view label, const uint8_t* seed, uint8_t branch, uint8_t* out);

}  // namespace referrald::vault
