#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/conformance/engine_fixture.h"
#include "tests/support/seed.h"

namespace referrald::engine {
namespace {

// What an engine promises, in the plainest form there is.
struct Model {
  Version version = 0;
  std::map<std::string, std::string> rows;

  Rows Scan(const Range& range) const {
    Rows out;
    for (const auto& [key, value] : rows) {
      if (key < range.begin || (!range.end.empty() && key >= range.end)) continue;
      out.emplace_back(key, value);
    }
    if (range.reverse) std::reverse(out.begin(), out.end());
    if (out.size() > range.row_count_max) out.resize(range.row_count_max);
    return out;
  }
};

template <typename UnderTest>
class EngineModelTest : public EngineTest<UnderTest> {
 protected:
  // Few keys, with the bytes that go wrong, so that operations meet.
  std::string Key() {
    static constexpr std::string_view kBytes(
        "\0\x01"
        "a\x7f\x80\xfe\xff",
        7);
    std::string key;
    for (uint64_t size = Below(4); key.size() < size;) key += kBytes[Below(kBytes.size())];
    return key;
  }
  std::string Value() { return std::string(Below(50), static_cast<char>(Below(256))); }
  uint64_t Below(uint64_t limit) { return random_() % limit; }
  Range AnyRange() {
    return {.begin = Key(),
            .end = Key(),
            .reverse = Below(2) == 0,
            .row_count_max = Below(3) == 0 ? Below(10) : SIZE_MAX};
  }

  void CommitSomething() {
    const bool is_stale = Below(10) == 0 && model_.version > 0;
    Batch batch(this->kPartition, is_stale ? model_.version - 1 : model_.version);
    Model after = model_;
    std::map<std::string, bool> used;
    for (uint64_t i = Below(20); i > 0; --i) {
      const std::string key = Key();
      if (!used.emplace(key, true).second) continue;
      if (Below(3) == 0) {
        batch.Delete(key);
        after.rows.erase(key);
      } else {
        const std::string value = Value();
        batch.Put(key, value);
        after.rows[key] = value;
      }
    }
    const CommitResult result = this->engine().Commit(batch);
    ASSERT_EQ(result.outcome, is_stale ? Outcome::kConflict : Outcome::kOk) << result.detail;
    if (is_stale) return;
    model_ = after;
    ++model_.version;
  }

  void IngestSomething() {
    // Now and then large enough to become a table, with keys of every first byte.
    const size_t value_size = Below(8) == 0 ? 40'000 : Below(50);
    std::map<std::string, std::optional<std::string>> sorted;
    for (uint64_t i = Below(40); i > 0; --i) {
      const char byte = static_cast<char>(Below(256));
      sorted[Key()] =
          Below(3) == 0 ? std::nullopt : std::optional<std::string>(std::string(value_size, byte));
    }
    std::vector<Derived> run;
    for (const auto& [key, value] : sorted) {
      run.push_back({.key = key, .value = {}, .is_delete = !value});
      if (value) run.back().value = model_.rows[key] = *value;
      if (!value) model_.rows.erase(key);
    }
    const Status status = this->engine().Ingest(this->kPartition, run);
    ASSERT_TRUE(status.ok()) << status.ToString();
  }

  void DropSomething() {
    const Range range = AnyRange();
    ASSERT_TRUE(this->engine().DropRange(this->kPartition, range).ok());
    std::erase_if(model_.rows, [&](const auto& row) {
      return row.first >= range.begin && (range.end.empty() || row.first < range.end);
    });
  }

  void Compare(const View& view, const Model& model) {
    ASSERT_EQ(view.version(), model.version);
    const Range range = AnyRange();
    // Not ASSERT_EQ: the rows of a large run would fill the screen.
    ASSERT_TRUE(this->Scan(view, range) == model.Scan(range));
    const std::vector<std::string> keys = {Key(), Key(), Key()};
    const auto values = view.MultiGet(keys);
    ASSERT_TRUE(values);
    for (size_t i = 0; i < keys.size(); ++i) {
      const auto expected = model.rows.find(keys[i]);
      ASSERT_EQ((*values)[i].has_value(), expected != model.rows.end());
      ASSERT_EQ((*values)[i].value_or(""), expected == model.rows.end() ? "" : expected->second);
      ASSERT_EQ(this->Get(view, keys[i]), (*values)[i]);
    }
  }

  std::mt19937_64 random_{support::TestSeed()};
  Model model_;
};

TYPED_TEST_SUITE(EngineModelTest, EnginesUnderTest, EngineNames);

TYPED_TEST(EngineModelTest, RandomOperationsAgreeWithAMap) {
  std::vector<std::pair<std::unique_ptr<View>, Model>> old_views;
  for (int step = 0; step < 600 && !this->HasFatalFailure(); ++step) {
    SCOPED_TRACE(step);
    switch (this->Below(15)) {
      case 0: this->DropSomething(); break;
      case 1: old_views.emplace_back(this->Read(), this->model_); break;
      case 2:
      case 3:
      case 4: this->IngestSomething(); break;
      case 5:
        if (old_views.size() > 4) old_views.erase(old_views.begin());
        break;
      default: this->CommitSomething(); break;
    }
    this->Compare(*this->Read(), this->model_);
    for (const auto& [view, model] : old_views) this->Compare(*view, model);
  }
}

TYPED_TEST(EngineModelTest, ReopeningKeepsEverything) {
  if (!TypeParam::kKeepsAfterReopen) GTEST_SKIP() << "the engine in memory forgets by design";
  for (int round = 0; round < 5; ++round) {
    for (int step = 0; step < 50; ++step) {
      this->Below(3) == 0 ? this->IngestSomething() : this->CommitSomething();
    }
    this->under_test_.Reopen();
    const auto view = this->Read();
    ASSERT_EQ(view->version(), this->model_.version);
    ASSERT_TRUE(this->Scan(*view, {}) == this->model_.Scan({}));
  }
}

}  // namespace
}  // namespace referrald::engine
