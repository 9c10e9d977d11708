#include "storage/referral/matching/decide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/referral/matching/people.h"

namespace referrald::referral::matching {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// What is said about a pair; `contradicts` keeps both out of one cluster.
void Expect(const Decision& decision, Verdict verdict, Caution caution, bool contradicts) {
  EXPECT_EQ(VerdictName(decision.verdict), VerdictName(verdict)) << decision.weight;
  EXPECT_EQ(CautionText(decision.caution), CautionText(caution));
  EXPECT_EQ(decision.contradicts, contradicts);
}

TEST(Decide, MatchesTheSameRow) {
  Expect(DecideOf(kJohn, kJohn), Verdict::kAutomatic, Caution::kNone, false);
  Expect(DecideOf(kContact, kContact), Verdict::kAutomatic, Caution::kNone, false);
}

TEST(Decide, MatchesOverSlips) {
  Values typed = LikeJohn();
  typed.given_name = "Hargraves";
  typed.surname = "John";
  typed.birth_date = "1950-14-03";
  typed.street = "12 Milllane";
  typed.postcode = "2145";
  Expect(DecideOf(kJohn, typed), Verdict::kAutomatic, Caution::kNone, false);
}

TEST(Decide, TellsStrangersApart) {
  const Decision decision = DecideOf(kJohn, {.given_name = "Mia",
                                             .surname = "Okafor",
                                             .birth_date = "1988-07-21",
                                             .street = "3 Station Road",
                                             .city = "Perth",
                                             .postcode = "6000",
                                             .state = "WA"});
  EXPECT_EQ(decision.verdict, Verdict::kDifferent);
  EXPECT_LT(decision.weight, 0);
  EXPECT_TRUE(decision.contradicts);
}

TEST(Decide, NeverMatchesANameAlone) {
  Expect(DecideOf({.given_name = "John", .surname = "Smith", .city = "Sydney"},
                  {.given_name = "John", .surname = "Smith", .city = "Sydney"}),
         Verdict::kReview, Caution::kNothingPersonal, false);
  const Values clerk = {.given_name = "John",
                        .surname = "Smith",
                        .city = "Sydney",
                        .postcode = "2000",
                        .state = "NSW",
                        .country = "Australia",
                        .organisation = "Acme",
                        .title = "Clerk"};
  EXPECT_GT(DecideOf(clerk, clerk).weight, kAutomaticWeight);
  Expect(DecideOf(clerk, clerk), Verdict::kReview, Caution::kNothingPersonal, false);
}

TEST(Decide, AsksAboutNameAndBirthDateAlone) {
  Expect(DecideOf({.given_name = "John", .surname = "Smith", .birth_date = "1950-03-14"},
                  {.given_name = "John", .surname = "Smith", .birth_date = "1950-03-14"}),
         Verdict::kReview, Caution::kNone, false);
}

// The traps.

TEST(Decide, AsksAboutFatherAndSonOfOneName) {
  Values son = LikeJohn();
  son.birth_date = "1978-11-02";
  Expect(DecideOf(kJohn, son), Verdict::kReview, Caution::kGenerationApart, true);
  son.postcode = "2145";  // One slip is nobody's.
  Expect(DecideOf(kJohn, son), Verdict::kReview, Caution::kGenerationApart, true);
}

TEST(Decide, TakesAMistypedRowForOneWithAMistypedBirthDate) {
  Values typed = LikeJohn();
  typed.birth_date = "1978-11-02";
  typed.surname = "Hargraeves";
  typed.postcode = "2145";
  Expect(DecideOf(kJohn, typed), Verdict::kAutomatic, Caution::kNone, false);
}

TEST(Decide, DoesNotTakeAnyOtherBirthDateForAGeneration) {
  Values other = LikeJohn();
  other.birth_date = "1957-11-02";
  Expect(DecideOf(kJohn, other), Verdict::kAutomatic, Caution::kNone, false);
}

TEST(Decide, TellsSpousesApartByTheirBirthDates) {
  Values wife = LikeJohn();
  wife.given_name = "Maria";
  wife.birth_date = "1953-08-29";
  Expect(DecideOf(kJohn, wife), Verdict::kDifferent, Caution::kOtherPeople, true);
}

TEST(Decide, AsksAtMostAboutAHouseholdWithoutBirthDates) {
  Values wife = LikeJohn();
  wife.given_name = "Maria";
  wife.birth_date = {};
  Expect(DecideOf(kJohn, wife), Verdict::kReview, Caution::kHousehold, true);
  Values john = LikeJohn();
  john.email = "john@hargreaves.example";
  wife.email = "maria@hargreaves.example";
  Expect(DecideOf(john, wife), Verdict::kDifferent, Caution::kOtherPeople, true);
  Expect(DecideOf({.given_name = "John", .surname = "Hargreaves", .street = "12 Mill Lane"},
                  {.given_name = "Maria", .surname = "Hargreaves", .street = "12 Mill Lane"}),
         Verdict::kDifferent, Caution::kHousehold, true);
}

TEST(Decide, AsksAboutARowWithoutAGivenName) {
  Values family = LikeJohn();
  family.given_name = {};
  family.birth_date = {};
  Expect(DecideOf(kJohn, family), Verdict::kReview, Caution::kNameIncomplete, false);
}

TEST(Decide, AsksAboutSiblingsWhoseNamesAreAlike) {
  Values olivia = LikeJohn();
  Values oliver = LikeJohn();
  olivia.given_name = "Olivia";
  oliver.given_name = "Oliver";
  oliver.birth_date = "1957-11-02";
  Expect(DecideOf(olivia, oliver), Verdict::kReview, Caution::kGivenNameDiffers, false);
}

TEST(Decide, AsksAboutTwinsWhoAreKnownByPhoneOrEmail) {
  Values john = LikeJohn();
  Values twin = LikeJohn();
  twin.given_name = "Maria";
  Expect(DecideOf(john, twin), Verdict::kAutomatic, Caution::kNone, false);
  john.phone = twin.phone = "+61 2 5550 1234";
  Expect(DecideOf(john, twin), Verdict::kReview, Caution::kGivenNameDiffers, false);
}

TEST(Decide, AsksWhereEmailAndPhoneAreOneAndNamesDiffer) {
  Values other = kContact;
  other.given_name = "Björn";
  Expect(DecideOf(kContact, other), Verdict::kReview, Caution::kIdentifierOtherName, true);
  other.surname = "Sundqvist Holm";
  Expect(DecideOf(kContact, other), Verdict::kReview, Caution::kIdentifierOtherName, true);
  other.given_name = kContact.given_name;
  other.surname = "Zetterberg";
  Expect(DecideOf(kContact, other), Verdict::kReview, Caution::kIdentifierOtherName, true);
}

TEST(Decide, AsksAboutOneEmailAtAnyWeight) {
  const Decision decision = DecideOf(
      {.given_name = "Anna", .surname = "Lindqvist", .email = "both@home.example", .city = "Lund"},
      {.given_name = "Robert", .surname = "Okafor", .email = "both@home.example", .city = "Perth"});
  EXPECT_LT(decision.weight, kReviewWeight);
  Expect(decision, Verdict::kReview, Caution::kIdentifierOtherName, true);
}

TEST(Decide, MatchesANewSurnameOnABirthDate) {
  Values married = LikeJohn();
  married.surname = "Zetterberg";
  Expect(DecideOf(kJohn, married), Verdict::kAutomatic, Caution::kNone, false);
  married.birth_date = {};
  Expect(DecideOf(kJohn, married), Verdict::kReview, Caution::kSurnameDiffers, false);
}

TEST(Decide, DoesNotMatchAMailboxOfAnOffice) {
  Expect(DecideOf({.given_name = "Anna",
                   .surname = "Lindqvist",
                   .email = "info@acme.example",
                   .organisation = "Acme"},
                  {.given_name = "Björn",
                   .surname = "Zetterberg",
                   .email = "info@acme.example",
                   .organisation = "Acme"}),
         Verdict::kDifferent, Caution::kOtherPeople, true);
  const Values anna = {.given_name = "Anna",
                       .surname = "Lindqvist",
                       .email = "info@acme.example",
                       .organisation = "Acme"};
  EXPECT_EQ(DecideOf(anna, anna).verdict, Verdict::kReview);
}

TEST(Decide, DoesNotMatchColleaguesByTheirSwitchboard) {
  Values other = kContact;
  other.given_name = "Robert";
  other.surname = "Okafor";
  other.email = "robert.okafor@acme.example";
  Expect(DecideOf(kContact, other), Verdict::kDifferent, Caution::kOtherPeople, true);
}

TEST(Decide, AsksAboutTwoNamesWithOneBirthDateAndAddress) {
  Values other = LikeJohn();
  other.given_name = "Mia";
  other.surname = "Okafor";
  EXPECT_EQ(DecideOf(kJohn, other).verdict, Verdict::kAutomatic);
  other.birth_date = "1950-03-15";
  Expect(DecideOf(kJohn, other), Verdict::kReview, Caution::kNoCommonName, false);
  other.street = "3 Station Road";
  EXPECT_EQ(DecideOf(kJohn, other).verdict, Verdict::kDifferent);
}

TEST(Explain, NamesVerdictCautionAndEveryField) {
  Values son = LikeJohn();
  son.birth_date = "1978-11-02";
  const Comparison comparison = Compare(MakeRecord("a", kJohn), MakeRecord("b", son));
  EXPECT_EQ(Explain(comparison, Decide(comparison)),
            "review at +36.0, birth dates lie a generation apart: given name exact (+6.5), surname "
            "exact (+8.0), birth date different (-4.0), house number exact (+5.0), street exact "
            "(+9.0), city exact (+6.0), postcode exact (+4.0), state exact (+1.5)");
}

TEST(Explain, HasNoValues) {
  Values swapped = LikeJohn();
  swapped.given_name = kJohn.surname;
  swapped.surname = kJohn.given_name;
  const Comparison comparison = Compare(MakeRecord("a", kJohn), MakeRecord("b", swapped));
  const std::string text = Explain(comparison, Decide(comparison));
  EXPECT_THAT(text, HasSubstr("names swapped"));
  for (const std::string& value : MakeRecord("a", kJohn).texts) {
    if (value.size() > 3) {
      EXPECT_THAT(text, Not(HasSubstr(value)));
    }
  }
}

}  // namespace
}  // namespace referrald::referral::matching
