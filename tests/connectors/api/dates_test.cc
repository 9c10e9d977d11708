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

TEST(ParseDateTime, ReadsNumbersInTheOrderThatWasSaid) {
  const auto time = [](std::string_view text, DateOrder order) {
    const Result<Timestamp> at = ParseDateTime(text, order);
    return at ? FormatTimestamp(*at).substr(0, 19) : "error";
  };
  constexpr DateOrder kMonth = DateOrder::kMonthFirst, kDay = DateOrder::kDayFirst;
  EXPECT_EQ(time("03/04/2024", kMonth), "2024-03-04T00:00:00");
  EXPECT_EQ(time("03/04/2024", kDay), "2024-04-03T00:00:00");
  EXPECT_EQ(time("3.4.2024 7:05", kDay), "2024-04-03T07:05:00");
  EXPECT_EQ(time("6/22/2026 10:00 AM", kMonth), "2026-06-22T10:00:00");
  EXPECT_EQ(time("04/15/2006 03:23 pm", kMonth), "2006-04-15T15:23:00");
  EXPECT_EQ(time("04/15/2006 12:00am", kMonth), "2006-04-15T00:00:00");
  EXPECT_EQ(time("04/15/2006 12:00pm", kMonth), "2006-04-15T12:00:00");
  EXPECT_EQ(time("15-04-2006 15.23.59", kDay), "2006-04-15T15:23:59");
  // What is unambiguous stays what it is, whatever the order.
  EXPECT_EQ(time("2024-03-04", kDay), "2024-03-04T00:00:00");
  for (const std::string_view text :
       {"13/13/2024", "31/02/2024", "1/2/24", "1/2/2024 25:00", "1/2/2024 3:60",
        "1/2/2024 13:00 pm", "1/2/2024 0:30 am", "1/2.2024", "1/2/2024 x", "1//2024", "/"}) {
    EXPECT_EQ(time(text, kDay), "error") << text;
  }
}

TEST(ParseDateTime, ReadsMonthsThatAreWords) {
  EXPECT_EQ(Time("Sep 12, 2026"), "2026-09-12T00:00:00.000000Z");
  EXPECT_EQ(Time("12 September 2026 3:05 pm"), "2026-09-12T15:05:00.000000Z");
  EXPECT_EQ(Time("12-may-2026"), "2026-05-12T00:00:00.000000Z");
  EXPECT_EQ(Date("Sept. 12, 2026"), "2026-09-12");
  for (const std::string_view text :
       {"Sep 31, 2026", "Sepp 12, 2026", "12 2026", "Sep 12", "Foo 12, 2026", "Sep 12, 26"}) {
    EXPECT_EQ(Time(text), "error") << text;
  }
}

TEST(ParseDate, CutsAndNeverComputes) {
  EXPECT_EQ(Date("2010-10-14"), "2010-10-14");
  EXPECT_EQ(Date("2010-10-14T00:00:00.000+1400"), "2010-10-14");
  EXPECT_EQ(Date("2010-10-14T23:59:59-12:00"), "2010-10-14");
  EXPECT_EQ(Date("2010-10-14 09:14"), "2010-10-14");
  EXPECT_EQ(Date("10/14/2010"), "error");
  EXPECT_EQ(*ParseDate("10/14/2010 11:59 pm", DateOrder::kMonthFirst), "2010-10-14");
}

}  // namespace
}  // namespace referrald::connectors
