// Referrals from referrals: who brought whom.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/referral/chain.h"
#include "tests/scenarios/story.h"

namespace referrald::scenarios {
namespace {

using referral::ChainNode;
using referral::Forest;
using ::testing::ElementsAre;

constexpr EntityId kAnna{1};
constexpr EntityId kBen{2};
constexpr EntityId kCarla{4};
constexpr EntityId kDiego{5};

// `source` introduces `contact` to Rita on this day, with evidence: as a referral, and as an edge.
referral::Introduction Introduces(EntityId source, EntityId contact, int day) {
  Story story(ReferralId{static_cast<uint64_t>(day)});
  referral::Fact fact = support::CompleteFact(referral::EventType::kIntroductionMade);
  fact.source = source;
  fact.contact = contact;
  EXPECT_TRUE(story.Records(fact, day).ok());
  const referral::Referral now = story.Now();
  return {.source = now.source,
          .contact = now.contact,
          .referral = now.id,
          .sequence = Sequence{static_cast<uint64_t>(day)},
          .occurred_at = now.introduced_at};
}

std::vector<EntityId> People(const std::vector<ChainNode>& nodes) {
  std::vector<EntityId> people;
  for (const ChainNode& node : nodes) people.push_back(node.person);
  return people;
}

TEST(ChainScenario, R12_AChainOfThreeHops) {
  // Given that Anna brought Ben, Ben brought Carla and Carla brought Diego,
  const Forest forest = referral::BuildForest(std::vector{
      Introduces(kAnna, kBen, 1), Introduces(kBen, kCarla, 2), Introduces(kCarla, kDiego, 3)});
  // then the way up from Diego and the way down from Anna are the whole chain.
  EXPECT_THAT(People(referral::Ancestors(forest, kDiego)),
              ElementsAre(kDiego, kCarla, kBen, kAnna));
  EXPECT_THAT(People(referral::Descendants(forest, kAnna, 64)),
              ElementsAre(kAnna, kBen, kCarla, kDiego));
  EXPECT_EQ(forest.Find(kDiego)->depth, 3U);
  EXPECT_EQ(forest.Find(kAnna)->reach, 3U);
}

TEST(ChainScenario, R11_WhoIntroducedFirstGetsTheCredit) {
  // Given that Ben introduced Diego before Carla did, whichever was recorded first,
  const Forest forest = referral::BuildForest(
      std::vector{Introduces(kCarla, kDiego, 9), Introduces(kBen, kDiego, 3)});
  // then Diego is Ben's, and Carla's introduction is kept without credit.
  EXPECT_EQ(forest.Find(kDiego)->parent, kBen);
  EXPECT_EQ(forest.uncredited.size(), 1U);
}

TEST(ChainScenario, R11_ACircleIsAFactButNoCredit) {
  // Given that Anna brought Ben and Ben brought Carla, when Carla introduces Anna to somebody,
  const Forest forest = referral::BuildForest(std::vector{
      Introduces(kAnna, kBen, 1), Introduces(kBen, kCarla, 2), Introduces(kCarla, kAnna, 3)});
  // then Anna stays the root: the introduction happened, but nobody is their own ancestor.
  EXPECT_THAT(People(referral::Ancestors(forest, kCarla)), ElementsAre(kCarla, kBen, kAnna));
  ASSERT_EQ(forest.uncredited.size(), 1U);
  EXPECT_EQ(forest.uncredited[0].source, kCarla);
}

}  // namespace
}  // namespace referrald::scenarios
