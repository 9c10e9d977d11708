#include "connectors/api/dates.h"

#include <gtest/gtest.h>

namespace referrald::connectors {
namespace {

std::string Time(std::string_view text) {
  const Result<Timestamp> at = ParseDateTime(text);
  return at ? FormatTimestamp(*at) : "error";
}

std::string Date(std::string_view text) {
  const Result<std::string> date = ParseDate(text);
  return date ? *date : "error";
}

TEST(ParseDateTime, ReadsWhatCrmsWrite) {
  EXPECT_EQ(Time("2006-06-15T20:47:07.000Z"), "2006-06-15T20:47:07.000000Z");
  EXPECT_EQ(Time("2006-06-15T20:47:07.000+0000"), "2006-06-15T20:47:07.000000Z");
  EXPECT_EQ(Time("2006-06-15T20:47:07+02:00"), "2006-06-15T18:47:07.000000Z");
  EXPECT_EQ(Time("2024-03-12 09:14"), "2024-03-12T09:14:00.000000Z");
  EXPECT_EQ(Time(" 2024-03-12 09:14:59 "), "2024-03-12T09:14:59.000000Z");
  EXPECT_EQ(Time("2024-03-12T09:14:59"), "2024-03-12T09:14:59.000000Z");
  EXPECT_EQ(Time("2024-03-12"), "2024-03-12T00:00:00.000000Z");
  EXPECT_EQ(Time("1710234899123"), "2024-03-12T09:14:59.123000Z");
}

TEST(ParseDateTime, GuessesNothing) {
  for (const std::string_view text :
       {"", "03/04/2024", "12.03.2024", "2024-02-30", "2024-03-12 25:00", "20240312", "yesterday",
        "45363", "2024-03-12 9"}) {
    EXPECT_EQ(Time(text), "error") << text;
  }
}

TEST(ParseDate, CutsAndNeverComputes) {
  EXPECT_EQ(Date("2010-10-14"), "2010-10-14");
  EXPECT_EQ(Date("2010-10-14T00:00:00.000+1400"), "2010-10-14");
  EXPECT_EQ(Date("2010-10-14T23:59:59-12:00"), "2010-10-14");
  EXPECT_EQ(Date("2010-10-14 09:14"), "2010-10-14");
  EXPECT_EQ(Date("10/14/2010"), "error");
}

}  // namespace
}  // namespace referrald::connectors
