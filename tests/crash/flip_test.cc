// One flipped bit in any file of a store: it is refused, or found by whoever reads the place, or
// changes nothing; wrong or missing data is never served in silence.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <random>

#include "tests/crash/store_on_disk.h"
#include "tests/support/figure.h"
#include "tests/support/seed.h"
#include "tests/support/temp_dir.h"

namespace referrald::crash {
namespace {

namespace fs = std::filesystem;

struct Outcomes {
  int refused = 0, harmless = 0, wrong = 0;
};

class FlipTest : public testing::Test {
 protected:
  // Tables and, behind them, a log that was never flushed.
  FlipTest() : base_(dir_ / "base") {
    EXPECT_TRUE(base_.Open().ok());
    for (uint64_t i = 1; i <= 150; ++i) EXPECT_TRUE(base_.Observe(i));
    base_.Close();
    EXPECT_TRUE(base_.Open().ok());
    for (uint64_t i = 151; i <= 200; ++i) EXPECT_TRUE(base_.Observe(i));
    expected_ = *Everything(base_.ledger());
    base_.Close();
  }

  // Every file but those that say nothing: the lock, the ballast and the library's own log.
  static std::vector<fs::path> FilesOf(const std::string& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      const std::string name = entry.path().filename();
      if (!entry.is_regular_file() || entry.file_size() == 0 || name == "OWNER" ||
          name == "BALLAST" || name == "LOCK" || name.starts_with("LOG")) {
        continue;
      }
      files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
  }
  static std::string KindOf(const fs::path& path) {
    const std::string name = path.filename();
    if (!path.extension().empty()) return path.extension();
    return name.substr(0, name.find('-'));
  }

  // What a store says of which one bit of `path` is another.
  void FlipOne(const fs::path& path, std::mt19937_64& random, StoreOnDisk& store,
               Outcomes& outcomes) {
    {
      std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
      const auto at = static_cast<std::streamoff>(random() % fs::file_size(path));
      const int byte = file.seekg(at).get();
      file.seekp(at).put(static_cast<char>(byte ^ (1 << random() % 8)));
    }
    const Status opened = store.Open();
    const Result<std::string> all = opened.ok() ? Everything(store.ledger()) : opened;
    store.Close();
    if (!all) {
      ++outcomes.refused;
    } else if (*all == expected_) {
      ++outcomes.harmless;
    } else {
      ++outcomes.wrong;
    }
  }

  // Flips bits of files whose kind is `only` (empty: any), each in a copy of its own.
  std::map<std::string, Outcomes> Flip(uint64_t count, const std::string& only,
                                       const std::function<void(StoreOnDisk&)>& weaken) {
    std::map<std::string, Outcomes> outcomes;
    std::mt19937_64 random(support::TestSeed());
    for (uint64_t flip = 0; flip < count; ++flip) {
      const std::string folder = dir_ / "copy";
      base_.CopyTo(folder);
      StoreOnDisk store(folder);
      weaken(store);
      std::vector<fs::path> files = FilesOf(folder);
      if (!only.empty()) std::erase_if(files, [&](auto& path) { return KindOf(path) != only; });
      const fs::path path = files[flip % files.size()];
      FlipOne(path, random, store, outcomes[KindOf(path)]);
    }
    return outcomes;
  }

  support::TempDir dir_;
  StoreOnDisk base_;
  std::string expected_;
};

TEST_F(FlipTest, NothingWrongIsServedInSilence) {
  const auto outcomes = Flip(support::Figure("REFERRALD_FLIPS", 300), "", [](StoreOnDisk&) {});
  for (const auto& [kind, each] : outcomes) {
    std::printf("%-10s refused or found %4d, harmless %4d, wrong %d\n", kind.c_str(), each.refused,
                each.harmless, each.wrong);
    EXPECT_EQ(each.wrong, 0) << kind;
  }
  for (const char* kind : {".sst", ".log", "MANIFEST", "CURRENT", ".keys", ".key", ".head"}) {
    EXPECT_TRUE(outcomes.contains(kind)) << kind;
  }
}

// The mutation check: with RocksDB's own way to read a damaged log, and nothing outside that knows
// how long it was, a part of it is gone and nobody says so.
TEST_F(FlipTest, WouldServeLessWithoutTheStrictLogAndTheHeadFile) {
  const auto outcomes = Flip(40, ".log", [](StoreOnDisk& store) {
    store.edges().strict_log = false;
    store.ForgetHeadFile();
  });
  EXPECT_GT(outcomes.at(".log").wrong, 0);
}

}  // namespace
}  // namespace referrald::crash
