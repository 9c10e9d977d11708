#include "storage/referral/matching/link.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>

#include "storage/base/limits.h"

namespace referrald::referral::matching {
namespace {

struct Pair {
  uint32_t left = 0;  // Indices of records.
  uint32_t right = 0;
  Decision decision;
};

bool AreOfOneSystem(const Record& left, const Record& right) {
  return left.system != 0 && left.system == right.system;
}

bool Contradict(const Record& left, const Record& right) {
  return AreOfOneSystem(left, right) || Decide(Compare(left, right)).contradicts;
}

// Whether it has what tells the members of a family apart.
bool KnowsWho(const Record& record) {
  return !record[Field::kGivenName].empty() && !record[Field::kBirthDate].empty();
}

bool CanBeOutvoted(const Decision& decision) {
  return decision.weight >= 0 && decision.caution == Caution::kOtherPeople;
}

// Heaviest first; among equals by id, so that the order of records plays no part.
void SortByWeight(std::span<const Record> records, std::vector<Pair>& pairs) {
  const auto ids = [records](const Pair& pair) {
    const std::string_view left = records[pair.left].id;
    const std::string_view right = records[pair.right].id;
    return std::pair(std::min(left, right), std::max(left, right));
  };
  std::ranges::sort(pairs, [&ids](const Pair& left, const Pair& right) {
    if (left.decision.weight != right.decision.weight) {
      return left.decision.weight > right.decision.weight;
    }
    return ids(left) < ids(right);
  });
}

// Pairs that are not plainly different.
std::vector<Pair> Judge(std::span<const Record> records, const CandidateList& candidates) {
  std::vector<Pair> pairs;
  for (const auto& [left, right] : candidates.pairs) {
    const Decision decision = Decide(Compare(records[left], records[right]));
    if (decision.verdict == Verdict::kDifferent) continue;
    pairs.push_back({.left = left, .right = right, .decision = decision});
  }
  SortByWeight(records, pairs);
  return pairs;
}

// Records that fit two people who contradict each other about as well.
std::vector<bool> Ambiguous(std::span<const Record> records, const std::vector<Pair>& pairs) {
  std::vector<std::vector<std::pair<uint32_t, double>>> fits(records.size());
  for (const Pair& pair : pairs) {
    if (pair.decision.verdict != Verdict::kAutomatic) continue;
    fits[pair.left].emplace_back(pair.right, pair.decision.weight);
    fits[pair.right].emplace_back(pair.left, pair.decision.weight);
  }
  std::vector<bool> ambiguous(records.size());
  for (size_t record = 0; record < records.size(); ++record) {
    if (KnowsWho(records[record])) continue;
    const auto& others = fits[record];
    for (size_t i = 0; i < others.size() && !ambiguous[record]; ++i) {
      for (size_t j = i + 1; j < others.size() && !ambiguous[record]; ++j) {
        ambiguous[record] = std::abs(others[i].second - others[j].second) < kAmbiguousWeight &&
                            Contradict(records[others[i].first], records[others[j].first]);
      }
    }
  }
  return ambiguous;
}

// Clusters that grow by joining.
class Groups {
 public:
  explicit Groups(std::span<const Record> records)
      : records_(records), group_of_(records.size()), members_(records.size()) {
    std::iota(group_of_.begin(), group_of_.end(), 0);
    for (uint32_t record = 0; record < records.size(); ++record) members_[record] = {record};
  }

  // Joins the groups of both, unless one would get too large or hold a contradiction.
  void Join(uint32_t left, uint32_t right) {
    uint32_t into = group_of_[left];
    uint32_t from = group_of_[right];
    if (into == from || !MayJoin(members_[into], members_[from])) return;
    if (members_[into].size() < members_[from].size()) std::swap(into, from);
    for (const uint32_t record : members_[from]) {
      group_of_[record] = into;
      members_[into].push_back(record);
    }
    members_[from].clear();
  }

