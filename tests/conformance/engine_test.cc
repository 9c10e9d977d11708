#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <set>
#include <thread>

#include "storage/base/limits.h"
#include "tests/conformance/engine_fixture.h"
#include "tests/support/seed.h"

namespace referrald::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TYPED_TEST_SUITE(EngineTest, EnginesUnderTest, EngineNames);

TYPED_TEST(EngineTest, IsEmptyAtVersionZeroBeforeTheFirstCommit) {
  EXPECT_EQ(this->CurrentVersion(), 0u);
  EXPECT_EQ(this->Get("a"), std::nullopt);
  EXPECT_THAT(this->Scan(), IsEmpty());
}

TYPED_TEST(EngineTest, VersionsAreDense) {
  for (Version version = 1; version <= 5; ++version) {
    const CommitResult result = this->Put({{"a", std::to_string(version)}});
    EXPECT_EQ(result.outcome, Outcome::kOk) << result.detail;
    EXPECT_EQ(result.version, version);
    EXPECT_EQ(this->CurrentVersion(), version);
  }
}

TYPED_TEST(EngineTest, AnEmptyBatchMovesTheVersionToo) {
  EXPECT_EQ(this->Put({}).outcome, Outcome::kOk);
  EXPECT_EQ(this->CurrentVersion(), 1u);
}

TYPED_TEST(EngineTest, RefusesAStaleVersionAndWritesNothing) {
  this->Put({{"a", "1"}});
  this->Put({{"a", "2"}});
  Batch stale(this->kPartition, /*expected=*/1);
  stale.Put("a", "3");
  stale.Put("b", "3");
  const CommitResult result = this->engine().Commit(stale);
  EXPECT_EQ(result.outcome, Outcome::kConflict);
  EXPECT_EQ(result.version, 2u);
  EXPECT_FALSE(result.detail.empty());
  EXPECT_THAT(this->Scan(), ElementsAre(Pair("a", "2")));
}

TYPED_TEST(EngineTest, RefusesAVersionThatIsNotThereYet) {
  Batch early(this->kPartition, /*expected=*/1);
  early.Put("a", "1");
  EXPECT_EQ(this->engine().Commit(early).outcome, Outcome::kConflict);
  EXPECT_EQ(this->CurrentVersion(), 0u);
}

TYPED_TEST(EngineTest, OrdersKeysAsUnsignedBytes) {
  const std::vector<std::string> sorted = {std::string("\0", 1),
                                           std::string("\0\0", 2),
                                           std::string("\0\xff", 2),
                                           "A",
                                           "A\x01",
                                           "B",
                                           "a",
                                           "\x7f",
                                           "\x80",
                                           "\xfe\xff",
                                           "\xff",
                                           "\xff\xff"};
  Rows rows;
  for (const std::string& key : sorted) rows.emplace_back(key, "v");
  std::reverse(rows.begin(), rows.end());
  ASSERT_EQ(this->Put(rows).outcome, Outcome::kOk);
  std::vector<std::string> seen;
  for (const auto& [key, value] : this->Scan()) seen.push_back(key);
  EXPECT_EQ(seen, sorted);
}

TYPED_TEST(EngineTest, AnEmptyKeyIsTheFirst) {
  ASSERT_EQ(this->Put({{"", "empty"}, {std::string("\0", 1), "zero"}}).outcome, Outcome::kOk);
  EXPECT_EQ(this->Get(""), "empty");
  EXPECT_EQ(this->Scan().front().second, "empty");
  EXPECT_EQ(this->Scan({.begin = {}, .end = {}, .reverse = true}).back().second, "empty");
}

TYPED_TEST(EngineTest, KeepsEmptyAndBinaryValues) {
  const std::string binary("\0\xff\n\0", 4);
  this->Put({{"binary", binary}, {"empty", ""}});
  EXPECT_EQ(this->Get("binary"), binary);
  EXPECT_EQ(this->Get("empty"), "");
}

TYPED_TEST(EngineTest, DeletesAndPutsInOneBatch) {
  this->Put({{"a", "1"}, {"b", "1"}, {"c", "1"}});
  Batch batch(this->kPartition, 1);
  batch.Delete("a");
  batch.Put("b", "2");
  batch.Delete("never-was");
  EXPECT_EQ(this->engine().Commit(batch).outcome, Outcome::kOk);
  EXPECT_THAT(this->Scan(), ElementsAre(Pair("b", "2"), Pair("c", "1")));
}

