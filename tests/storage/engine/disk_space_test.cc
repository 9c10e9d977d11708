#include "storage/engine/disk_space.h"

#include <gtest/gtest.h>

namespace referrald::engine {
namespace {

TEST(DiskSpace, RefusesBelowTheReserveAndNamesTheRemedy) {
  uint64_t free_bytes = uint64_t{12} << 20;
  const DiskSpace space("/store", uint64_t{192} << 20, [&] { return free_bytes; });
  DiskSpace::Instant now{};
  EXPECT_EQ(space.Check(now),
            Status::Unavailable("storage full: 12 MiB free at /store, reserve is 192 MiB; free "
                                "some space, writes resume by themselves",
                                4002));
  free_bytes = uint64_t{192} << 20;
  now += DiskSpace::kAnswerAge;
  EXPECT_TRUE(space.Check(now).ok());
}

TEST(DiskSpace, AsksOncePerAge) {
  int asked = 0;
  const DiskSpace space("/store", 1, [&] { return static_cast<uint64_t>(++asked); });
  DiskSpace::Instant now{};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(space.Free(now), 1u);
  now += DiskSpace::kAnswerAge - std::chrono::nanoseconds(1);
  EXPECT_EQ(space.Free(now), 1u);
  now += std::chrono::nanoseconds(1);
  EXPECT_EQ(space.Free(now), 2u);
}

TEST(FreeBytes, IsZeroWhereNobodyCanSay) {
  EXPECT_EQ(FreeBytes("/no/such/folder"), 0u);
  EXPECT_GT(FreeBytes("/"), 0u);
}

}  // namespace
}  // namespace referrald::engine
