#include "storage/engine/disk_space.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/temp_dir.h"

namespace referrald::engine {
namespace {

// None is wanted, so none is missing.
const Ballast kNoBallast("/store/BALLAST", 0);

TEST(DiskSpace, RefusesBelowTheReserveAndNamesTheRemedy) {
  uint64_t free_bytes = uint64_t{12} << 20;
  const DiskSpace space("/store", uint64_t{192} << 20, [&] { return free_bytes; }, kNoBallast);
  DiskSpace::Instant now{};
  EXPECT_EQ(space.Check(now),
            Status::Unavailable("storage full: 12 MiB free at /store, reserve is 192 MiB; free "
                                "some space, writes resume by themselves",
                                4002));
  free_bytes = uint64_t{192} << 20;
  now += DiskSpace::kAnswerAge;
  EXPECT_TRUE(space.Check(now).ok());
}

TEST(DiskSpace, AsksOncePerAgeWhileThereIsAmpleSpace) {
  constexpr uint64_t kAmple = 1000;
  int asked = 0;
  const DiskSpace space(
      "/store", 1, [&] { return kAmple + static_cast<uint64_t>(++asked); }, kNoBallast);
  DiskSpace::Instant now{};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(space.Free(now), kAmple + 1);
  now += DiskSpace::kAnswerAge - std::chrono::nanoseconds(1);
  EXPECT_EQ(space.Free(now), kAmple + 1);
  now += std::chrono::nanoseconds(1);
  EXPECT_EQ(space.Free(now), kAmple + 2);
}

TEST(DiskSpace, AsksEachTimeOnceSpaceIsLow) {
  uint64_t free_bytes = 250;
  const DiskSpace space("/store", 100, [&] { return free_bytes; }, kNoBallast);
  const DiskSpace::Instant now{};
  EXPECT_EQ(space.Level(now), DiskLevel::kAmple);
  free_bytes = 150;
  EXPECT_EQ(space.Level(now), DiskLevel::kAmple);  // As of a moment ago.
  const DiskSpace::Instant later = now + DiskSpace::kAnswerAge;
  EXPECT_EQ(space.Level(later), DiskLevel::kLow);
  EXPECT_TRUE(space.Check(later).ok());
  EXPECT_FALSE(space.Check(later, 51).ok());
  free_bytes = 99;
  EXPECT_EQ(space.Level(later), DiskLevel::kFull);
}

TEST(DiskSpace, AMissingBallastCountsOnTopOfTheReserve) {
  const support::TempDir dir;
  Ballast ballast(dir / "BALLAST", 8192);
  const DiskSpace space("/store", 10'000, [] { return 15'000; }, ballast);
  EXPECT_EQ(space.Level({}), DiskLevel::kFull);
  EXPECT_FALSE(space.HasRoomForBallast({}));
  ballast.Make();
  EXPECT_EQ(space.Level({}), DiskLevel::kLow);
}

TEST(Ballast, TakesSpaceAndGivesItUp) {
  const support::TempDir dir;
  Ballast ballast(dir / "BALLAST", 1 << 20);
  EXPECT_EQ(ballast.missing_bytes(), uint64_t{1} << 20);
  ballast.Make();
  EXPECT_EQ(ballast.missing_bytes(), 0u);
  EXPECT_EQ(Ballast(dir / "BALLAST", 1 << 20).missing_bytes(), 0u);
  EXPECT_EQ(Ballast(dir / "BALLAST", 2 << 20).missing_bytes(), uint64_t{2} << 20);
  ballast.GiveUp();
  EXPECT_FALSE(std::filesystem::exists(dir / "BALLAST"));
  EXPECT_EQ(ballast.missing_bytes(), uint64_t{1} << 20);
}

TEST(FreeBytes, IsZeroWhereNobodyCanSay) {
  EXPECT_EQ(FreeBytes("/no/such/folder"), 0u);
  EXPECT_GT(FreeBytes("/"), 0u);
}

}  // namespace
}  // namespace referrald::engine
