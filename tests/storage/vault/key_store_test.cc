#include "storage/vault/key_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "storage/base/limits.h"
#include "storage/vault/key_copies.h"
#include "tests/storage/vault/fake_disk.h"
#include "tests/storage/vault/hex.h"
#include "tests/support/seed.h"

namespace referrald::vault {
namespace {

using ::testing::HasSubstr;

const Places kPlaces{.key_file = "/keys/db.key", .key_store = "/store/db.keys"};
constexpr std::string_view kKek = "0123456789abcdef0123456789abcdef";

// Made by another program (Python, after keys.md): epoch 7, nothing erased.
constexpr std::string_view kGolden =
    "5246442d4b4559530000000100000007c516b932c698179c0102030405060708090a0b0c6624e42ed2f6f7fd85c1ee"
    "de8a9f1c94e95ef4d0c819ce4bfcf2f9579a59c7735b2b6de6596bfd8c1252a57eeab89864724dd759d7b0aefccb7b"
    "9f6efb00e7aa54fa3ba76af10ae9258cc67b0ad87be000fd0258d864653e92ec57e1b7f63d150c9779ae8661f1cb36"
    "d9c72e9d993cf61afa4c79a960e97f16dbc76a75a7a3d3a650634e96a36021dff0b3a30e93a79b6e5146d935dcfbe6"
    "a8771c176796a9bc";

Key Kek() { return Key(kKek); }

std::string Encoded(const KeyContents& contents) {
  return EncodeContents(contents.keys, contents.subjects);
}

class KeyStoreTest : public ::testing::Test {
 protected:
  KeyStoreTest() {
    disk_.Put(kPlaces.key_file, kKek);
    disk_.Put(kPlaces.key_store, FromHex(kGolden));
  }
  Result<KeyStoreFile::Opened> Open(bool create = false) {
    return KeyStoreFile::Open(disk_, kPlaces, create);
  }
  void ExpectRefused(Code code, int number, std::string_view text, bool create = false) {
    const auto opened = Open(create);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), code) << opened.error().ToString();
    EXPECT_EQ(opened.error().number(), number) << opened.error().ToString();
    EXPECT_THAT(opened.error().message(), HasSubstr(text));
  }

  FakeDisk disk_;
};

TEST_F(KeyStoreTest, OpensWhatWasWrittenBefore) {
  const auto header = ReadHeader(FromHex(kGolden));
  ASSERT_TRUE(header);
  EXPECT_EQ(header->epoch, 7u);
  EXPECT_EQ(header->key_id, KeyIdOf(Kek()));
  const auto opened = Open();
  ASSERT_TRUE(opened) << opened.error().ToString();
  EXPECT_EQ(opened->contents.keys.index.text(), std::string(32, '\x11'));
  EXPECT_EQ(opened->contents.keys.chain.text(), std::string(32, '\x22'));
  EXPECT_EQ(opened->contents.keys.sign.text(), std::string(32, '\x33'));
  ASSERT_EQ(opened->contents.subjects.tree.nodes().size(), 1u);
  EXPECT_EQ(opened->contents.subjects.tree.nodes()[0].seed[0], 0x44);
}

TEST_F(KeyStoreTest, WritesWhatItReads) {
  const auto contents = UnwrapContents(Kek(), FromHex(kGolden));
  ASSERT_TRUE(contents);
  const auto file = WrapContents(Kek(), 7, contents->keys, contents->subjects);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->substr(0, 24), FromHex(kGolden).substr(0, 24));
  EXPECT_NE(*file, FromHex(kGolden));  // Each time another nonce.
  EXPECT_EQ(file->size(), FromHex(kGolden).size());
  const auto again = UnwrapContents(Kek(), *file);
  ASSERT_TRUE(again);
  EXPECT_EQ(Encoded(*again), Encoded(*contents));
}

