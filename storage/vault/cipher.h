#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_cipher_ctx_st;
struct evp_mac_ctx_st;

// The cryptographic calls of the vault, over contexts that are made once and reused: to make one
// costs more than to use it.
namespace referrald::vault {

// 32 bytes that are wiped when they go.
class Key {
 public:
  Key() = default;
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  Key(Key&& other) noexcept;
  Key& operator=(Key&&) = delete;
  ~Key();

  static constexpr size_t kSize = 32;
  uint8_t* data() { return bytes_.data(); }
  const uint8_t* data() const { return bytes_.data(); }

 private:
  std::array<uint8_t, kSize> bytes_{};
};

// HMAC-SHA-256 under one key. One thread at a time.
class Mac {
 public:
  explicit Mac(const Key& key);
  // Of `head` and `tail`, one behind the other.
  void Compute(std::string_view head, std::string_view tail, uint8_t (&out)[Key::kSize]);

 private:
  struct Free {
    void operator()(evp_mac_ctx_st* context) const;
  };
  std::unique_ptr<evp_mac_ctx_st, Free> context_;
};

// The key derived from `master` for the purpose `label`.
Key DeriveKey(const Key& master, std::string_view label);

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

// Fills `size` bytes at `out` from the system's generator. False: it has none to give.
[[nodiscard]] bool FillRandom(uint8_t* out, size_t size);

}  // namespace referrald::vault
