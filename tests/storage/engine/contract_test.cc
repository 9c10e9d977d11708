#include "storage/engine/contract.h"

#include <gtest/gtest.h>

namespace referrald::engine {
namespace {

TEST(Batch, GivesBackWhatWasPutIn) {
  Batch batch(/*partition=*/3, /*expected=*/9);
  batch.Put("a", std::string("\0b", 2));
  batch.Delete("c");
  ASSERT_EQ(batch.size(), 2u);
  EXPECT_EQ(batch.bytes(), 4u);
  EXPECT_EQ(batch.at(0).value, std::string("\0b", 2));
  EXPECT_TRUE(batch.at(1).is_delete);
  EXPECT_EQ(batch.at(1).key, "c");
  EXPECT_EQ(batch.partition(), 3u);
  EXPECT_EQ(batch.expected(), 9u);
}

TEST(AfterPrefix, IsTheLeastTextAboveAllThatStartSo) {
  EXPECT_EQ(AfterPrefix("ab"), "ac");
  EXPECT_EQ(AfterPrefix("a\xff\xff"), "b");
  EXPECT_EQ(AfterPrefix("\x7f"), "\x80");
  EXPECT_EQ(AfterPrefix("\xff\xff"), "");
  EXPECT_EQ(AfterPrefix(""), "");
}

TEST(IsEmpty, KnowsThatNoEndMeansTheEndOfThePartition) {
  EXPECT_TRUE(IsEmpty({.begin = "b", .end = "a"}));
  EXPECT_TRUE(IsEmpty({.begin = "a", .end = "a"}));
  EXPECT_FALSE(IsEmpty({.begin = "a", .end = {}}));
}

}  // namespace
}  // namespace referrald::engine