TEST_F(KeyStoreTest, RefusesEveryFlippedBitAndEveryCut) {
  const std::string golden = FromHex(kGolden);
  for (size_t bit = 0; bit < golden.size() * 8; ++bit) {
    std::string altered = golden;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << bit % 8));
    disk_.Put(kPlaces.key_store, altered);
    const auto opened = Open(/*create=*/bit % 2 == 0);
    ASSERT_FALSE(opened) << bit;
    ASSERT_EQ(opened.error().number(), 4107) << bit;
    ASSERT_EQ(disk_.Get(kPlaces.key_store), altered);
  }
  for (size_t size = 0; size < golden.size(); ++size) {
    disk_.Put(kPlaces.key_store, golden.substr(0, size));
    ASSERT_EQ(StatusOf(Open(/*create=*/true)).number(), 4107) << size;
  }
  disk_.Put(kPlaces.key_store, golden + '\0');
  EXPECT_EQ(StatusOf(Open()).number(), 4107);
}

TEST_F(KeyStoreTest, TellsDamageWrongKeyAndLossApart) {
  std::string altered = FromHex(kGolden);
  altered.back() ^= 1;
  disk_.Put(kPlaces.key_store, altered);
  ExpectRefused(Code::kCorruption, 4107, "is damaged");
  altered = FromHex(kGolden);
  altered[11] = 2;
  disk_.Put(kPlaces.key_store, altered);
  ExpectRefused(Code::kCorruption, 4107, "later version");
  disk_.Put(kPlaces.key_store, "some other file, and long enough for a key store, perhaps");
  ExpectRefused(Code::kCorruption, 4107, "no key store");
  disk_.Put(kPlaces.key_store, FromHex(kGolden));
  disk_.Put(kPlaces.key_file, std::string(32, 'x'));
  ExpectRefused(Code::kFailedPrecondition, 4107, "another key");
  disk_.Erase(kPlaces.key_file);
  ExpectRefused(Code::kNotFound, 4101, kPlaces.key_file);
  disk_.Put(kPlaces.key_file, kKek);
  disk_.Erase(kPlaces.key_store);
  ExpectRefused(Code::kNotFound, 4107, "is missing");
  disk_.Erase(kPlaces.key_file);
  ExpectRefused(Code::kNotFound, 4101, kPlaces.key_file);
}

TEST_F(KeyStoreTest, RefusesFilesThatOthersCanRead) {
  disk_.Put(kPlaces.key_store, FromHex(kGolden), 0640);
  ExpectRefused(Code::kPermissionDenied, 4102, kPlaces.key_store);
  disk_.Put(kPlaces.key_store, FromHex(kGolden));
  disk_.Put(kPlaces.key_file, kKek, 0644);
  ExpectRefused(Code::kPermissionDenied, 4102, kPlaces.key_file);
}

TEST_F(KeyStoreTest, NeverMakesAKeyWhereAKeyStoreIs) {
  disk_.Erase(kPlaces.key_file);
  ExpectRefused(Code::kNotFound, 4101, kPlaces.key_file, /*create=*/true);
  EXPECT_EQ(disk_.Get(kPlaces.key_file), std::nullopt);
}

TEST_F(KeyStoreTest, MakesBothForANewStore) {
  disk_.Erase(kPlaces.key_file);
  disk_.Erase(kPlaces.key_store);
  const auto made = Open(/*create=*/true);
  ASSERT_TRUE(made) << made.error().ToString();
  const auto again = Open();
  ASSERT_TRUE(again) << again.error().ToString();
  EXPECT_EQ(Encoded(made->contents), Encoded(again->contents));
  EXPECT_EQ(ReadHeader(*disk_.Get(kPlaces.key_store))->epoch, 1u);
}

// The key of a credential is there before the first start.
TEST_F(KeyStoreTest, MakesTheKeyStoreForAKeyThatIsThere) {
  disk_.Erase(kPlaces.key_store);
  ASSERT_TRUE(Open(/*create=*/true));
  EXPECT_EQ(disk_.Get(kPlaces.key_file), kKek);
  EXPECT_TRUE(UnwrapContents(Kek(), *disk_.Get(kPlaces.key_store)));
}

