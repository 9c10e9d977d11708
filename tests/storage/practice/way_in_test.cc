#include "storage/practice/way_in.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace referrald::practice {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr EntityId kTarget{1}, kAnna{2}, kBen{3}, kCarl{4}, kRita{90}, kRoy{91};

class WayInTest : public testing::Test {
 protected:
  void Know(EntityId left, EntityId right, TieKind kind, int day) {
    const Sequence because{++last_};
    const Timestamp at{std::chrono::hours(24 * day)};
    const auto is_rep = [](EntityId id) { return id.value >= 90; };
    ties_[left].push_back({right, is_rep(right), kind, because, at});
    ties_[right].push_back({left, is_rep(left), kind, because, at});
  }
  WaysIn Ways(const WaySearch& search = {}) {
    const auto ways = FindWaysIn(kTarget, search, [this](EntityId person) {
      return Result<std::vector<Tie>>(ties_[person]);
    });
    EXPECT_TRUE(ways);
    return *ways;
  }

  std::map<EntityId, std::vector<Tie>> ties_;
  uint64_t last_ = 0;
};

TEST_F(WayInTest, ThereIsNoneWithoutEvidence) { EXPECT_THAT(Ways().ways, IsEmpty()); }

TEST_F(WayInTest, EachStepNamesItsEvent) {
  Know(kTarget, kAnna, TieKind::kConfirmed, 1);
  Know(kAnna, kRita, TieKind::kIntroduced, 2);
  const WaysIn ways = Ways();
  ASSERT_THAT(ways.ways, SizeIs(1));
  EXPECT_EQ(ways.ways[0], (Way{{kRita, kAnna, TieKind::kIntroduced, Sequence{2}},
                               {kAnna, kTarget, TieKind::kConfirmed, Sequence{1}}}));
  EXPECT_FALSE(ways.truncated);
}

TEST_F(WayInTest, FewerHopsThenStrongerTiesThenNewerOnes) {
  Know(kTarget, kAnna, TieKind::kConfirmed, 1);
  Know(kAnna, kRita, TieKind::kConfirmed, 1);
  Know(kTarget, kBen, TieKind::kIntroduced, 1);
  Know(kBen, kRita, TieKind::kConfirmed, 1);
  Know(kTarget, kCarl, TieKind::kIntroduced, 5);
  Know(kCarl, kRoy, TieKind::kConfirmed, 1);
  ASSERT_THAT(Ways().ways, SizeIs(3));
  EXPECT_EQ(Ways().ways[0].back().from, kCarl);
  EXPECT_EQ(Ways().ways[1].back().from, kBen);
  EXPECT_EQ(Ways().ways[2].back().from, kAnna);
  Know(kTarget, kRoy, TieKind::kConfirmed, 1);
  EXPECT_THAT(Ways().ways[0], SizeIs(1));
  EXPECT_THAT(Ways({.rep = kRita}).ways, SizeIs(2));
}

TEST_F(WayInTest, StopsAtTheHopsItMayTake) {
  Know(kTarget, kAnna, TieKind::kConfirmed, 1);
  Know(kAnna, kBen, TieKind::kConfirmed, 1);
  Know(kBen, kCarl, TieKind::kConfirmed, 1);
  Know(kCarl, kRita, TieKind::kConfirmed, 1);
  EXPECT_THAT(Ways({.hops_max = 3}).ways, IsEmpty());
  ASSERT_THAT(Ways({.hops_max = 4}).ways, SizeIs(1));
  EXPECT_THAT(Ways({.hops_max = 4}).ways[0], SizeIs(4));
}

// Two equally long ways share both ends: the better one must not be lost to the one found first.
TEST_F(WayInTest, EveryPersonIsReachedOverEverybodyEquallyNear) {
  constexpr EntityId kDora{5};
  Know(kTarget, kAnna, TieKind::kConfirmed, 1);
  Know(kTarget, kBen, TieKind::kIntroduced, 1);
  Know(kAnna, kCarl, TieKind::kConfirmed, 1);
  Know(kBen, kCarl, TieKind::kIntroduced, 1);
  Know(kCarl, kDora, TieKind::kConfirmed, 1);
  Know(kDora, kRita, TieKind::kConfirmed, 1);
  const WaysIn ways = Ways({.hops_max = 4});
  ASSERT_THAT(ways.ways, SizeIs(2));
  EXPECT_EQ(ways.ways[0].back().from, kBen);
  EXPECT_EQ(ways.ways[1].back().from, kAnna);
}

TEST_F(WayInTest, TakesNoMoreHopsThanThereMayBe) {
  EntityId last = kTarget;
  for (uint64_t i = 10; i < 16; ++i) {
    Know(last, EntityId{i}, TieKind::kConfirmed, 1);
    last = EntityId{i};
  }
  Know(last, kRita, TieKind::kConfirmed, 1);
  EXPECT_THAT(Ways({.hops_max = 99}).ways, IsEmpty());
}

TEST_F(WayInTest, GoesRoundNoCircleAndIsBounded) {
  Know(kTarget, kAnna, TieKind::kConfirmed, 1);
  Know(kAnna, kBen, TieKind::kConfirmed, 1);
  Know(kBen, kTarget, TieKind::kConfirmed, 1);
  EXPECT_THAT(Ways({.hops_max = 5}).ways, IsEmpty());
  for (uint64_t i = 10; i < 60; ++i) Know(kTarget, EntityId{i}, TieKind::kConfirmed, 1);
  EXPECT_TRUE(Ways({.visited_max = 20}).truncated);
}

}  // namespace
}  // namespace referrald::practice
