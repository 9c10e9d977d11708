#include "storage/vault/hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/support/seed.h"

namespace referrald::vault {
namespace {

std::string Hex(const Hash256& hash) { return ToHex(AsBytes(hash)); }

// FIPS 180-4.
TEST(Sha256, AgreesWithTheStandard) {
  EXPECT_EQ(Hex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hex(Sha256("abcdbcdecdefdefgefghfghi", "ghijhijkijkljklmklmnlm", "nomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

// RFC 4231.
TEST(Mac, AgreesWithTheRfc) {
  EXPECT_EQ(Hex(Mac(std::string(20, '\x0b')).Compute("Hi ", "There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(Hex(Mac(std::string_view("Jefe")).Compute("what do ya want ", "for ", "nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(Hex(Mac(std::string(20, '\xaa')).Compute(std::string(50, '\xdd'))),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
}

TEST(Mac, StartsAnewWithEachKeyAndText) {
  Mac mac(Key(std::string(32, 'k')));
  const Hash256 first = mac.Compute("ab");
  EXPECT_NE(mac.Compute("x"), first);
  EXPECT_EQ(mac.Compute("a", "b"), first);
  mac.SetKey(std::string(32, 'x'));
  EXPECT_NE(mac.Compute("ab"), first);
  mac.SetKey(std::string(32, 'k'));
  EXPECT_EQ(mac.Compute("ab"), first);
}

TEST(DeriveKey, GivesEachPurposeItsOwn) {
  const Key master(std::string(32, 'm'));
  EXPECT_FALSE(DeriveKey(master, "one").Equals(DeriveKey(master, "two")));
  EXPECT_EQ(DeriveKey(master, "one").text(), AsBytes(Mac(master).Compute("one")));
}

TEST(HashSeed, IsSha256OfItsParts) {
  std::mt19937_64 random(support::TestSeed());
  for (int i = 0; i < 100; ++i) {
    std::string seed(32, '\0');
    for (char& c : seed) c = static_cast<char>(random());
    const auto branch = static_cast<uint8_t>(random());
    const Hash256 expected = Sha256("eight by", seed, {reinterpret_cast<const char*>(&branch), 1});
    Hash256 out;
    std::ranges::copy(seed, out.begin());
    HashSeed("eight by", out.data(), branch, out.data());
    ASSERT_EQ(Hex(out), Hex(expected));
  }
}

}  // namespace
}  // namespace referrald::vault