TEST_F(KeyStoreTest, RefusesToReplaceAFileThatSomebodyElsePutThere) {
  auto opened = Open();
  ASSERT_TRUE(opened);
  const auto& [keys, subjects] = opened->contents;
  const auto other = WrapContents(Kek(), 7, keys, subjects);
  ASSERT_TRUE(other);
  disk_.Put(kPlaces.key_store, *other);
  for (const Status& refused :
       {opened->file.Replace(keys, subjects), StatusOf(opened->file.Rotate(keys, subjects))}) {
    EXPECT_EQ(refused.code(), Code::kFailedPrecondition);
    EXPECT_EQ(refused.number(), 4107);
  }
  EXPECT_EQ(disk_.Get(kPlaces.key_store), *other);
  disk_.Erase(kPlaces.key_store);
  EXPECT_EQ(opened->file.Replace(keys, subjects).number(), 4107);
  EXPECT_EQ(disk_.Get(kPlaces.key_store), std::nullopt);
}

TEST_F(KeyStoreTest, RefusesToGrowBeyondItsLimit) {
  auto opened = Open();
  ASSERT_TRUE(opened);
  const Erasure huge{.subjects = {7},
                     .tombstones = std::vector<Hash128>(limits::kKeyStoreBytesMax / 18),
                     .at = {}};
  const Subjects next = opened->contents.subjects.With(huge);
  const Status refused = opened->file.Replace(opened->contents.keys, next);
  EXPECT_EQ(refused.code(), Code::kFailedPrecondition);
  EXPECT_EQ(refused.number(), 4108);
  EXPECT_EQ(disk_.Get(kPlaces.key_store), FromHex(kGolden));
}

TEST_F(KeyStoreTest, RotatesToAKeyOfItsOwnMaking) {
  auto opened = Open();
  ASSERT_TRUE(opened);
  const auto& [keys, subjects] = opened->contents;
  EXPECT_EQ(opened->file.Rotate(keys, subjects), Result<uint32_t>(8));
  EXPECT_EQ(opened->file.Rotate(keys, subjects), Result<uint32_t>(9));
  EXPECT_EQ(disk_.Get(kPlaces.key_file + ".next"), std::nullopt);
  ASSERT_TRUE(opened->file.Replace(keys, subjects).ok());
  const auto again = Open();
  ASSERT_TRUE(again) << again.error().ToString();
  EXPECT_EQ(Encoded(again->contents), Encoded(opened->contents));
  EXPECT_FALSE(UnwrapContents(Kek(), *disk_.Get(kPlaces.key_store)));
  disk_.Put(kPlaces.key_file, kKek);
  ExpectRefused(Code::kFailedPrecondition, 4107, "another key");
}

TEST_F(KeyStoreTest, RotatesToAKeyThatItIsGiven) {
  auto opened = Open();
  ASSERT_TRUE(opened);
  const auto& [keys, subjects] = opened->contents;
  const std::string given = "/credentials/new";
  EXPECT_EQ(opened->file.RotateTo(given, keys, subjects).error().number(), 4101);
  disk_.Put(given, kKek);
  EXPECT_EQ(opened->file.RotateTo(given, keys, subjects).error().code(), Code::kInvalidArgument);
  disk_.Put(given, std::string(32, 'n'), 0644);
  EXPECT_EQ(opened->file.RotateTo(given, keys, subjects).error().number(), 4102);
  EXPECT_EQ(disk_.Get(kPlaces.key_store), FromHex(kGolden));
  disk_.Put(given, std::string(32, 'n'));
  EXPECT_EQ(opened->file.RotateTo(given, keys, subjects), Result<uint32_t>(8));
  EXPECT_EQ(disk_.Get(kPlaces.key_file), kKek);  // Not ours to touch.
  ExpectRefused(Code::kFailedPrecondition, 4107, "another key");
  EXPECT_TRUE(KeyStoreFile::Open(disk_, {.key_file = given, .key_store = kPlaces.key_store},
                                 /*create=*/false));
}

// A rotation whose last step failed leaves the key in use in .next alone: the next rotation must
// not write over it before it has moved.
TEST_F(KeyStoreTest, NeverOverwritesTheOnlyPlaceOfTheKey) {
  for (size_t step = 0;; ++step) {
    const auto disk = disk_.Copy();
    auto opened = KeyStoreFile::Open(*disk, kPlaces, /*create=*/false);
    ASSERT_TRUE(opened);
    const auto& [keys, subjects] = opened->contents;
    const size_t begun = disk->steps();
    ASSERT_TRUE(opened->file.Rotate(keys, subjects));
    disk->FailAt(disk->steps() - begun - 2);  // The last renaming.
    ASSERT_EQ(StatusOf(opened->file.Rotate(keys, subjects)).number(), 4105);
    ASSERT_NE(disk->Get(kPlaces.key_file + ".next"), std::nullopt);
    disk->CutPowerAt(step);
    const auto rotated = opened->file.Rotate(keys, subjects);
    for (uint64_t luck = 0; luck < 8; ++luck) {
      const auto after = disk->AfterPowerCut(luck);
      ASSERT_TRUE(KeyStoreFile::Open(*after, kPlaces, /*create=*/false)) << step << " " << luck;
    }
    if (!rotated) continue;
    EXPECT_EQ(rotated, Result<uint32_t>(10));
    break;
  }
}

