#include "storage/vault/vault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <random>
#include <set>
#include <thread>

#include "storage/base/limits.h"
#include "storage/vault/hash.h"
#include "storage/vault/key_copies.h"
#include "tests/storage/vault/fake_disk.h"
#include "tests/storage/vault/hex.h"
#include "tests/support/seed.h"
#include "tests/support/temp_dir.h"

namespace referrald::vault {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kKey = "0123456789abcdef0123456789abcdef";

class VaultTest : public ::testing::Test {
 protected:
  // Refused, without a word of the text.
  static void ExpectRefused(const Result<std::string>& opened, Code code, int number) {
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), code);
    EXPECT_EQ(opened.error().number(), number);
    EXPECT_THAT(opened.error().message(), Not(HasSubstr("Lovelace")));
  }
  static void ExpectBroken(const Result<std::string>& opened) {
    ExpectRefused(opened, Code::kCorruption, 4104);
  }
  static void ExpectErased(const Result<std::string>& answer) {
    ExpectRefused(answer, Code::kFailedPrecondition, 4106);
  }
  static Erasure ErasureOf(std::vector<uint64_t> subjects) {
    return {.subjects = std::move(subjects), .tombstones = {Hash128{7}}, .at = FromMicros(5)};
  }

  const std::unique_ptr<Vault> vault_ = Vault::ForTest(kKey);
};

