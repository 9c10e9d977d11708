#include "storage/referral/matching/blocking.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "storage/referral/matching/similarity.h"

namespace referrald::referral::matching {
namespace {

// Keys of one record. A key whose parts are not all known is left out.
class KeySet {
 public:
  void Add(char kind, std::initializer_list<std::string_view> parts) {
    if (std::ranges::any_of(parts, &std::string_view::empty)) return;
    uint64_t hash = 0xcbf29ce484222325;  // FNV-1a.
    const auto byte = [&hash](char c) {
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    };
    byte(kind);
    for (const std::string_view part : parts) {
      for (const char c : part) byte(c);
      byte('\0');
    }
    keys_.push_back(hash);
  }

  std::vector<uint64_t> Take() {
    std::ranges::sort(keys_);
    keys_.erase(std::ranges::unique(keys_).begin(), keys_.end());
    if (keys_.size() > limits::kBlockingKeysMax) keys_.resize(limits::kBlockingKeysMax);
    return std::move(keys_);
  }

 private:
  std::vector<uint64_t> keys_;
};

std::string_view Beginning(std::string_view text, size_t size) {
  return text.substr(0, std::min(text.size(), size));
}

// A birth date in which day and month may have been swapped.
struct Birth {
  std::string date;  // Year, then day and month, the smaller first.
  std::string_view year;
  std::string_view month_and_day;
};

Birth BirthOf(const Record& record) {
  const std::string_view digits = record[Field::kBirthDate];
  if (digits.empty()) return {};
  const std::string_view month = digits.substr(4, 2);
  const std::string_view day = digits.substr(6, 2);
  std::string date(digits.substr(0, 4));
  date += std::min(month, day);
  date += std::max(month, day);
  return {.date = std::move(date), .year = digits.substr(0, 4), .month_and_day = digits.substr(4)};
}

// Given name and surname alike: they get swapped.
void AddNameKeys(const Record& record, const Birth& birth, KeySet& keys) {
  const std::string street = Squeezed(record[Field::kStreet]);
  for (const Field field : {Field::kGivenName, Field::kSurname}) {
    const std::string name =
        Squeezed(field == Field::kGivenName ? FullGivenName(record[field]) : record[field]);
    const std::string sound = SoundOf(name);
    const std::string_view beginning = Beginning(name, 3);
    keys.Add('a', {sound, SoundOf(record[Field::kCity])});
    keys.Add('b', {sound, record[Field::kPostcode]});
    keys.Add('c', {sound, Beginning(street, 5)});
    keys.Add('d', {beginning, birth.year, record[Field::kState]});
    keys.Add('e', {beginning, birth.month_and_day});
    keys.Add('f', {sound, record[Field::kOrganisation]});
    keys.Add('g', {beginning, record[Field::kHouseNumber], Beginning(record[Field::kPostcode], 2)});
  }
  const std::string given = SoundOf(FullGivenName(record[Field::kGivenName]));
  const std::string surname = SoundOf(record[Field::kSurname]);
  keys.Add('h', {std::min(given, surname), std::max(given, surname)});
}

void AddAddressKeys(const Record& record, const Birth& birth, KeySet& keys) {
  const std::string_view number = record[Field::kHouseNumber];
  const std::string_view postcode = record[Field::kPostcode];
  const std::string city = SoundOf(record[Field::kCity]);
  // Two lines of an address are swapped like two names.
  for (const Field field : {Field::kStreet, Field::kLocality}) {
    const std::string sound = SoundOf(record[field]);
    keys.Add('i', {sound, number});
    keys.Add('j', {sound, postcode});
    keys.Add('k', {sound, city});
    keys.Add('l', {sound, birth.year});
  }
  keys.Add('m', {number, postcode});
  keys.Add('n', {number, city});
  keys.Add('o', {birth.year, postcode});
}

}  // namespace

std::vector<uint64_t> BlockingKeys(const Record& record) {
  const Birth birth = BirthOf(record);
  KeySet keys;
  AddNameKeys(record, birth, keys);
  AddAddressKeys(record, birth, keys);
  keys.Add('p', {birth.date});
  if (!record.email_is_shared) keys.Add('q', {record[Field::kEmail]});
  keys.Add('r', {record[Field::kPhone]});
  return keys.Take();
}

namespace {

struct Entry {
  uint64_t key;
  uint32_t record;
  friend auto operator<=>(const Entry&, const Entry&) = default;
};

// Records by key: `entries` sorted, and for each record where its blocks begin and end.
struct Blocks {
  std::vector<Entry> entries;
  std::vector<std::vector<std::pair<uint32_t, uint32_t>>> of_record;
  uint64_t passed_over = 0;
};

Blocks MakeBlocks(std::span<const Record> records, size_t block_records_max) {
  Blocks blocks;
  for (size_t at = 0; at < records.size(); ++at) {
    for (const uint64_t key : BlockingKeys(records[at])) {
      blocks.entries.push_back({.key = key, .record = static_cast<uint32_t>(at)});
    }
  }
  std::ranges::sort(blocks.entries);
  blocks.of_record.resize(records.size());
  for (size_t begin = 0, end = 0; begin < blocks.entries.size(); begin = end) {
    while (end < blocks.entries.size() && blocks.entries[end].key == blocks.entries[begin].key)
      ++end;
    if (end - begin < 2) continue;
    if (end - begin > block_records_max) {
      ++blocks.passed_over;
      continue;
    }
    for (size_t at = begin; at < end; ++at) {
      blocks.of_record[blocks.entries[at].record].emplace_back(begin, end);
    }
  }
  return blocks;
}

struct Candidate {
  uint32_t record = 0;
  uint32_t shared_keys = 0;
};

// Everybody who shares a key with `record`, with how many.
std::vector<Candidate> Sharing(std::span<const Record> records, const Blocks& blocks,
                               uint32_t record) {
  const uint32_t system = records[record].system;
  std::vector<uint32_t> others;
  for (const auto& [begin, end] : blocks.of_record[record]) {
    for (uint32_t at = begin; at < end; ++at) {
      const uint32_t other = blocks.entries[at].record;
      const bool apart = system != 0 && records[other].system == system;
      if (other != record && !apart) others.push_back(other);
    }
  }
  std::ranges::sort(others);
  std::vector<Candidate> candidates;
  for (const uint32_t other : others) {
    if (candidates.empty() || candidates.back().record != other) candidates.push_back({other, 0});
    ++candidates.back().shared_keys;
  }
  return candidates;
}

}  // namespace

CandidateList FindCandidates(std::span<const Record> records, const BlockingLimits& limits) {
  CandidateList list;
  const Blocks blocks = MakeBlocks(records, limits.block_records_max);
  list.blocks_passed_over = blocks.passed_over;
  for (uint32_t record = 0; record < records.size(); ++record) {
    std::vector<Candidate> candidates = Sharing(records, blocks, record);
    if (candidates.size() > limits.candidates_per_record_max) {
      list.candidates_cut += candidates.size() - limits.candidates_per_record_max;
      std::ranges::sort(candidates, [&records](const Candidate& left, const Candidate& right) {
        if (left.shared_keys != right.shared_keys) return left.shared_keys > right.shared_keys;
        return records[left.record].id < records[right.record].id;
      });
      candidates.resize(limits.candidates_per_record_max);
    }
    // Kept where either side keeps it: a list that is cut must not depend on the order.
    for (const Candidate& candidate : candidates) {
      list.pairs.emplace_back(std::min(record, candidate.record),
                              std::max(record, candidate.record));
    }
  }
  std::ranges::sort(list.pairs);
  list.pairs.erase(std::ranges::unique(list.pairs).begin(), list.pairs.end());
  return list;
}

}  // namespace referrald::referral::matching
