#include "storage/referral/matching/blocking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/storage/referral/matching/people.h"

namespace referrald::referral::matching {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

bool ShareKey(const Values& left, const Values& right) {
  const std::vector<uint64_t> a = BlockingKeys(MakeRecord("left", left));
  const std::vector<uint64_t> b = BlockingKeys(MakeRecord("right", right));
  std::vector<uint64_t> both;
  std::ranges::set_intersection(a, b, std::back_inserter(both));
  return !both.empty();
}

TEST(BlockingKeys, AreSortedBoundedAndNoneTwice) {
  Values full = LikeJohn();
  full.locality = "Ponderosa";
  full.email = "john@hargreaves.example";
  full.phone = "+61 2 5550 1234";
  full.organisation = "Acme";
  const std::vector<uint64_t> keys = BlockingKeys(MakeRecord("1", full));
  EXPECT_TRUE(std::ranges::is_sorted(keys));
  EXPECT_EQ(std::ranges::adjacent_find(keys), keys.end());
  EXPECT_GE(keys.size(), 20U);
  EXPECT_LE(keys.size(), limits::kBlockingKeysMax);
  EXPECT_THAT(BlockingKeys(MakeRecord("1", {})), IsEmpty());
}

// Stored keys have to stay what they are: another hash needs another kBlockingVersion.
TEST(BlockingKeys, DoNotChange) {
  EXPECT_EQ(kBlockingVersion, 1U);
  EXPECT_THAT(BlockingKeys(MakeRecord("1", {.email = "anna@acme.example"})),
              ElementsAre(uint64_t{0x5700323a26c74dfc}));
}

// Each by itself.
TEST(BlockingKeys, FindOneThing) {
  EXPECT_TRUE(ShareKey({.email = "anna@acme.example"}, {.email = "Anna@acme.example"}));
  EXPECT_TRUE(ShareKey({.phone = "+44 20 7946 0958"}, {.phone = "020 7946 0958"}));
  EXPECT_TRUE(ShareKey({.birth_date = "1950-03-04"}, {.birth_date = "1950-04-03"}));
  EXPECT_TRUE(ShareKey({.given_name = "Bob", .surname = "Meyer"},
                       {.given_name = "Maier", .surname = "Robert"}));
  EXPECT_TRUE(ShareKey({.surname = "Meyer", .postcode = "2154"},
                       {.given_name = "Maier", .postcode = "2154"}));
  EXPECT_TRUE(ShareKey({.street = "12 Mill Lane", .postcode = "2154"},
                       {.house_number = "12", .postcode = "2154"}));
}

TEST(BlockingKeys, DoNotFindAMailboxOrHalfAName) {
  EXPECT_FALSE(ShareKey({.email = "info@acme.example"}, {.email = "info@acme.example"}));
  EXPECT_FALSE(ShareKey({.surname = "Smith"}, {.surname = "Smith"}));
  EXPECT_FALSE(ShareKey({.city = "Sydney", .state = "NSW"}, {.city = "Sydney", .state = "NSW"}));
}

std::vector<Record> Namesakes(int count) {
  std::vector<Record> records;
  for (int at = 0; at < count; ++at) {
    const std::string postcode = std::to_string(1000 + at * 7);
    records.push_back(MakeRecord("row-" + std::to_string(at),
                                 {.given_name = "John", .surname = "Smith", .postcode = postcode}));
  }
  return records;
}

TEST(FindCandidates, PairsThoseThatShareAKeyOnce) {
  const std::vector<Record> records = {MakeRecord("a", kJohn), MakeRecord("b", kContact),
                                       MakeRecord("c", kJohn)};
  EXPECT_THAT(FindCandidates(records, {}).pairs, ElementsAre(Pair(0U, 2U)));
}

TEST(FindCandidates, PassesOverBlocksThatAreTooLarge) {
  const std::vector<Record> records = Namesakes(20);
  EXPECT_EQ(FindCandidates(records, {.block_records_max = 20}).pairs.size(), 190U);
  const CandidateList list = FindCandidates(records, {.block_records_max = 19});
  EXPECT_THAT(list.pairs, IsEmpty());
  EXPECT_EQ(list.blocks_passed_over, 1U);
}

TEST(FindCandidates, KeepsThoseWithMostInCommonWhereThereAreTooMany) {
  std::vector<Record> records = Namesakes(20);
  records.push_back(
      MakeRecord("twin", {.given_name = "John", .surname = "Smith", .postcode = "1049"}));
  const CandidateList list = FindCandidates(records, {.candidates_per_record_max = 1});
  EXPECT_LE(list.pairs.size(), records.size());
  EXPECT_GT(list.candidates_cut, 0U);
  EXPECT_THAT(list.pairs, ::testing::Contains(Pair(7U, 20U)));
}

TEST(FindCandidates, DoesNotPairRowsOfOneSystem) {
  std::vector<Record> records(3, MakeRecord("a", kJohn));
  for (uint32_t at = 0; at < 3; ++at) records[at].id = std::to_string(at);
  records[0].system = records[1].system = 1;
  records[2].system = 2;
  EXPECT_THAT(FindCandidates(records, {}).pairs, ElementsAre(Pair(0U, 2U), Pair(1U, 2U)));
}

}  // namespace
}  // namespace referrald::referral::matching