TEST_F(KeyStoreTest, IsNotHinderedByANextThatOpensNothing) {
  for (const size_t size : {0U, 10U, 32U, 33U}) {
    disk_.Put(kPlaces.key_file, kKek);
    disk_.Put(kPlaces.key_store, FromHex(kGolden));
    disk_.Put(kPlaces.key_file + ".next", std::string(size, 'x'));
    auto opened = Open();
    ASSERT_TRUE(opened) << size;
    EXPECT_TRUE(opened->file.Rotate(opened->contents.keys, opened->contents.subjects)) << size;
    EXPECT_TRUE(Open()) << size;
  }
}

TEST_F(KeyStoreTest, StopsAfterASyncOfTheFolderFailed) {
  auto opened = Open();
  ASSERT_TRUE(opened);
  const auto& [keys, subjects] = opened->contents;
  const size_t begun = disk_.steps();
  ASSERT_TRUE(opened->file.Replace(keys, subjects).ok());
  disk_.FailAt(disk_.steps() - begun - 1);
  const Status failed = opened->file.Replace(keys, subjects);
  EXPECT_EQ(failed.code(), Code::kIoError);
  EXPECT_EQ(failed.number(), 4109);
  EXPECT_EQ(opened->file.stopped(), failed);
  // All is well again with the disk, but what it did is not known.
  EXPECT_EQ(opened->file.Replace(keys, subjects), failed);
  EXPECT_EQ(StatusOf(opened->file.Rotate(keys, subjects)), failed);
  EXPECT_EQ(StatusOf(opened->file.RotateTo("/x", keys, subjects)), failed);
  EXPECT_TRUE(Open());
}

TEST_F(KeyStoreTest, CopiesOpenWithTheKeyOfTheirEpoch) {
  auto opened = Open();
  ASSERT_TRUE(opened);
  const auto& [keys, subjects] = opened->contents;
  const Timestamp now = FromMicros(1795255449218734);
  const auto path = opened->file.CopyTo("/copies", now, keys, subjects);
  ASSERT_TRUE(path) << path.error().ToString();
  EXPECT_EQ(*path, "/copies/" + KeyCopyName(7, now));
  ASSERT_TRUE(opened->file.Rotate(keys, subjects));
  disk_.Put("/keys/old.key", kKek);
  const auto after = disk_.AfterPowerCut(/*luck=*/0);
  const auto copy = KeyStoreFile::Open(*after, {.key_file = "/keys/old.key", .key_store = *path},
                                       /*create=*/false);
  ASSERT_TRUE(copy) << copy.error().ToString();
  EXPECT_EQ(Encoded(copy->contents), Encoded(opened->contents));
  const auto with_new_key = KeyStoreFile::Open(
      *after, {.key_file = kPlaces.key_file, .key_store = *path}, /*create=*/false);
  EXPECT_EQ(StatusOf(with_new_key).number(), 4107);
}

TEST_F(KeyStoreTest, DoesNotCallACopyWhatCannotBeWrittenOrReadBack) {
  auto opened = Open();
  ASSERT_TRUE(opened);
  const auto& [keys, subjects] = opened->contents;
  for (size_t step = 0;; ++step) {
    disk_.FailAt(step);
    const auto path = opened->file.CopyTo("/copies", Timestamp(), keys, subjects);
    if (path) {
      EXPECT_EQ(step, 5u);
      break;
    }
    // Another disk, perhaps: no reason to stop.
    EXPECT_TRUE(opened->file.stopped().ok());
  }
}

}  // namespace
}  // namespace referrald::vault
