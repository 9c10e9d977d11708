#include "storage/referral/matching/record.h"

#include <gtest/gtest.h>

#include <string>

#include "storage/base/limits.h"
#include "tests/storage/referral/matching/people.h"

namespace referrald::referral::matching {
namespace {

TEST(MakeRecord, FoldsNamesAndTakesTheNumberOffTheStreet) {
  const Record record = MakeRecord("1", {.given_name = " José ", .street = "12a Mill Ln."});
  EXPECT_EQ(record.id, "1");
  EXPECT_EQ(record[Field::kGivenName], "jose");
  EXPECT_EQ(record[Field::kHouseNumber], "12a");
  EXPECT_EQ(record[Field::kStreet], "mill lane");
  EXPECT_EQ(MakeRecord("2", {.street = "Hauptstraße 7"})[Field::kHouseNumber], "7");
}

TEST(MakeRecord, KeepsANumberThatIsGiven) {
  const Record record = MakeRecord("1", {.house_number = "5", .street = "12 Apostles Road"});
  EXPECT_EQ(record[Field::kHouseNumber], "5");
  EXPECT_EQ(record[Field::kStreet], "12 apostles road");
}

TEST(MakeRecord, SpellsWordsOfAddressesInOneWay) {
  EXPECT_EQ(MakeRecord("1", {.street = "Mill St"})[Field::kStreet], "mill street");
  EXPECT_EQ(MakeRecord("1", {.city = "St James"})[Field::kCity], "st james");
}

TEST(MakeRecord, ComparesTheLastDigitsOfAPhone) {
  const Record record = MakeRecord("1", {.phone = "+44 20 7946 0958"});
  const std::string_view digits = record[Field::kPhone];
  EXPECT_EQ(digits, "079460958");
  EXPECT_EQ(MakeRecord("1", {.phone = "0044 (20) 7946-0958"})[Field::kPhone], digits);
}

TEST(MakeRecord, KnowsNothingWhereAValueIsNone) {
  for (const char* date : {"1900-01-01", "1970-01-01T00:00:00", "00000000", "1950", "soon"}) {
    EXPECT_EQ(MakeRecord("1", {.birth_date = date})[Field::kBirthDate], "") << date;
  }
  EXPECT_EQ(MakeRecord("1", {.birth_date = "1950-03-14T00:00:00Z"})[Field::kBirthDate], "19500314");
  for (const char* phone : {"000000000", "1111111", "12", "none"}) {
    EXPECT_EQ(MakeRecord("1", {.phone = phone})[Field::kPhone], "") << phone;
  }
  EXPECT_EQ(MakeRecord("1", {.email = "n/a"})[Field::kEmail], "");
}

TEST(MakeRecord, BoundsEveryText) {
  const std::string huge(1 << 20, 'x');
  std::string wide;
  for (int i = 0; i < 1000; ++i) wide += "ж";
  const Record record = MakeRecord("1", {.given_name = huge,
                                         .surname = wide,
                                         .email = huge,
                                         .phone = huge,
                                         .street = huge,
                                         .organisation = huge});
  for (const std::string& text : record.texts) {
    EXPECT_LE(text.size(), limits::kMatchedTextBytesMax);
  }
  EXPECT_EQ(record[Field::kSurname].size() % 2, 0U) << "cut within a letter";
}

TEST(IsSharedMailbox, KnowsOffices) {
  EXPECT_TRUE(IsSharedMailbox("info@acme.example"));
  EXPECT_TRUE(IsSharedMailbox("sales@acme.example"));
  EXPECT_FALSE(IsSharedMailbox("anna@acme.example"));
  EXPECT_FALSE(IsSharedMailbox("infodora@acme.example"));
  EXPECT_FALSE(IsSharedMailbox(""));
}

TEST(FullGivenName, ReadsShortForms) {
  EXPECT_EQ(FullGivenName("bob"), "robert");
  EXPECT_EQ(FullGivenName("robert"), "robert");
  EXPECT_EQ(FullGivenName("zebediah"), "zebediah");
}

}  // namespace
}  // namespace referrald::referral::matching