TEST_F(VaultTest, OpensWhatItSealed) {
  for (const std::string& plain : {std::string(), std::string("Ada Lovelace"),
                                   std::string("\0\xff", 2), std::string(65'000, 'x')}) {
    for (const auto& sealed :
         {vault_->Seal(45, "row 1", plain), vault_->SealReproducibly(45, "row 1", plain)}) {
      ASSERT_TRUE(sealed);
      const auto opened = vault_->Unseal(45, "row 1", *sealed);
      ASSERT_TRUE(opened) << opened.error().ToString();
      EXPECT_EQ(*opened, plain);
    }
  }
}

TEST_F(VaultTest, SealsAsTheDocumentSays) {
  const std::string sealed = *vault_->Seal(45, "row 1", "Ada Lovelace");
  EXPECT_EQ(sealed.size(), 1 + 12 + 12 + 16);
  EXPECT_EQ(sealed[0], 2);
  EXPECT_THAT(sealed, Not(HasSubstr("Lovelace")));
}

// Made by another program (Python, after keys.md): the stored forms must open for ever. The key
// store is the one of key_store_test.cc.
TEST_F(VaultTest, OpensWhatWasSealedBefore) {
  FakeDisk disk;
  disk.Put("/key", kKey);
  disk.Put("/keys", FromHex("5246442d4b4559530000000100000007c516b932c698179c0102030405060708090a0b"
                            "0c6624e42ed2f6f7fd85c1eede8a9f1c94e95ef4d0c819ce4bfcf2f9579a59c7735b2b"
                            "6de6596bfd8c1252a57eeab89864724dd759d7b0aefccb7b9f6efb00e7aa54fa3ba76a"
                            "f10ae9258cc67b0ad87be000fd0258d864653e92ec57e1b7f63d150c9779ae8661f1cb"
                            "36d9c72e9d993cf61afa4c79a960e97f16dbc76a75a7a3d3a650634e96a36021dff0b3"
                            "a30e93a79b6e5146d935dcfbe6a8771c176796a9bc"));
  const auto vault = Vault::OpenOn(disk, {.key_file = "/key", .key_store = "/keys"}, false);
  ASSERT_TRUE(vault) << vault.error().ToString();
  EXPECT_EQ(
      (*vault)
          ->Unseal(45, "row 1",
                   FromHex("020102030405060708090a0b0c597110ddfbc372976105fb9391622e98bb6e9870"
                           "53ac344bda9045b9"))
          .value_or("-"),
      "Ada Lovelace");
  EXPECT_EQ(ToHex((*vault)->SealReproducibly(45, "row 1", "Ada Lovelace").value_or("")),
            "025ccd3f0e88fe9627e9040e8210fadad50be596fae04fb6d7695d2345d67b5cae584fa57afe882bbe");
  EXPECT_EQ(ToHex(AsBytes((*vault)->BlindIndex(IndexKind::kEmail, "ada@example.com"))),
            "4653ea51ca04fcf13e2c582774354201");
  EXPECT_EQ(ToHex(AsBytes((*vault)->BlindIndex(IndexKind::kTombstoneEmail, "ada@example.com"))),
            "ec629abe2eff7d7050c7b4a20b02587e");
  Hash256 previous;
  for (size_t i = 0; i < previous.size(); ++i) previous[i] = static_cast<uint8_t>(i);
  EXPECT_EQ(ToHex(AsBytes((*vault)->ChainHash(previous, "event"))),
            "1fc400a8cba6f7774f3006ec3337b8c77e20429a634d8be6f2042888b017e71d");
  const Signature signature = (*vault)->Sign("head 7");
  EXPECT_EQ(
      ToHex({reinterpret_cast<const char*>(signature.data()), signature.size()}),
      "aeb623f9ff9622b2830444d78462b6ee1e98dee4b01cf5a96f04b2c2c04bc65b4a5c93a580ac258a1a20c833"
      "403ef9f20046894677bee234ef13501efd229e09");
  EXPECT_TRUE(VerifySignature((*vault)->public_key(), "head 7", signature));
}

TEST_F(VaultTest, RefusesAnotherSubjectContextOrKey) {
  const std::string sealed = *vault_->Seal(45, "row 1", "Ada Lovelace");
  ExpectBroken(vault_->Unseal(46, "row 1", sealed));
  ExpectBroken(vault_->Unseal(45, "row 2", sealed));
  ExpectBroken(vault_->Unseal(45, "", sealed));
  const auto other = Vault::ForTest("another key of thirty-two bytes!");
  ExpectBroken(other->Unseal(45, "row 1", sealed));
}

TEST_F(VaultTest, FindsEveryFlippedBitAndEveryCut) {
  const std::string sealed = *vault_->Seal(45, "row 1", "Ada Lovelace");
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

TEST_F(VaultTest, KnowsNoSubjectBeyondTheLastSequence) {
  const uint64_t last = limits::kSequenceMax;
  EXPECT_TRUE(vault_->Unseal(last, "c", *vault_->Seal(last, "c", "text")));
  ExpectRefused(vault_->Seal(last + 1, "c", "Lovelace"), Code::kInvalidArgument, 0);
  ExpectRefused(vault_->SealReproducibly(last + 1, "c", "Lovelace"), Code::kInvalidArgument, 0);
  ExpectBroken(vault_->Unseal(~uint64_t{0}, "c", *vault_->Seal(last, "c", "text")));
  EXPECT_EQ(vault_->Erase(ErasureOf({last + 1})).code(), Code::kInvalidArgument);
  EXPECT_EQ(vault_->Erase(ErasureOf({})).code(), Code::kInvalidArgument);
  EXPECT_FALSE(vault_->IsErased(last + 1));
}

TEST_F(VaultTest, NeverUsesARandomNonceTwice) {
  std::set<std::string> nonces;
  for (int i = 0; i < 10'000; ++i) {
    EXPECT_TRUE(nonces.insert(vault_->Seal(1, "c", "same")->substr(1, 12)).second);
  }
  // Another process starts elsewhere.
  const auto again = Vault::ForTest(kKey);
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_TRUE(nonces.insert(again->Seal(1, "c", "same")->substr(1, 12)).second);
  }
}

TEST_F(VaultTest, SealsReproduciblyTheSameAndNothingElseAlike) {
  const std::string sealed = *vault_->SealReproducibly(45, "row 1", "text");
  EXPECT_EQ(*Vault::ForTest(kKey)->SealReproducibly(45, "row 1", "text"), sealed);
  std::set<std::string> nonces{sealed.substr(1, 12)};
  for (const auto& other : {vault_->SealReproducibly(46, "row 1", "text"),
                            vault_->SealReproducibly(45, "row 2", "text"),
                            vault_->SealReproducibly(45, "row 1", "texts"),
                            vault_->SealReproducibly(45, "row ", "1text"),
                            Vault::ForTest("another key of thirty-two bytes!")
                                ->SealReproducibly(45, "row 1", "text")}) {
    EXPECT_TRUE(nonces.insert(other->substr(1, 12)).second);
  }
}

TEST_F(VaultTest, BlindIndexesDependOnKeyKindAndText) {
  const auto index = [](const Vault& vault, IndexKind kind, std::string_view text) {
    return ToHex(AsBytes(vault.BlindIndex(kind, text)));
  };
  const std::string email = index(*vault_, IndexKind::kEmail, "ada@example.com");
  EXPECT_EQ(email, "9e6742e27f5f52cab6d79fd491975454");
  EXPECT_NE(email, index(*vault_, IndexKind::kName, "ada@example.com"));
  EXPECT_NE(email, index(*vault_, IndexKind::kTombstoneEmail, "ada@example.com"));
  EXPECT_NE(email, index(*vault_, IndexKind::kEmail, "ada@example.co"));
  EXPECT_NE(email, index(*Vault::ForTest("another key of thirty-two bytes!"), IndexKind::kEmail,
                         "ada@example.com"));
}

TEST_F(VaultTest, ChainHashesDependOnKeyPlaceAndEvent) {
  const Hash256 first = vault_->ChainHash({}, "event");
  EXPECT_EQ(vault_->ChainHash({}, "event"), first);
  EXPECT_NE(vault_->ChainHash(first, "event"), first);
  EXPECT_NE(vault_->ChainHash({}, "events"), first);
  EXPECT_NE(Vault::ForTest("another key of thirty-two bytes!")->ChainHash({}, "event"), first);
}

TEST_F(VaultTest, ErasesAPersonAndNobodyElse) {
  const std::string sealed = *vault_->Seal(45, "c", "Ada Lovelace");
  const std::string neighbours = *vault_->Seal(44, "c", "neighbour");
  EXPECT_FALSE(vault_->IsErased(45));
  ASSERT_TRUE(vault_->Erase(ErasureOf({45, 90, 45})).ok());
  EXPECT_TRUE(vault_->IsErased(45));
  EXPECT_TRUE(vault_->IsErased(90));
  EXPECT_FALSE(vault_->IsErased(44));
  ExpectErased(vault_->Unseal(45, "c", sealed));
  ExpectErased(vault_->Seal(45, "c", "Ada Lovelace"));
  ExpectErased(vault_->SealReproducibly(45, "c", "Ada Lovelace"));
  EXPECT_EQ(vault_->Unseal(44, "c", neighbours).value_or("-"), "neighbour");
}

TEST_F(VaultTest, ErasesOnce) {
  ASSERT_TRUE(vault_->Erase(ErasureOf({45, 46})).ok());
  Erasure later = ErasureOf({46, 45});
  later.at = FromMicros(99);
  ASSERT_TRUE(vault_->Erase(later).ok());
  EXPECT_EQ(vault_->Erasures(), std::vector{ErasureOf({45, 46})});
  // Another tombstone of the same person is news.
  later.tombstones = {Hash128{8}};
  ASSERT_TRUE(vault_->Erase(later).ok());
  EXPECT_EQ(vault_->Erasures().size(), 2u);
  EXPECT_TRUE(vault_->IsErased(45));
}

class VaultOnDiskTest : public VaultTest {
 protected:
  std::unique_ptr<Vault> Open(bool create = false) {
    auto vault = Vault::Open(places_, create);
    EXPECT_TRUE(vault) << StatusOf(vault).ToString();
    return vault ? *std::move(vault) : nullptr;
  }

  const support::TempDir dir_;
  const Places places_{.key_file = dir_ / "key", .key_store = dir_ / "keys"};
};

TEST_F(VaultOnDiskTest, KeepsItsKeysAcrossRestarts) {
  EXPECT_EQ(StatusOf(Vault::Open(places_, /*create=*/false)).number(), 4101);
  std::string sealed;
  PublicKey public_key;
  {
    const auto vault = Open(/*create=*/true);
    ASSERT_NE(vault, nullptr);
    sealed = *vault->Seal(7, "c", "plain");
    public_key = vault->public_key();
  }
  struct stat about{};
  ASSERT_EQ(::stat(places_.key_store.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0600u);
  const auto vault = Open();
  ASSERT_NE(vault, nullptr);
  EXPECT_EQ(vault->Unseal(7, "c", sealed).value_or("-"), "plain");
  EXPECT_EQ(vault->public_key(), public_key);
  ASSERT_EQ(::chmod(places_.key_store.c_str(), 0604), 0);
  EXPECT_EQ(StatusOf(Vault::Open(places_, /*create=*/false)).number(), 4102);
}

TEST_F(VaultOnDiskTest, TheErasedStayErased) {
  std::string sealed, neighbours;
  {
    const auto vault = Open(/*create=*/true);
    sealed = *vault->Seal(45, "c", "Ada Lovelace");
    neighbours = *vault->Seal(44, "c", "neighbour");
    ASSERT_TRUE(vault->Erase(ErasureOf({45})).ok());
  }
  const auto vault = Open();
  ExpectErased(vault->Unseal(45, "c", sealed));
  ExpectErased(vault->Seal(45, "c", "Ada Lovelace"));
  EXPECT_EQ(vault->Unseal(44, "c", neighbours).value_or("-"), "neighbour");
  EXPECT_EQ(vault->Erasures(), std::vector{ErasureOf({45})});
  ASSERT_TRUE(vault->Erase(ErasureOf({45})).ok());
  // Nothing but key and key store is left behind.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir_.path()), {}), 2);
}

TEST_F(VaultOnDiskTest, OldCopiesOpenOnlyWithTheKeyOfTheirEpoch) {
  const auto vault = Open(/*create=*/true);
  const std::string sealed = *vault->Seal(45, "c", "Ada Lovelace");
  const auto copy = vault->CopyKeyStore(dir_.path(), FromMicros(1795255449218734));
  ASSERT_TRUE(copy) << copy.error().ToString();
  const std::string old_key = dir_.Write("old", support::ReadFile(places_.key_file));
  ASSERT_EQ(::chmod(old_key.c_str(), 0400), 0);
  ASSERT_TRUE(vault->Erase(ErasureOf({45})).ok());
  EXPECT_EQ(vault->Rotate(), Result<uint32_t>(2));
  ExpectErased(Open()->Unseal(45, "c", sealed));
  EXPECT_EQ(
      StatusOf(Vault::Open({.key_file = places_.key_file, .key_store = *copy}, false)).number(),
      4107);
  const auto restored = Vault::Open({.key_file = old_key, .key_store = *copy}, false);
  ASSERT_TRUE(restored) << restored.error().ToString();
  EXPECT_TRUE((*restored)->Unseal(45, "c", sealed));
  EXPECT_EQ(DropKeyCopies(dir_.path(), FromMicros(1795255449218735)), Result<size_t>(1));
  EXPECT_FALSE(std::filesystem::exists(*copy));
}

TEST_F(VaultOnDiskTest, RotatesToAKeyThatItIsGiven) {
  const auto vault = Open(/*create=*/true);
  const std::string sealed = *vault->Seal(45, "c", "text");
  const std::string given = dir_.Write("given", std::string(32, 'n'));
  ASSERT_EQ(::chmod(given.c_str(), 0400), 0);
  EXPECT_EQ(vault->Rotate(given), Result<uint32_t>(2));
  ASSERT_TRUE(vault->Erase(ErasureOf({7})).ok());
  EXPECT_EQ(StatusOf(Vault::Open(places_, false)).number(), 4107);
  const auto reopened = Vault::Open({.key_file = given, .key_store = places_.key_store}, false);
  ASSERT_TRUE(reopened) << reopened.error().ToString();
  EXPECT_EQ((*reopened)->Unseal(45, "c", sealed).value_or("-"), "text");
  EXPECT_TRUE((*reopened)->IsErased(7));
}

TEST_F(VaultTest, InMemoryCannotRotateOrCopy) {
  EXPECT_EQ(StatusOf(vault_->Rotate()).code(), Code::kFailedPrecondition);
  EXPECT_EQ(StatusOf(vault_->CopyKeyStore("/tmp", {})).code(), Code::kFailedPrecondition);
}

TEST_F(VaultTest, ServesManyThreadsAtOnce) {
  std::atomic<int> wrong{0};
  const Hash128 expected = vault_->BlindIndex(IndexKind::kPhone, "+4912345678");
  const Hash256 link = vault_->ChainHash({}, "event");
  std::vector<std::thread> threads;
  for (uint64_t subject = 0; subject < 8; ++subject) {
    threads.emplace_back([&, subject] {
      for (int i = 0; i < 500; ++i) {
        const std::string plain = std::to_string(i);
        const auto sealed = i % 2 == 0 ? vault_->Seal(subject, "c", plain)
                                       : vault_->SealReproducibly(subject, "c", plain);
        wrong += vault_->Unseal(subject, "c", *sealed).value_or("-") == plain ? 0 : 1;
        wrong += vault_->BlindIndex(IndexKind::kPhone, "+4912345678") == expected ? 0 : 1;
        wrong += vault_->ChainHash({}, "event") == link ? 0 : 1;
        wrong += VerifySignature(vault_->public_key(), plain, vault_->Sign(plain)) ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

// Some seal and open while others are erased: whoever was erased stays so for every thread, and
// nobody else notices.
TEST_F(VaultOnDiskTest, NobodyErasesTheStoreItself) {
  const auto vault = Open(/*create=*/true);
  EXPECT_EQ(vault->Erase(ErasureOf({0, 7})).code(), Code::kInvalidArgument);
  EXPECT_FALSE(vault->IsErased(7));
}

TEST_F(VaultOnDiskTest, ErasesWhileOthersWork) {
  constexpr uint64_t kErased = 24;
  const auto vault = Open(/*create=*/true);
  std::atomic<uint64_t> erased{1};  // Subjects from 1 below it are erased.
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (uint64_t thread = 0; thread < 3; ++thread) {
    threads.emplace_back([&, thread] {
      const uint64_t survivor = kErased + thread;
      for (uint64_t i = 0; erased < kErased; ++i) {
        const auto sealed = vault->Seal(survivor, "c", "text");
        wrong += sealed && vault->Unseal(survivor, "c", *sealed).value_or("-") == "text" ? 0 : 1;
        const uint64_t subject = 1 + i % (kErased - 1);
        const bool gone = subject < erased;
        const auto tried = vault->SealReproducibly(subject, "c", "text");
        if (gone) wrong += tried || !vault->IsErased(subject) ? 1 : 0;
        if (tried) {
          const auto opened = vault->Unseal(subject, "c", *tried);
          wrong += opened.value_or("text") == "text" ? 0 : 1;
          wrong += opened || opened.error().number() == 4106 ? 0 : 1;
        }
      }
    });
  }
  for (uint64_t subject = 1; subject < kErased; ++subject) {
    if (subject == kErased / 2) {
      EXPECT_TRUE(vault->Rotate());
    }
    EXPECT_TRUE(vault->Erase(ErasureOf({subject})).ok());
    EXPECT_EQ(vault->Erasures().size(), subject);
    erased = subject + 1;
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_TRUE(Open()->IsErased(kErased - 1));
}

TEST_F(VaultTest, OpensAnyTextForAnySubject) {
  std::mt19937_64 random(support::TestSeed());
  for (int i = 0; i < 1'000; ++i) {
    std::string plain(random() % 300, '\0'), context(random() % 40, '\0');
    for (char& c : plain) c = static_cast<char>(random());
    for (char& c : context) c = static_cast<char>(random());
    const uint64_t subject = random() & limits::kSequenceMax;
    const auto opened = vault_->Unseal(subject, context, *vault_->Seal(subject, context, plain));
    ASSERT_EQ(opened.value_or("-"), plain);
    const auto again =
        vault_->Unseal(subject, context, *vault_->SealReproducibly(subject, context, plain));
    ASSERT_EQ(again.value_or("-"), plain);
  }
}

}  // namespace
}  // namespace referrald::vault
