#include "plugin/ctl/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/referral/fact.h"

namespace referrald::ctl {
namespace {

constexpr Timestamp kNow = FromMicros(1'000'000'000'000'000);

TEST(ParseParty, KnowsIdsRowsAndAddresses) {
  EXPECT_EQ(ParseParty("c_42")->id, "c_42");
  const auto row = ParseParty("salesforce:Contact:003x:y");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->external_ref.system, "salesforce");
  EXPECT_EQ(row->external_ref.id, "003x:y");
  EXPECT_EQ(ParseParty("ana@example.com")->email, "ana@example.com");
}

TEST(ParseParty, DoesNotRepeatWhatItCannotRead) {
  for (const char* text : {"", "Ana Lopez", "c_", "a@b", "x:y"}) {
    const auto party = ParseParty(text);
    ASSERT_FALSE(party) << text;
    EXPECT_THAT(party.error().message(), testing::Not(testing::HasSubstr("Ana")));
  }
}

TEST(ParseRep, TakesABareWordForARepOfOurs) {
  const auto rep = ParseRep("jane");
  ASSERT_TRUE(rep);
  EXPECT_EQ(rep->external_ref.system, "local");
  EXPECT_EQ(rep->external_ref.object, "rep");
  EXPECT_EQ(rep->external_ref.id, "jane");
  EXPECT_EQ(ParseRep("c_42")->id, "c_42");
  EXPECT_EQ(ParseRep("jane@example.com")->email, "jane@example.com");
}

TEST(ParseMoney, CountsInMinorUnits) {
  EXPECT_EQ(ParseMoney("12000.00 EUR")->minor_units, 1'200'000);
  EXPECT_EQ(ParseMoney("12000 EUR")->minor_units, 1'200'000);
  EXPECT_EQ(ParseMoney("0.5 EUR")->minor_units, 50);
  EXPECT_EQ(ParseMoney("1200 JPY")->minor_units, 1'200);
  EXPECT_EQ(ParseMoney("1.234 KWD")->minor_units, 1'234);
}

TEST(ParseMoney, GuessesNothing) {
  for (const char* text : {"", "12000", "EUR", "12,000 EUR", "12.000,00 EUR", "1.234 EUR", "1. EUR",
                           "-5 EUR", "1.5 JPY", "5 eur", "99999999999999999999 EUR", "1.-5 EUR"}) {
    EXPECT_FALSE(ParseMoney(text)) << text;
  }
}

TEST(ParseTime, MeansNowWhereNothingIsSaid) {
  EXPECT_EQ(ParseTime("", kNow).value(), ToMicros(kNow));
  EXPECT_EQ(ParseTime("now", kNow).value(), ToMicros(kNow));
  EXPECT_EQ(ParseTime("2001-09-09T03:46:40+02:00", kNow).value(), ToMicros(kNow));
  EXPECT_FALSE(ParseTime("2001-09-09 03:46", kNow));
}

TEST(FactKinds, AreAllInTheVocabulary) {
  for (const FactKind& kind : FactKinds()) {
    EXPECT_NE(referral::ParseEventType(kind.type), referral::EventType::kUnknown) << kind.word;
  }
}

TEST(ParseFactKind, TakesBothWordsAndSuggests) {
  EXPECT_EQ(ParseFactKind("introduction")->type, "IntroductionMade");
  EXPECT_EQ(ParseFactKind("IntroductionMade")->word, "introduction");
  EXPECT_THAT(ParseFactKind("introducton").error().message(),
              testing::HasSubstr("did you mean introduction?"));
}

TEST(ParseFactKind, ExplainsThatNothingIsWarm) {
  const auto warm = ParseFactKind("warm");
  ASSERT_FALSE(warm);
  EXPECT_EQ(warm.error().number(), 3010);
  EXPECT_THAT(warm.error().message(), testing::HasSubstr("WARM is no temperature"));
  EXPECT_EQ(ParseFactKind("HOT").error().number(), 3010);
}

}  // namespace
}  // namespace referrald::ctl
