#include "connectors/sync/drop_folder.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "tests/support/fake_clock.h"
#include "tests/support/temp_dir.h"

namespace referrald::sync {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

RunId SomeRun(uint8_t last) {
  return RunId::Make(support::FakeClock::kStart,
                     {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last});
}

TEST(ShortName, KeepsTheExtensionAndWholeCharacters) {
  EXPECT_EQ(ShortName("contacts.csv", 200), "contacts.csv");
  EXPECT_EQ(ShortName(std::string(300, 'a') + ".csv", 200), std::string(196, 'a') + ".csv");
  std::string umlauts;
  for (int i = 0; i < 150; ++i) umlauts += "ü";
  EXPECT_EQ(ShortName(umlauts + ".csv", 101).size(), 100u);
}

TEST(IsUnfinishedName, KnowsTheNamesThatProducersUse) {
  for (const char* name : {".a.csv", "a.csv.tmp", "a.PART", "a.filepart", "a.crdownload", "a.csv~",
                           "a.csv.sha256", "a.csv.done"}) {
    EXPECT_TRUE(IsUnfinishedName(name)) << name;
  }
  EXPECT_FALSE(IsUnfinishedName("a.csv"));
}

TEST(WithoutRun, GivesTheUsersName) {
  const std::string run = ToText(SomeRun(1));
  EXPECT_EQ(WithoutRun(run + "__a.csv"), "a.csv");
  EXPECT_EQ(WithoutRun(run + "__" + run + "__a.csv"), "a.csv");
  EXPECT_EQ(WithoutRun("a__b.csv"), "a__b.csv");
}

class DropFolderTest : public ::testing::Test {
 protected:
  DropFolderTest() { EXPECT_TRUE(folder_.Make().ok()); }

  support::TempDir dir_;
  DropFolder folder_{dir_ / "feed"};
};

TEST_F(DropFolderTest, ProducersShareTheInboxAndQuarantineOnly) {
  const auto mode = [](const std::string& path) {
    struct stat about{};
    EXPECT_EQ(::stat(path.c_str(), &about), 0);
    return about.st_mode & 07777;
  };
  EXPECT_EQ(mode(folder_.inbox()), 02770u);
  EXPECT_EQ(mode(folder_.quarantine()), 02770u);
  EXPECT_EQ(mode(folder_.processing()), 0750u);
  EXPECT_EQ(mode(folder_.archive()), 0750u);
}

TEST_F(DropFolderTest, AFileMovesThroughTheFoldersUnderItsRunsName) {
  dir_.Write("feed/inbox/a.csv", "bytes");
  const Result<std::string> path = folder_.Claim("a.csv", SomeRun(1));
  ASSERT_TRUE(path) << path.error().ToString();
  EXPECT_EQ(*path, folder_.processing() + "/" + ToText(SomeRun(1)) + "__a.csv");
  const auto claimed = folder_.Claimed();
  ASSERT_TRUE(claimed);
  ASSERT_THAT(*claimed, SizeIs(1));
  EXPECT_EQ(claimed->front().run, SomeRun(1));
  EXPECT_EQ(claimed->front().name, "a.csv");
  const auto archived = folder_.Archive(*path, support::FakeClock::kStart);
  ASSERT_TRUE(archived) << archived.error().ToString();
  EXPECT_EQ(support::ReadFile(*archived), "bytes");
  EXPECT_THAT(*folder_.Claimed(), IsEmpty());
}

TEST_F(DropFolderTest, NothingIsEverReplaced) {
  dir_.Write("feed/inbox/a.csv", "new");
  const std::string path = dir_.Write("feed/processing/" + ToText(SomeRun(1)) + "__a.csv", "old");
  EXPECT_EQ(folder_.Claim("a.csv", SomeRun(1)).error().code(), Code::kAlreadyExists);
  const auto back = folder_.PutBack({.run = SomeRun(1), .path = path, .name = "a.csv"});
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, folder_.inbox() + "/a.2.csv");
  EXPECT_EQ(support::ReadFile(folder_.inbox() + "/a.csv"), "new");
}

TEST_F(DropFolderTest, ALinkThatIsSwappedInBeforeTheClaimIsSetAside) {
  std::filesystem::create_symlink(dir_.Write("secret", "x"), folder_.inbox() + "/a.csv");
  EXPECT_EQ(folder_.Claim("a.csv", SomeRun(1)).error().number(), 2020);
  EXPECT_THAT(*folder_.Claimed(), IsEmpty());
  EXPECT_TRUE(
      std::filesystem::is_symlink(folder_.quarantine() + "/" + ToText(SomeRun(1)) + "__a.csv"));
}

TEST(SettleWatch, WaitsForRestAndForgetsWhatLeft) {
  using std::chrono::milliseconds;
  SettleWatch watch;
  const Timestamp start = support::FakeClock::kStart;
  InboxListing listing;
  listing.files = {{.name = "a", .stamp = {.inode = 1, .bytes = 5, .modified_ns = 9}}};
  EXPECT_THAT(watch.Complete(listing, start, milliseconds{2000}), IsEmpty());
  EXPECT_FALSE(watch.all_complete());
  EXPECT_THAT(watch.Complete(listing, start + milliseconds{2000}, milliseconds{2000}),
              ElementsAre("a"));
  listing.files[0].has_writer = true;
  EXPECT_THAT(watch.Complete(listing, start + milliseconds{9000}, milliseconds{2000}), IsEmpty());
  listing.files[0].has_writer = false;
  EXPECT_THAT(watch.Complete({}, start + milliseconds{9000}, milliseconds{2000}), IsEmpty());
  EXPECT_THAT(watch.Complete(listing, start + milliseconds{9001}, milliseconds{2000}), IsEmpty());
  watch.RenamedIn("a");
  EXPECT_THAT(watch.Complete(listing, start + milliseconds{9002}, milliseconds{2000}),
              ElementsAre("a"));
}

}  // namespace
}  // namespace referrald::sync
