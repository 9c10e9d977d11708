#include "storage/referral/matching/similarity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "storage/base/text.h"
#include "tests/support/seed.h"

namespace referrald::referral::matching {
namespace {

// The figures of Winkler's paper of 1990.
TEST(JaroWinkler, GivesThePublishedFigures) {
  EXPECT_NEAR(JaroWinkler("martha", "marhta"), 0.961, 0.001);
  EXPECT_NEAR(JaroWinkler("dixon", "dicksonx"), 0.813, 0.001);
  EXPECT_NEAR(JaroWinkler("dwayne", "duane"), 0.840, 0.001);
  EXPECT_NEAR(JaroWinkler("jones", "johnson"), 0.832, 0.001);
}

TEST(JaroWinkler, IsOneForEqualAndZeroForNothingInCommon) {
  EXPECT_EQ(JaroWinkler("anna", "anna"), 1);
  EXPECT_EQ(JaroWinkler("", ""), 1);
  EXPECT_EQ(JaroWinkler("anna", ""), 0);
  EXPECT_EQ(JaroWinkler("abc", "xyz"), 0);
}

// Bytes of two Cyrillic letters begin alike; letters are what counts.
TEST(JaroWinkler, ComparesLettersAndNotBytes) {
  EXPECT_EQ(JaroWinkler("абв", "эюя"), 0);
  EXPECT_NEAR(JaroWinkler("мартха", "мархта"), JaroWinkler("martha", "marhta"), 1e-9);
}

TEST(Edits, CountsInsertsDeletesReplacementsAndSwaps) {
  EXPECT_EQ(Edits("smith", "smith", 3), 0U);
  EXPECT_EQ(Edits("smith", "smyth", 3), 1U);
  EXPECT_EQ(Edits("smith", "simth", 3), 1U);
  EXPECT_EQ(Edits("smith", "smiths", 3), 1U);
  EXPECT_EQ(Edits("smith", "mith", 3), 1U);
  EXPECT_EQ(Edits("kitten", "sitting", 5), 3U);
}

TEST(Edits, StopsBeyondTheMost) {
  EXPECT_EQ(Edits("kitten", "sitting", 2), 3U);
  EXPECT_EQ(Edits("abcdefgh", "zyxwvuts", 2), 3U);
  EXPECT_EQ(Edits("a", "abcdefgh", 2), 3U);
}

TEST(Edits, LooksAtABoundedBeginning) {
  const std::string long_text(100'000, 'a');
  EXPECT_EQ(Edits(long_text, long_text + "b", 3), 0U);
}

TEST(Edits, AgreesWithTheOtherCounterOfTheHouse) {
  std::mt19937_64 random(support::TestSeed());
  for (int round = 0; round < 20'000; ++round) {
    std::string left(random() % 17, 'a');
    std::string right(random() % 17, 'a');
    for (char& c : left) c = static_cast<char>('a' + random() % 3);
    for (char& c : right) c = static_cast<char>('a' + random() % 4);
    const size_t most = random() % 6;
    ASSERT_EQ(Edits(left, right, most), EditDistance(left, right, most)) << left << " " << right;
    ASSERT_EQ(Edits(left, right, most), Edits(right, left, most)) << left << " " << right;
    const double alike = JaroWinkler(left, right);
    ASSERT_EQ(alike, JaroWinkler(right, left)) << left << " " << right;
    const double at_least = JaroWinkler(left, right, 0.8);
    ASSERT_TRUE(at_least == alike || (at_least == 0 && alike < 0.8)) << left << " " << right;
  }
}

TEST(DiffersBySlip, AllowsMoreInLongerTexts) {
  EXPECT_TRUE(DiffersBySlip("smith", "smiht"));
  EXPECT_FALSE(DiffersBySlip("smith", "smrhx"));
  EXPECT_TRUE(DiffersBySlip("hargreaves", "hargraevs"));
  EXPECT_FALSE(DiffersBySlip("al", "el"));
  EXPECT_TRUE(DiffersBySlip("al", "al"));
}

TEST(SoundOf, IsOneForSpellingsOfOneSound) {
  EXPECT_EQ(SoundOf("philips"), SoundOf("fillipps"));
  EXPECT_EQ(SoundOf("meyer"), SoundOf("maier"));
  EXPECT_EQ(SoundOf("mcdonald"), SoundOf("macdonald"));
  EXPECT_EQ(SoundOf("schmidt"), SoundOf("smit"));
  EXPECT_EQ(SoundOf("van dyke"), SoundOf("vandyke"));
}

TEST(SoundOf, IsAnotherForOtherNamesAndNoneForNone) {
  EXPECT_NE(SoundOf("miller"), SoundOf("mason"));
  EXPECT_NE(SoundOf("иванов"), SoundOf("петров"));
  EXPECT_EQ(SoundOf(""), "");
  EXPECT_LE(SoundOf("wolfeschlegelsteinhausenbergerdorff").size(), 6U);
}

}  // namespace
}  // namespace referrald::referral::matching
