// What must hold for every list of people: random ones, with mistakes, families and heirs.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "storage/referral/matching/link.h"
#include "tests/support/linkage_figures.h"
#include "tests/support/linkage_set.h"
#include "tests/support/seed.h"

namespace referrald::referral::matching {
namespace {

using support::LinkageSet;

using Clusters = std::set<std::set<std::string>>;
using Questions = std::map<std::pair<std::string, std::string>, double>;

Clusters ByIds(const std::vector<Record>& records, const Linkage& linkage) {
  Clusters clusters;
  for (const auto& members : linkage.clusters) {
    std::set<std::string> ids;
    for (const uint32_t record : members) ids.insert(records[record].id);
    clusters.insert(std::move(ids));
  }
  return clusters;
}

// Clusters by their least id.
Questions QuestionsByIds(const std::vector<Record>& records, const Linkage& linkage) {
  const auto least = [&](uint32_t cluster) {
    std::string id = records[linkage.clusters[cluster][0]].id;
    for (const uint32_t record : linkage.clusters[cluster]) id = std::min(id, records[record].id);
    return id;
  };
  Questions questions;
  for (const Question& question : linkage.questions) {
    std::string left = least(question.left);
    std::string right = least(question.right);
    if (right < left) std::swap(left, right);
    questions[{left, right}] = question.decision.weight;
  }
  return questions;
}

TEST(EveryList, IsComparedAlikeFromBothSides) {
  const LinkageSet set = support::MakeLinkageSet({.person_count = 300}, support::TestSeed());
  for (const auto& [left, right] : FindCandidates(set.records, {}).pairs) {
    const Comparison there = Compare(set.records[left], set.records[right]);
    const Comparison back = Compare(set.records[right], set.records[left]);
    ASSERT_EQ(there, back) << Explain(there, Decide(there)) << "\n" << Explain(back, Decide(back));
  }
}

TEST(EveryList, IsLinkedAlikeInAnyOrder) {
  const uint64_t seed = support::TestSeed();
  std::mt19937_64 random(seed);
  uint64_t cut = 0;
  uint64_t passed_over = 0;
  for (int round = 0; round < 10; ++round) {
    std::vector<Record> records =
        support::MakeLinkageSet({.person_count = 400, .heirs_percent = 20}, random()).records;
    // Small limits, so that both are at work.
    const BlockingLimits limits = {.block_records_max = 6, .candidates_per_record_max = 3};
    const Linkage linkage = Link(records, limits);
    cut += linkage.candidates_cut;
    passed_over += linkage.blocks_passed_over;
    const Clusters clusters = ByIds(records, linkage);
    const Questions questions = QuestionsByIds(records, linkage);
    std::ranges::shuffle(records, random);
    const Linkage again = Link(records, limits);
    ASSERT_EQ(ByIds(records, again), clusters) << "round " << round;
    ASSERT_EQ(QuestionsByIds(records, again), questions) << "round " << round;
  }
  EXPECT_GT(cut, 0U);
  EXPECT_GT(passed_over, 0U);
}

TEST(EveryList, HasEachRecordInOneCluster) {
  const LinkageSet set = support::MakeLinkageSet({.person_count = 500}, support::TestSeed());
  std::vector<uint32_t> members;
  for (const auto& cluster : Link(set.records).clusters) {
    members.insert(members.end(), cluster.begin(), cluster.end());
  }
  std::ranges::sort(members);
  std::vector<uint32_t> all(set.records.size());
  std::iota(all.begin(), all.end(), 0U);
  EXPECT_EQ(members, all);
}

// Father and son, seen as they are, are never in one cluster: only over a mistyped row.
TEST(EveryList, HasNoGenerationInOneCluster) {
  const LinkageSet set =
      support::MakeLinkageSet({.person_count = 500, .heirs_percent = 40}, support::TestSeed());
  uint64_t apart = 0;
  const Linkage linkage = Link(set.records);
  for (const auto& cluster : linkage.clusters) {
    for (const uint32_t left : cluster) {
      for (const uint32_t right : cluster) {
        ASSERT_NE(Decide(Compare(set.records[left], set.records[right])).caution,
                  Caution::kGenerationApart);
      }
    }
  }
  for (const Question& question : linkage.questions) {
    apart += question.decision.caution == Caution::kGenerationApart ? 1 : 0;
  }
  EXPECT_GT(apart, 50U) << "the generator no longer makes heirs";
}

// The floors of packaging/bench linkage, a little lower, where its files are not at hand.
TEST(EveryList, IsLinkedWell) {
  const LinkageSet set = support::MakeLinkageSet({.person_count = 3000}, support::TestSeed());
  const support::LinkageFigures figures =
      support::Measure(set.records, set.people, Link(set.records));
  EXPECT_GT(figures.true_pairs, 3000U);
  EXPECT_GE(figures.Precision(), 0.997);
  EXPECT_GE(figures.Recall(), 0.92);
  EXPECT_GE(figures.RecallWithReview(), 0.985);
  EXPECT_LE(figures.ReviewShare(), 0.05);
}

}  // namespace
}  // namespace referrald::referral::matching
