#include "storage/referral/matching/link.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/storage/referral/matching/people.h"

namespace referrald::referral::matching {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<Record> Rows(std::initializer_list<Values> rows) {
  std::vector<Record> records;
  for (const Values& row : rows) {
    records.push_back(MakeRecord("row-" + std::to_string(records.size()), row));
  }
  return records;
}

Values Born(const char* date) {
  Values values = LikeJohn();
  values.birth_date = date;
  return values;
}

Values Called(const char* given_name, const char* born) {
  Values values = Born(born);
  values.given_name = given_name;
  return values;
}

TEST(Link, PutsRowsOfOnePersonTogether) {
  const Linkage linkage = Link(Rows({kJohn, kContact, kJohn, kContact, kJohn}));
  EXPECT_THAT(linkage.clusters, ElementsAre(ElementsAre(0U, 2U, 4U), ElementsAre(1U, 3U)));
  EXPECT_THAT(linkage.questions, IsEmpty());
  EXPECT_EQ(linkage.pairs_compared, 4U);
}

TEST(Link, KeepsEveryRecord) {
  EXPECT_THAT(Link({}).clusters, IsEmpty());
  EXPECT_THAT(Link(Rows({{}, {}})).clusters, ElementsAre(ElementsAre(0U), ElementsAre(1U)));
}

TEST(Link, AsksOnceAboutTwoPeopleHoweverManyRowsTheyHave) {
  const Linkage linkage =
      Link(Rows({Born("1950-03-14"), Born("1978-11-02"), Born("1950-03-14"), Born("1978-11-02")}));
  EXPECT_THAT(linkage.clusters, ElementsAre(ElementsAre(0U, 2U), ElementsAre(1U, 3U)));
  ASSERT_THAT(linkage.questions, SizeIs(1));
  EXPECT_EQ(linkage.questions[0].left, 0U);
  EXPECT_EQ(linkage.questions[0].right, 1U);
  EXPECT_EQ(linkage.questions[0].decision.caution, Caution::kGenerationApart);
}

// A row without a birth date matches the father and the son; it must not make one of both.
TEST(Link, DoesNotChainFatherAndSonOverARowThatFitsBoth) {
  const std::vector<Record> records = Rows({Born("1950-03-14"), Born(""), Born("1978-11-02")});
  ASSERT_EQ(Decide(Compare(records[0], records[1])).verdict, Verdict::kAutomatic);
  ASSERT_EQ(Decide(Compare(records[1], records[2])).verdict, Verdict::kAutomatic);
  const Linkage linkage = Link(records);
  EXPECT_THAT(linkage.clusters, ElementsAre(ElementsAre(0U), ElementsAre(1U), ElementsAre(2U)));
  EXPECT_THAT(linkage.questions, SizeIs(3));
}

TEST(Link, GivesARowToThePersonWhomItFitsFarBetter) {
  Values son = Born("1978-11-02");
  son.street = "3 Station Road";
  const Linkage linkage = Link(Rows({Born("1950-03-14"), Born(""), son}));
  EXPECT_THAT(linkage.clusters, ElementsAre(ElementsAre(0U, 1U), ElementsAre(2U)));
}

// Each with the next is a match; the first and the last are a couple.
TEST(Link, DoesNotChainAcrossAContradiction) {
  const std::vector<Record> records =
      Rows({Called("Olivia", "1950-03-14"), Called("Maria", "1950-03-14"),
            Called("Maria", "1957-11-02")});
  ASSERT_EQ(Decide(Compare(records[0], records[1])).verdict, Verdict::kAutomatic);
  ASSERT_EQ(Decide(Compare(records[1], records[2])).verdict, Verdict::kAutomatic);
  ASSERT_TRUE(Decide(Compare(records[0], records[2])).contradicts);
  const Linkage linkage = Link(records);
  EXPECT_THAT(linkage.clusters, ElementsAre(ElementsAre(0U, 1U), ElementsAre(2U)));
  ASSERT_THAT(linkage.questions, SizeIs(1));
  EXPECT_EQ(linkage.questions[0].decision.verdict, Verdict::kAutomatic);
}

TEST(Link, LetsSeveralGoodRowsOutvoteOne) {
  const Linkage linkage =
      Link(Rows({Called("Olivia", "1950-03-14"), Called("Maria", "1950-03-14"),
                 Called("Maria", "1950-03-14"), Called("Maria", "1957-11-02")}));
  EXPECT_THAT(linkage.clusters, ElementsAre(ElementsAre(0U, 1U, 2U, 3U)));
}

TEST(Link, LetsNobodyOutvoteAGeneration) {
  Values typed = Born("1950-03-14");
  typed.surname = "Hargraeves";
  typed.postcode = "2145";
  const std::vector<Record> records =
      Rows({Born("1950-03-14"), typed, typed, typed, Born("1978-11-02")});
  ASSERT_EQ(Decide(Compare(records[1], records[4])).verdict, Verdict::kAutomatic);
  EXPECT_THAT(Link(records).clusters, ElementsAre(ElementsAre(0U, 1U, 2U, 3U), ElementsAre(4U)));
}

TEST(Link, DoesNotJoinTwoRowsOfOneSystemOverAThird) {
  std::vector<Record> records = Rows({kJohn, kJohn, kJohn});
  records[0].system = records[1].system = 7;
  records[2].system = 8;
  const Linkage linkage = Link(records);
  EXPECT_THAT(linkage.clusters, SizeIs(2));
  EXPECT_THAT(linkage.questions, SizeIs(1));
}

TEST(Link, MakesNoClusterBeyondTheLimit) {
  std::vector<Record> records;
  for (size_t at = 0; at < limits::kClusterRecordsMax + 10; ++at) {
    records.push_back(MakeRecord("row-" + std::to_string(at), kJohn));
  }
  const Linkage linkage = Link(records);
  ASSERT_GT(linkage.clusters.size(), 1U);
  for (const auto& cluster : linkage.clusters) {
    EXPECT_LE(cluster.size(), limits::kClusterRecordsMax);
  }
  EXPECT_THAT(linkage.questions, ::testing::Not(IsEmpty()));
}

}  // namespace
}  // namespace referrald::referral::matching
