#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/base/status.h"
#include "storage/engine/engine.h"
#include "tests/support/temp_dir.h"

// What the conformance suite needs of an engine. A new engine adds one of these, and no test.
namespace referrald::engine {

class MemoryUnderTest {
 public:
  static constexpr bool kKeepsAfterReopen = false;
  Engine& engine() { return *engine_; }
  void Reopen() {}

 private:
  std::unique_ptr<Engine> engine_ = OpenMemory();
};

class RocksDbUnderTest {
 public:
  static constexpr bool kKeepsAfterReopen = true;
  RocksDbUnderTest() { Open(); }
  Engine& engine() { return *engine_; }
  void Reopen() {
    engine_.reset();
    Open();
  }

 private:
  void Open() {
    // A small reserve, so that the suite runs on the small disks of test machines.
    auto opened = OpenRocksDb({.path = dir_ / "store", .reserve_bytes = 1 << 20});
    if (!opened) throw std::runtime_error(opened.error().ToString());
    engine_ = *std::move(opened);
  }

  support::TempDir dir_;
  std::unique_ptr<Engine> engine_;
};

using EnginesUnderTest = ::testing::Types<MemoryUnderTest, RocksDbUnderTest>;

class EngineNames {
 public:
  template <typename T>
  static std::string GetName(int /*index*/) {
    return std::is_same_v<T, MemoryUnderTest> ? "Memory" : "RocksDb";
  }
};

using Rows = std::vector<std::pair<std::string, std::string>>;

// Short words for what every case does. A failure to read fails the test that asked.
template <typename UnderTest>
class EngineTest : public ::testing::Test {
 protected:
  static constexpr PartitionId kPartition = 7;

  Engine& engine() { return under_test_.engine(); }

  std::unique_ptr<View> Read(PartitionId partition = kPartition) {
    auto view = engine().Read(partition);
    EXPECT_TRUE(view) << view.error().ToString();
    return *std::move(view);
  }
  Version CurrentVersion(PartitionId partition = kPartition) { return Read(partition)->version(); }

  // Commits puts of these rows at the current version.
  CommitResult Put(const Rows& rows, PartitionId partition = kPartition) {
    Batch batch(partition, CurrentVersion(partition));
    for (const auto& [key, value] : rows) batch.Put(key, value);
    return engine().Commit(batch);
  }

  // Takes these rows in as one run of derived keys.
  Status Ingest(const Rows& rows, PartitionId partition = kPartition) {
    std::vector<Derived> run;
    for (const auto& [key, value] : rows) run.push_back({.key = key, .value = value});
    return engine().Ingest(partition, run);
  }

  static std::optional<std::string> Get(const View& view, std::string_view key) {
    const auto value = view.Get(key);
    EXPECT_TRUE(value) << value.error().ToString();
    return value.value_or(std::nullopt);
  }
  std::optional<std::string> Get(std::string_view key) { return Get(*Read(), key); }

  static Rows Scan(const View& view, const Range& range = {}) {
    Rows rows;
    const Status status = view.Scan(range, [&](std::string_view key, std::string_view value) {
      rows.emplace_back(key, value);
      return true;
    });
    EXPECT_TRUE(status.ok()) << status.ToString();
    return rows;
  }
  Rows Scan(const Range& range = {}) { return Scan(*Read(), range); }

  UnderTest under_test_;
};

}  // namespace referrald::engine
