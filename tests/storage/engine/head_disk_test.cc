#include "storage/engine/head_disk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/support/temp_dir.h"

namespace referrald::engine {
namespace {

size_t Entries(const support::TempDir& dir) {
  return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(dir.path()), {}));
}

TEST(OpenHeadDisk, SaysThatThereIsNoneAndMakesNone) {
  const support::TempDir dir;
  for (const std::string& path : {dir / "head", dir / "none/head"}) {
    const auto disk = OpenHeadDisk(path);
    ASSERT_FALSE(disk);
    EXPECT_EQ(disk.error().code(), Code::kNotFound);
    EXPECT_EQ(disk.error().number(), 4011);
    EXPECT_THAT(disk.error().message(), ::testing::HasSubstr(path));
  }
  EXPECT_EQ(Entries(dir), 0u);
}

TEST(OpenHeadDisk, DoesNotFollowALinkOrTakeAFolder) {
  const support::TempDir dir;
  ASSERT_EQ(::symlink(dir.Write("real", "bytes").c_str(), (dir / "head").c_str()), 0);
  for (const std::string& path : {dir / "head", dir.path()}) {
    const auto disk = OpenHeadDisk(path);
    ASSERT_FALSE(disk);
    EXPECT_EQ(disk.error().code(), Code::kIoError);
    EXPECT_EQ(disk.error().number(), 4013);
  }
}

TEST(HeadDisk, ReadsAndWritesInPlace) {
  const support::TempDir dir;
  const std::string path = dir.Write("head", "0123456789");
  auto disk = OpenHeadDisk(path);
  ASSERT_TRUE(disk);
  EXPECT_EQ((*disk)->Read(100).value(), "0123456789");
  EXPECT_EQ((*disk)->Read(4).value(), "0123");
  EXPECT_TRUE((*disk)->Write(3, "abc").ok());
  EXPECT_EQ(support::ReadFile(path), "012abc6789");
  EXPECT_TRUE((*disk)->Sync().ok());
  EXPECT_EQ((*disk)->Read(100).value(), "012abc6789");
}

TEST(HeadDisk, TellsAFullDiskFromABrokenOne) {
  auto disk = OpenHeadDisk("/dev/full");
  ASSERT_TRUE(disk);
  const Status full = (*disk)->Write(0, "x");
  EXPECT_EQ(full.code(), Code::kUnavailable);
  EXPECT_EQ(full.number(), 4002);
  const Status broken = (*disk)->Sync();  // No disk is behind it.
  EXPECT_EQ(broken.code(), Code::kIoError);
  EXPECT_EQ(broken.number(), 4013);
}

TEST(MakeHeadFile, MakesItForTheOwnerAlone) {
  const support::TempDir dir;
  ASSERT_TRUE(MakeHeadFile(dir / "head", "bytes").ok());
  EXPECT_EQ(support::ReadFile(dir / "head"), "bytes");
  struct stat about{};
  ASSERT_EQ(::stat((dir / "head").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0600u);
  EXPECT_EQ(Entries(dir), 1u);  // No draft stays behind.
}

TEST(MakeHeadFile, LeavesWhatIsThere) {
  const support::TempDir dir;
  const std::string path = dir.Write("head", "old");
  const Status made = MakeHeadFile(path, "new");
  EXPECT_EQ(made.code(), Code::kAlreadyExists);
  EXPECT_EQ(made.number(), 4013);
  EXPECT_EQ(support::ReadFile(path), "old");
  EXPECT_EQ(Entries(dir), 1u);
}

TEST(MakeHeadFile, IsNotStoppedByADraftThatACrashLeft) {
  const support::TempDir dir;
  dir.Write("head.new." + std::to_string(::getpid()), "half");
  ASSERT_TRUE(MakeHeadFile(dir / "head", "bytes").ok());
  EXPECT_EQ(support::ReadFile(dir / "head"), "bytes");
  EXPECT_EQ(Entries(dir), 1u);
}

TEST(MakeHeadFile, SaysThatTheFolderIsMissing) {
  const support::TempDir dir;
  const Status made = MakeHeadFile(dir / "none/head", "bytes");
  EXPECT_EQ(made.code(), Code::kIoError);
  EXPECT_EQ(made.number(), 4013);
}

}  // namespace
}  // namespace referrald::engine
