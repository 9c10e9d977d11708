#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "storage/base/limits.h"
#include "storage/referral/matching/record.h"

// Which records are worth comparing: those that have a key in common. A key is a hash of two or
// more things that are unlikely to be wrong at once; there are some twenty, so that a record with
// errors in half of its fields still shares one.
namespace referrald::referral::matching {

// The keys of a record: sorted, none twice, at most limits::kBlockingKeysMax. Stable: they may be
// stored, as long as kBlockingVersion is stored with them.
std::vector<uint64_t> BlockingKeys(const Record& record);
inline constexpr uint32_t kBlockingVersion = 1;

struct BlockingLimits {
  // A key that more records share is passed over: it tells nobody apart. Raising it costs
  // comparisons, by its square.
  size_t block_records_max = limits::kBlockRecordsMax;
  // Compared with one record at most: those with most keys in common. Raising it costs comparisons
  // and 8 bytes a pair.
  size_t candidates_per_record_max = limits::kCandidatesPerRecordMax;
};

struct CandidateList {
  std::vector<std::pair<uint32_t, uint32_t>> pairs;  // Of indices, the smaller first; sorted.
  uint64_t blocks_passed_over = 0;                   // Over block_records_max.
  uint64_t candidates_cut = 0;                       // Over candidates_per_record_max.
};

// Pairs of `records` that share a key and may be one person (Record::system). Which pairs does not
// depend on the order of `records`, as long as their ids differ. At most candidates_per_record_max
// pairs a record are added.
CandidateList FindCandidates(std::span<const Record> records, const BlockingLimits& limits);

}  // namespace referrald::referral::matching
