#include "storage/vault/cipher.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "storage/base/bytes.h"

namespace referrald::vault {
namespace {

Key KeyOf(char byte) {
  Key key;
  std::fill_n(key.data(), Key::kSize, static_cast<uint8_t>(byte));
  return key;
}

std::string HexOf(const uint8_t (&bytes)[Key::kSize]) {
  return ToHex({reinterpret_cast<const char*>(bytes), sizeof(bytes)});
}

// RFC 4231, test case 1, whose key is shorter than ours: HMAC pads keys with zeros.
TEST(Mac, AgreesWithTheRfc) {
  Key key;
  std::fill_n(key.data(), 20, uint8_t{0x0b});
  uint8_t out[Key::kSize];
  Mac(key).Compute("Hi ", "There", out);
  EXPECT_EQ(HexOf(out), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

TEST(Mac, StartsAnewEachTime) {
  Mac mac(KeyOf('k'));
  uint8_t first[Key::kSize], again[Key::kSize], other[Key::kSize];
  mac.Compute("a", "b", first);
  mac.Compute("x", "y", other);
  mac.Compute("ab", "", again);
  EXPECT_EQ(HexOf(first), HexOf(again));
  EXPECT_NE(HexOf(first), HexOf(other));
}

TEST(DeriveKey, GivesEachPurposeItsOwn) {
  const Key master = KeyOf('m');
  const Key seal = DeriveKey(master, "seal");
  const Key index = DeriveKey(master, "index");
  EXPECT_FALSE(std::equal(seal.data(), seal.data() + Key::kSize, index.data()));
}

// "The Galois/Counter Mode of Operation" (McGrew, Viega), test case 14: a zero key and block.
TEST(Sealer, AgreesWithTheSpecification) {
  Sealer sealer;
  sealer.SetKey(Key());
  std::string sealed;
  sealer.Seal(std::string(12, '\0'), "", std::string(16, '\0'), sealed);
  EXPECT_EQ(ToHex(sealed), "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
}

TEST(Opener, OpensWhatWasSealed) {
  Sealer sealer;
  Opener opener;
  sealer.SetKey(KeyOf('k'));
  opener.SetKey(KeyOf('k'));
  const std::string nonce(12, 'n');
  for (const size_t size : {0U, 1U, 15U, 16U, 17U, 4096U, 65536U}) {
    const std::string plain(size, 'p');
    std::string sealed, opened;
    sealer.Seal(nonce, "aad", plain, sealed);
    EXPECT_EQ(sealed.size(), size + kTagSize);
    EXPECT_TRUE(opener.Open(nonce, "aad", sealed, opened));
    EXPECT_EQ(opened, plain);
    EXPECT_FALSE(opener.Open(nonce, "other", sealed, opened));
    EXPECT_TRUE(opened.empty());
  }
}

TEST(Opener, RefusesAnotherKey) {
  Sealer sealer;
  Opener opener;
  const std::string nonce(12, 'n');
  std::string sealed, opened;
  sealer.SetKey(KeyOf('k'));
  sealer.Seal(nonce, "", "plain", sealed);
  opener.SetKey(KeyOf('x'));
  EXPECT_FALSE(opener.Open(nonce, "", sealed, opened));
  opener.SetKey(KeyOf('k'));
  EXPECT_TRUE(opener.Open(nonce, "", sealed, opened));
}

TEST(Opener, RefusesWhatIsShorterThanATag) {
  Opener opener;
  opener.SetKey(KeyOf('k'));
  std::string opened;
  EXPECT_FALSE(opener.Open(std::string(12, 'n'), "", "short", opened));
  EXPECT_FALSE(opener.Open("", "", std::string(32, 's'), opened));
}

TEST(Key, LeavesNothingBehindWhereItWas) {
  alignas(Key) unsigned char place[sizeof(Key)];
  Key* const key = new (place) Key(KeyOf('k'));
  EXPECT_EQ(key->data()[0], 'k');
  const Key moved(std::move(*key));
  EXPECT_TRUE(std::all_of(key->data(), key->data() + Key::kSize, [](uint8_t b) { return b == 0; }));
  key->~Key();
  EXPECT_EQ(moved.data()[31], 'k');
}

}  // namespace
}  // namespace referrald::vault
