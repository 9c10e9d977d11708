#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "storage/base/bytes.h"

namespace referrald::sync {

// Which rows one file has already shown: 24 bytes a row, whatever the row holds. One thread.
class SeenRows {
 public:
  enum class Seen : uint8_t { kFirst, kSame, kDifferent };

  // Remembers `key`, if it is new, with its content.
  Seen See(const Hash128& key, uint64_t content);

  bool Contains(const Hash128& key) const;

  size_t size() const { return size_; }

 private:
  struct Slot {
    Hash128 key{};  // All zero: free.
    uint64_t content = 0;
  };
  size_t PlaceOf(const Hash128& key) const;  // Its slot, or the free one where it belongs.
  void Grow();

  std::vector<Slot> slots_;  // A power of two, at most three quarters full.
  size_t size_ = 0;
};

}  // namespace referrald::sync
