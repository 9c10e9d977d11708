#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "storage/base/status.h"

// Tampering at random, for tests that it must not go unnoticed.
namespace referrald::support {

struct Mutation {
  std::string bytes;  // Never what they were made from.
  std::string what;   // "bit 3 of byte 17 flipped"
};

namespace mutate {

inline Mutation Flip(std::string bytes, std::mt19937_64& random) {
  const size_t at = random() % bytes.size();
  const auto bit = static_cast<unsigned>(random() % 8);
  bytes[at] = static_cast<char>(static_cast<uint8_t>(bytes[at]) ^ 1U << bit);
  return {.bytes = std::move(bytes),
          .what = "bit " + std::to_string(bit) + " of byte " + std::to_string(at) + " flipped"};
}

inline Mutation Truncate(std::string bytes, std::mt19937_64& random) {
  // Half of them near the end, where a careless reader would not miss it.
  const size_t lost = 1 + (random() % 2 == 0 ? random() % std::min<size_t>(bytes.size(), 8)
                                             : random() % bytes.size());
  bytes.resize(bytes.size() - std::min(lost, bytes.size()));
  return {.bytes = bytes, .what = "cut to " + std::to_string(bytes.size()) + " bytes"};
}

// By random bytes, or by a repetition of the end.
inline Mutation Extend(std::string bytes, std::mt19937_64& random) {
  const size_t size = bytes.size();
  const size_t more = 1 + random() % 16;
  const bool repeat = size >= more && random() % 2 == 0;
  for (size_t i = 0; i < more; ++i) {
    bytes.push_back(repeat ? bytes[bytes.size() - more] : static_cast<char>(random()));
  }
  return {.bytes = std::move(bytes),
          .what = std::to_string(more) + (repeat ? " bytes repeated" : " bytes added") + " at " +
                  std::to_string(size)};
}

// Exchanges two stretches of equal length that do not overlap. Nothing may change by it.
inline Mutation Swap(std::string bytes, std::mt19937_64& random) {
  const size_t length = 1 + random() % std::min<size_t>(bytes.size() / 2, 64);
  const size_t first = random() % (bytes.size() - 2 * length + 1);
  const size_t second = first + length + random() % (bytes.size() - first - 2 * length + 1);
  std::swap_ranges(bytes.begin() + static_cast<std::ptrdiff_t>(first),
                   bytes.begin() + static_cast<std::ptrdiff_t>(first + length),
                   bytes.begin() + static_cast<std::ptrdiff_t>(second));
  return {.bytes = std::move(bytes),
          .what = std::to_string(length) + " bytes at " + std::to_string(first) + " and " +
                  std::to_string(second) + " swapped"};
}

}  // namespace mutate

// `bytes` (at least two) with one thing done to them: a bit flipped, cut off, extended, or two
// stretches swapped.
inline Mutation Mutate(std::string_view bytes, std::mt19937_64& random) {
  REFERRALD_CHECK(bytes.size() >= 2);
  const std::string original(bytes);
  Mutation mutation;
  switch (random() % 4) {
    case 0: mutation = mutate::Truncate(original, random); break;
    case 1: mutation = mutate::Extend(original, random); break;
    case 2: mutation = mutate::Swap(original, random); break;
    default: mutation = mutate::Flip(original, random); break;
  }
  return mutation.bytes == original ? mutate::Flip(original, random) : mutation;
}

}  // namespace referrald::support
