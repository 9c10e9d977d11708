#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "storage/referral/matching/blocking.h"
#include "storage/referral/matching/decide.h"
#include "storage/referral/matching/record.h"

// Who is who in a list of records: blocked, compared, decided, and put together where nothing
// speaks against it.
//
//   records --keys--> candidates --compare, decide--> pairs --+--> clusters (automatic)
//                                                             +--> questions (review)
namespace referrald::referral::matching {

// A record without given name or birth date that fits two people who cannot be one, and fits both
// within so many bits, belongs to neither: it does not know what tells them apart.
inline constexpr double kAmbiguousWeight = 3;

// Rows that know given name and birth date have a vote on whether two clusters are one: a
// contradiction between them is outvoted by so many automatic matches, as one mistyped row among
// several good ones is. One against one it never is.
inline constexpr size_t kOutvotedBy = 2;

// One thing to decide for a person: are these two clusters one? Asked once, however many pairs of
// their records are in doubt.
struct Question {
  uint32_t left = 0;  // Indices of clusters, the smaller first.
  uint32_t right = 0;
  uint32_t left_record = 0;  // The pair that says most for it.
  uint32_t right_record = 0;
  Decision decision;  // Of that pair. Automatic where the clusters contradict elsewhere.
};

struct Linkage {
  // Every record is in one. Members ascend; clusters are ordered by their first member.
  std::vector<std::vector<uint32_t>> clusters;
  std::vector<Question> questions;  // By weight, the largest first.
  uint64_t pairs_compared = 0;
  uint64_t blocks_passed_over = 0;
  uint64_t candidates_cut = 0;
};

// Pairs that are decided automatically are joined, the weightiest first. Two clusters are not
// joined where records of one contradict those of the other (Decision::contradicts, or both are of
// one system) and are not outvoted; they become a question instead. So no chain of good pairs ends
// in a cluster whose members contradict. The answer does not depend on the order of `records`,
// whose ids must differ. No cluster has more than limits::kClusterRecordsMax records: the rest is
// asked about.
Linkage Link(std::span<const Record> records, const BlockingLimits& limits = {});

}  // namespace referrald::referral::matching
