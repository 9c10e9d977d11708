#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "storage/referral/matching/record.h"

// How far two records agree, field by field. After Fellegi and Sunter (1969): a level of agreement
// weighs log2(m / u), where m is how often records of one person show it and u how often those of
// two people do. The weights are constants of this file: the same for every organisation, every
// file and every test, so that the same two rows always get the same answer.
namespace referrald::referral::matching {

// How one field agrees.
enum class Level : uint8_t {
  kMissing,  // Not known on one side: says nothing.
  kExact,    // Equal when folded.
  kClose,  // A slip of the hand, another spelling of the same, a short form, day and month swapped.
  kSimilar,  // Something in common.
  kShared,   // Equal, but others have it too: info@.
  kDifferent,
};
std::string_view LevelName(Level level);  // "missing", "exact", "close", ...

struct Agreement {
  Level level = Level::kMissing;
  double weight = 0;  // Bits; below 0 it speaks against.
  friend bool operator==(const Agreement&, const Agreement&) = default;
};

// log2(m / u) of each level that a field can have, in bits. u is taken from how many values there
// are in a large population, not from a file: 1 in 90 has a given name (mean over its frequency), 1
// in 250 a surname, 1 in 25,000 a birth date, and so on, kept below what the count of values would
// say where they hang together (city and postcode). m is 0.5 to 0.9 for an exact agreement.
struct LevelWeights {
  double exact = 0;
  double close = 0;
  double similar = 0;
  double shared = 0;
  double different = 0;
};
const LevelWeights& WeightsOf(Field field);

// Two records, compared. Symmetric: Compare(a, b) and Compare(b, a) are equal.
struct Comparison {
  std::array<Agreement, kFieldCount> fields;
  bool names_swapped = false;    // The given name of one is the surname of the other.
  bool streets_swapped = false;  // Street and locality, likewise.
  int years_apart = 0;           // Between birth dates; 0 where one is not known.

  const Agreement& operator[](Field field) const { return fields[static_cast<size_t>(field)]; }
  double Weight() const;  // Sum over the fields.
  // How many names and parts of the address are close but not equal, or swapped.
  int Slips() const;
  friend bool operator==(const Comparison&, const Comparison&) = default;
};
Comparison Compare(const Record& left, const Record& right);

}  // namespace referrald::referral::matching
