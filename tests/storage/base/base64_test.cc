#include "storage/base/base64.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/seed.h"

namespace referrald {
namespace {

TEST(ToBase64, IsThatOfTheStandard) {
  // RFC 4648, section 10.
  EXPECT_EQ(ToBase64(""), "");
  EXPECT_EQ(ToBase64("f"), "Zg==");
  EXPECT_EQ(ToBase64("fo"), "Zm8=");
  EXPECT_EQ(ToBase64("foo"), "Zm9v");
  EXPECT_EQ(ToBase64("foob"), "Zm9vYg==");
  EXPECT_EQ(ToBase64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(ToBase64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(ToBase64("\xfb\xff\xbf"), "+/+/");
}

TEST(FromBase64, ReadsWhatToBase64Writes) {
  std::mt19937_64 random(support::TestSeed());
  for (size_t size = 0; size < 200; ++size) {
    std::string bytes(size, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    ASSERT_EQ(FromBase64(ToBase64(bytes)).value(), bytes);
  }
}

TEST(FromBase64, RefusesEveryOtherText) {
  for (const std::string_view text :
       {"Z",      "Zg",    "Zg=",      "Zg===", "Zh==",  "Zm9=", "Zm8",
        "Zm8==",  "Zm9v=", "Zm9v====", "=",     "====",  "Z===", "Zg==Zg==",
        "Zm9v\n", " Zm9v", "Zm 9v",    "-_-_",  "Zm9vZ", "Zg=a", "Zm9*"}) {
    EXPECT_EQ(FromBase64(text), std::nullopt) << text;
  }
}

// Every text of four characters either is the one text of its bytes, or is refused.
TEST(FromBase64, HasOneTextForOneValue) {
  std::mt19937_64 random(support::TestSeed());
  constexpr std::string_view kAlphabet = "AZaz09+/==\n-";
  for (int i = 0; i < 20'000; ++i) {
    std::string text(4 * (1 + random() % 2), '\0');
    for (char& c : text) c = kAlphabet[random() % kAlphabet.size()];
    const std::optional<std::string> bytes = FromBase64(text);
    ASSERT_TRUE(!bytes || ToBase64(*bytes) == text) << text;
  }
}

}  // namespace
}  // namespace referrald
