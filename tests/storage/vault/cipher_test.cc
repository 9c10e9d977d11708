#include "storage/vault/cipher.h"

#include <gtest/gtest.h>

#include <string>

#include "storage/base/bytes.h"

namespace referrald::vault {
namespace {

Key KeyOf(char byte) { return Key(std::string(Key::kSize, byte)); }

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

}  // namespace
}  // namespace referrald::vault
