#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <vector>

#include "tests/fuzz/exercise.h"
#include "tests/support/seed.h"
#include "tests/support/temp_dir.h"

// The fuzzers' seeds, and random mutations of them, for compilers that have no fuzzer.
namespace referrald::fuzz {
namespace {

constexpr int kMutations = 20'000;

std::vector<std::string> Seeds(const std::string& folder = "csv") {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(REFERRALD_FUZZ_SEEDS) + "/" + folder)) {
    paths.push_back(entry.path());
  }
  // A folder has no order of its own, and a seed must mean the same everywhere.
  std::ranges::sort(paths);
  std::vector<std::string> seeds;
  for (const auto& path : paths) seeds.push_back(support::ReadFile(path.string()));
  return seeds;
}

std::string Mutated(std::string text, const std::vector<std::string>& seeds,
                    std::mt19937_64& random) {
  using namespace std::string_view_literals;
  constexpr std::string_view kTelling = "\",;\t\n\r\\ =|\0\xff\xfe\xef\xc3"sv;
  for (uint64_t edits = 1 + random() % 6; edits > 0; --edits) {
    const size_t at = text.empty() ? 0 : random() % text.size();
    const std::string& other = seeds[random() % seeds.size()];
    switch (random() % 5) {
      case 0: text.insert(at, 1, kTelling[random() % kTelling.size()]); break;
      case 1: text.erase(at, 1 + random() % 8); break;
      case 2: text.resize(at); break;
      case 3: text.insert(at, other, other.size() / 2, random() % 40); break;
      default:
        if (!text.empty()) text[at] = static_cast<char>(random());
        break;
    }
  }
  return text;
}

TEST(FuzzReplay, SeedsKeepEveryPromise) {
  const std::vector<std::string> seeds = Seeds();
  ASSERT_GE(seeds.size(), 20U);
  for (const std::string& seed : seeds) {
    for (const size_t chunk : {0U, 1U, 5U}) Exercise(seed, chunk, /*map_rows=*/true);
  }
}

TEST(FuzzReplay, MutationsKeepEveryPromise) {
  const std::vector<std::string> seeds = Seeds();
  std::mt19937_64 random(support::TestSeed());
  for (int i = 0; i < kMutations; ++i) {
    const std::string text = Mutated(seeds[random() % seeds.size()], seeds, random);
    Exercise(text, random() % 4, /*map_rows=*/true);
  }
}

// The seeds of `folder`, then so many mutations of them, each through `exercise`.
template <typename Exercise>
void Replay(const std::string& folder, int mutations, const Exercise& exercise) {
  const std::vector<std::string> seeds = Seeds(folder);
  ASSERT_FALSE(seeds.empty());
  for (const std::string& seed : seeds) exercise(seed);
  std::mt19937_64 random(support::TestSeed());
  for (int i = 0; i < mutations; ++i) {
    exercise(Mutated(seeds[random() % seeds.size()], seeds, random));
  }
}

TEST(FuzzReplay, VcardsKeepEveryPromise) {
  Replay("vcard", kMutations, [](const std::string& bytes) {
    ExerciseVcard(bytes, 0);
    ExerciseVcard(bytes, 3);
  });
}

TEST(FuzzReplay, ArchivesKeepEveryPromise) {
  const support::TempDir dir;
  Replay("zip", kMutations / 10,
         [&dir](const std::string& bytes) { ExerciseZip(bytes, dir / "x"); });
}

TEST(FuzzReplay, SheetsKeepEveryPromise) {
  const support::TempDir dir;
  Replay("workbook", kMutations / 10,
         [&dir](const std::string& bytes) { ExerciseSheet(bytes, dir / "x"); });
}

}  // namespace
}  // namespace referrald::fuzz
