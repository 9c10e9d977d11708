// A process is killed while its write-ahead log is long: all that was acknowledged is there again,
// and the time that the start takes is printed (by hand; speed is no condition of a test).
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

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

// Observes until the log is of `target` bytes, and ends without closing anything, as a kill does.
// Not a copy of a store that is open: its files would be of different moments.
[[noreturn]] void GrowAndDie(const std::string& folder, uint64_t target) {
  StoreOnDisk store(folder);
  store.edges().memtable_bytes = 256 << 20;  // In production a flush comes before it is so long.
  bool good = store.Open().ok();
  for (uint64_t count = 0; good && LogBytes(folder + "/db") < target;) {
    for (int i = 0; good && i < 100; ++i) good = static_cast<bool>(store.Observe(++count));
  }
  ::_exit(good ? 0 : 1);
}

TEST(LongLogTest, AStartReadsAllOfIt) {
  const uint64_t target = support::Figure("REFERRALD_LOG_MIB", 2) << 20;
  const support::TempDir dir;
  const std::string folder = dir / "store";
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) GrowAndDie(folder, target);
  int ended = 0;
  ASSERT_EQ(::waitpid(child, &ended, 0), child);
  ASSERT_EQ(ended, 0);
  const uint64_t bytes = LogBytes(folder + "/db");
  EXPECT_GE(bytes, target);

  StoreOnDisk store(folder);
  const auto begin = std::chrono::steady_clock::now();
  const Status opened = store.Open();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  ASSERT_TRUE(opened.ok()) << opened.ToString();
  const uint64_t count = (*store.ledger().Read())->head().value;
  fmt::print("{} events, log of {} MiB: opened in {:.2f} s\n", count, bytes >> 20, took.count());
  EXPECT_EQ(count % 100, 0u);  // All that was acknowledged, and it was in hundreds.
  EXPECT_GT(count, 0u);
  const std::string last = "p" + std::to_string(count) + "@example.org";
  EXPECT_EQ((*store.ledger().Read())->FindByEmail(last, 2)->size(), 1u);
}

}  // namespace
}  // namespace referrald::crash
