#include "storage/vault/key_contents.h"

#include <gtest/gtest.h>

#include "storage/base/limits.h"
#include "storage/vault/hash.h"
#include "storage/vault/numbers.h"

namespace referrald::vault {
namespace {

Key KeyOf(char byte) { return Key(std::string(Key::kSize, byte)); }

KeyContents KnownContents() {
  return {.keys = {.index = KeyOf(0x11), .chain = KeyOf(0x22), .sign = KeyOf(0x33)},
          .subjects = {.tree = KeyTree::FromRoot(KeyOf(0x44)), .erasures = {}}};
}

Hash128 Tombstone(uint8_t first) {
  Hash128 hash;
  for (size_t i = 0; i < hash.size(); ++i) hash[i] = static_cast<uint8_t>(first + i);
  return hash;
}

std::string Encoded(const KeyContents& contents) {
  return EncodeContents(contents.keys, contents.subjects);
}

// Made by another program (Python, after keys.md): keys, cover without subject 45, erasure.
TEST(KeyContents, AreStoredAsTheDocumentSays) {
  KeyContents contents = KnownContents();
  contents.subjects = contents.subjects.With(
      {.subjects = {45}, .tombstones = {Tombstone(0xa0)}, .at = FromMicros(1795255449218734)});
  const std::string bytes = Encoded(contents);
  EXPECT_EQ(bytes.size(), 2258u);
  EXPECT_EQ(ToHex(AsBytes(Sha256(bytes))),
            "4021376d4b55c5c8821f8034d8bdcf651b3468407a6db7483599a6a5d6be4489");
}

TEST(KeyContents, ReadWhatTheyWrote) {
  KeyContents contents = KnownContents();
  const Erasure first{.subjects = {1, 7, limits::kSequenceMax},
                      .tombstones = {Tombstone(1), Tombstone(2)},
                      .at = FromMicros(-5)};
  const Erasure second{.subjects = {0}, .tombstones = {}, .at = FromMicros(99)};
  contents.subjects = contents.subjects.With(first).With(second);
  const auto read = DecodeContents(Encoded(contents));
  ASSERT_TRUE(read) << read.error().ToString();
  EXPECT_EQ(read->subjects.erasures, (std::vector{first, second}));
  EXPECT_EQ(Encoded(*read), Encoded(contents));
  EXPECT_TRUE(read->keys.sign.Equals(contents.keys.sign));
}

TEST(KeyContents, RefuseWhatIsCutOffOrIncomplete) {
  KeyContents contents = KnownContents();
  contents.subjects = contents.subjects.With({.subjects = {7}, .tombstones = {}, .at = {}});
  const std::string bytes = Encoded(contents);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeContents(bytes.substr(0, size))) << size;
  }
  EXPECT_FALSE(DecodeContents(bytes.substr(34)));  // Without its first key.
}

TEST(KeyContents, RefuseACoverAndErasuresThatDisagree) {
  const KeyContents all = KnownContents();
  const Erasure seven{.subjects = {7}, .tombstones = {}, .at = {}};
  const Subjects without_seven = all.subjects.With(seven);
  // The key of an erased person is still there.
  EXPECT_FALSE(
      DecodeContents(EncodeContents(all.keys, {.tree = all.subjects.tree, .erasures = {seven}})));
  // Somebody has no key, and nobody erased them.
  EXPECT_FALSE(
      DecodeContents(EncodeContents(all.keys, {.tree = without_seven.tree, .erasures = {}})));
  const Erasure eight{.subjects = {8}, .tombstones = {}, .at = {}};
  EXPECT_FALSE(
      DecodeContents(EncodeContents(all.keys, {.tree = without_seven.tree, .erasures = {eight}})));
  EXPECT_TRUE(DecodeContents(EncodeContents(all.keys, without_seven)));
}

TEST(Normalised, HasOneFormForOneErasure) {
  const Erasure erasure = Normalised(
      {.subjects = {3, 1, 3}, .tombstones = {Tombstone(2), Tombstone(1)}, .at = FromMicros(4)});
  EXPECT_EQ(erasure, (Erasure{.subjects = {1, 3},
                              .tombstones = {Tombstone(1), Tombstone(2)},
                              .at = FromMicros(4)}));
}

TEST(Subjects, RememberAnErasureWheneverItWas) {
  const Erasure erasure{.subjects = {1}, .tombstones = {Tombstone(1)}, .at = FromMicros(4)};
  const Subjects subjects = KnownContents().subjects.With(erasure);
  EXPECT_TRUE(
      subjects.Remembers({.subjects = {1}, .tombstones = {Tombstone(1)}, .at = FromMicros(5)}));
  EXPECT_FALSE(subjects.Remembers({.subjects = {1}, .tombstones = {}, .at = FromMicros(4)}));
  EXPECT_FALSE(subjects.Remembers({.subjects = {2}, .tombstones = {Tombstone(1)}, .at = {}}));
}

TEST(NewContents, AreDifferentEachTime) {
  const auto one = NewContents();
  const auto two = NewContents();
  ASSERT_TRUE(one && two);
  EXPECT_FALSE(one->keys.index.Equals(two->keys.index));
  EXPECT_FALSE(one->keys.index.Equals(one->keys.chain));
  EXPECT_FALSE(one->keys.chain.Equals(one->keys.sign));
  EXPECT_NE(TextOf(one->subjects.tree.Encode()), TextOf(two->subjects.tree.Encode()));
}

}  // namespace
}  // namespace referrald::vault
