#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Memory that is wiped before it is given back.
namespace referrald::vault {

// Zeros, in a way that no compiler leaves out.
void Wipe(void* place, size_t size);

// 32 bytes that are wiped when they go.
class Key {
 public:
  static constexpr size_t kSize = 32;

  Key() = default;
  // Of kSize bytes; anything else is a bug.
  explicit Key(std::string_view bytes);
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  Key(Key&& other) noexcept;
  Key& operator=(Key&& other) noexcept;
  ~Key();

  uint8_t* data() { return bytes_.data(); }
  const uint8_t* data() const { return bytes_.data(); }
  std::string_view text() const { return {reinterpret_cast<const char*>(data()), kSize}; }
  // The same in constant time.
  bool Equals(const Key& other) const;

 private:
  std::array<uint8_t, kSize> bytes_{};
};

template <typename T>
struct WipingAllocator {
  using value_type = T;

  WipingAllocator() = default;
  template <typename Other>
  WipingAllocator(const WipingAllocator<Other>&) {}  // NOLINT(google-explicit-constructor)

  T* allocate(size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* place, size_t count) {
    Wipe(place, count * sizeof(T));
    std::allocator<T>().deallocate(place, count);
  }
  friend bool operator==(const WipingAllocator&, const WipingAllocator&) { return true; }
};

// Grows without leaving copies behind.
template <typename T>
using SecretVector = std::vector<T, WipingAllocator<T>>;
using SecretBytes = SecretVector<char>;

inline std::string_view TextOf(const SecretBytes& bytes) { return {bytes.data(), bytes.size()}; }

// Wipes a text on the way out, for calls that want std::string.
class WipeAtEnd {
 public:
  explicit WipeAtEnd(std::string& text) : text_(text) {}
  WipeAtEnd(const WipeAtEnd&) = delete;
  WipeAtEnd& operator=(const WipeAtEnd&) = delete;
  ~WipeAtEnd() { Wipe(text_.data(), text_.size()); }

 private:
  std::string& text_;
};

// Fills `size` bytes at `out` from the system's generator. False: it has none to give.
[[nodiscard]] bool FillRandom(uint8_t* out, size_t size);

}  // namespace referrald::vault
