#include "connectors/salesforce/record_id.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "storage/base/text.h"
#include "tests/support/seed.h"

namespace referrald::salesforce {
namespace {

std::string Read(std::string_view text) {
  const auto read = ReadRecordId(text);
  const auto* error = std::get_if<connectors::RowError>(&read);
  return error != nullptr ? error->code : std::get<std::string>(read);
}

std::string UpperAscii(std::string_view text) {
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return upper;
}

TEST(ReadRecordId, MakesEighteenOfFifteen) {
  EXPECT_EQ(Read("00D4J000000CuzU"), "00D4J000000CuzUUAS");
  EXPECT_EQ(Read("001x00000035m0i"), "001x00000035m0iAAA");
  EXPECT_EQ(Read("000000000000000"), "000000000000000AAA");
}

TEST(ReadRecordId, KeepsEighteen) { EXPECT_EQ(Read("00D4J000000CuzUUAS"), "00D4J000000CuzUUAS"); }

TEST(ReadRecordId, RestoresTheCaseThatASpreadsheetTook) {
  EXPECT_EQ(Read("00d4j000000cuzuuas"), "00D4J000000CuzUUAS");
  EXPECT_EQ(Read("00D4J000000CUZUUAS"), "00D4J000000CuzUUAS");
}

TEST(ReadRecordId, RefusesWhatContradictsItself) {
  EXPECT_EQ(Read("00D4J000000CuzUAAA"), "R-ID-DAMAGED");  // Letters in both cases: which is wrong?
  EXPECT_EQ(Read("003000000000000ZAA"), "R-ID-DAMAGED");  // Says that a digit is upper case.
  EXPECT_EQ(Read("00D4J000000CuzUUA9"), "R-ID-DAMAGED");  // 9 is in no suffix.
}

TEST(ReadRecordId, RefusesWhatIsNoId) {
  for (const std::string_view text : {"", "00Q1", "0035f0000000E8", "0035f0000000E89AA",
                                      "0035f0000000E89AAEx", "0035f0000000E-9", "3.5E+14"}) {
    EXPECT_EQ(Read(text), "R-ID-INVALID") << text;
  }
}

TEST(ReadRecordId, AnyIdSurvivesTheLossOfItsCase) {
  std::mt19937_64 random(support::TestSeed());
  constexpr std::string_view kLetters =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  for (int round = 0; round < 10'000; ++round) {
    std::string id;
    while (id.size() < 15) id.push_back(kLetters[random() % kLetters.size()]);
    const std::string whole = Read(id);
    ASSERT_EQ(whole.size(), 18U);
    ASSERT_EQ(whole.substr(0, 15), id);
    ASSERT_EQ(Read(LowerAscii(whole)), whole);
    ASSERT_EQ(Read(UpperAscii(whole)), whole);
  }
}

TEST(IsEmptyKey, KnowsTheIdOfNone) {
  EXPECT_TRUE(IsEmptyKey("000000000000000"));
  EXPECT_TRUE(IsEmptyKey("000000000000000AAA"));
  EXPECT_FALSE(IsEmptyKey("001000000000000AAA"));
  EXPECT_FALSE(IsEmptyKey(""));
}

}  // namespace
}  // namespace referrald::salesforce
