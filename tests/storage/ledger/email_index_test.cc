#include "storage/ledger/email_index.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "storage/ledger/instant.h"
#include "tests/support/seed.h"

namespace referrald::ledger {
namespace {

TEST(EmailIndex, AnswersLikeASet) {
  std::mt19937_64 random(support::TestSeed());
  const auto engine = engine::OpenMemory();
  Instant stored(std::move(*engine->Read(1)), {}, DerivedKeys(1), {});
  Transaction transaction(stored);
  std::set<EntityId> model;
  for (int step = 0; step < 2000; ++step) {
    const EntityId holder{1 + random() % 6};
    if (random() % 2 == 0) {
      ASSERT_TRUE(AddEmailHolder(transaction, "mail", holder).ok());
      model.insert(holder);
    } else {
      ASSERT_TRUE(RemoveEmailHolder(transaction, "mail", holder).ok());
      model.erase(holder);
    }
    const auto holders = EmailHolders(transaction, "mail", 100);
    ASSERT_TRUE(holders);
    ASSERT_EQ(*holders, std::vector<EntityId>(model.begin(), model.end())) << "step " << step;
  }
}

}  // namespace
}  // namespace referrald::ledger