  std::vector<std::vector<uint32_t>> Take() {
    std::vector<std::vector<uint32_t>> clusters;
    for (std::vector<uint32_t>& members : members_) {
      if (members.empty()) continue;
      std::ranges::sort(members);
      clusters.push_back(std::move(members));
    }
    std::ranges::sort(clusters);
    return clusters;
  }

 private:
  // What pairs of records across two groups say. Only those that know given name and birth date on
  // both sides have a vote: one that knows less agrees with a whole family.
  struct Votes {
    size_t together = 0;
    size_t apart = 0;
    bool ruled_out = false;
  };

  Votes Count(const std::vector<uint32_t>& left, const std::vector<uint32_t>& right) const {
    Votes votes;
    for (const uint32_t one : left) {
      for (const uint32_t other : right) AddVote(records_[one], records_[other], votes);
    }
    return votes;
  }

  static void AddVote(const Record& left, const Record& right, Votes& votes) {
    const Decision decision = Decide(Compare(left, right));
    const bool may_vote = KnowsWho(left) && KnowsWho(right);
    const bool final_word = !may_vote || !CanBeOutvoted(decision);
    if (AreOfOneSystem(left, right) || (decision.contradicts && final_word)) {
      votes.ruled_out = true;
    } else if (decision.contradicts) {
      ++votes.apart;
    } else if (may_vote && decision.verdict == Verdict::kAutomatic) {
      ++votes.together;
    }
  }

  bool MayJoin(const std::vector<uint32_t>& left, const std::vector<uint32_t>& right) const {
    if (left.size() + right.size() > limits::kClusterRecordsMax) return false;
    const Votes votes = Count(left, right);
    return !votes.ruled_out && votes.apart * kOutvotedBy <= votes.together;
  }

  std::span<const Record> records_;
  std::vector<uint32_t> group_of_;
  std::vector<std::vector<uint32_t>> members_;
};

std::vector<uint32_t> ClusterOfEach(const std::vector<std::vector<uint32_t>>& clusters,
                                    size_t record_count) {
  std::vector<uint32_t> cluster_of(record_count);
  for (uint32_t cluster = 0; cluster < clusters.size(); ++cluster) {
    for (const uint32_t record : clusters[cluster]) cluster_of[record] = cluster;
  }
  return cluster_of;
}

// One for two clusters, about their heaviest pair. `pairs` are sorted by weight.
std::vector<Question> Questions(const std::vector<Pair>& pairs,
                                const std::vector<uint32_t>& cluster_of) {
  std::vector<Question> questions;
  std::set<std::pair<uint32_t, uint32_t>> asked;
  for (const Pair& pair : pairs) {
    uint32_t left = cluster_of[pair.left];
    uint32_t right = cluster_of[pair.right];
    if (left == right || !asked.insert(std::minmax(left, right)).second) continue;
    Question question = {.left = left,
                         .right = right,
                         .left_record = pair.left,
                         .right_record = pair.right,
                         .decision = pair.decision};
    if (left > right) {
      std::swap(question.left, question.right);
      std::swap(question.left_record, question.right_record);
    }
    questions.push_back(question);
  }
  return questions;
}

}  // namespace

Linkage Link(std::span<const Record> records, const BlockingLimits& limits) {
  const CandidateList candidates = FindCandidates(records, limits);
  const std::vector<Pair> pairs = Judge(records, candidates);
  const std::vector<bool> ambiguous = Ambiguous(records, pairs);
  Groups groups(records);
  for (const Pair& pair : pairs) {
    const bool sure = pair.decision.verdict == Verdict::kAutomatic && !ambiguous[pair.left] &&
                      !ambiguous[pair.right];
    if (sure) groups.Join(pair.left, pair.right);
  }
  Linkage linkage;
  linkage.clusters = groups.Take();
  linkage.questions = Questions(pairs, ClusterOfEach(linkage.clusters, records.size()));
  linkage.pairs_compared = candidates.pairs.size();
  linkage.blocks_passed_over = candidates.blocks_passed_over;
  linkage.candidates_cut = candidates.candidates_cut;
  return linkage;
}

}  // namespace referrald::referral::matching
