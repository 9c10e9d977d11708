#include "storage/vault/signature.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "storage/base/bytes.h"
#include "storage/vault/secret.h"
#include "tests/storage/vault/hex.h"

namespace referrald::vault {
namespace {

template <typename Array>
Array ArrayOf(std::string_view hex) {
  Array bytes{};
  std::ranges::copy(FromHex(hex), bytes.begin());
  return bytes;
}

template <typename Array>
std::string Hex(const Array& bytes) {
  return ToHex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// RFC 8032, 7.1, tests 1 and 3.
TEST(Signer, AgreesWithTheRfc) {
  const Signer first(
      Key(FromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")));
  EXPECT_EQ(Hex(first.public_key()),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(
      Hex(first.Sign("")),
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e3970"
      "1cf9b46bd25bf5f0595bbe24655141438e7a100b");
  const Signer third(
      Key(FromHex("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")));
  EXPECT_EQ(
      Hex(third.Sign("\xaf\x82")),
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760"
      "984dc6594a7c15e9716ed28dc027beceea1ec40a");
}

TEST(VerifySignature, FindsEveryFlippedBit) {
  const Signer signer(Key(std::string(32, 's')));
  const std::string message = "head 7";
  const Signature signature = signer.Sign(message);
  EXPECT_TRUE(VerifySignature(signer.public_key(), message, signature));
  for (size_t bit = 0; bit < signature.size() * 8; ++bit) {
    Signature altered = signature;
    altered[bit / 8] = static_cast<uint8_t>(altered[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(VerifySignature(signer.public_key(), message, altered)) << bit;
  }
  EXPECT_FALSE(VerifySignature(signer.public_key(), "head 8", signature));
  EXPECT_FALSE(VerifySignature(signer.public_key(), "", signature));
}

TEST(VerifySignature, RefusesAnotherSignerAndWhatIsNoKey) {
  const Signer signer(Key(std::string(32, 's')));
  const Signature signature = signer.Sign("head 7");
  EXPECT_FALSE(
      VerifySignature(Signer(Key(std::string(32, 'x'))).public_key(), "head 7", signature));
  EXPECT_FALSE(VerifySignature(PublicKey{}, "head 7", signature));
  PublicKey nonsense;
  nonsense.fill(0xff);
  EXPECT_FALSE(VerifySignature(nonsense, "head 7", signature));
  EXPECT_FALSE(VerifySignature(signer.public_key(), "head 7", Signature{}));
}

}  // namespace
}  // namespace referrald::vault
