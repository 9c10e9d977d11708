#include "storage/ledger/layer.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "storage/ledger/instant.h"
#include "storage/ledger/tail.h"
#include "tests/support/seed.h"

namespace referrald::ledger {
namespace {

using Model = std::map<std::string, std::string>;

// Random layers over a random engine, and what a map makes of the same.
class LayersTest : public testing::Test {
 protected:
  uint64_t Below(uint64_t bound) { return random_() % bound; }
  std::string Key() { return "D\1" + std::to_string(Below(60)); }

  void StoreSome() {
    engine::Batch batch(1, 0);
    for (int i = 0; i < 30; ++i) model_[Key()] = "stored";
    for (const auto& [key, value] : model_) batch.Put(key, value);
    ASSERT_EQ(engine_->Commit(batch).outcome, engine::Outcome::kOk);
  }

  LayerPointer SomeLayer() {
    ++last_.value;
    std::map<std::string, std::optional<std::string>> changes;
    for (uint64_t i = 0; i < Below(12); ++i) {
      std::optional<std::string> value;
      if (Below(3) > 0) value = std::to_string(last_.value);
      changes[Key()] = value;
    }
    for (const auto& [key, value] : changes) {
      model_.erase(key);
      if (value) model_[key] = *value;
    }
    return std::make_shared<const Layer>(Layer::Changes(changes.begin(), changes.end()), last_);
  }

  void ExpectLikeModel(const Layers& layers) {
    Instant instant(std::move(*engine_->Read(1)), layers, DerivedKeys(1), last_);
    std::string some = Key();
    for (const std::string& key : {some, Key(), std::string("D\1none")}) {
      const auto value = instant.Get(key);
      ASSERT_TRUE(value);
      const auto expected = model_.find(key);
      ASSERT_EQ(value->has_value(), expected != model_.end()) << key;
      if (*value) {
        ASSERT_EQ(**value, expected->second);
      }
    }
    std::string other = Key();
    if (other < some) std::swap(some, other);
    const engine::Range range{.begin = some, .end = other, .row_count_max = 1 + Below(40)};
    std::vector<std::pair<std::string, std::string>> found, expected;
    ASSERT_TRUE(instant
                    .Scan(range,
                          [&found](std::string_view key, std::string_view value) {
                            found.emplace_back(key, value);
                            return true;
                          })
                    .ok());
    for (auto it = model_.lower_bound(some); it != model_.lower_bound(other); ++it) {
      if (expected.size() < range.row_count_max) expected.emplace_back(*it);
    }
    ASSERT_EQ(found, expected);
  }

  std::mt19937_64 random_{support::TestSeed()};
  std::unique_ptr<engine::Engine> engine_ = engine::OpenMemory();
  Model model_;
  Sequence last_;
};

TEST_F(LayersTest, ReadLikeAMap) {
  StoreSome();
  Layers layers;
  for (int step = 0; step < 300; ++step) {
    layers.push_back(SomeLayer());
    if (Below(4) == 0) layers = {MergeLayers(layers)};
    ExpectLikeModel(layers);
  }
}

TEST_F(LayersTest, StayFewOnTheTailAndSayTheSame) {
  StoreSome();
  Tail tail;
  for (int step = 0; step < 500; ++step) {
    tail.Publish(SomeLayer());
    const Tail::State state = tail.Read();
    ASSERT_EQ(state.last, last_);
    ASSERT_LE(state.layers.size(), 16u);
    ExpectLikeModel(state.layers);
  }
}

// While a run is being written, what came after it must not be retired with it.
TEST_F(LayersTest, LeaveTheTailOnlyWhenWritten) {
  Tail tail;
  tail.Publish(SomeLayer());
  ASSERT_EQ(tail.Take().size(), 1u);
  for (int i = 0; i < 10; ++i) tail.Publish(SomeLayer());
  tail.Retire();
  const Tail::State rest = tail.Read();
  EXPECT_EQ(rest.layers.front()->last() > Sequence{1}, true);
  EXPECT_EQ(rest.layers.back()->last(), last_);
  ASSERT_FALSE(tail.Take().empty());
  tail.Refuse(Status::Unavailable("disk full"));
  EXPECT_EQ(tail.Read().layers.size(), rest.layers.size());
  EXPECT_EQ(tail.AwaitEmpty().message(), "disk full");
}

}  // namespace
}  // namespace referrald::ledger
