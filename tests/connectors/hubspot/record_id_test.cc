#include "connectors/hubspot/record_id.h"

#include <gtest/gtest.h>

namespace referrald::hubspot {
namespace {

std::string Check(std::string_view text) {
  const auto error = CheckRecordId(text);
  return error ? error->code : "ok";
}

TEST(CheckRecordId, TakesIntegers) {
  EXPECT_EQ(Check("1"), "ok");
  EXPECT_EQ(Check("76226001"), "ok");
  EXPECT_EQ(Check("100000000000"), "ok");
  EXPECT_EQ(Check("9007199254740993"), "ok");
}

TEST(CheckRecordId, SeesWhatASpreadsheetDid) {
  for (const std::string_view text :
       {"1.9143100000101E+18", "7.6E+07", "10001.0", "10,001", "1914310000010100000"}) {
    EXPECT_EQ(Check(text), "R-ID-DAMAGED") << text;
  }
}

TEST(CheckRecordId, RefusesTheRest) {
  for (const std::string_view text : {"", "abc", "-5", "007", "0", "12345678901234567000001"}) {
    EXPECT_EQ(Check(text), "R-ID-INVALID") << text;
  }
}

}  // namespace
}  // namespace referrald::hubspot
