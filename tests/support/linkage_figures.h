#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "storage/referral/matching/link.h"

// How good a linkage is where the truth is known, in pairs of records.
namespace referrald::support {

struct LinkageFigures {
  uint64_t rows = 0;
  uint64_t true_pairs = 0;  // Of one person, and not of one system.
  uint64_t matched = 0;     // In one cluster.
  uint64_t matched_rightly = 0;
  uint64_t matched_or_asked = 0;  // Of the true ones.
  uint64_t questions = 0;

  double Precision() const { return Share(matched_rightly, matched); }
  double Recall() const { return Share(matched_rightly, true_pairs); }
  double RecallWithReview() const { return Share(matched_or_asked, true_pairs); }
  double ReviewShare() const { return Share(questions, rows); }

 private:
  // Of nothing, all is right.
  static double Share(uint64_t part, uint64_t whole) {
    return whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole);
  }
};

// `people` says for each record who it is.
inline LinkageFigures Measure(std::span<const referral::matching::Record> records,
                              std::span<const uint32_t> people,
                              const referral::matching::Linkage& linkage) {
  LinkageFigures figures = {.rows = records.size(), .questions = linkage.questions.size()};
  std::vector<uint32_t> cluster_of(records.size());
  for (uint32_t at = 0; at < linkage.clusters.size(); ++at) {
    for (const uint32_t record : linkage.clusters[at]) cluster_of[record] = at;
  }
  std::set<std::pair<uint32_t, uint32_t>> asked;
  for (const auto& question : linkage.questions) asked.emplace(question.left, question.right);
  const auto for_each_pair = [&records](std::span<const uint32_t> group, const auto& visit) {
    for (size_t i = 0; i < group.size(); ++i) {
      for (size_t j = i + 1; j < group.size(); ++j) {
        const uint32_t system = records[group[i]].system;
        if (system == 0 || system != records[group[j]].system) visit(group[i], group[j]);
      }
    }
  };
  for (const auto& cluster : linkage.clusters) {
    for_each_pair(cluster, [&](uint32_t left, uint32_t right) {
      ++figures.matched;
      if (people[left] == people[right]) ++figures.matched_rightly;
    });
  }
  std::map<uint32_t, std::vector<uint32_t>> records_of;
  for (uint32_t at = 0; at < people.size(); ++at) records_of[people[at]].push_back(at);
  for (const auto& [person, group] : records_of) {
    for_each_pair(group, [&](uint32_t left, uint32_t right) {
      ++figures.true_pairs;
      const uint32_t a = cluster_of[left];
      const uint32_t b = cluster_of[right];
      if (a == b || asked.contains(std::minmax(a, b))) ++figures.matched_or_asked;
    });
  }
  return figures;
}

}  // namespace referrald::support
