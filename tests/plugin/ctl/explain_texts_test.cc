#include "plugin/ctl/explain_texts.h"

#include <gtest/gtest.h>

namespace referrald::ctl {
namespace {

TEST(Explanations, AreSortedAndWhole) {
  for (int thousand = 1; thousand <= 5; ++thousand) {
    int last = thousand * 1000;
    EXPECT_FALSE(Explanations(thousand).empty());
    for (const Explanation& each : Explanations(thousand)) {
      EXPECT_GT(each.number, last);
      EXPECT_LT(each.number, (thousand + 1) * 1000);
      EXPECT_FALSE(each.title.empty()) << each.number;
      EXPECT_TRUE(each.meaning.ends_with('.')) << each.number;
      EXPECT_TRUE(each.remedy.ends_with('.')) << each.number;
      last = each.number;
    }
  }
}

TEST(FindExplanation, FindsByNumber) {
  ASSERT_NE(FindExplanation(1042), nullptr);
  EXPECT_EQ(FindExplanation(1042)->title, "unknown setting");
  ASSERT_NE(FindExplanation(5107), nullptr);
  EXPECT_EQ(FindExplanation(0), nullptr);
  EXPECT_EQ(FindExplanation(9999), nullptr);
}

}  // namespace
}  // namespace referrald::ctl
