#include "plugin/daemon/config_units.h"

#include <gtest/gtest.h>

namespace referrald::daemon {
namespace {

using std::chrono::milliseconds;

TEST(ParseBytes, MultipliesByTheUnit) {
  EXPECT_EQ(ParseBytes("0 B").value(), 0u);
  EXPECT_EQ(ParseBytes("512B").value(), 512u);
  EXPECT_EQ(ParseBytes("1 MiB").value(), 1u << 20);
  EXPECT_EQ(ParseBytes(" 4 KiB ").value(), 4096u);
  EXPECT_EQ(ParseBytes("2 GB").value(), 2'000'000'000u);
}

TEST(ParseBytes, RefusesWhatHasNoUnitOrOverflows) {
  for (const char* text : {"", "1", "MiB", "-1 B", "1 mib", "1.5 MiB", "99999999999 GiB",
                           "18446744073709551616 B", "1 MiB x"}) {
    const auto result = ParseBytes(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().number(), 1006) << text;
  }
}

TEST(ParseDuration, MultipliesByTheUnit) {
  EXPECT_EQ(ParseDuration("250 ms").value(), milliseconds(250));
  EXPECT_EQ(ParseDuration("2s").value(), milliseconds(2'000));
  EXPECT_EQ(ParseDuration("5 min").value(), milliseconds(300'000));
  EXPECT_EQ(ParseDuration("1 h").value(), milliseconds(3'600'000));
  EXPECT_EQ(ParseDuration("7 d").value(), milliseconds(604'800'000));
}

TEST(ParseDuration, RefusesWhatHasNoUnitOrOverflows) {
  for (const char* text : {"", "2", "2 m", "s", "-2 s", "18446744073709551615 ms"}) {
    EXPECT_FALSE(ParseDuration(text)) << text;
  }
}

TEST(ParseRatio, DividesByAHundred) {
  EXPECT_DOUBLE_EQ(ParseRatio("5 %").value(), 0.05);
  EXPECT_DOUBLE_EQ(ParseRatio("2.5%").value(), 0.025);
  EXPECT_DOUBLE_EQ(ParseRatio("0 %").value(), 0);
  EXPECT_DOUBLE_EQ(ParseRatio("100 %").value(), 1);
}

TEST(ParseRatio, RefusesOtherNumbers) {
  for (const char* text : {"", "5", "%", "101 %", "-1 %", "nan %", "inf %", "5 % x"}) {
    EXPECT_FALSE(ParseRatio(text)) << text;
  }
}

}  // namespace
}  // namespace referrald::daemon
