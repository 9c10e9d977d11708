#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "storage/base/limits.h"
#include "tests/conformance/engine_fixture.h"

namespace referrald::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

// The size of a run decides how an engine takes it in; every promise holds for both.
enum class Size : unsigned char { kSmall, kLarge };
constexpr Size kSizes[] = {Size::kSmall, Size::kLarge};

template <typename UnderTest>
class EngineIngestTest : public EngineTest<UnderTest> {
 protected:
  static std::string Key(int i) { return "D" + std::to_string(1'000'000 + i); }
  // Rows of ascending keys, the same value in each.
  static Rows RowsOf(Size size, const std::string& value, int first = 0) {
    const int count = size == Size::kSmall ? 10 : 400;
    const std::string padded = value + std::string(size == Size::kSmall ? 0 : 2'000, '.');
    Rows rows;
    for (int i = 0; i < count; ++i) rows.emplace_back(Key(first + i), padded);
    return rows;
  }
  void SetUp() override {
    ASSERT_GT(RowsOf(Size::kLarge, "").size() * 2'000, limits::kIngestInsertBytesMax);
  }
};

TYPED_TEST_SUITE(EngineIngestTest, EnginesUnderTest, EngineNames);

TYPED_TEST(EngineIngestTest, IsThereForLaterViewsWithoutAVersion) {
  for (const Size size : kSizes) {
    ASSERT_EQ(this->Put({{"E", "log"}}).outcome, Outcome::kOk);
    const Version version = this->CurrentVersion();
    const Rows rows = this->RowsOf(size, "1");
    ASSERT_EQ(this->Ingest(rows), Status::Ok());
    EXPECT_EQ(this->CurrentVersion(), version);
    EXPECT_TRUE(this->Scan(PrefixRange("D")) == rows);
    EXPECT_EQ(this->Get("E"), "log");
  }
}

TYPED_TEST(EngineIngestTest, PutsReplacesAndDeletes) {
  for (const Size size : kSizes) {
    Rows rows = this->RowsOf(size, "old");
    ASSERT_EQ(this->Ingest(rows), Status::Ok());
    std::vector<Derived> run;
    const std::string value(rows.front().second.size(), 'n');
    for (size_t i = 0; i < rows.size(); ++i) {
      run.push_back({.key = rows[i].first, .value = value, .is_delete = i % 2 == 0});
      if (run.back().is_delete) run.back().value = {};
    }
    run.push_back({.key = "Dz", .value = {}, .is_delete = true});  // Was never there.
    ASSERT_EQ(this->engine().Ingest(this->kPartition, run), Status::Ok());
    for (size_t i = 0; i < rows.size(); ++i) {
      const auto expected = i % 2 == 0 ? std::nullopt : std::optional<std::string>(value);
      ASSERT_EQ(this->Get(rows[i].first), expected) << i;
    }
  }
}

TYPED_TEST(EngineIngestTest, TheLastWriterWinsWhicheverWayItCame) {
  const auto newest = [&](const std::string& value) {
    EXPECT_EQ(this->Get(this->Key(3))->substr(0, value.size()), value);
  };
  for (int round = 0; round < 3; ++round) {
    for (const Size size : kSizes) {
      ASSERT_EQ(this->Ingest(this->RowsOf(size, "run")), Status::Ok());
      newest("run");
      ASSERT_EQ(this->Put({{this->Key(3), "commit"}}).outcome, Outcome::kOk);
      newest("commit");
      ASSERT_EQ(this->Ingest(this->RowsOf(Size::kSmall, "small")), Status::Ok());
      newest("small");
      ASSERT_EQ(this->Ingest(this->RowsOf(Size::kLarge, "large")), Status::Ok());
      newest("large");
      ASSERT_TRUE(this->engine().DropRange(this->kPartition, PrefixRange("D")).ok());
      EXPECT_THAT(this->Scan(PrefixRange("D")), IsEmpty());
    }
  }
}

TYPED_TEST(EngineIngestTest, AViewStaysAtItsInstant) {
  const Rows before = this->RowsOf(Size::kSmall, "0");
  ASSERT_EQ(this->Ingest(before), Status::Ok());
  for (const Size size : kSizes) {
    const auto view = this->Read();
    const Rows rows = this->TestFixture::Scan(*view);
    ASSERT_EQ(this->Ingest(this->RowsOf(size, "1", 5)), Status::Ok());
    ASSERT_EQ(this->engine().DropRange(this->kPartition, {.begin = "D", .end = this->Key(2)}),
              Status::Ok());
    EXPECT_TRUE(this->TestFixture::Scan(*view) == rows);
    EXPECT_EQ(this->TestFixture::Get(*view, this->Key(7)), "0");
    EXPECT_NE(this->Get(this->Key(7)), "0");
    ASSERT_EQ(this->Ingest(before), Status::Ok());
  }
}

TYPED_TEST(EngineIngestTest, KeepsPartitionsApart) {
  for (const Size size : kSizes) {
    ASSERT_EQ(this->Ingest(this->RowsOf(size, "1"), 1), Status::Ok());
    ASSERT_EQ(this->Ingest(this->RowsOf(size, "2"), UINT64_MAX), Status::Ok());
    EXPECT_TRUE(this->TestFixture::Scan(*this->Read(1)) == this->RowsOf(size, "1"));
    EXPECT_TRUE(this->TestFixture::Scan(*this->Read(UINT64_MAX)) == this->RowsOf(size, "2"));
    EXPECT_THAT(this->TestFixture::Scan(*this->Read(2)), IsEmpty());
  }
}

TYPED_TEST(EngineIngestTest, TakesKeysOfEveryFirstByte) {
  for (const size_t value_size : {size_t{10}, size_t{4'000}}) {
    Rows rows = {{"", std::string(value_size, 'v')}};
    for (int byte = 0; byte < 256; ++byte) {
      rows.emplace_back(std::string(1, static_cast<char>(byte)), std::string(value_size, 'v'));
      rows.emplace_back(rows.back().first + "more", "");
    }
    ASSERT_EQ(this->Ingest(rows), Status::Ok());
    EXPECT_TRUE(this->Scan() == rows);
  }
}

TYPED_TEST(EngineIngestTest, AnEmptyRunIsNothing) {
  EXPECT_EQ(this->engine().Ingest(this->kPartition, {}), Status::Ok());
  EXPECT_THAT(this->Scan(), IsEmpty());
}

TYPED_TEST(EngineIngestTest, RefusesKeysThatDoNotAscend) {
  for (const Size size : kSizes) {
    for (const std::string& last : {this->Key(2), this->Key(0)}) {
      Rows rows = this->RowsOf(size, "1");
      rows.insert(rows.begin() + 3, {last, "again"});
      const Status refused = this->Ingest(rows);
      EXPECT_EQ(refused.code(), Code::kInvalidArgument);
      EXPECT_THAT(refused.message(), HasSubstr("key 3 of a sorted run"));
      EXPECT_THAT(this->Scan(), IsEmpty());
    }
  }
}

TYPED_TEST(EngineIngestTest, RefusesWhatIsBeyondALimitAndWritesNothing) {
  const auto refuses = [&](const std::vector<Derived>& run) {
    const Status refused = this->engine().Ingest(this->kPartition, run);
    EXPECT_EQ(refused.code(), Code::kInvalidArgument);
    EXPECT_THAT(refused.message(), HasSubstr("limit"));
  };
  const std::string key(limits::kKeyBytesMax + 1, 'k');
  refuses({{.key = "a", .value = "1"}, {.key = key, .value = "v"}});
  const std::string value(limits::kValueBytesMax + 1, 'v');
  refuses({{.key = "a", .value = value}});
  refuses(std::vector<Derived>(limits::kIngestOperationsMax + 1));
  const std::string_view largest = std::string_view(value).substr(1);
  const size_t count = limits::kIngestBytesMax / largest.size() + 1;
  std::vector<std::string> keys;
  for (size_t i = 0; i < count; ++i) keys.push_back(this->Key(static_cast<int>(i)));
  std::vector<Derived> run;
  for (const std::string& each : keys) run.push_back({.key = each, .value = largest});
  refuses(run);
  EXPECT_THAT(this->Scan(), IsEmpty());
  run.resize(count - 3);
  EXPECT_EQ(this->engine().Ingest(this->kPartition, run), Status::Ok());
  EXPECT_EQ(this->Get(keys.front()), largest);
}

TYPED_TEST(EngineIngestTest, StaysAfterSettlingAndReopening) {
  if (!TypeParam::kKeepsAfterReopen) GTEST_SKIP() << "the engine in memory forgets by design";
  for (const Size size : kSizes) {
    const Rows rows = this->RowsOf(size, size == Size::kSmall ? "s" : "l");
    ASSERT_EQ(this->Ingest(rows), Status::Ok());
    ASSERT_TRUE(this->engine().Settle(this->kPartition).ok());
    this->under_test_.Reopen();
    EXPECT_EQ(this->Get(rows.front().first), rows.front().second);
    EXPECT_EQ(this->Get(rows.back().first), rows.back().second);
  }
}

// Every view shows one whole run, and the same one for as long as it lives.
TYPED_TEST(EngineIngestTest, ReadersSeeWholeRunsAndOneInstant) {
  constexpr int kRuns = 60;
  std::atomic<bool> done{false};
  std::atomic<int> torn{0};
  std::atomic<int> current{0};
  const auto look = [&] {
    // A run of keys that are new and one of keys that are not: engines treat them differently.
    const int first = current * 1'000;
    const auto view = this->Read();
    const std::vector<std::string> keys = {this->Key(first + 1), this->Key(first + 9), "C"};
    const auto before = view->MultiGet(keys);
    torn += (*before)[0] != (*before)[1] ? 1 : 0;
    torn += *before != *view->MultiGet(keys) ? 1 : 0;
  };
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 2; ++reader) {
    readers.emplace_back([&] {
      while (!done) look();
    });
  }
  for (int i = 0; i < kRuns; ++i) {
    current = i;
    const std::string value = std::to_string(i);
    EXPECT_EQ(this->Ingest({{"C", value}}), Status::Ok());
    const Size size = i % 3 == 0 ? Size::kSmall : Size::kLarge;
    EXPECT_EQ(this->Ingest(this->RowsOf(size, value, i * 1'000)), Status::Ok());
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(torn, 0);
}

// Writers of runs and of commits beside each other: nothing of either is lost.
TYPED_TEST(EngineIngestTest, CommitsGoOnBesideRuns) {
  constexpr int kEach = 40;
  std::atomic<int> failures{0};
  std::thread committer([&] {
    for (Version version = 0; version < kEach; ++version) {
      Batch batch(this->kPartition, version);
      batch.Put("E" + std::to_string(version), "event");
      failures += this->engine().Commit(batch).outcome == Outcome::kOk ? 0 : 1;
    }
  });
  std::vector<std::thread> ingesters;
  for (int ingester = 0; ingester < 2; ++ingester) {
    ingesters.emplace_back([&, ingester] {
      for (int i = 0; i < kEach; ++i) {
        const Size size = i % 4 == 0 ? Size::kLarge : Size::kSmall;
        const int first = (ingester * kEach + i) * 1'000;
        failures += this->Ingest(this->RowsOf(size, "1", first)).ok() ? 0 : 1;
      }
    });
  }
  committer.join();
  for (std::thread& ingester : ingesters) ingester.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(this->CurrentVersion(), static_cast<Version>(kEach));
  EXPECT_EQ(this->Scan(PrefixRange("E")).size(), static_cast<size_t>(kEach));
  EXPECT_EQ(this->Scan(PrefixRange("D")).size(), size_t{2} * (10 * 400 + 30 * 10));
}

}  // namespace
}  // namespace referrald::engine
