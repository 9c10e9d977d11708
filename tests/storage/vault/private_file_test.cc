#include "storage/vault/private_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/storage/vault/fake_disk.h"
#include "tests/support/temp_dir.h"

namespace referrald::vault {
namespace {

using ::testing::HasSubstr;

class PrivateFileTest : public ::testing::Test {
 protected:
  PrivateFile File(mode_t mode) {
    const std::string path = dir_.Write("f", "bytes");
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    return {.path = path, .what = "thing"};
  }

  support::TempDir dir_;
};

TEST_F(PrivateFileTest, RefusesWhatOthersCanReadOrReplace) {
  for (const mode_t mode : {0400U, 0600U}) {
    EXPECT_TRUE(ReadPrivate(SystemDisk(), File(mode), 10)) << std::oct << mode;
  }
  for (const mode_t mode : {0604U, 0620U, 0602U, 0644U, 0666U, 0700U, 0401U}) {
    const auto read = ReadPrivate(SystemDisk(), File(mode), 10);
    ASSERT_FALSE(read) << std::oct << mode;
    EXPECT_EQ(read.error().code(), Code::kPermissionDenied);
    EXPECT_EQ(read.error().number(), 4102);
    EXPECT_THAT(read.error().message(), HasSubstr("thing " + dir_ / "f"));
  }
}

TEST_F(PrivateFileTest, TakesTheGroupBitOfSystemdsCredentialsOnlyForTheGroupRoot) {
  const PrivateFile file = File(0440);
  if (::chown(file.path.c_str(), 0, 0) != 0) GTEST_SKIP() << "only root can give a file to root";
  EXPECT_TRUE(ReadPrivate(SystemDisk(), file, 10));
  ASSERT_EQ(::chown(file.path.c_str(), 0, 1), 0);
  EXPECT_FALSE(ReadPrivate(SystemDisk(), file, 10));
}

TEST_F(PrivateFileTest, MakesOnceAndReplacesWithTheModeAskedFor) {
  const PrivateFile file{.path = dir_ / "f", .what = "thing", .mode = 0400};
  ASSERT_TRUE(MakePrivate(SystemDisk(), file, "first").ok());
  ASSERT_TRUE(MakePrivate(SystemDisk(), file, "second").ok());
  EXPECT_EQ(support::ReadFile(file.path), "first");
  ASSERT_TRUE(ReplacePrivate(SystemDisk(), file, "third").ok());
  EXPECT_EQ(support::ReadFile(file.path), "third");
  struct stat about{};
  ASSERT_EQ(::stat(file.path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0400u);
  // No draft stays behind.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir_.path()), {}), 1);
}

// At every step of a replacement a power cut leaves the old or the new file, whole; behind the last
// one the new.
TEST(ReplacePrivate, IsWholeAfterAnyPowerCut) {
  const PrivateFile file{.path = "/k/f", .what = "thing"};
  for (size_t step = 0;; ++step) {
    FakeDisk disk;
    disk.Put(file.path, "old");
    disk.CutPowerAt(step);
    const Status replaced = ReplacePrivate(disk, file, "new bytes");
    for (uint64_t luck = 0; luck < 8; ++luck) {
      const std::string bytes = disk.AfterPowerCut(luck)->Get(file.path).value_or("gone");
      EXPECT_TRUE(bytes == "new bytes" || (bytes == "old" && !replaced.ok()))
          << step << " " << luck << " " << bytes;
    }
    if (replaced.ok()) break;
  }
}

TEST(MakePrivate, IsWholeAfterAnyPowerCut) {
  const PrivateFile file{.path = "/k/f", .what = "thing"};
  for (size_t step = 0;; ++step) {
    FakeDisk disk;
    disk.CutPowerAt(step);
    const Status made = MakePrivate(disk, file, "bytes");
    for (uint64_t luck = 0; luck < 8; ++luck) {
      const std::optional<std::string> bytes = disk.AfterPowerCut(luck)->Get(file.path);
      EXPECT_TRUE(bytes == "bytes" || (!bytes && !made.ok())) << step << " " << luck;
    }
    if (made.ok()) break;
  }
}

TEST(ReplacePrivate, SaysWhetherTheNewFileIsThere) {
  const PrivateFile file{.path = "/k/f", .what = "thing"};
  for (size_t step = 0;; ++step) {
    FakeDisk disk;
    disk.Put(file.path, "old");
    disk.FailAt(step);
    const Status replaced = ReplacePrivate(disk, file, "new");
    if (replaced.ok()) break;
    EXPECT_EQ(replaced.code(), Code::kIoError);
    EXPECT_EQ(disk.Get(file.path), replaced.number() == 4109 ? "new" : "old") << step;
    EXPECT_EQ(disk.Get(file.path + ".new"), std::nullopt) << step;
  }
}

}  // namespace
}  // namespace referrald::vault
