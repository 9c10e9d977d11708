#include "storage/vault/key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <thread>

#include "tests/support/temp_dir.h"

namespace referrald::vault {
namespace {

class KeyFileTest : public ::testing::Test {
 protected:
  std::string Write(std::string_view bytes, mode_t mode) {
    const std::string path = dir_.Write("key", bytes);
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    return path;
  }

  support::TempDir dir_;
};

TEST_F(KeyFileTest, ReadsAKeyOfTheOwnerAlone) {
  for (const mode_t mode : {0400U, 0600U}) {
    const auto key = ReadKeyFile(Write(std::string(32, 'k'), mode), /*create=*/false);
    ASSERT_TRUE(key) << key.error().ToString();
    EXPECT_EQ(key->data()[31], 'k');
  }
}

TEST_F(KeyFileTest, SaysWhereItLookedForAMissingKey) {
  const auto key = ReadKeyFile(dir_ / "none", /*create=*/false);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().code(), Code::kNotFound);
  EXPECT_EQ(key.error().number(), 4101);
  EXPECT_THAT(key.error().message(), ::testing::HasSubstr(dir_ / "none"));
}

TEST_F(KeyFileTest, RefusesAKeyThatOthersCanReadOrReplace) {
  for (const mode_t mode : {0604U, 0620U, 0602U, 0644U, 0666U, 0700U, 0401U}) {
    const auto key = ReadKeyFile(Write(std::string(32, 'k'), mode), /*create=*/false);
    ASSERT_FALSE(key) << std::oct << mode;
    EXPECT_EQ(key.error().code(), Code::kPermissionDenied);
    EXPECT_EQ(key.error().number(), 4102);
  }
}

TEST_F(KeyFileTest, TakesTheGroupBitOfSystemdsCredentialsOnlyForTheGroupRoot) {
  const std::string path = Write(std::string(32, 'k'), 0440);
  if (::chown(path.c_str(), 0, 0) != 0) GTEST_SKIP() << "only root can give a file to root";
  EXPECT_TRUE(ReadKeyFile(path, /*create=*/false));
  ASSERT_EQ(::chown(path.c_str(), 0, 1), 0);
  EXPECT_FALSE(ReadKeyFile(path, /*create=*/false));
}

TEST_F(KeyFileTest, RefusesAKeyOfAnotherSize) {
  for (const size_t size : {0U, 31U, 33U, 64U}) {
    const auto key = ReadKeyFile(Write(std::string(size, 'k'), 0600), /*create=*/true);
    ASSERT_FALSE(key) << size;
    EXPECT_EQ(key.error().code(), Code::kCorruption);
    EXPECT_EQ(key.error().number(), 4103);
  }
}

TEST_F(KeyFileTest, RefusesAFolder) {
  const auto key = ReadKeyFile(dir_.path(), /*create=*/true);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().number(), 4103);
}

TEST_F(KeyFileTest, MakesAKeyOnceAndKeepsIt) {
  const std::string path = dir_ / "key";
  ASSERT_TRUE(ReadKeyFile(path, /*create=*/true));
  const std::string bytes = support::ReadFile(path);
  EXPECT_EQ(bytes.size(), 32u);
  struct stat about{};
  ASSERT_EQ(::stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0400u);
  const auto again = ReadKeyFile(path, /*create=*/true);
  ASSERT_TRUE(again);
  EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), again->data(),
                         [](char a, uint8_t b) { return static_cast<uint8_t>(a) == b; }));
  // No draft stays behind.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir_.path()), {}), 1);
}

TEST_F(KeyFileTest, MakesDifferentKeys) {
  ASSERT_TRUE(ReadKeyFile(dir_ / "one", /*create=*/true));
  ASSERT_TRUE(ReadKeyFile(dir_ / "two", /*create=*/true));
  EXPECT_NE(support::ReadFile(dir_ / "one"), support::ReadFile(dir_ / "two"));
}

TEST_F(KeyFileTest, SaysThatTheFolderIsMissing) {
  const auto key = ReadKeyFile(dir_ / "none/key", /*create=*/true);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().code(), Code::kIoError);
  EXPECT_EQ(key.error().number(), 4105);
}

}  // namespace
}  // namespace referrald::vault
