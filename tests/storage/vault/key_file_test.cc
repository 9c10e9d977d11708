#include "storage/vault/key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

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
  static Result<Key> Read(const std::string& path) { return ReadKeyFile(SystemDisk(), path); }

  support::TempDir dir_;
};

TEST_F(KeyFileTest, ReadsAKeyOfTheOwnerAlone) {
  const auto key = Read(Write(std::string(32, 'k'), 0400));
  ASSERT_TRUE(key) << key.error().ToString();
  EXPECT_EQ(key->text(), std::string(32, 'k'));
}

TEST_F(KeyFileTest, SaysWhereItLookedForAMissingKey) {
  const auto key = Read(dir_ / "none");
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().code(), Code::kNotFound);
  EXPECT_EQ(key.error().number(), 4101);
  EXPECT_THAT(key.error().message(), ::testing::HasSubstr(dir_ / "none"));
}

TEST_F(KeyFileTest, RefusesAKeyThatOthersCanRead) {
  const auto key = Read(Write(std::string(32, 'k'), 0644));
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().code(), Code::kPermissionDenied);
  EXPECT_EQ(key.error().number(), 4102);
}

TEST_F(KeyFileTest, RefusesAKeyOfAnotherSize) {
  for (const size_t size : {0U, 31U, 33U, 64U}) {
    const auto key = Read(Write(std::string(size, 'k'), 0600));
    ASSERT_FALSE(key) << size;
    EXPECT_EQ(key.error().code(), Code::kCorruption);
    EXPECT_EQ(key.error().number(), 4103);
  }
}

TEST_F(KeyFileTest, RefusesAFolder) {
  const auto key = Read(dir_.path());
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().number(), 4103);
}

TEST_F(KeyFileTest, MakesAKeyOnceAndKeepsIt) {
  const std::string path = dir_ / "key";
  ASSERT_TRUE(MakeKeyFile(SystemDisk(), path).ok());
  const std::string bytes = support::ReadFile(path);
  EXPECT_EQ(bytes.size(), 32u);
  struct stat about{};
  ASSERT_EQ(::stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0400u);
  ASSERT_TRUE(MakeKeyFile(SystemDisk(), path).ok());
  EXPECT_EQ(support::ReadFile(path), bytes);
  const auto key = Read(path);
  ASSERT_TRUE(key);
  EXPECT_EQ(key->text(), bytes);
}

TEST_F(KeyFileTest, MakesDifferentKeys) {
  ASSERT_TRUE(MakeKeyFile(SystemDisk(), dir_ / "one").ok());
  ASSERT_TRUE(MakeKeyFile(SystemDisk(), dir_ / "two").ok());
  EXPECT_NE(support::ReadFile(dir_ / "one"), support::ReadFile(dir_ / "two"));
}

TEST_F(KeyFileTest, ReplacesAKey) {
  const std::string path = Write(std::string(32, 'k'), 0400);
  ASSERT_TRUE(ReplaceKeyFile(SystemDisk(), path, Key(std::string(32, 'n'))).ok());
  EXPECT_EQ(support::ReadFile(path), std::string(32, 'n'));
}

TEST_F(KeyFileTest, SaysThatTheFolderIsMissing) {
  const Status made = MakeKeyFile(SystemDisk(), dir_ / "none/key");
  EXPECT_EQ(made.code(), Code::kIoError);
  EXPECT_EQ(made.number(), 4105);
}

}  // namespace
}  // namespace referrald::vault
