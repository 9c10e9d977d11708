#include "storage/base/ids.h"

#include <gtest/gtest.h>

#include <random>

#include "storage/base/limits.h"
#include "tests/support/fake_clock.h"
#include "tests/support/seed.h"

namespace referrald {
namespace {

TEST(Ids, AreReadAsTheyAreWritten) {
  EXPECT_EQ(ToText(Sequence{45}), "e_45");
  EXPECT_EQ(ToText(ReferralId{44}), "r_44");
  EXPECT_EQ(ParseSequence("e_45").value_or(Sequence{}), Sequence{45});
  EXPECT_EQ(ParseReferralId("r_9007199254740991").value_or(ReferralId{}),
            ReferralId{limits::kSequenceMax});
}

TEST(Ids, AreRefusedInAnyOtherForm) {
  for (const std::string_view text :
       {"", "e_", "e_0", "e_01", "e_-1", "e_+1", "e_1 ", " e_1", "r_1", "E_1", "45",
        "e_9007199254740992", "e_18446744073709551616"}) {
    EXPECT_FALSE(ParseSequence(text)) << text;
  }
  EXPECT_FALSE(ParseReferralId("e_1"));
}

TEST(Ids, ZeroIsNone) {
  EXPECT_FALSE(Sequence{});
  EXPECT_TRUE(Sequence{1});
}

// The value of the ULID specification: time 1469918176385, text 01ARYZ6S41....
TEST(RunId, IsAUlid) {
  const RunId run = RunId::Make(FromMicros(1'469'918'176'385'000), {});
  EXPECT_EQ(ToText(run), "01ARYZ6S410000000000000000");
}

TEST(RunId, IsReadAsItIsWritten) {
  std::mt19937_64 random(support::TestSeed());
  for (int i = 0; i < 1'000; ++i) {
    RunId run;
    for (uint8_t& byte : run.bytes) byte = static_cast<uint8_t>(random());
    EXPECT_EQ(ParseRunId(ToText(run)).value_or(RunId{}), run);
  }
}

TEST(RunId, SortsByTimeAsTextAndBytes) {
  std::array<uint8_t, 16> entropy;
  entropy.fill(0xff);
  const RunId earlier = RunId::Make(support::FakeClock::kStart, entropy);
  const RunId later = RunId::Make(support::FakeClock::kStart + std::chrono::milliseconds(1), {});
  EXPECT_LT(earlier, later);
  EXPECT_LT(ToText(earlier), ToText(later));
}

TEST(RunId, TakesWhatPeopleType) {
  const auto typed = ParseRunId("01aryz6s41000000000000oil0");
  const auto exact = ParseRunId("01ARYZ6S410000000000000110");
  ASSERT_TRUE(typed && exact);
  EXPECT_EQ(*typed, *exact);
}

TEST(RunId, RefusesWhatIsNotOne) {
  for (const std::string_view text :
       {"", "01ARYZ6S41000000000000000", "01ARYZ6S4100000000000000000",
        "81ARYZ6S410000000000000000", "01ARYZ6S41000000000000000U", "01ARYZ6S41000000000000000-"}) {
    EXPECT_FALSE(ParseRunId(text)) << text;
  }
}

}  // namespace
}  // namespace referrald
