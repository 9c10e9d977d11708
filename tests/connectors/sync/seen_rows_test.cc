#include "connectors/sync/seen_rows.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/support/seed.h"

namespace referrald::sync {
namespace {

TEST(SeenRows, TellsRepeatedRowsFromContradictingOnes) {
  SeenRows seen;
  const Hash128 one{1}, two{2};
  EXPECT_EQ(seen.See(one, 7), SeenRows::Seen::kFirst);
  EXPECT_EQ(seen.See(two, 7), SeenRows::Seen::kFirst);
  EXPECT_EQ(seen.See(one, 7), SeenRows::Seen::kSame);
  EXPECT_EQ(seen.See(one, 8), SeenRows::Seen::kDifferent);
  EXPECT_EQ(seen.See(one, 7), SeenRows::Seen::kSame);
  EXPECT_EQ(seen.size(), 2u);
}

TEST(SeenRows, AgreesWithAMapWhileItGrows) {
  std::mt19937_64 random(support::TestSeed());
  SeenRows seen;
  std::map<Hash128, uint64_t> known;
  for (int i = 0; i < 20'000; ++i) {
    Hash128 key{1};
    key[7] = static_cast<uint8_t>(random());  // Few values: neighbours in the table.
    key[15] = static_cast<uint8_t>(random());
    const uint64_t content = random() % 2;
    const auto [place, added] = known.emplace(key, content);
    const SeenRows::Seen expected = added                      ? SeenRows::Seen::kFirst
                                    : place->second == content ? SeenRows::Seen::kSame
                                                               : SeenRows::Seen::kDifferent;
    ASSERT_EQ(seen.See(key, content), expected) << i;
  }
  EXPECT_EQ(seen.size(), known.size());
}

}  // namespace
}  // namespace referrald::sync
