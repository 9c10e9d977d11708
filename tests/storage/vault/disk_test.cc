#include "storage/vault/disk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/temp_dir.h"

namespace referrald::vault {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

class SystemDiskTest : public ::testing::Test {
 protected:
  support::TempDir dir_;
  Disk& disk_ = SystemDisk();
};

TEST_F(SystemDiskTest, WritesANewFileInPlaceOfAny) {
  const std::string path = dir_.Write("f", "longer than what follows");
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  ASSERT_TRUE(disk_.Write(path, "bytes", 0600).ok());
  ASSERT_TRUE(disk_.Sync(path).ok());
  ASSERT_TRUE(disk_.SyncFolderOf(path).ok());
  const auto file = disk_.Read(path, 100);
  ASSERT_TRUE(file && *file);
  EXPECT_EQ(TextOf((*file)->bytes), "bytes");
  EXPECT_EQ((*file)->size, 5u);
  EXPECT_EQ((*file)->mode, 0600u);
  EXPECT_TRUE((*file)->is_regular);
}

TEST_F(SystemDiskTest, DoesNotFollowALinkWhenItWrites) {
  const std::string victim = dir_.Write("victim", "untouched");
  std::filesystem::create_symlink(victim, dir_ / "f");
  ASSERT_TRUE(disk_.Write(dir_ / "f", "bytes", 0600).ok());
  EXPECT_EQ(support::ReadFile(victim), "untouched");
  EXPECT_FALSE(std::filesystem::is_symlink(dir_ / "f"));
}

TEST_F(SystemDiskTest, ReadsNoMoreThanAsked) {
  const auto file = disk_.Read(dir_.Write("f", std::string(100, 'x')), 32);
  ASSERT_TRUE(file && *file);
  EXPECT_EQ((*file)->bytes.size(), 32u);
  EXPECT_EQ((*file)->size, 100u);
}

TEST_F(SystemDiskTest, TellsWhatIsNoFile) {
  const auto none = disk_.Read(dir_ / "none", 10);
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->has_value());
  const auto folder = disk_.Read(dir_.path(), 10);
  ASSERT_TRUE(folder && *folder);
  EXPECT_FALSE((*folder)->is_regular);
  ASSERT_EQ(::mkfifo((dir_ / "pipe").c_str(), 0600), 0);
  const auto pipe = disk_.Read(dir_ / "pipe", 10);
  ASSERT_TRUE(pipe && *pipe);
  EXPECT_FALSE((*pipe)->is_regular);
}

TEST_F(SystemDiskTest, RenamesLinksRemovesAndLists) {
  const std::string path = dir_.Write("a", "1");
  EXPECT_TRUE(disk_.Rename(path, dir_ / "b").ok());
  EXPECT_EQ(disk_.Link(dir_ / "b", dir_ / "c"), Result<bool>(true));
  EXPECT_EQ(disk_.Link(dir_ / "b", dir_ / "c"), Result<bool>(false));
  const auto names = disk_.List(dir_.path());
  ASSERT_TRUE(names);
  EXPECT_THAT(*names, UnorderedElementsAre("b", "c"));
  EXPECT_TRUE(disk_.Remove(dir_ / "b").ok());
  EXPECT_TRUE(disk_.Remove(dir_ / "b").ok());
  EXPECT_EQ(support::ReadFile(dir_ / "c"), "1");
}

TEST_F(SystemDiskTest, NamesThePathAndTheReason) {
  const std::string path = dir_ / "none/f";
  for (const Status& failed :
       {disk_.Write(path, "bytes", 0600), disk_.Sync(path), disk_.SyncFolderOf(path),
        disk_.Rename(path, path), StatusOf(disk_.Link(path, path)),
        StatusOf(disk_.List(dir_ / "none"))}) {
    EXPECT_EQ(failed.code(), Code::kIoError);
    EXPECT_EQ(failed.number(), 4105);
    EXPECT_THAT(failed.message(), HasSubstr(dir_ / "none"));
    EXPECT_THAT(failed.message(), HasSubstr("No such file"));
  }
}

}  // namespace
}  // namespace referrald::vault
