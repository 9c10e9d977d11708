#include "storage/referral/chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <random>

#include "tests/support/seed.h"

namespace referrald::referral {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The `sequence`-th event: `source` introduced `contact`, at that time unless told otherwise.
Introduction Edge(uint64_t source, uint64_t contact, uint64_t sequence, int64_t occurred = -1) {
  return {.source = EntityId{source},
          .contact = EntityId{contact},
          .referral = ReferralId{sequence + 1000},
          .sequence = Sequence{sequence},
          .occurred_at = FromMicros(occurred < 0 ? static_cast<int64_t>(sequence) : occurred)};
}

std::vector<uint64_t> People(const std::vector<ChainNode>& nodes) {
  std::vector<uint64_t> people;
  for (const ChainNode& node : nodes) people.push_back(node.person.value);
  return people;
}

TEST(BuildForest, NothingGivesNothing) {
  const Forest forest = BuildForest({});
  EXPECT_THAT(forest.nodes, IsEmpty());
  EXPECT_EQ(forest.Find(EntityId{1}), nullptr);
  EXPECT_THAT(Ancestors(forest, EntityId{1}), IsEmpty());
  EXPECT_THAT(Descendants(forest, EntityId{1}, 9), IsEmpty());
}

TEST(BuildForest, KnowsDepthChildrenAndReach) {
  const Forest forest =
      BuildForest(std::vector{Edge(1, 2, 1), Edge(2, 3, 2), Edge(2, 4, 3), Edge(9, 8, 4)});
  const ChainNode* two = forest.Find(EntityId{2});
  ASSERT_NE(two, nullptr);
  EXPECT_EQ(two->parent, EntityId{1});
  EXPECT_EQ(two->referral, ReferralId{1001});
  EXPECT_EQ(two->sequence, Sequence{1});
  EXPECT_EQ(two->depth, 1U);
  EXPECT_EQ(two->child_count, 2U);
  EXPECT_EQ(two->reach, 2U);
  EXPECT_EQ(forest.Find(EntityId{1})->reach, 3U);
  EXPECT_EQ(forest.Find(EntityId{4})->depth, 2U);
  EXPECT_EQ(forest.Find(EntityId{9})->reach, 1U);
  EXPECT_THAT(forest.uncredited, IsEmpty());
}

TEST(BuildForest, WhoCameFirstGetsTheCredit) {
  const Introduction early = Edge(1, 3, 2, 10);
  const Introduction late = Edge(2, 3, 1, 20);
  const Forest forest = BuildForest(std::vector{late, early});
  EXPECT_EQ(forest.Find(EntityId{3})->parent, EntityId{1});
  EXPECT_THAT(forest.uncredited, ElementsAre(late));
  EXPECT_EQ(forest.Find(EntityId{2})->child_count, 0U);
}

TEST(BuildForest, TheLogDecidesBetweenIntroductionsOfOneInstant) {
  const Forest forest = BuildForest(std::vector{Edge(1, 3, 2, 10), Edge(2, 3, 1, 10)});
  EXPECT_EQ(forest.Find(EntityId{3})->parent, EntityId{2});
}

TEST(BuildForest, ACircleIsKeptWithoutCredit) {
  const Introduction back = Edge(3, 1, 3);
  const Forest forest = BuildForest(std::vector{Edge(1, 2, 1), Edge(2, 3, 2), back});
  EXPECT_THAT(forest.uncredited, ElementsAre(back));
  EXPECT_FALSE(forest.Find(EntityId{1})->parent);
  EXPECT_EQ(forest.Find(EntityId{1})->reach, 2U);
}

TEST(BuildForest, TheRootOfACircleMayStillBeBroughtBySomebodyElse) {
  const Forest forest = BuildForest(std::vector{Edge(1, 2, 1), Edge(2, 1, 2), Edge(5, 1, 3)});
  EXPECT_EQ(forest.Find(EntityId{1})->parent, EntityId{5});
  EXPECT_EQ(forest.Find(EntityId{2})->depth, 2U);
  EXPECT_EQ(forest.uncredited.size(), 1U);
}

TEST(BuildForest, EdgesToOneselfOrNobodyGetNoCredit) {
  const Forest forest = BuildForest(std::vector{Edge(1, 1, 1), Edge(0, 2, 2), Edge(3, 0, 3)});
  EXPECT_EQ(forest.uncredited.size(), 3U);
  EXPECT_EQ(forest.Find(EntityId{}), nullptr);
  ASSERT_EQ(forest.nodes.size(), 3U);
  for (const ChainNode& node : forest.nodes) EXPECT_FALSE(node.parent);
}

TEST(Ancestors, GoUpToTheRoot) {
  const Forest forest = BuildForest(std::vector{Edge(1, 2, 1), Edge(2, 3, 2), Edge(3, 4, 3)});
  EXPECT_THAT(People(Ancestors(forest, EntityId{4})), ElementsAre(4, 3, 2, 1));
  EXPECT_THAT(People(Ancestors(forest, EntityId{1})), ElementsAre(1));
  EXPECT_EQ(Ancestors(forest, EntityId{4})[0].depth, 3U);
}

TEST(Descendants, GoDepthFirstBySequenceAndStopAtTheDepth) {
  const Forest forest = BuildForest(std::vector{Edge(1, 2, 1), Edge(2, 3, 2), Edge(2, 9, 3),
                                                Edge(2, 4, 4), Edge(9, 5, 5), Edge(1, 6, 6)});
  EXPECT_THAT(People(Descendants(forest, EntityId{1}, 99)), ElementsAre(1, 2, 3, 9, 5, 4, 6));
  EXPECT_THAT(People(Descendants(forest, EntityId{1}, 1)), ElementsAre(1, 2, 6));
  EXPECT_THAT(People(Descendants(forest, EntityId{1}, 0)), ElementsAre(1));
  const std::vector<ChainNode> below = Descendants(forest, EntityId{2}, 1);
  EXPECT_THAT(People(below), ElementsAre(2, 3, 9, 4));
  EXPECT_EQ(below[0].depth, 0U) << "depth counts from the person asked for";
  EXPECT_EQ(below[1].depth, 1U);
  EXPECT_EQ(below[2].child_count, 1U) << "what lies below the cut still counts";
}

// Checks a forest against the definition, edge by edge, with a walk up instead of a clever one.
void ExpectForestOf(std::vector<Introduction> edges, const Forest& forest) {
  std::ranges::sort(edges, {}, [](const Introduction& edge) {
    return std::pair(edge.occurred_at, edge.sequence);
  });
  std::map<EntityId, EntityId> parents;
  std::vector<Introduction> uncredited;
  for (const Introduction& edge : edges) {
    bool refused = parents.contains(edge.contact);
    for (EntityId up = edge.source; up && !refused;
         up = parents.contains(up) ? parents[up] : EntityId{}) {
      refused = up == edge.contact;
    }
    if (refused) {
      uncredited.push_back(edge);
    } else {
      parents[edge.contact] = edge.source;
    }
  }
  EXPECT_EQ(forest.uncredited, uncredited);
  for (const ChainNode& node : forest.nodes) {
    const auto parent = parents.find(node.person);
    ASSERT_EQ(node.parent, parent == parents.end() ? EntityId{} : parent->second);
    ASSERT_EQ(Descendants(forest, node.person, UINT32_MAX).size(), node.reach + 1U);
    ASSERT_EQ(Descendants(forest, node.person, 1).size(), node.child_count + 1U);
    ASSERT_EQ(Ancestors(forest, node.person).size(), node.depth + 1U);
  }
}

TEST(BuildForest, RandomGraphsHaveNoCirclesAndLoseNoEdge) {
  std::mt19937_64 random(support::TestSeed());
  for (int round = 0; round < 500; ++round) {
    SCOPED_TRACE(round);
    const uint64_t people = 1 + random() % 30;
    std::vector<Introduction> edges;
    for (uint64_t sequence = 1; sequence <= random() % 60 + 1; ++sequence) {
      edges.push_back(Edge(1 + random() % people, 1 + random() % people, sequence,
                           static_cast<int64_t>(random() % 20)));
    }
    const Forest forest = BuildForest(edges);
    ExpectForestOf(edges, forest);
    std::ranges::shuffle(edges, random);
    const Forest again = BuildForest(edges);
    ASSERT_EQ(again.uncredited, forest.uncredited);
    ASSERT_EQ(again.by_parent, forest.by_parent);
    ASSERT_FALSE(::testing::Test::HasFailure());
  }
}

// One long line, the worst for a walk up: each edge asks whether it closes a circle. Returns the
// processor time in seconds.
double BuildLongLine(uint64_t edge_count) {
  std::vector<Introduction> edges;
  edges.reserve(edge_count);
  for (uint64_t i = 1; i <= edge_count; ++i) edges.push_back(Edge(i, i + 1, i));
  const std::clock_t start = std::clock();
  const Forest forest = BuildForest(edges);
  const std::clock_t end = std::clock();
  const EntityId last{edge_count + 1};
  EXPECT_EQ(forest.Find(EntityId{1})->reach, edge_count);
  EXPECT_EQ(forest.Find(last)->depth, edge_count);
  EXPECT_EQ(Ancestors(forest, last).size(), edge_count + 1);
  EXPECT_EQ(Descendants(forest, EntityId{1}, UINT32_MAX).size(), edge_count + 1);
  return static_cast<double>(end - start) / CLOCKS_PER_SEC;
}

// Compared with itself, because machines and builds differ: four times the edges take a little more
// than four times as long, sixteen times if every edge walked all the way up.
TEST(BuildForest, TimeGrowsWithTheEdgesAndNoStackIsNeeded) {
  const double once = BuildLongLine(20'000);
  const double four_times = BuildLongLine(80'000);
  EXPECT_LT(four_times, 10 * once + 0.05) << once << " s, then " << four_times << " s";
}

}  // namespace
}  // namespace referrald::referral
