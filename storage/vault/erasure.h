#pragma once

#include <cstdint>
#include <vector>

#include "storage/base/bytes.h"
#include "storage/base/time.h"

namespace referrald::vault {

// What the vault remembers of an erased person.
struct Erasure {
  std::vector<uint64_t> subjects;   // Entity ids: the person's, and those merged into it.
  std::vector<Hash128> tombstones;  // Blind indexes by which a later import knows the person again.
  Timestamp at;

  friend bool operator==(const Erasure&, const Erasure&) = default;
};

}  // namespace referrald::vault
