#include "connectors/format/csv_dialect.h"

#include <gtest/gtest.h>

namespace referrald::format {
namespace {

TEST(DetectDialect, PrefersTheDelimiterThatRowsAgreeOn) {
  // More pipes than commas in the header, but no row has any.
  EXPECT_EQ(DetectDialect("a|b|c|d,e,f\n1,2,3\n4,5,6\n", "")->dialect.delimiter, ',');
}

TEST(DetectDialect, NeverTakesOneColumnWhereThereAreSeveral) {
  EXPECT_EQ(DetectDialect("a;b\n1\n2\n3\n", "")->dialect.delimiter, ';');
}

TEST(DetectDialect, LooksPastDelimitersInQuotes) {
  EXPECT_EQ(DetectDialect("\"a,b\";\"c\"\n\"1,2\";\"3\"\n", "")->dialect.delimiter, ';');
}

TEST(DetectDialect, ReadsASeparatorLineInQuotes) {
  const Result<DetectedDialect> detected = DetectDialect("\"sep=|\"\na|b\n", "");
  ASSERT_TRUE(detected);
  EXPECT_TRUE(detected->separator_line);
  EXPECT_EQ(detected->dialect.delimiter, '|');
}

TEST(CanDelimit, RefusesWhatTextIsMadeOf) {
  for (const char byte : {'a', 'Z', '0', ' ', '"', '\n', '\r', '\\', '\0'}) {
    EXPECT_FALSE(CanDelimit(byte)) << int{byte};
  }
  for (const char byte : {',', ';', '\t', '|', '^', '`', ':', '~'}) EXPECT_TRUE(CanDelimit(byte));
}

}  // namespace
}  // namespace referrald::format
