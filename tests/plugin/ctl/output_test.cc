#include "plugin/ctl/output.h"

#include <gtest/gtest.h>

namespace referrald::ctl {
namespace {

using namespace std::chrono_literals;

TEST(Output, GroupsDigits) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1'203), "1 203");
  EXPECT_EQ(Grouped(412'907), "412 907");
  EXPECT_EQ(Grouped(1'284'311), "1 284 311");
  EXPECT_EQ(Grouped(-412'907), "-412 907");
}

TEST(Output, WritesSizesAndDurations) {
  EXPECT_EQ(ByteText(812), "812 B");
  EXPECT_EQ(ByteText(9'856'614), "9.4 MiB");
  EXPECT_EQ(DurationText(250ms), "250 ms");
  EXPECT_EQ(DurationText(9'200ms), "9.2 s");
  EXPECT_EQ(DurationText(38s), "38 s");
  EXPECT_EQ(DurationText(65s), "1 min 5 s");
  EXPECT_EQ(DurationText(12min + 5s), "12 min");
  EXPECT_EQ(DurationText(3h + 5min), "3 h 5 min");
  EXPECT_EQ(DurationText(76h), "3 d 4 h");
}

TEST(Output, WritesTimes) {
  const Timestamp now = FromMicros(1'000'000'000'000'000);
  EXPECT_EQ(AgoText(0, now), "-");
  EXPECT_EQ(AgoText(ToMicros(now), now), "now");
  EXPECT_EQ(AgoText(ToMicros(now - 12min), now), "12 min ago");
  EXPECT_EQ(AgoText(ToMicros(now - 49h), now), "2 d ago");
  EXPECT_EQ(TimeText(ToMicros(now)), "2001-09-09T01:46:40Z");
}

TEST(Output, WritesMoneyByItsCurrency) {
  EXPECT_EQ(MoneyText(1'200'000, "EUR"), "12 000.00 EUR");
  EXPECT_EQ(MoneyText(-5, "EUR"), "-0.05 EUR");
  EXPECT_EQ(MoneyText(1'200, "JPY"), "1 200 JPY");
  EXPECT_EQ(MoneyText(1'234, "KWD"), "1.234 KWD");
}

TEST(Output, LetsNoTextSteerTheTerminal) {
  EXPECT_EQ(Clean("a\x1b[2Jb\n\x7f"), "a?[2Jb??");
  EXPECT_EQ(Clean("a\xc2\x9b\x32J"), "a?2J");
  EXPECT_EQ(Clean("Müller"), "Müller");
  EXPECT_EQ(Clean("a\u202eb\u2066c\u2069"), "a?b?c?");
}

TEST(Table, AlignsByWhatIsSeen) {
  Table table({{"NAME"}, {"ROWS", Table::Align::kRight}, {"X"}});
  table.Add({"Müller", "1 203", "a"});
  table.Add({"Li", "7", ""});
  EXPECT_EQ(table.Text({}),
            "NAME     ROWS  X\n"
            "Müller  1 203  a\n"
            "Li          7\n");
}

TEST(Table, ColourTakesNoRoom) {
  const Style colour{.colour = true};
  Table table({{""}, {""}});
  table.Add({colour.Bad("HELD"), "x"});
  table.Add({"ok", "y"});
  EXPECT_EQ(table.Text({}, {.indent = 1, .with_titles = false}),
            " \x1b[31mHELD\x1b[0m  x\n ok    y\n");
}

}  // namespace
}  // namespace referrald::ctl
