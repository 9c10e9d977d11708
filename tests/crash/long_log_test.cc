// A process is killed while its write-ahead log is long: all that was acknowledged is there again,
// and the time that the start takes is printed (by hand; speed is no condition of a test).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "tests/crash/store_on_disk.h"
#include "tests/support/figure.h"
#include "tests/support/temp_dir.h"

namespace referrald::crash {
namespace {

namespace fs = std::filesystem;

uint64_t LogBytes(const std::string& database) {
  uint64_t bytes = 0;
  for (const auto& entry : fs::directory_iterator(database)) {
    if (entry.path().extension() == ".log") bytes += entry.file_size();
  }
  return bytes;
}

TEST(LongLogTest, AStartReadsAllOfIt) {
  const uint64_t target = support::Figure("REFERRALD_LOG_MIB", 2) << 20;
  const support::TempDir dir;
  StoreOnDisk store(dir / "store");
  store.edges().memtable_bytes = 256 << 20;  // In production a flush comes before it is so long.
  ASSERT_TRUE(store.Open().ok());
  uint64_t count = 0;
  while (LogBytes(dir / "store/db") < target) {
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(store.Observe(++count));
  }
  store.CopyTo(dir / "killed");  // Closing would move all into tables.
  store.Close();
  StoreOnDisk killed(dir / "killed");
  const uint64_t bytes = LogBytes(dir / "killed/db");
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(killed.Open().ok());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  fmt::print("{} events, log of {} MiB: opened in {:.2f} s\n", count, bytes >> 20, took.count());
  EXPECT_GE(bytes, target);
  EXPECT_EQ((*killed.ledger().Read())->head().value, count);
  EXPECT_EQ((*killed.ledger().Read())
                ->FindByEmail("p" + std::to_string(count) + "@example.org", 2)
                ->size(),
            1u);
}

}  // namespace
}  // namespace referrald::crash
