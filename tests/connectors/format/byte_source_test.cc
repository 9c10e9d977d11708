#include "connectors/format/byte_source.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>

#include "tests/connectors/format/read_all.h"
#include "tests/support/temp_dir.h"

namespace referrald::format {
namespace {

TEST(OpenFile, ReadsARegularFile) {
  const support::TempDir folder;
  const std::string path = folder.Write("a.csv", "a,b\n1,2\n");
  const Result<std::unique_ptr<ByteSource>> source = OpenFile(path);
  ASSERT_TRUE(source);
  EXPECT_EQ(CellsOf(ReadFrom(**source)), (Table{{"1", "2"}}));
}

TEST(OpenFile, FollowsNoLinkAndWaitsForNoPipe) {
  const support::TempDir folder;
  const std::string path = folder.Write("a.csv", "a\n");
  std::filesystem::create_symlink(path, folder / "link.csv");
  ASSERT_EQ(::mkfifo((folder / "pipe.csv").c_str(), 0600), 0);
  EXPECT_EQ(OpenFile(folder / "link.csv").error().code(), Code::kInvalidArgument);
  EXPECT_EQ(OpenFile(folder / "pipe.csv").error().code(), Code::kInvalidArgument);
  EXPECT_EQ(OpenFile(folder.path()).error().code(), Code::kInvalidArgument);
  EXPECT_EQ(OpenFile(folder / "none.csv").error().code(), Code::kNotFound);
}

TEST(MemorySource, GivesAtMostItsChunk) {
  const std::unique_ptr<ByteSource> source = MakeMemorySource("abcde", 2);
  std::array<char, 8> buffer{};
  EXPECT_EQ(*source->Read(buffer), 2U);
  EXPECT_EQ(*source->Read(buffer), 2U);
  EXPECT_EQ(*source->Read(buffer), 1U);
  EXPECT_EQ(*source->Read(buffer), 0U);
}

}  // namespace
}  // namespace referrald::format
