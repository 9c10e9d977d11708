#include "storage/referral/matching/compare.h"

#include <gtest/gtest.h>

#include "tests/storage/referral/matching/people.h"

namespace referrald::referral::matching {
namespace {

Comparison CompareOf(const Values& left, const Values& right) {
  return Compare(MakeRecord("left", left), MakeRecord("right", right));
}

Level LevelOf(Field field, const Values& left, const Values& right) {
  return CompareOf(left, right)[field].level;
}

TEST(WeightsOf, SpeakForAgreementAndAgainstDifference) {
  for (size_t at = 0; at < kFieldCount; ++at) {
    const LevelWeights& weights = WeightsOf(static_cast<Field>(at));
    EXPECT_GT(weights.exact, 0) << at;
    EXPECT_GE(weights.exact, weights.close) << at;
    EXPECT_GT(weights.close, weights.similar) << at;
    EXPECT_GE(weights.similar, 0) << at;
    EXPECT_LE(weights.different, 0) << at;
  }
}

TEST(Compare, SaysNothingAboutWhatIsNotKnown) {
  const Comparison comparison = CompareOf({.given_name = "Anna"}, {.surname = "Berg"});
  for (const Agreement& agreement : comparison.fields) {
    EXPECT_EQ(agreement.level, Level::kMissing);
    EXPECT_EQ(agreement.weight, 0);
  }
  EXPECT_EQ(comparison.Weight(), 0);
}

TEST(Compare, AddsTheWeightsOfTheFields) {
  const Comparison comparison = CompareOf({.given_name = "Anna", .surname = "Berg"},
                                          {.given_name = "Anna", .surname = "Qux"});
  EXPECT_EQ(comparison.Weight(),
            WeightsOf(Field::kGivenName).exact + WeightsOf(Field::kSurname).different);
}

TEST(Compare, LevelsOfNames) {
  const auto given = [](const char* left, const char* right) {
    return LevelOf(Field::kGivenName, {.given_name = left}, {.given_name = right});
  };
  EXPECT_EQ(given("José", "jose"), Level::kExact);
  EXPECT_EQ(given("Bob", "Robert"), Level::kClose);
  EXPECT_EQ(given("Anna Maria", "Anna"), Level::kClose);
  EXPECT_EQ(given("Annamaria", "Anna Maria"), Level::kClose);
  EXPECT_EQ(given("Jonathan", "Jonahtan"), Level::kClose);
  EXPECT_EQ(given("J.", "John"), Level::kSimilar);
  EXPECT_EQ(given("Oliver", "Olivia"), Level::kSimilar);
  EXPECT_EQ(given("Anna", "Robert"), Level::kDifferent);
}

TEST(Compare, LevelsOfBirthDates) {
  const auto born = [](const char* left, const char* right) {
    return LevelOf(Field::kBirthDate, {.birth_date = left}, {.birth_date = right});
  };
  EXPECT_EQ(born("1950-03-14", "19500314"), Level::kExact);
  EXPECT_EQ(born("1950-03-04", "1950-04-03"), Level::kClose);
  EXPECT_EQ(born("1950-03-14", "1950-03-15"), Level::kClose);
  EXPECT_EQ(born("1950-03-14", "1905-03-14"), Level::kClose);
  EXPECT_EQ(born("1950-03-14", "1978-11-02"), Level::kDifferent);
  EXPECT_EQ(CompareOf({.birth_date = "1950-03-14"}, {.birth_date = "1978-11-02"}).years_apart, 28);
}

TEST(Compare, LevelsOfNumbers) {
  const auto postcode = [](const char* left, const char* right) {
    return LevelOf(Field::kPostcode, {.postcode = left}, {.postcode = right});
  };
  EXPECT_EQ(postcode("2154", "2154"), Level::kExact);
  EXPECT_EQ(postcode("2154", "2145"), Level::kClose);
  EXPECT_EQ(postcode("2154", "2194"), Level::kClose);
  EXPECT_EQ(postcode("2154", "6018"), Level::kDifferent);
}

TEST(Compare, KnowsAMailboxFromAPerson) {
  const auto email = [](const char* left, const char* right) {
    return LevelOf(Field::kEmail, {.email = left}, {.email = right});
  };
  EXPECT_EQ(email("Anna@acme.example", "anna@ACME.example"), Level::kExact);
  EXPECT_EQ(email("info@acme.example", "info@acme.example"), Level::kShared);
  EXPECT_EQ(email("info@acme.example", "anna@acme.example"), Level::kMissing);
  EXPECT_EQ(email("lindqvist@acme.example", "lindqvst@acme.example"), Level::kClose);
  EXPECT_EQ(email("anna@acme.example", "anne@acme.example"), Level::kDifferent);
}

TEST(Compare, SeesNamesAndLinesThatWereSwapped) {
  const Comparison comparison = CompareOf(
      {.given_name = "John",
       .surname = "Hargreaves",
       .street = "Mill Lane",
       .locality = "Ponderosa"},
      {.given_name = "Hargraves", .surname = "John", .street = "Ponderosa", .locality = "Mill Ln"});
  EXPECT_TRUE(comparison.names_swapped);
  EXPECT_TRUE(comparison.streets_swapped);
  EXPECT_EQ(comparison[Field::kGivenName].level, Level::kExact);
  EXPECT_EQ(comparison[Field::kSurname].level, Level::kClose);
  EXPECT_LT(comparison.Weight(), CompareOf({.given_name = "John",
                                            .surname = "Hargreaves",
                                            .street = "Mill Lane",
                                            .locality = "Ponderosa"},
                                           {.given_name = "John",
                                            .surname = "Hargraves",
                                            .street = "Mill Lane",
                                            .locality = "Ponderosa"})
                                     .Weight())
      << "a swap is a mistake, too";
}

TEST(Compare, DoesNotCallNamesSwappedThatStandInTheirPlace) {
  EXPECT_FALSE(CompareOf({.given_name = "James", .surname = "James"},
                         {.given_name = "James", .surname = "James"})
                   .names_swapped);
}

TEST(Slips, AreCountedInNamesAndAddress) {
  EXPECT_EQ(CompareOf(kJohn, kJohn).Slips(), 0);
  Values typed = LikeJohn();
  typed.surname = "Hargraeves";
  typed.postcode = "2145";
  EXPECT_EQ(CompareOf(kJohn, typed).Slips(), 2);
  typed.state = "VIC";
  EXPECT_EQ(CompareOf(kJohn, typed).Slips(), 3) << "city and postcode say which state it is";
  Values moved = LikeJohn();
  moved.city = "Perth";
  moved.postcode = "6000";
  moved.state = "WA";
  EXPECT_EQ(CompareOf(kJohn, moved).Slips(), 0) << "to move is no mistake";
}

}  // namespace
}  // namespace referrald::referral::matching
