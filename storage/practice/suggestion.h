#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/practice/act.h"

// People to ask a customer about (R20, R25): whom they may know, by what the systems say of both.
// Likeness is no acquaintance; each suggestion says what is known of that (R09).
namespace referrald::practice {

// What is known of a person, merged over the systems; empty: unknown.
struct Profile {
  EntityId id;
  EntityId organisation;
  std::string title{};
  std::string industry{};
  std::string city{};
  std::string postal_code{};
  std::string country{};
  bool hidden = false;  // Erased, or suppressed: never suggested.

  friend bool operator==(const Profile&, const Profile&) = default;
};

// One organisation supplies another.
struct Supply {
  EntityId supplier;
  EntityId buyer;
  Sequence because;

  friend bool operator==(const Supply&, const Supply&) = default;
};

enum class AcquaintanceWord : uint8_t {
  kClaimed = 1,    // By a network: nobody's word (R09).
  kConfirmed = 2,  // By a person.
  kDenied = 3,     // Likewise.
};
// What was said of the customer and another, in either direction.
struct Acquaintance {
  EntityId left, right;
  AcquaintanceWord word = AcquaintanceWord::kClaimed;
  Sequence because;
  Timestamp at{};

  friend bool operator==(const Acquaintance&, const Acquaintance&) = default;
};

struct SuggestionFacts {
  const Profile& customer;
  std::span<const Profile> candidates{};
  std::span<const Supply> supplies{};
  std::span<const Acquaintance> acquaintances{};
  Slots closed = 0;       // Groups that are not to be asked about any more.
  size_t count_max = 10;  // For each group.
};

struct Suggestion {
  Slot slot = Slot::kExternalPeer;
  EntityId person;
  std::string reason;  // Why, and whether they know each other; no name, title or place in it.
  bool confirmed_acquaintance = false;  // A person's newest word says so.
  std::vector<Sequence> because{};      // The events it stands on; none: profiles alone.

  friend bool operator==(const Suggestion&, const Suggestion&) = default;
};

// By slot; in it confirmed acquaintances first, then those a network claims, then the likest title,
// then by id. Somebody may fit several groups; a colleague is an internal peer alone. Left out: the
// customer, whoever is hidden, and those of whom a person's newest word says that they do not know
// each other. Total and pure; candidates in any order, one that is given twice counts once.
std::vector<Suggestion> SuggestFor(const SuggestionFacts& facts);

// How much two titles are about the same work, in thousandths: shared words of all their words,
// without rank and small words, so that "Head of Purchasing" is like "Purchasing Manager". Titles
// of rank alone are alike only where they are the same.
uint32_t TitleLikeness(std::string_view left, std::string_view right);
inline constexpr uint32_t kLikeTitle = 500;  // From here on two titles are similar.

// The part of a postal code that stands for the area, folded; empty where there is too little of
// it.
std::string PostalArea(std::string_view code);

// In the same country, and with codes that begin alike: three characters of those that have five
// or more, otherwise two; white space, '-' and case aside. Or in a city of the same name, unless
// the countries differ.
bool AreNeighbours(const Profile& left, const Profile& right);

}  // namespace referrald::practice