TYPED_TEST(EngineTest, PartitionsDoNotSeeEachOther) {
  for (const PartitionId partition : {PartitionId{0}, PartitionId{1}, PartitionId{256},
                                      PartitionId{UINT64_MAX - 1}, PartitionId{UINT64_MAX}}) {
    this->Put({{"", std::to_string(partition)}, {"\xff\xff", "last"}}, partition);
  }
  EXPECT_EQ(this->CurrentVersion(2), 0u);
  EXPECT_EQ(this->CurrentVersion(1), 1u);
  EXPECT_THAT(this->TestFixture::Scan(*this->Read(1)),
              ElementsAre(Pair("", "1"), Pair("\xff\xff", "last")));
  EXPECT_THAT(this->TestFixture::Scan(*this->Read(UINT64_MAX)),
              ElementsAre(Pair("", "18446744073709551615"), Pair("\xff\xff", "last")));
}

TYPED_TEST(EngineTest, TakesWhatIsExactlyAtTheLimits) {
  const std::string key(limits::kKeyBytesMax, 'k');
  const std::string value(limits::kValueBytesMax, 'v');
  EXPECT_EQ(this->Put({{key, value}}).outcome, Outcome::kOk);
  EXPECT_EQ(this->Get(key), value);

  Batch many(this->kPartition, 1);
  for (size_t i = 0; i < limits::kBatchOperationsMax; ++i) many.Put(std::to_string(i), "");
  EXPECT_EQ(this->engine().Commit(many).outcome, Outcome::kOk);

  Batch large(this->kPartition, 2);
  for (size_t i = 0; large.bytes() + limits::kValueBytesMax < limits::kBatchBytesMax; ++i) {
    large.Put(std::to_string(i), std::string(limits::kValueBytesMax - 64, 'v'));
  }
  large.Put("x", std::string(limits::kBatchBytesMax - large.bytes() - 1, 'v'));
  ASSERT_EQ(large.bytes(), limits::kBatchBytesMax);
  EXPECT_EQ(this->engine().Commit(large).outcome, Outcome::kOk);
}

TYPED_TEST(EngineTest, RefusesWhatIsBeyondALimitAndWritesNothing) {
  const auto refuses = [&](const Rows& rows) {
    const CommitResult result = this->Put(rows);
    EXPECT_EQ(result.outcome, Outcome::kTooLarge);
    EXPECT_THAT(result.detail, ::testing::HasSubstr("limit"));
    EXPECT_EQ(this->CurrentVersion(), 0u);
  };
  refuses({{std::string(limits::kKeyBytesMax + 1, 'k'), "v"}});
  refuses({{"k", std::string(limits::kValueBytesMax + 1, 'v')}});
  Rows many(limits::kBatchOperationsMax + 1);
  refuses(many);
  Rows large;
  for (size_t bytes = 0; bytes <= limits::kBatchBytesMax; bytes += limits::kValueBytesMax) {
    large.emplace_back(std::to_string(bytes), std::string(limits::kValueBytesMax, 'v'));
  }
  refuses(large);
  EXPECT_THAT(this->Scan(), IsEmpty());
}

