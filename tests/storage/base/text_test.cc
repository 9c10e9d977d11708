#include "storage/base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace referrald {
namespace {

using ::testing::ElementsAre;

TEST(Trim, TakesAllWhiteSpaceOfExports) {
  EXPECT_EQ(Trim(" \t\xc2\xa0 Ada Lovelace\xe3\x80\x80\r\n"), "Ada Lovelace");
  EXPECT_EQ(Trim("\xef\xbb\xbfId"), "Id");
  EXPECT_EQ(Trim(" \xc2\xa0 "), "");
}

TEST(IsValidUtf8, IsStrict) {
  EXPECT_TRUE(IsValidUtf8(""));
  EXPECT_TRUE(IsValidUtf8("eight characters and \xf0\x9f\x98\x80 more"));
  for (const std::string_view text : {"\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82",
                                      "\x80", "12345678\xff", "\xf8\x88\x80\x80\x80"}) {
    EXPECT_FALSE(IsValidUtf8(text));
  }
}

TEST(FoldName, MakesOneOfTheWaysToWriteAName) {
  EXPECT_EQ(FoldName("  José  Müller-Øvergård "), "jose muller overgard");
  EXPECT_EQ(FoldName("jose muller overgard"), "jose muller overgard");
  EXPECT_EQ(FoldName("Jose\u0301"), "jose");
  EXPECT_EQ(FoldName("O'Brien"), FoldName("O\u2019Brien"));
  EXPECT_EQ(FoldName("STRASSE"), FoldName("Stra\u00dfe"));
  EXPECT_EQ(FoldName("\uff21\uff22"), "ab");
  EXPECT_EQ(FoldName("Łukasz Đorđe"), "lukasz dorde");
  EXPECT_EQ(FoldName("山田 太郎"), "山田 太郎");
  EXPECT_EQ(FoldName("..."), "");
}

TEST(FoldName, ComparesBrokenTextAsBytes) {
  EXPECT_EQ(FoldName("A\xff"
                     "B"),
            "a\xff"
            "b");
}

TEST(FoldName, IsIdempotent) {
  for (const std::string_view name : {"José Müller-Øvergård", "O’Brien & Söhne, Ltd.", "Ǆurđa"}) {
    EXPECT_EQ(FoldName(FoldName(name)), FoldName(name)) << name;
  }
}

TEST(Words, SplitsAFoldedText) {
  EXPECT_THAT(Words("jose muller overgard"), ElementsAre("jose", "muller", "overgard"));
  EXPECT_TRUE(Words("").empty());
}

TEST(Email, IsFoldedAndPlausible) {
  EXPECT_EQ(FoldEmail(" Ada@Example.COM\t"), "ada@example.com");
  EXPECT_TRUE(IsPlausibleEmail("ada+x@mail.example.com"));
  for (const std::string_view text :
       {"", "ada", "@example.com", "ada@", "ada@example", "a@b@example.com", "ada @example.com",
        "ada@.com", "ada@example.", "ada@example..com", "a,b@example.com"}) {
    EXPECT_FALSE(IsPlausibleEmail(text)) << text;
  }
  EXPECT_TRUE(IsPlausibleEmail(std::string(242, 'a') + "@example.com"));
  EXPECT_FALSE(IsPlausibleEmail(std::string(243, 'a') + "@example.com"));
}

TEST(FoldPhone, KeepsDigitsAndTheLeadingPlus) {
  EXPECT_EQ(FoldPhone("+49 (30) 123-456"), "+4930123456");
  EXPECT_EQ(FoldPhone("0049 30 123456"), "+4930123456");
  EXPECT_EQ(FoldPhone("(030) 123 456"), "030123456");
  EXPECT_EQ(FoldPhone("(+49) 30123456"), "+4930123456");
  EXPECT_EQ(FoldPhone("12345"), "");
  EXPECT_EQ(FoldPhone("+12345"), "");
  EXPECT_EQ(FoldPhone("n/a"), "");
}

TEST(EditDistance, CountsEditsAndSwaps) {
  EXPECT_EQ(EditDistance("feed", "feed", 9), 0u);
  EXPECT_EQ(EditDistance("feed", "fed", 9), 1u);
  EXPECT_EQ(EditDistance("fede", "feed", 9), 1u);
  EXPECT_EQ(EditDistance("kitten", "sitting", 9), 3u);
  EXPECT_EQ(EditDistance("kitten", "sitting", 1), 2u);
  EXPECT_EQ(EditDistance("", "abc", 9), 3u);
}

TEST(Nearest, SuggestsOnlyWhatIsNear) {
  const std::vector<std::string_view> words = {"connector", "inbox", "match"};
  EXPECT_EQ(Nearest("conector", words), "connector");
  EXPECT_EQ(Nearest("mtach", words), "match");
  EXPECT_EQ(Nearest("zebra", words), "");
}

TEST(Ascii, FoldsLettersOnly) {
  EXPECT_EQ(LowerAscii("ÄbC-1"), "Äbc-1");
  EXPECT_TRUE(EqualsIgnoreCase("LeadSource", "leadsource"));
  EXPECT_FALSE(EqualsIgnoreCase("lead", "leads"));
}

}  // namespace
}  // namespace referrald
