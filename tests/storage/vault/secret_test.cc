#include "storage/vault/secret.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <new>

namespace referrald::vault {
namespace {

bool IsZero(const uint8_t* bytes, size_t size) {
  return std::all_of(bytes, bytes + size, [](uint8_t byte) { return byte == 0; });
}

TEST(Key, LeavesNothingBehindWhereItWas) {
  alignas(Key) unsigned char place[sizeof(Key)];
  Key* const key = new (place) Key(std::string(32, 'k'));
  EXPECT_EQ(key->data()[0], 'k');
  Key moved(std::move(*key));
  EXPECT_TRUE(IsZero(key->data(), Key::kSize));
  *key = std::move(moved);
  EXPECT_TRUE(IsZero(moved.data(), Key::kSize));
  EXPECT_EQ(key->data()[31], 'k');
  key->~Key();
  EXPECT_TRUE(IsZero(place, Key::kSize));
}

TEST(Key, ComparesItsBytes) {
  EXPECT_TRUE(Key(std::string(32, 'k')).Equals(Key(std::string(32, 'k'))));
  EXPECT_FALSE(Key(std::string(32, 'k')).Equals(Key(std::string(31, 'k') + 'x')));
}

TEST(WipeAtEnd, WipesTheText) {
  std::string text(64, 'k');
  {
    const WipeAtEnd wipe(text);
  }
  EXPECT_EQ(text, std::string(64, '\0'));
}

TEST(FillRandom, GivesDifferentBytes) {
  uint8_t one[32], two[32];
  ASSERT_TRUE(FillRandom(one, sizeof(one)));
  ASSERT_TRUE(FillRandom(two, sizeof(two)));
  EXPECT_FALSE(std::equal(std::begin(one), std::end(one), two));
}

}  // namespace
}  // namespace referrald::vault
