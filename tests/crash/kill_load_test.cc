// kill -9 at any moment of a load: what was acknowledged is there, once, and the log is whole.
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <set>
#include <thread>

#include "tests/crash/killed_child.h"
#include "tests/crash/store_on_disk.h"
#include "tests/support/figure.h"
#include "tests/support/seed.h"
#include "tests/support/temp_dir.h"

namespace referrald::crash {
namespace {

constexpr int kThreads = 4;
// Not kill -9 at a time that depends on how quickly the machine starts programs.
constexpr size_t kAcknowledgedMost = 60;

// The load, run as a program of its own. Each person that is acknowledged is reported.
TEST(KillLoadChild, ObservesUntilItIsKilled) {
  const std::string folder = KilledChild::Given("FOLDER");
  if (folder.empty()) GTEST_SKIP() << "a part of KillLoadTest, which runs it and kills it";
  const bool acknowledges_first = !KilledChild::Given("LIES").empty();
  StoreOnDisk store(folder);
  ASSERT_TRUE(store.Open().ok());
  std::atomic<uint64_t> next = std::stoull(KilledChild::Given("FIRST"));
  std::vector<std::jthread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (;;) {
        const uint64_t number = next++;
        if (acknowledges_first) KilledChild::Report(number);
        if (!store.Observe(number)) return;
        if (!acknowledges_first) KilledChild::Report(number);
      }
    });
  }
}

class KillLoadTest : public testing::Test {
 protected:
  // Runs the load from `first` until `acknowledged` persons are and some microseconds more, kills
  // it, and returns all that were acknowledged.
  std::set<uint64_t> RunAndKill(uint64_t first, size_t acknowledged, std::chrono::microseconds more,
                                bool lies) {
    std::map<std::string, std::string> given{{"FOLDER", dir_ / "store"},
                                             {"FIRST", std::to_string(first)}};
    if (lies) given["LIES"] = "1";
    const auto journal = KilledChild::RunAndKill("KillLoadChild.*", given, acknowledged, more);
    return {journal.begin(), journal.end()};
  }

  // How many of the acknowledged are not there. Who asks again for them gets what was.
  static uint64_t Lost(StoreOnDisk& store, const std::set<uint64_t>& acknowledged) {
    uint64_t lost = 0;
    for (const uint64_t number : acknowledged) {
      const auto receipt = store.Observe(number);
      lost += receipt && receipt->replayed ? 0 : 1;
    }
    return lost;
  }

  support::TempDir dir_;
};

TEST_F(KillLoadTest, LosesNothingDoublesNothingAndKeepsTheChain) {
  std::mt19937_64 random(support::TestSeed());
  StoreOnDisk store(dir_ / "store");
  uint64_t first = 1;
  std::set<uint64_t> ever;
  const uint64_t kills = support::Figure("REFERRALD_KILLS", 50);
  for (uint64_t kill = 0; kill < kills; ++kill) {
    const std::set<uint64_t> acknowledged =
        RunAndKill(first, random() % kAcknowledgedMost, std::chrono::microseconds(random() % 3000),
                   /*lies=*/false);
    ASSERT_TRUE(store.Open().ok());
    EXPECT_EQ(Lost(store, acknowledged), 0u) << "kill " << kill;
    // What was asked for and not acknowledged is there once or not at all; asked for again, once.
    const uint64_t end = acknowledged.empty() ? first : *acknowledged.rbegin() + 1;
    for (uint64_t number = first; number < end + kThreads; ++number) {
      ASSERT_TRUE(store.Observe(number));
      ever.insert(number);
    }
    first = end + kThreads;
    EXPECT_EQ((*store.ledger().Read())->GetTotals()->persons, ever.size());
    EXPECT_EQ((*store.ledger().Read())->head().value, ever.size());
    if (kill % 10 == 0) {
      const auto report = store.ledger().Verify({});
      ASSERT_TRUE(report) << report.error().ToString();
      EXPECT_EQ(report->problems, std::vector<std::string>{});
    }
    store.Close();
  }
}

// The mutation check: a store that acknowledges before it has written is found out.
TEST_F(KillLoadTest, WouldNoticeAnAcknowledgementThatCameTooEarly) {
  uint64_t lost = 0;
  for (uint64_t kill = 0; kill < 8 && lost == 0; ++kill) {
    const std::set<uint64_t> acknowledged =
        RunAndKill(1 + kill * 1'000'000, 20, std::chrono::microseconds(0), /*lies=*/true);
    StoreOnDisk store(dir_ / "store");
    ASSERT_TRUE(store.Open().ok());
    lost += Lost(store, acknowledged);
  }
  EXPECT_GT(lost, 0u);
}

}  // namespace
}  // namespace referrald::crash
