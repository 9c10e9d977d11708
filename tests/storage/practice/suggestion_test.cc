#include "storage/practice/suggestion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/practice_acts.h"

namespace referrald::practice {
namespace {

using support::ActDay;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr EntityId kMe{1}, kOurs{50}, kTheirs{51};

class SuggestionTest : public testing::Test {
 protected:
  Profile& Add(uint64_t id, EntityId organisation) {
    return candidates_.emplace_back(Profile{.id = EntityId{id}, .organisation = organisation});
  }
  void Say(uint64_t left, uint64_t right, AcquaintanceWord word, int day) {
    acquaintances_.push_back(
        {EntityId{left}, EntityId{right}, word, Sequence{++last_}, ActDay(day)});
  }
  std::vector<Suggestion> Suggests(Slots closed = 0, size_t count_max = 10) const {
    return SuggestFor({.customer = customer_,
                       .candidates = candidates_,
                       .supplies = supplies_,
                       .acquaintances = acquaintances_,
                       .closed = closed,
                       .count_max = count_max});
  }

  Profile customer_{.id = kMe,
                    .organisation = kOurs,
                    .title = "Head of Purchasing",
                    .industry = "Machine building",
                    .city = "Stuttgart",
                    .postal_code = "70173",
                    .country = "DE"};
  std::vector<Profile> candidates_;
  std::vector<Supply> supplies_;
  std::vector<Acquaintance> acquaintances_;
  uint64_t last_ = 0;
};

std::vector<uint64_t> People(const std::vector<Suggestion>& suggestions) {
  std::vector<uint64_t> people;
  for (const Suggestion& one : suggestions) people.push_back(one.person.value);
  return people;
}

TEST_F(SuggestionTest, AColleagueIsAnInternalPeerAndNothingElse) {
  Profile& colleague = Add(7, kOurs);
  colleague = customer_;
  colleague.id = EntityId{7};
  const std::vector<Suggestion> suggestions = Suggests();
  ASSERT_THAT(suggestions, SizeIs(1));
  EXPECT_EQ(suggestions[0].slot, Slot::kInternalPeer);
  EXPECT_EQ(suggestions[0].reason,
            "same organisation; it is not known whether they know each other");
  EXPECT_FALSE(suggestions[0].confirmed_acquaintance);
  EXPECT_THAT(suggestions[0].because, IsEmpty());
}

TEST_F(SuggestionTest, AnExternalPeerSharesTheWorkAndTheIndustry) {
  Profile& peer = Add(7, kTheirs);
  peer.title = "Purchasing Manager";
  peer.industry = "MACHINE  BUILDING";
  ASSERT_THAT(Suggests(), SizeIs(1));
  EXPECT_EQ(Suggests()[0].slot, Slot::kExternalPeer);
  EXPECT_THAT(Suggests()[0].reason, HasSubstr("similar title at another organisation"));
  peer.title = "Sales Manager";
  EXPECT_THAT(Suggests(), IsEmpty());
  peer.title = "Purchasing Manager";
  peer.industry = "Food";
  EXPECT_THAT(Suggests(), IsEmpty());
  peer.industry = customer_.industry;
  peer.organisation = {};
  EXPECT_THAT(Suggests(), IsEmpty());
}

TEST_F(SuggestionTest, SuppliersAndCustomersNeedARelationOfTheirOrganisations) {
  Add(7, kTheirs);
  EXPECT_THAT(Suggests(), IsEmpty());
  supplies_ = {{kTheirs, kOurs, Sequence{31}}};
  ASSERT_THAT(Suggests(), SizeIs(1));
  EXPECT_EQ(Suggests()[0].slot, Slot::kSupplier);
  EXPECT_THAT(Suggests()[0].because, ElementsAre(Sequence{31}));
  supplies_ = {{kOurs, kTheirs, Sequence{32}}};
  EXPECT_EQ(Suggests()[0].slot, Slot::kCustomer);
}

TEST_F(SuggestionTest, NeighboursShareACityOrTheBeginningOfTheirCodes) {
  Profile other{.id = EntityId{7}, .organisation = kTheirs};
  other.postal_code = "70199";
  EXPECT_FALSE(AreNeighbours(customer_, other));  // Of which country?
  other.country = "de";
  EXPECT_TRUE(AreNeighbours(customer_, other));
  other.postal_code = "71032";
  EXPECT_FALSE(AreNeighbours(customer_, other));
  other.city = "STUTTGART";
  EXPECT_TRUE(AreNeighbours(customer_, other));
  other.country = "US";
  EXPECT_FALSE(AreNeighbours(customer_, other));
  const Profile zurich{.id = {}, .organisation = {}, .postal_code = "8001", .country = "CH"};
  const Profile near{.id = {}, .organisation = {}, .postal_code = "8055", .country = "CH"};
  EXPECT_TRUE(AreNeighbours(zurich, near));
  EXPECT_FALSE(AreNeighbours(Profile{}, Profile{}));
}

TEST_F(SuggestionTest, OnlyAPersonsWordConfirmsAnAcquaintance) {
  for (const uint64_t id : {7U, 8U, 9U}) Add(id, kOurs);
  Say(9, 1, AcquaintanceWord::kConfirmed, 1);
  Say(1, 8, AcquaintanceWord::kClaimed, 2);
  Say(9, 8, AcquaintanceWord::kConfirmed, 3);  // Says nothing about the customer.
  const std::vector<Suggestion> suggestions = Suggests();
  EXPECT_THAT(People(suggestions), ElementsAre(9, 8, 7));
  EXPECT_TRUE(suggestions[0].confirmed_acquaintance);
  EXPECT_THAT(suggestions[0].reason, HasSubstr("a person confirmed"));
  EXPECT_THAT(suggestions[0].because, ElementsAre(Sequence{1}));
  EXPECT_FALSE(suggestions[1].confirmed_acquaintance);
  EXPECT_THAT(suggestions[1].reason, HasSubstr("not known whether they do"));
}

TEST_F(SuggestionTest, TheNewestWordOfAPersonCounts) {
  Add(7, kOurs);
  Say(1, 7, AcquaintanceWord::kDenied, 5);
  Say(1, 7, AcquaintanceWord::kConfirmed, 2);
  Say(1, 7, AcquaintanceWord::kClaimed, 9);  // A network overrides nobody.
  EXPECT_THAT(Suggests(), IsEmpty());
  Say(7, 1, AcquaintanceWord::kConfirmed, 6);
  ASSERT_THAT(Suggests(), SizeIs(1));
  EXPECT_TRUE(Suggests()[0].confirmed_acquaintance);
}

TEST_F(SuggestionTest, LikerTitlesComeFirstAndTheListIsBounded) {
  for (const uint64_t id : {5U, 6U, 7U, 8U}) Add(id, kOurs);
  candidates_[3].title = "Purchasing";
  candidates_[2].title = "Purchasing and Logistics";
  EXPECT_THAT(People(Suggests()), ElementsAre(8, 7, 5, 6));
  EXPECT_THAT(People(Suggests(0, 2)), ElementsAre(8, 7));
  std::ranges::reverse(candidates_);
  EXPECT_THAT(People(Suggests()), ElementsAre(8, 7, 5, 6));
}

TEST_F(SuggestionTest, ClosedGroupsHiddenPeopleAndTheCustomerAreLeftOut) {
  Add(1, kOurs);
  Add(7, kOurs);
  Add(7, kOurs);
  EXPECT_THAT(Suggests(), SizeIs(1));
  EXPECT_THAT(Suggests(In(Slot::kInternalPeer)), IsEmpty());
  candidates_.back().hidden = true;
  EXPECT_THAT(Suggests(), IsEmpty());
}

TEST(TitleLikeness, IsAboutTheWorkAndNotTheRank) {
  EXPECT_EQ(TitleLikeness("Head of Purchasing", "Purchasing Manager"), 1000U);
  EXPECT_EQ(TitleLikeness("VP, Marketing & Sales", "sales director"), 500U);
  EXPECT_EQ(TitleLikeness("Head of Purchasing", "Head of Sales"), 0U);
  EXPECT_EQ(TitleLikeness("Manager", "Director"), 0U);
  EXPECT_EQ(TitleLikeness("Vice President", "vice-president"), 1000U);
  EXPECT_EQ(TitleLikeness("", ""), 0U);
}

}  // namespace
}  // namespace referrald::practice
