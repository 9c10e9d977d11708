#include "storage/base/time.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/fake_clock.h"
#include "tests/support/seed.h"

namespace referrald {
namespace {

std::string Read(std::string_view text) {
  const auto at = ParseTimestamp(text);
  return at ? FormatTimestamp(*at) : "refused";
}

TEST(FormatTimestamp, AlwaysHasSixDigitsAndZ) {
  EXPECT_EQ(FormatTimestamp(FromMicros(0)), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(FormatTimestamp(FromMicros(-1)), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(FormatTimestamp(support::FakeClock::kStart), "2026-01-01T00:00:00.000000Z");
}

TEST(ParseTimestamp, ReadsZonesFractionsAndDates) {
  EXPECT_EQ(Read("2026-11-21T10:04:09.218734Z"), "2026-11-21T10:04:09.218734Z");
  EXPECT_EQ(Read("2026-11-21T11:04:09+01:00"), "2026-11-21T10:04:09.000000Z");
  EXPECT_EQ(Read("2026-11-21t00:04:09.5-0130"), "2026-11-21T01:34:09.500000Z");
  EXPECT_EQ(Read("2026-11-21 10:04z"), "2026-11-21T10:04:00.000000Z");
  EXPECT_EQ(Read("2026-11-21T10:04:09.123456789Z"), "2026-11-21T10:04:09.123456Z");
  EXPECT_EQ(Read("2024-02-29"), "2024-02-29T00:00:00.000000Z");
}

TEST(ParseTimestamp, NeverGuesses) {
  for (const std::string_view text :
       {"", "2026", "2026-11-21T10:04:09", "21.11.2026", "11/21/2026", "2026-02-29", "2026-13-01",
        "2026-00-10", "2026-11-21T24:00:00Z", "2026-11-21T10:60:00Z", "2026-11-21T10:04:09.Z",
        "2026-11-21T10:04:09Z ", "2026-11-21T10:04:09+1", "2026-11-21T10:04:09+25:00", "2026-1-1",
        "2026-11-21T10:04:09.1234567890Z", "2026-11-21X10:04:09Z", " 2026-11-21"}) {
    const auto at = ParseTimestamp(text);
    EXPECT_FALSE(at) << text;
    EXPECT_EQ(StatusOf(at).code(), Code::kInvalidArgument);
  }
}

TEST(ParseTimestamp, ReadsWhatFormatWrote) {
  std::mt19937_64 random(support::TestSeed());
  for (int i = 0; i < 1'000; ++i) {
    const Timestamp at = FromMicros(static_cast<int64_t>(random() % 4'000'000'000'000'000u));
    EXPECT_EQ(ParseTimestamp(FormatTimestamp(at)).value_or(Timestamp{}), at);
  }
}

TEST(FakeClock, MovesOnlyWhenTold) {
  support::FakeClock clock;
  EXPECT_EQ(clock.Now(), support::FakeClock::kStart);
  clock.Advance(std::chrono::seconds(2));
  EXPECT_EQ(clock.Now() - support::FakeClock::kStart, std::chrono::seconds(2));
}

TEST(SystemClock, IsNotBeforeThisWasWritten) {
  EXPECT_GT(SystemClock().Now(), FromMicros(1'700'000'000'000'000));
}

}  // namespace
}  // namespace referrald
