#include "storage/vault/vault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <set>
#include <thread>

#include "tests/support/seed.h"
#include "tests/support/temp_dir.h"

namespace referrald::vault {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kKey = "0123456789abcdef0123456789abcdef";

class VaultTest : public ::testing::Test {
 protected:
  // Refused, as RFD4104, without a word of the text.
  void ExpectBroken(const Result<std::string>& opened) {
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), Code::kCorruption);
    EXPECT_EQ(opened.error().number(), 4104);
    EXPECT_THAT(opened.error().message(), Not(HasSubstr("Lovelace")));
  }

  const std::unique_ptr<Vault> vault_ = Vault::ForTest(kKey);
};

TEST_F(VaultTest, OpensWhatItSealed) {
  for (const std::string& plain : {std::string(), std::string("Ada Lovelace"),
                                   std::string("\0\xff", 2), std::string(65'000, 'x')}) {
    const auto opened = vault_->Unseal(45, "row 1", vault_->Seal(45, "row 1", plain));
    ASSERT_TRUE(opened) << opened.error().ToString();
    EXPECT_EQ(*opened, plain);
  }
}

TEST_F(VaultTest, SealsAsTheDocumentSays) {
  const std::string sealed = vault_->Seal(45, "row 1", "Ada Lovelace");
  EXPECT_EQ(sealed.size(), 1 + 1 + 12 + 12 + 16);
  EXPECT_EQ(sealed[0], 1);
  EXPECT_EQ(sealed[1], 1);
  EXPECT_THAT(sealed, Not(HasSubstr("Lovelace")));
}

// Made by another program (Python, after keys.md): the stored form must open for ever.
TEST_F(VaultTest, OpensWhatWasSealedBefore) {
  const auto from_hex = [](std::string_view hex) {
    std::string bytes;
    for (size_t i = 0; i < hex.size(); i += 2) {
      bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
    }
    return bytes;
  };
  constexpr std::string_view kSealed =
      "0101000102030405060708090a0b0282a1404ba83956849f00660508dc5daa3dc005f60eab3b56872bf1";
  const auto opened = vault_->Unseal(45, "row 1", from_hex(kSealed));
  ASSERT_TRUE(opened) << opened.error().ToString();
  EXPECT_EQ(*opened, "Ada Lovelace");
}

// Likewise.
TEST_F(VaultTest, HashesAsBefore) {
  EXPECT_EQ(ToHex(AsBytes(vault_->BlindIndex(IndexKind::kEmail, "ada@example.com"))),
            "9e6742e27f5f52cab6d79fd491975454");
}

TEST_F(VaultTest, RefusesAnotherSubjectContextOrKey) {
  const std::string sealed = vault_->Seal(45, "row 1", "Ada Lovelace");
  ExpectBroken(vault_->Unseal(46, "row 1", sealed));
  ExpectBroken(vault_->Unseal(45, "row 2", sealed));
  ExpectBroken(vault_->Unseal(45, "", sealed));
  const auto other = Vault::ForTest("another key of thirty-two bytes!");
  ExpectBroken(other->Unseal(45, "row 1", sealed));
}

TEST_F(VaultTest, FindsEveryFlippedBitAndEveryCut) {
  const std::string sealed = vault_->Seal(45, "row 1", "Ada Lovelace");
  for (size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string altered = sealed;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
    ExpectBroken(vault_->Unseal(45, "row 1", altered));
  }
  for (size_t size = 0; size < sealed.size(); ++size) {
    ExpectBroken(vault_->Unseal(45, "row 1", sealed.substr(0, size)));
  }
  ExpectBroken(vault_->Unseal(45, "row 1", sealed + '\0'));
}

TEST_F(VaultTest, NamesWhatDoesNotOpen) {
  const auto opened = vault_->Unseal(45, "row 1", "garbage");
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message(), HasSubstr("e_45"));
}

TEST_F(VaultTest, NeverUsesANonceTwice) {
  std::set<std::string> nonces;
  for (int i = 0; i < 10'000; ++i) {
    EXPECT_TRUE(nonces.insert(vault_->Seal(1, "c", "same").substr(2, 12)).second);
  }
  // Another process starts elsewhere.
  const auto again = Vault::ForTest(kKey);
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_TRUE(nonces.insert(again->Seal(1, "c", "same").substr(2, 12)).second);
  }
}

TEST_F(VaultTest, BlindIndexesDependOnKeyKindAndText) {
  const auto index = [](const Vault& vault, IndexKind kind, std::string_view text) {
    return ToHex(AsBytes(vault.BlindIndex(kind, text)));
  };
  const std::string email = index(*vault_, IndexKind::kEmail, "ada@example.com");
  EXPECT_EQ(email, index(*vault_, IndexKind::kEmail, "ada@example.com"));
  EXPECT_NE(email, index(*vault_, IndexKind::kName, "ada@example.com"));
  EXPECT_NE(email, index(*vault_, IndexKind::kEmail, "ada@example.co"));
  EXPECT_NE(email, index(*Vault::ForTest("another key of thirty-two bytes!"), IndexKind::kEmail,
                         "ada@example.com"));
}

TEST_F(VaultTest, OpensFromAFileAcrossRestarts) {
  const support::TempDir dir;
  std::string sealed;
  {
    const auto vault = Vault::Open(dir / "key", /*create=*/true);
    ASSERT_TRUE(vault) << vault.error().ToString();
    sealed = (*vault)->Seal(7, "c", "plain");
  }
  const auto vault = Vault::Open(dir / "key", /*create=*/false);
  ASSERT_TRUE(vault) << vault.error().ToString();
  EXPECT_EQ((*vault)->Unseal(7, "c", sealed).value_or("-"), "plain");
  EXPECT_EQ(Vault::Open(dir / "none", /*create=*/false).error().number(), 4101);
}

TEST_F(VaultTest, ServesManyThreadsAtOnce) {
  std::atomic<int> wrong{0};
  const Hash128 expected = vault_->BlindIndex(IndexKind::kPhone, "+4912345678");
  std::vector<std::thread> threads;
  for (uint64_t subject = 0; subject < 8; ++subject) {
    threads.emplace_back([&, subject] {
      for (int i = 0; i < 500; ++i) {
        const std::string plain = std::to_string(i);
        const auto opened = vault_->Unseal(subject, "c", vault_->Seal(subject, "c", plain));
        wrong += opened.value_or("-") == plain ? 0 : 1;
        wrong += vault_->BlindIndex(IndexKind::kPhone, "+4912345678") == expected ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(VaultTest, OpensAnyTextForAnySubject) {
  std::mt19937_64 random(support::TestSeed());
  for (int i = 0; i < 1'000; ++i) {
    std::string plain(random() % 300, '\0'), context(random() % 40, '\0');
    for (char& c : plain) c = static_cast<char>(random());
    for (char& c : context) c = static_cast<char>(random());
    const uint64_t subject = random();
    const auto opened = vault_->Unseal(subject, context, vault_->Seal(subject, context, plain));
    ASSERT_EQ(opened.value_or("-"), plain);
  }
}

}  // namespace
}  // namespace referrald::vault
