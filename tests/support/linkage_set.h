#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/referral/matching/record.h"

// People who are written down several times, with the mistakes that people make, for tests and
// benches without a public data set at hand. Made after what FEBRL's generator does: slips of the
// hand, missing values, names and lines swapped, a value replaced by another one.
namespace referrald::support {

struct LinkageSetOptions {
  uint32_t person_count = 1000;
  uint32_t duplicates_max = 3;      // Further rows of one person; none for a half of them.
  uint32_t mistakes_max = 4;        // In one further row, at least one.
  uint32_t relatives_percent = 20;  // People with a spouse at home,
  uint32_t heirs_percent = 1;       // or with a child of the same name.
};

struct LinkageSet {
  std::vector<referral::matching::Record> records;
  std::vector<uint32_t> people;  // Who each record is.
};

namespace linkage {

using Random = std::mt19937_64;

struct Row {
  std::string given_name, surname, birth_date, number, street, locality, city, postcode, state;
};

inline uint64_t Below(Random& random, uint64_t count) { return random() % count; }

template <size_t kSize>
std::string_view OneOf(Random& random, const std::array<std::string_view, kSize>& texts) {
  return texts[Below(random, kSize)];
}

inline std::string Word(Random& random, uint64_t syllables) {
  constexpr std::array<std::string_view, 24> kSyllables = {
      "ba",  "ber", "cor", "da", "den", "el",  "fa",   "gar", "hil", "ja",  "ken", "la",
      "mor", "na",  "nor", "pe", "ri",  "sal", "ston", "ta",  "ver", "wil", "yar", "zan"};
  std::string word;
  for (uint64_t i = 0; i < syllables; ++i) word += OneOf(random, kSyllables);
  return word;
}

inline std::string_view GivenName(Random& random) {
  constexpr std::array<std::string_view, 40> kNames = {
      "adam",   "alice", "amelia", "benjamin", "charlotte", "chloe",   "connor",   "daniel",
      "ella",   "emily", "ethan",  "georgia",  "hannah",    "harry",   "isaac",    "jack",
      "jacob",  "jade",  "james",  "joshua",   "kyle",      "lachlan", "lara",     "lauren",
      "liam",   "lucy",  "luke",   "maddison", "matthew",   "mia",     "nicholas", "oliver",
      "olivia", "oscar", "ruby",   "samuel",   "sophie",    "tahlia",  "thomas",   "zoe"};
  return OneOf(random, kNames);
}

inline std::string Date(uint64_t year, Random& random) {
  char text[16];
  std::snprintf(text, sizeof text, "%04u%02u%02u", static_cast<unsigned>(year),
                static_cast<unsigned>(1 + Below(random, 12)),
                static_cast<unsigned>(2 + Below(random, 27)));
  return text;
}

inline std::string BirthDate(Random& random) { return Date(1920 + Below(random, 80), random); }

inline Row Person(Random& random) {
  constexpr std::array<std::string_view, 4> kKinds = {" street", " road", " crescent", " place"};
  constexpr std::array<std::string_view, 5> kStates = {"nsw", "vic", "qld", "wa", "sa"};
  return {.given_name = std::string(GivenName(random)),
          .surname = Word(random, 2 + Below(random, 2)),
          .birth_date = BirthDate(random),
          .number = std::to_string(1 + Below(random, 200)),
          .street = Word(random, 3) + std::string(OneOf(random, kKinds)),
          .locality = Word(random, 4),
          .city = Word(random, 3),
          .postcode = std::to_string(2000 + Below(random, 6000)),
          .state = std::string(OneOf(random, kStates))};
}

inline void Slip(std::string& text, Random& random) {
  if (text.size() < 3) return;
  const size_t at = 1 + Below(random, text.size() - 1);
  const bool is_number = text[0] >= '0' && text[0] <= '9';
  const char other =
      static_cast<char>((is_number ? '0' : 'a') + Below(random, is_number ? 10 : 26));
  switch (Below(random, is_number ? 2 : 4)) {
    case 0: text[at] = other; break;
    case 1: std::swap(text[at], text[at - 1]); break;
    case 2: text.erase(at, 1); break;
    default: text.insert(at, 1, other); break;
  }
}

// One mistake; some find nothing to spoil.
inline void Spoil(Row& row, Random& random) {
  std::string* const fields[] = {&row.given_name, &row.surname,  &row.street,     &row.locality,
                                 &row.city,       &row.postcode, &row.given_name, &row.surname};
  std::string& field = *fields[Below(random, std::size(fields))];
  switch (Below(random, 24)) {
    case 0: field.clear(); break;
    case 1: row.birth_date.clear(); break;
    case 2: row.locality.clear(); break;
    case 3: row.number = std::to_string(1 + Below(random, 200)); break;
    case 4: std::swap(row.given_name, row.surname); break;
    case 5: std::swap(row.street, row.locality); break;
    case 6: row.surname = Word(random, 3); break;
    case 7: row.given_name = GivenName(random); break;
    case 8: Slip(row.birth_date, random); break;
    default: Slip(field, random); break;
  }
}

class Maker {
 public:
  explicit Maker(LinkageSet& set) : set_(set) {}

  void Add(const Row& row, uint32_t person) {
    const std::string id = "row-" + std::to_string(set_.records.size());
    set_.records.push_back(referral::matching::MakeRecord(id, {.given_name = row.given_name,
                                                               .surname = row.surname,
                                                               .birth_date = row.birth_date,
                                                               .house_number = row.number,
                                                               .street = row.street,
                                                               .locality = row.locality,
                                                               .city = row.city,
                                                               .postcode = row.postcode,
                                                               .state = row.state}));
    set_.people.push_back(person);
  }

 private:
  LinkageSet& set_;
};

}  // namespace linkage

// The same options and seed give the same set.
inline LinkageSet MakeLinkageSet(const LinkageSetOptions& options, uint64_t seed) {
  linkage::Random random(seed);
  LinkageSet set;
  linkage::Maker maker(set);
  uint32_t person = 0;
  for (uint32_t i = 0; i < options.person_count; ++i) {
    const linkage::Row row = linkage::Person(random);
    maker.Add(row, person);
    const uint64_t duplicates =
        linkage::Below(random, 2) == 0 ? 0 : 1 + linkage::Below(random, options.duplicates_max);
    for (uint64_t copy = 0; copy < duplicates; ++copy) {
      linkage::Row spoilt = row;
      const uint64_t mistakes = 1 + linkage::Below(random, options.mistakes_max);
      for (uint64_t at = 0; at < mistakes; ++at) linkage::Spoil(spoilt, random);
      maker.Add(spoilt, person);
    }
    ++person;
    const uint64_t lot = linkage::Below(random, 100);
    if (lot >= options.relatives_percent + options.heirs_percent) continue;
    linkage::Row relative = row;
    relative.birth_date = linkage::BirthDate(random);
    if (lot < options.relatives_percent) {
      while (relative.given_name == row.given_name) {
        relative.given_name = linkage::GivenName(random);
      }
    } else {
      const uint64_t year = std::stoull(row.birth_date) / 10'000;
      relative.birth_date = linkage::Date(year + 21 + linkage::Below(random, 20), random);
    }
    maker.Add(relative, person++);
  }
  return set;
}

}  // namespace referrald::support
