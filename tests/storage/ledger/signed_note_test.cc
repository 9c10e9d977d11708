#include "storage/ledger/signed_note.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "storage/base/base64.h"
#include "tests/support/mutate.h"
#include "tests/support/seed.h"
#include "tests/support/signing_key.h"

namespace referrald::ledger {
namespace {

using support::SignerOf;
using support::TestSigningKey;

// The example of Go's golang.org/x/mod/sumdb/note, which signed notes come from.
constexpr std::string_view kText =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr std::string_view kKey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kSecretSeed = "gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM=";
constexpr std::string_view kSignature =
    "\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    "\n";

TEST(OpenNote, OpensWhatOthersSigned) {
  const NoteKey key = ParseNoteKey(kKey).value();
  EXPECT_EQ(key.name, "PeterNeumann");
  EXPECT_EQ(OpenNote(std::string(kText).append(kSignature), key).value(), kText);
}

TEST(SignNote, WritesWhatOthersWrite) {
  vault::Key seed;
  std::ranges::copy(FromBase64(kSecretSeed).value(), seed.data());
  const vault::Signer secret(seed);
  const NoteKey key{.name = "PeterNeumann", .key = secret.public_key()};
  EXPECT_EQ(EncodeNoteKey(key), kKey);
  EXPECT_EQ(SignNote(kText, key, SignerOf(secret)), std::string(kText).append(kSignature));
}

// Keys of other programs' tests and documents; one has a plus in its base64.
TEST(ParseNoteKey, ReadsTheKeysOfOthers) {
  for (const std::string_view text :
       {"EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6"}) {
    const Result<NoteKey> key = ParseNoteKey(text);
    ASSERT_TRUE(key) << key.error().ToString();
    EXPECT_EQ(EncodeNoteKey(*key), text);
  }
}

TEST(ParseNoteKey, RefusesEveryOtherText) {
  const std::string good(kKey);
  const std::string cosigner =
      "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";  // Type 4.
  for (const std::string& text :
       {std::string(), std::string("+"), std::string("++"), good.substr(12), good + "\n",
        " " + good, good + "=", "A" + good, good.substr(0, good.size() - 1),
        "PeterNeumann+C74F20A3" + good.substr(21), "PeterNeumann+" + good.substr(22),
        "Peter Neumann" + good.substr(12), cosigner}) {
    const Result<NoteKey> key = ParseNoteKey(text);
    ASSERT_FALSE(key) << text;
    EXPECT_EQ(key.error().code(), Code::kInvalidArgument);
    EXPECT_EQ(key.error().number(), kNoteRefused);
  }
}

TEST(ParseNoteKey, NoticesTampering) {
  std::mt19937_64 random(support::TestSeed());
  for (int i = 0; i < 5'000; ++i) {
    const support::Mutation mutation = support::Mutate(kKey, random);
    ASSERT_FALSE(ParseNoteKey(mutation.bytes)) << mutation.what;
  }
}

class NoteTest : public ::testing::Test {
 protected:
  const vault::Signer secret_ = TestSigningKey();
  const NoteKey key_{.name = "log", .key = secret_.public_key()};
  const std::string note_ = SignNote("text\n\nmore\n", key_, SignerOf(secret_));
};

TEST_F(NoteTest, TextMayHoldEmptyLines) {
  for (const std::string_view text : {"text\n\nmore\n", "\n", "\n\n\n", "a\n\n", "\n\n— log x\n"}) {
    EXPECT_EQ(OpenNote(SignNote(text, key_, SignerOf(secret_)), key_).value(), text);
  }
}

TEST_F(NoteTest, NoticesEveryFlippedBit) {
  for (size_t at = 0; at < note_.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string other = note_;
      other[at] = static_cast<char>(static_cast<uint8_t>(other[at]) ^ 1U << bit);
      const Result<std::string> text = OpenNote(other, key_);
      ASSERT_FALSE(text) << "bit " << bit << " of byte " << at;
      ASSERT_EQ(text.error().code(), Code::kCorruption);
      ASSERT_EQ(text.error().number(), kNoteRefused);
    }
  }
}

TEST_F(NoteTest, NoticesTampering) {
  std::mt19937_64 random(support::TestSeed());
  for (int i = 0; i < 3'000; ++i) {
    const support::Mutation mutation = support::Mutate(note_, random);
    ASSERT_FALSE(OpenNote(mutation.bytes, key_)) << mutation.what;
  }
}

TEST_F(NoteTest, WantsExactlyOneSignatureByThisKey) {
  const std::string line = note_.substr(note_.rfind("\n\n") + 2);
  for (const std::string& other :
       {std::string(), std::string("text\n"), std::string("\n\n"), note_ + line, note_ + "\n",
        note_.substr(0, note_.size() - 1), note_.substr(0, note_.size() - line.size()),
        note_ + "— witness " + ToBase64(std::string(68, 'w')) + "\n", "\n" + note_}) {
    EXPECT_FALSE(OpenNote(other, key_)) << other;
  }
  // Another key under the same name, and the same key under another.
  const vault::Signer stranger = TestSigningKey(100);
  EXPECT_FALSE(OpenNote(note_, {.name = "log", .key = stranger.public_key()}));
  EXPECT_FALSE(OpenNote(note_, {.name = "logs", .key = secret_.public_key()}));
  EXPECT_FALSE(OpenNote(note_, {.name = "lo", .key = secret_.public_key()}));
  // A stranger signs under our name and key id.
  EXPECT_FALSE(OpenNote(SignNote("text\n", key_, SignerOf(stranger)), key_));
}

TEST_F(NoteTest, OneTextsSignatureIsNotAnothers) {
  const std::string other = SignNote("other\n", key_, SignerOf(secret_));
  EXPECT_FALSE(OpenNote("other\n" + note_.substr(note_.rfind("\n\n") + 1), key_));
  EXPECT_TRUE(OpenNote(other, key_));
}

}  // namespace
}  // namespace referrald::ledger
