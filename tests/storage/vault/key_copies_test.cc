#include "storage/vault/key_copies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/vault/fake_disk.h"

namespace referrald::vault {
namespace {

using ::testing::UnorderedElementsAre;

const Timestamp kMade = FromMicros(1795255449218734);

TEST(KeyCopyName, TellsEpochAndTime) {
  EXPECT_EQ(KeyCopyName(3, kMade), "keys-000003-20261121T100409218734Z");
  EXPECT_EQ(KeyCopyName(1'234'567, kMade), "keys-1234567-20261121T100409218734Z");
}

TEST(DropKeyCopies, RemovesTheOldOnesAndNothingElse) {
  FakeDisk disk;
  const auto at = [](int hours) { return kMade + std::chrono::hours(hours); };
  const std::vector<std::string> kept = {
      KeyCopyName(1, at(0)),
      KeyCopyName(1, at(5)),
      "keys",
      "keys-",
      "keys-000001",
      "keys-000001-",
      "keys--20200101T000000000000Z",
      "keys-00000x-20200101T000000000000Z",
      "keys-000001-20200101T000000000000",
      "keys-000001-20201301T000000000000Z",
      "keys-000001-20200101T000000000000Z.bak",
      "other-000001-20200101T000000000000Z",
      "db.keys",
  };
  for (const std::string& name : kept) disk.Put("/copies/" + name, "x");
  disk.Put("/copies/" + KeyCopyName(1, at(-1)), "x");
  disk.Put("/copies/" + KeyCopyName(2'000'000, at(-24)), "x");
  disk.Put("/copies/" + KeyCopyName(1, at(-2)) + ".new", "unfinished");
  disk.Put("/copies/below/" + KeyCopyName(1, at(-2)), "x");
  EXPECT_EQ(DropKeyCopies(disk, "/copies", kMade), Result<size_t>(3));
  const auto after = disk.AfterPowerCut(/*luck=*/0);
  const auto names = after->List("/copies");
  ASSERT_TRUE(names);
  EXPECT_THAT(*names, ::testing::UnorderedElementsAreArray(kept));
  EXPECT_THAT(after->List("/copies/below").value_or(std::vector<std::string>()),
              UnorderedElementsAre(KeyCopyName(1, at(-2))));
  EXPECT_EQ(DropKeyCopies(disk, "/copies", kMade), Result<size_t>(0));
}

TEST(DropKeyCopies, SaysWhatItCouldNotDo) {
  EXPECT_EQ(DropKeyCopies("/nowhere/at/all", kMade).error().number(), 4105);
  for (size_t step = 0; step < 3; ++step) {
    FakeDisk disk;
    disk.Put("/copies/" + KeyCopyName(1, kMade), "x");
    disk.FailAt(step);
    EXPECT_FALSE(DropKeyCopies(disk, "/copies", kMade + std::chrono::hours(1))) << step;
  }
}

}  // namespace
}  // namespace referrald::vault