TYPED_TEST(EngineTest, MultiGetAnswersInTheOrderOfTheQuestion) {
  Rows rows;
  for (int i = 0; i < 2'000; ++i) rows.emplace_back("key" + std::to_string(i), std::to_string(i));
  ASSERT_EQ(this->Put(rows).outcome, Outcome::kOk);
  std::vector<std::string> keys = {"key1999", "none", "key3", "", "key3", "key0"};
  for (int i = 0; i < 3'000; ++i) keys.push_back("key" + std::to_string(i));
  const auto values = this->Read()->MultiGet(keys);
  ASSERT_TRUE(values) << values.error().ToString();
  ASSERT_EQ(values->size(), keys.size());
  EXPECT_THAT(std::span(*values).first(6),
              ElementsAre("1999", std::nullopt, "3", std::nullopt, "3", "0"));
  EXPECT_EQ((*values)[6 + 1'999], "1999");
  EXPECT_EQ((*values)[6 + 2'000], std::nullopt);
}

TYPED_TEST(EngineTest, MultiGetOfNothingIsNothing) {
  const auto values = this->Read()->MultiGet({});
  ASSERT_TRUE(values);
  EXPECT_TRUE(values->empty());
}

TYPED_TEST(EngineTest, ScansRangesWithoutTheirEnd) {
  this->Put({{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}});
  EXPECT_THAT(this->Scan({.begin = "b", .end = "d"}), ElementsAre(Pair("b", "2"), Pair("c", "3")));
  EXPECT_THAT(this->Scan({.begin = "bb", .end = {}}), ElementsAre(Pair("c", "3"), Pair("d", "4")));
  EXPECT_THAT(this->Scan({.begin = "b", .end = "b"}), IsEmpty());
  EXPECT_THAT(this->Scan({.begin = "c", .end = "b"}), IsEmpty());
  EXPECT_THAT(this->Scan({.begin = "c", .end = "b", .reverse = true}), IsEmpty());
}

TYPED_TEST(EngineTest, ScansBackwards) {
  this->Put({{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}});
  EXPECT_THAT(this->Scan({.begin = "b", .end = "d", .reverse = true}),
              ElementsAre(Pair("c", "3"), Pair("b", "2")));
  EXPECT_THAT(this->Scan({.begin = {}, .end = {}, .reverse = true, .row_count_max = 1}),
              ElementsAre(Pair("d", "4")));
  EXPECT_THAT(this->Scan({.begin = "b", .end = "cc", .reverse = true, .row_count_max = 9}),
              ElementsAre(Pair("c", "3"), Pair("b", "2")));
}

TYPED_TEST(EngineTest, ScansAPrefix) {
  this->Put({{"a", "0"}, {"b", "1"}, {"b\x01", "2"}, {"b\xff\xff", "3"}, {"c", "4"}});
  EXPECT_THAT(this->Scan(PrefixRange("b")),
              ElementsAre(Pair("b", "1"), Pair("b\x01", "2"), Pair("b\xff\xff", "3")));
  EXPECT_THAT(this->Scan(PrefixRange("b\xff")), ElementsAre(Pair("b\xff\xff", "3")));
  EXPECT_EQ(this->Scan(PrefixRange("")).size(), 5u);
}

TYPED_TEST(EngineTest, PagesWithoutGapOrRepeat) {
  Rows rows;
  for (int i = 0; i < 1'000; ++i) rows.emplace_back("key" + std::to_string(i), "v");
  ASSERT_EQ(this->Put(rows).outcome, Outcome::kOk);
  const auto view = this->Read();
  std::set<std::string> seen;
  Range range{.begin = {}, .end = {}, .reverse = false, .row_count_max = 7};
  for (Rows page = this->TestFixture::Scan(*view, range); !page.empty();
       page = this->TestFixture::Scan(*view, range)) {
    for (const auto& [key, value] : page) EXPECT_TRUE(seen.insert(key).second) << key;
    range.begin = page.back().first + '\0';
  }
  EXPECT_EQ(seen.size(), rows.size());
}

TYPED_TEST(EngineTest, ASinkStopsTheScan) {
  this->Put({{"a", "1"}, {"b", "2"}, {"c", "3"}});
  int calls = 0;
  const Status status =
      this->Read()->Scan({}, [&](std::string_view, std::string_view) { return ++calls < 2; });
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(calls, 2);
  EXPECT_THAT(this->Scan({.begin = {}, .end = {}, .reverse = false, .row_count_max = 0}),
              IsEmpty());
}

TYPED_TEST(EngineTest, ASinkMayReadTheSameView) {
  this->Put({{"a", "b"}, {"b", "a"}});
  const auto view = this->Read();
  std::vector<std::optional<std::string>> seen;
  const Status status = view->Scan({}, [&](std::string_view, std::string_view value) {
    seen.push_back(this->TestFixture::Get(*view, value));
    return true;
  });
  EXPECT_TRUE(status.ok());
  EXPECT_THAT(seen, ElementsAre("a", "b"));
}

TYPED_TEST(EngineTest, AViewIsOneInstant) {
  this->Put({{"a", "1"}, {"b", "1"}, {"dropped", "1"}});
  const auto view = this->Read();
  Batch batch(this->kPartition, 1);
  batch.Put("a", "2");
  batch.Delete("b");
  batch.Put("c", "2");
  ASSERT_EQ(this->engine().Commit(batch).outcome, Outcome::kOk);
  ASSERT_TRUE(this->engine().DropRange(this->kPartition, PrefixRange("dropped")).ok());
  ASSERT_EQ(this->Put({{"a", "3"}}).outcome, Outcome::kOk);

  EXPECT_EQ(view->version(), 1u);
  EXPECT_EQ(this->TestFixture::Get(*view, "a"), "1");
  EXPECT_THAT(this->TestFixture::Scan(*view),
              ElementsAre(Pair("a", "1"), Pair("b", "1"), Pair("dropped", "1")));
  const auto values = view->MultiGet(std::vector<std::string>{"b", "c"});
  ASSERT_TRUE(values);
  EXPECT_THAT(*values, ElementsAre("1", std::nullopt));
  EXPECT_THAT(this->Scan(), ElementsAre(Pair("a", "3"), Pair("c", "2")));
}

TYPED_TEST(EngineTest, DropsARangeWithoutAVersion) {
  this->Put({{"a", "1"}, {"g1", "1"}, {"g2", "1"}, {"h", "1"}});
  ASSERT_TRUE(this->engine().DropRange(this->kPartition, PrefixRange("g")).ok());
  EXPECT_THAT(this->Scan(), ElementsAre(Pair("a", "1"), Pair("h", "1")));
  EXPECT_EQ(this->CurrentVersion(), 1u);
  EXPECT_TRUE(this->engine().DropRange(this->kPartition, {.begin = "z", .end = "b"}).ok());
  EXPECT_EQ(this->Put({{"g1", "2"}}).outcome, Outcome::kOk);
  EXPECT_EQ(this->Get("g1"), "2");
  EXPECT_TRUE(this->engine().Settle(this->kPartition).ok());
}

TYPED_TEST(EngineTest, DropsAWholePartitionAndNoOther) {
  this->Put({{"a", "1"}, {"\xff\xff", "1"}}, 1);
  this->Put({{"", "2"}}, 2);
  ASSERT_TRUE(this->engine().DropRange(1, {}).ok());
  EXPECT_THAT(this->TestFixture::Scan(*this->Read(1)), IsEmpty());
  EXPECT_THAT(this->TestFixture::Scan(*this->Read(2)), ElementsAre(Pair("", "2")));
}

TYPED_TEST(EngineTest, TakesWritesAndSaysSo) {
  const Statistics statistics = this->engine().Stats();
  EXPECT_TRUE(statistics.accepts_writes);
  EXPECT_EQ(statistics.reason, "");
  EXPECT_GT(statistics.free_disk_bytes, 0u);
}

// Each writer moves one unit between accounts, again and again, and tries anew after a conflict.
// With a lost or a doubled update, the sum or the number of commits would be off.
TYPED_TEST(EngineTest, EightRacingWritersLoseNothing) {
  constexpr int kWriters = 8;
  constexpr int kTransfers = 25;
  this->Put({{"from", std::to_string(kWriters * kTransfers)}, {"to", "0"}});
  std::atomic<int> failures{0};
  const auto transfer = [&]() -> Outcome {
    auto view = this->engine().Read(this->kPartition);
    if (!view) return Outcome::kCorrupt;
    Batch batch(this->kPartition, (*view)->version());
    batch.Put("from", std::to_string(std::stoi(**(*view)->Get("from")) - 1));
    batch.Put("to", std::to_string(std::stoi(**(*view)->Get("to")) + 1));
    return this->engine().Commit(batch).outcome;
  };
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&] {
      for (int done = 0; done < kTransfers;) {
        const Outcome outcome = transfer();
        if (outcome == Outcome::kOk) ++done;
        if (outcome == Outcome::kOk || outcome == Outcome::kConflict) continue;
        ++failures;
        return;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(failures, 0);
  EXPECT_THAT(this->Scan(), ElementsAre(Pair("from", "0"), Pair("to", "200")));
  EXPECT_EQ(this->CurrentVersion(), 1u + kWriters * kTransfers);
}

// A reader never sees half a batch while a writer is at work.
TYPED_TEST(EngineTest, ReadersSeeWholeBatches) {
  constexpr int kCommits = 100;
  this->Put({{"a", "0"}, {"b", "0"}, {"c", "0"}});
  std::atomic<bool> done{false};
  std::atomic<int> torn{0};
  std::thread reader([&] {
    while (!done) {
      const auto view = this->Read();
      const auto values = view->MultiGet(std::vector<std::string>{"a", "b", "c"});
      const std::string version = std::to_string(view->version() - 1);
      for (const auto& value : *values) torn += value != version ? 1 : 0;
    }
  });
  for (int i = 1; i <= kCommits; ++i) {
    const std::string value = std::to_string(i);
    EXPECT_EQ(this->Put({{"a", value}, {"b", value}, {"c", value}}).outcome, Outcome::kOk);
  }
  done = true;
  reader.join();
  EXPECT_EQ(torn, 0);
}

}  // namespace
}  // namespace referrald::engine
