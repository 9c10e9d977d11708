#include "connectors/sync/files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "connectors/sync/digest.h"
#include "tests/support/temp_dir.h"

namespace referrald::sync {
namespace {

TEST(OpenRegular, RefusesWhatIsNoPlainFile) {
  const support::TempDir dir;
  const std::string file = dir.Write("file", "x");
  EXPECT_TRUE(OpenRegular(file));
  std::filesystem::create_symlink(file, dir / "link");
  ASSERT_EQ(::mkfifo((dir / "pipe").c_str(), 0600), 0);
  for (const std::string& path :
       {dir / "link", dir / "pipe", dir.path(), std::string("/dev/null")}) {
    EXPECT_EQ(OpenRegular(path).error().number(), 2020) << path;
  }
  EXPECT_EQ(OpenRegular(dir / "none").error().code(), Code::kNotFound);
}

TEST(AtomicFile, AppearsWholeOrNotAtAll) {
  const support::TempDir dir;
  {
    Result<AtomicFile> file = AtomicFile::Create(dir / "out.csv", 0640);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->Append("half").ok());
    EXPECT_FALSE(std::filesystem::exists(dir / "out.csv"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
  ASSERT_TRUE(WriteFileAtomically(dir / "out.csv", "whole", 0640).ok());
  EXPECT_EQ(support::ReadFile(dir / "out.csv"), "whole");
}

TEST(MoveFile, ReplacesNothing) {
  const support::TempDir dir;
  dir.Write("a", "a");
  dir.Write("b", "b");
  EXPECT_EQ(MoveFile(dir / "a", dir / "b").code(), Code::kAlreadyExists);
  EXPECT_EQ(support::ReadFile(dir / "b"), "b");
  EXPECT_TRUE(MoveFile(dir / "a", dir / "c").ok());
  EXPECT_EQ(support::ReadFile(dir / "c"), "a");
}

TEST(Sha256, HashesInPieces) {
  constexpr std::string_view kAbc =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_EQ(Sha256Of("abc"), kAbc);
  Sha256 digest;
  digest.Add("ab");
  digest.Add("c");
  EXPECT_EQ(digest.Finish(), kAbc);
  digest.Add("abc");
  EXPECT_EQ(ToHex(AsBytes(digest.FinishShort())), kAbc.substr(0, 32));
}

}  // namespace
}  // namespace referrald::sync
