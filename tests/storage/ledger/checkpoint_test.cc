#include "storage/ledger/checkpoint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "storage/base/base64.h"
#include "storage/base/limits.h"
#include "tests/support/mutate.h"
#include "tests/support/seed.h"
#include "tests/support/signing_key.h"

namespace referrald::ledger {
namespace {

using support::SignerOf;
using support::TestSigningKey;

// Written by a Python program after storage/doc/proof.md, with the seed 000102..1f.
constexpr std::string_view kGolden =
    "referrald/7c9e6679742540de944be07fc1f90ae7\n"
    "8\n"
    "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n"
    "chain abababababababababababababababababababababababababababababababab\n"
    "time 2026-11-21T10:04:09.218734Z\n"
    "\n"
    "— referrald/7c9e6679742540de944be07fc1f90ae7 "
    "yrRloVzdGNAU9E3gWCe3M9BYKelMFsLgVVjdkjbeOa1EgMEroqWbkmdtk9eJiIBVCvXc3Fp3Jhd7pV4ntDkkJ6Gt5wI="
    "\n";
constexpr std::string_view kGoldenKey =
    "referrald/7c9e6679742540de944be07fc1f90ae7+cab465a1+"
    "AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4";

Checkpoint Golden() {
  Checkpoint checkpoint;
  std::ranges::copy(FromHex("7c9e6679742540de944be07fc1f90ae7").value(),
                    checkpoint.database.begin());
  checkpoint.tree.size = 8;
  std::ranges::copy(FromBase64("XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=").value(),
                    checkpoint.tree.root.begin());
  checkpoint.chain.fill(0xab);
  checkpoint.at = ParseTimestamp("2026-11-21T10:04:09.218734Z").value();
  return checkpoint;
}

class CheckpointTest : public ::testing::Test {
 protected:
  const vault::Signer secret_ = TestSigningKey();
  const NoteKey key_ = LogKey(Golden().database, secret_.public_key());
};

TEST_F(CheckpointTest, IsStoredAsDocumented) {
  EXPECT_EQ(EncodeCheckpoint(Golden(), secret_.public_key(), SignerOf(secret_)), kGolden);
  EXPECT_EQ(EncodeNoteKey(key_), kGoldenKey);
  EXPECT_EQ(OpenCheckpoint(kGolden, ParseNoteKey(kGoldenKey).value()).value(), Golden());
}

TEST_F(CheckpointTest, ComesBackAsItWas) {
  std::mt19937_64 random(support::TestSeed());
  for (int i = 0; i < 200; ++i) {
    Checkpoint checkpoint;
    for (uint8_t& byte : checkpoint.database) byte = static_cast<uint8_t>(random());
    for (uint8_t& byte : checkpoint.tree.root) byte = static_cast<uint8_t>(random());
    for (uint8_t& byte : checkpoint.chain) byte = static_cast<uint8_t>(random());
    checkpoint.tree.size = i == 0 ? 0 : (random() & limits::kSequenceMax) >> (random() % 53);
    checkpoint.at = FromMicros(static_cast<int64_t>(random() % 4'000'000'000'000'000));
    const std::string text = EncodeCheckpoint(checkpoint, secret_.public_key(), SignerOf(secret_));
    const NoteKey key = LogKey(checkpoint.database, secret_.public_key());
    const Result<Checkpoint> opened = OpenCheckpoint(text, key);
    ASSERT_TRUE(opened) << opened.error().ToString() << "\n" << text;
    ASSERT_EQ(*opened, checkpoint);
  }
}

TEST_F(CheckpointTest, NoticesEveryFlippedBit) {
  for (size_t at = 0; at < kGolden.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string text(kGolden);
      text[at] = static_cast<char>(static_cast<uint8_t>(text[at]) ^ 1U << bit);
      const Result<Checkpoint> opened = OpenCheckpoint(text, key_);
      ASSERT_FALSE(opened) << "bit " << bit << " of byte " << at;
      ASSERT_EQ(opened.error().code(), Code::kCorruption);
      ASSERT_EQ(opened.error().number(), kNoteRefused);
    }
  }
}

TEST_F(CheckpointTest, NoticesTampering) {
  std::mt19937_64 random(support::TestSeed());
  for (int i = 0; i < 3'000; ++i) {
    const support::Mutation mutation = support::Mutate(kGolden, random);
    ASSERT_FALSE(OpenCheckpoint(mutation.bytes, key_)) << mutation.what;
  }
}

TEST_F(CheckpointTest, RefusesAnotherLogsCheckpoint) {
  Checkpoint other = Golden();
  other.database[0] ^= 1;
  const std::string text = EncodeCheckpoint(other, secret_.public_key(), SignerOf(secret_));
  EXPECT_FALSE(OpenCheckpoint(text, key_));
  // Our own name below another log's body, signed by our key.
  const std::string body = text.substr(0, text.rfind("\n\n") + 1);
  EXPECT_FALSE(OpenCheckpoint(SignNote(body, key_, SignerOf(secret_)), key_));
}

// A body in another form is refused even where our own key signed it.
TEST_F(CheckpointTest, HasOneForm) {
  const std::string good(kGolden.substr(0, kGolden.rfind("\n\n") + 1));
  const auto opens = [&](const std::string& body) {
    return OpenCheckpoint(SignNote(body, key_, SignerOf(secret_)), key_).has_value();
  };
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string body = good;
    return body.replace(body.find(from), from.size(), to);
  };
  ASSERT_TRUE(opens(good));
  EXPECT_TRUE(opens(with("\n8\n", "\n0\n")));
  EXPECT_TRUE(opens(with("\n8\n", "\n9007199254740991\n")));
  for (const std::string& body : {with("\n8\n", "\n08\n"),
                                  with("\n8\n", "\n+8\n"),
                                  with("\n8\n", "\n-8\n"),
                                  with("\n8\n", "\n 8\n"),
                                  with("\n8\n", "\n8 \n"),
                                  with("\n8\n", "\n\n"),
                                  with("\n8\n", "\n0x8\n"),
                                  with("\n8\n", "\n9007199254740992\n"),
                                  with("\n8\n", "\n18446744073709551617\n"),
                                  with("Qyg=", "Qyg"),
                                  with("Qyg=", "Qyh="),
                                  with("Xcna", "Xcn"),
                                  with("chain ab", "chain AB"),
                                  with("chain ab", "chain "),
                                  with("chain ", "chain  "),
                                  with("chain ", ""),
                                  with("chain", "Chain"),
                                  with("chain ab", "chain abab"),
                                  with("time ", "time\t"),
                                  with("734Z", "734+00:00"),
                                  with("734Z", "7340Z"),
                                  with("734Z", "73Z"),
                                  with("734Z", "734z"),
                                  with("T10", " 10"),
                                  with("T10", "T24"),
                                  with("referrald/7c", "referrald/7C"),
                                  with("referrald/", "Referrald/"),
                                  with("referrald/7c", "referrald/"),
                                  with("Z\n", "Z\nmore\n"),
                                  with("Z\n", "Z\n\n"),
                                  with("\n8\n", "\r\n8\n"),
                                  "\n" + good,
                                  std::string("\n"),
                                  good.substr(0, good.find("time"))}) {
    EXPECT_FALSE(opens(body)) << body;
  }
}

}  // namespace
}  // namespace referrald::ledger
