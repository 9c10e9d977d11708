#include "storage/practice/velocity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/support/practice_acts.h"
#include "tests/support/seed.h"

namespace referrald::practice {
namespace {

using support::ActDay;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr EntityId kAnn{1}, kBob{2}, kCleo{3}, kDora{4}, kEve{5};

class VelocityTest : public testing::Test {
 protected:
  void Brings(EntityId source, EntityId contact, int day) {
    ++last_;
    introductions_.push_back(
        {source, contact, ReferralId{100 + last_}, Sequence{last_}, ActDay(day)});
  }
  std::vector<HoldHit> Hits(const HoldPolicy& policy) const {
    return HitsOf(introductions_, policy).hits;
  }

  static HoldPolicy AtMost(size_t count, int days) {
    return {{.name = "velocity",
             .kind = HoldRuleKind::kVelocity,
             .count_max = count,
             .window = std::chrono::days(days)}};
  }
  static HoldPolicy Rings(size_t people, int days) {
    return {{.name = "ring",
             .kind = HoldRuleKind::kRing,
             .count_max = people,
             .window = std::chrono::days(days)}};
  }

  std::vector<referral::Introduction> introductions_;
  uint64_t last_ = 0;
};

TEST_F(VelocityTest, AsManyAsAllowedAreNoHit) {
  for (int day = 0; day < 3; ++day) Brings(kAnn, EntityId{10U + static_cast<uint64_t>(day)}, day);
  EXPECT_THAT(Hits(AtMost(3, 7)), IsEmpty());
}

TEST_F(VelocityTest, OneMoreIsAHitThatExplainsItself) {
  for (int day = 0; day < 4; ++day) Brings(kAnn, EntityId{10U + static_cast<uint64_t>(day)}, day);
  Brings(kBob, kCleo, 1);
  Brings(kAnn, EntityId{20}, 40);
  const std::vector<HoldHit> hits = Hits(AtMost(3, 3));
  ASSERT_THAT(hits, SizeIs(1));
  EXPECT_EQ(hits[0].rule, "velocity");
  EXPECT_EQ(hits[0].why, "c_1 made 4 introductions within 3 days, a look is due above 3");
  EXPECT_THAT(hits[0].referrals,
              ElementsAre(ReferralId{101}, ReferralId{102}, ReferralId{103}, ReferralId{104}));
  EXPECT_THAT(hits[0].because, ElementsAre(Sequence{1}, Sequence{2}, Sequence{3}, Sequence{4}));
  EXPECT_THAT(Hits(AtMost(3, 2)), IsEmpty());
}

TEST_F(VelocityTest, BurstsThatOverlapAreOneAndOthersAreNot) {
  for (int day = 0; day < 6; ++day) Brings(kAnn, EntityId{10U + static_cast<uint64_t>(day)}, day);
  for (int day = 50; day < 53; ++day) Brings(kAnn, EntityId{static_cast<uint64_t>(day)}, day);
  const std::vector<HoldHit> hits = Hits(AtMost(2, 2));
  ASSERT_THAT(hits, SizeIs(2));
  EXPECT_THAT(hits[0].referrals, SizeIs(6));
  EXPECT_THAT(hits[0].why, HasSubstr("made 3 introductions"));
  EXPECT_THAT(hits[1].referrals, SizeIs(3));
}

TEST_F(VelocityTest, OneThatIsToldTwiceCountsOnce) {
  Brings(kAnn, kBob, 1);
  Brings(kAnn, kCleo, 1);
  introductions_.push_back(introductions_.front());
  EXPECT_THAT(Hits(AtMost(2, 7)), IsEmpty());
}

TEST_F(VelocityTest, TwoWhoBringEachOtherAreARing) {
  Brings(kAnn, kBob, 1);
  Brings(kBob, kAnn, 20);
  const std::vector<HoldHit> hits = Hits(Rings(4, 30));
  ASSERT_THAT(hits, SizeIs(1));
  EXPECT_EQ(hits[0].rule, "ring");
  EXPECT_EQ(hits[0].why, "c_2 brought c_1, who brought c_2 within 30 days");
  EXPECT_THAT(hits[0].because, ElementsAre(Sequence{1}, Sequence{2}));
  EXPECT_THAT(Hits(Rings(4, 18)), IsEmpty());
}

TEST_F(VelocityTest, ACircleOfFourIsARingAndOneOfFiveIsNot) {
  Brings(kAnn, kBob, 1);
  Brings(kCleo, kDora, 2);  // Not in the order of the circle.
  Brings(kBob, kCleo, 3);
  Brings(kDora, kAnn, 4);
  ASSERT_THAT(Hits(Rings(4, 30)), SizeIs(1));
  EXPECT_THAT(Hits(Rings(4, 30))[0].referrals, SizeIs(4));
  EXPECT_THAT(Hits(Rings(3, 30)), IsEmpty());
  introductions_.pop_back();
  Brings(kDora, kEve, 4);
  Brings(kEve, kAnn, 5);
  EXPECT_THAT(Hits(Rings(9, 30)), IsEmpty());  // Four is the most, whatever a rule says.
}

TEST_F(VelocityTest, EachIntroductionThatClosesARingIsAHit) {
  Brings(kAnn, kBob, 1);
  Brings(kBob, kAnn, 2);
  Brings(kAnn, kBob, 3);
  const std::vector<HoldHit> hits = Hits(Rings(4, 30));
  ASSERT_THAT(hits, SizeIs(2));
  EXPECT_THAT(hits[0].because, ElementsAre(Sequence{1}, Sequence{2}));
  EXPECT_THAT(hits[1].because, ElementsAre(Sequence{2}, Sequence{3}));
}

TEST_F(VelocityTest, AChainOrASelfReferralIsNoRing) {
  Brings(kAnn, kBob, 1);
  Brings(kBob, kCleo, 2);
  Brings(kAnn, kCleo, 3);
  Brings(kDora, kDora, 4);
  EXPECT_THAT(Hits(Rings(4, 30)), IsEmpty());
}

TEST_F(VelocityTest, SaysWhereItStopped) {
  for (int i = 0; i < 1500; ++i) {
    const EntityId left{1000U + static_cast<uint64_t>(i)}, right{5000U + static_cast<uint64_t>(i)};
    Brings(left, right, 1);
    Brings(right, left, 2);
  }
  const HoldHits hits = HitsOf(introductions_, Rings(4, 30));
  EXPECT_THAT(hits.hits, SizeIs(kHoldHitsMax));
  EXPECT_TRUE(hits.truncated);
}

TEST_F(VelocityTest, TheOrderInWhichTheyAreGivenSaysNothing) {
  std::mt19937_64 random(support::TestSeed());
  for (int i = 0; i < 60; ++i) {
    Brings(EntityId{1 + random() % 6}, EntityId{1 + random() % 6}, static_cast<int>(random() % 60));
  }
  HoldPolicy policy = AtMost(3, 10);
  policy.push_back(Rings(4, 20).front());
  const std::vector<HoldHit> hits = Hits(policy);
  EXPECT_THAT(hits, testing::Not(IsEmpty()));
  std::ranges::shuffle(introductions_, random);
  EXPECT_EQ(Hits(policy), hits);
}

}  // namespace
}  // namespace referrald::practice
