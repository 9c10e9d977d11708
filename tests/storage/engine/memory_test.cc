#include <gtest/gtest.h>

#include "storage/engine/engine.h"

namespace referrald::engine {
namespace {

TEST(MemoryEngineDeathTest, TakesARepeatedKeyForABug) {
  const std::unique_ptr<Engine> engine = OpenMemory();
  Batch batch(1, 0);
  batch.Put("a", "1");
  batch.Delete("a");
  EXPECT_DEATH((void)engine->Commit(batch), "occurs_once");
}

}  // namespace
}  // namespace referrald::engine
