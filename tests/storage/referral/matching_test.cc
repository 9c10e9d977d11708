#include "storage/referral/matching.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/support/seed.h"

namespace referrald::referral {
namespace {

using Action = MatchDecision::Action;
using ::testing::HasSubstr;

const ExternalRef kRow{"hubspot", "contact", "501"};

Entity Person(uint64_t id, const std::string& system, const std::string& last_name) {
  Link link;
  link.ref = {system, system == "hubspot" ? "contact" : "Contact", std::to_string(id)};
  link.fields = Normalised({{"last_name", last_name}, {"email", "shared@example.com"}});
  Entity entity;
  entity.id = EntityId{id};
  entity.kind = EntityKind::kPerson;
  entity.links.push_back(link);
  return entity;
}

Fields Named(const std::string& last_name) { return Normalised({{"last_name", last_name}}); }

TEST(DecideMatch, NobodyHoldsTheAddress) {
  const MatchDecision decision = DecideMatch(kRow, Named("Berg"), {});
  EXPECT_EQ(decision.action, Action::kCreate);
  EXPECT_EQ(decision.number, 0);
}

TEST(DecideMatch, JoinsTheOneHolderOfAnotherSystem) {
  const MatchDecision decision =
      DecideMatch(kRow, Named("Berg"), std::vector{Person(4, "salesforce", "Berg")});
  EXPECT_EQ(decision.action, Action::kJoin);
  EXPECT_EQ(decision.entity, EntityId{4});
  EXPECT_EQ(decision.number, 0);
}

TEST(DecideMatch, LastNamesAgreeHoweverTheyAreWritten) {
  for (const auto& [ours, theirs] : {std::pair<const char*, const char*>{"BERG", "berg"},
                                     {"Müller", "Mueller"},
                                     {"Øvergård", "Overgard"},
                                     {"O'Neil", "ONEIL"},
                                     {"", "Berg"},
                                     {"Berg", ""},
                                     {"", ""}}) {
    const MatchDecision decision =
        DecideMatch(kRow, Named(ours), std::vector{Person(4, "salesforce", theirs)});
    EXPECT_EQ(decision.action, Action::kJoin) << ours << " / " << theirs;
  }
}

TEST(DecideMatch, HoldsARowWithAnotherLastName) {
  const MatchDecision decision =
      DecideMatch(kRow, Named("Stein"), std::vector{Person(4, "salesforce", "Berg")});
  EXPECT_EQ(decision.action, Action::kHold);
  EXPECT_EQ(decision.number, 2202);
  EXPECT_THAT(decision.reason, HasSubstr("c_4"));
  EXPECT_EQ(decision.reason.find("Berg"), std::string::npos);
}

TEST(DecideMatch, HoldsARowWithSeveralHolders) {
  const MatchDecision decision =
      DecideMatch(kRow, Named("Berg"),
                  std::vector{Person(9, "salesforce", "Berg"), Person(4, "salesforce", "Stein")});
  EXPECT_EQ(decision.action, Action::kHold);
  EXPECT_EQ(decision.number, 2201);
  EXPECT_EQ(decision.reason, "2 people hold this e-mail address: c_4, c_9");
}

TEST(DecideMatch, TwoRowsOfOneSystemAreTwoPeople) {
  const MatchDecision decision =
      DecideMatch(kRow, Named("Berg"), std::vector{Person(4, "hubspot", "Berg")});
  EXPECT_EQ(decision.action, Action::kCreate);
  EXPECT_EQ(decision.number, 2203);
  EXPECT_THAT(decision.reason, HasSubstr("c_4"));
}

TEST(DecideMatch, AThirdOwnerOfASharedMailboxIsCreatedLikeTheSecond) {
  const MatchDecision decision =
      DecideMatch(kRow, Named("Holz"),
                  std::vector{Person(4, "hubspot", "Berg"), Person(5, "hubspot", "Stein")});
  EXPECT_EQ(decision.action, Action::kCreate);
  EXPECT_EQ(decision.number, 2203);
}

TEST(DecideMatch, AnotherObjectOfTheSameSystemIsAnotherRow) {
  Entity lead = Person(4, "salesforce", "Berg");
  lead.links[0].ref.object = "Lead";
  const MatchDecision decision =
      DecideMatch({"salesforce", "Contact", "003"}, Named("Berg"), std::vector{lead});
  EXPECT_EQ(decision.action, Action::kJoin);
}

TEST(DecideMatch, OnlyLivePeopleHoldAnAddress) {
  Entity organisation = Person(4, "salesforce", "Berg");
  organisation.kind = EntityKind::kOrganisation;
  Entity merged = Person(5, "salesforce", "Berg");
  merged.merged_into = EntityId{6};
  Entity deleted = Person(7, "salesforce", "Berg");
  deleted.links[0].deleted = true;
  const std::vector holders{organisation, merged, deleted};
  EXPECT_EQ(DecideMatch(kRow, Named("Berg"), holders).action, Action::kCreate);
  EXPECT_EQ(DecideMatch(kRow, Named("Berg"), holders).number, 0);
}

TEST(DecideMatch, NamesAtMostFivePeople) {
  std::vector<Entity> holders;
  for (uint64_t id = 1; id <= 20; ++id) holders.push_back(Person(id, "salesforce", "Berg"));
  EXPECT_EQ(DecideMatch(kRow, Named("Berg"), holders).reason,
            "20 people hold this e-mail address: c_1, c_2, c_3, c_4, c_5, ...");
}

TEST(MatchBasis, HasNames) {
  EXPECT_EQ(MatchBasisName(MatchBasis::kNew), "new");
  EXPECT_EQ(MatchBasisName(MatchBasis::kExternalRef), "external_id");
  EXPECT_EQ(MatchBasisName(MatchBasis::kEmail), "email");
}

std::vector<Entity> RandomHolders(std::mt19937_64& random) {
  const char* systems[] = {"salesforce", "hubspot", "zoho"};
  const char* names[] = {"Berg", "berg", "Stein", ""};
  std::vector<Entity> holders;
  for (uint64_t id = 1; id <= random() % 5; ++id) {
    holders.push_back(Person(id, systems[random() % 3], names[random() % 4]));
    if (random() % 6 == 0) holders.back().links[0].deleted = true;
    if (random() % 6 == 0) holders.back().kind = EntityKind::kOrganisation;
    if (random() % 6 == 0) holders.back().merged_into = EntityId{99};
  }
  return holders;
}

// Whatever the holders: a join is to a live person without such a row, a hold or a create beside
// somebody says why, and the order of the holders does not matter.
TEST(DecideMatch, JoinsOnlyWhereNothingSpeaksAgainstIt) {
  std::mt19937_64 random(support::TestSeed());
  int joined = 0;
  for (int round = 0; round < 5000; ++round) {
    SCOPED_TRACE(round);
    std::vector<Entity> holders = RandomHolders(random);
    const MatchDecision decision = DecideMatch(kRow, Named("Berg"), holders);
    if (decision.action == Action::kJoin) {
      ++joined;
      const auto found = std::ranges::find(holders, decision.entity, &Entity::id);
      ASSERT_NE(found, holders.end());
      EXPECT_EQ(found->kind, EntityKind::kPerson);
      EXPECT_FALSE(found->merged_into || IsDeleted(*found));
      EXPECT_NE(found->links[0].ref.system, "hubspot");
      EXPECT_NE(MergedValue(*found, "last_name"), "Stein");
    }
    EXPECT_EQ(decision.number != 0, !decision.reason.empty());
    EXPECT_EQ(decision.action == Action::kJoin, static_cast<bool>(decision.entity));
    if (decision.action == Action::kHold) {
      EXPECT_NE(decision.number, 0);
    }
    std::ranges::shuffle(holders, random);
    const MatchDecision again = DecideMatch(kRow, Named("Berg"), holders);
    ASSERT_EQ(again.action, decision.action);
    ASSERT_EQ(again.entity, decision.entity);
    ASSERT_EQ(again.reason, decision.reason);
  }
  EXPECT_GT(joined, 100);
}

}  // namespace
}  // namespace referrald::referral
