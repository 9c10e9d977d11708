#include "storage/vault/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <set>
#include <thread>
#include <vector>

namespace referrald::vault {
namespace {

KeyTree NewTree() { return KeyTree::FromRoot(Key(std::string(32, 'r'))); }

TEST(Worker, HasNoKeyOfTheErased) {
  const KeyTree tree = NewTree().Without(std::vector<uint64_t>{7});
  Worker worker;
  EXPECT_TRUE(worker.ReadyToSeal(tree, 8));
  EXPECT_FALSE(worker.ReadyToSeal(tree, 7));
  EXPECT_FALSE(worker.ReadyToOpen(tree, 7));
  EXPECT_FALSE(worker.ReadyToMakeNonces(tree, 7));
  EXPECT_TRUE(worker.ReadyToOpen(tree, 6));
}

TEST(Worker, NeverGivesARandomNonceTwice) {
  std::set<std::string> nonces;
  Worker one, two;
  for (int i = 0; i < 2'000; ++i) {
    EXPECT_TRUE(nonces.insert(one.RandomNonce()).second);
    EXPECT_TRUE(nonces.insert(two.RandomNonce()).second);
  }
  EXPECT_EQ(nonces.begin()->size(), kNonceSize);
}

TEST(Worker, MakesTheSameNonceOnlyForTheSamePersonContextAndText) {
  const KeyTree tree = NewTree();
  Worker worker;
  ASSERT_TRUE(worker.ReadyToMakeNonces(tree, 7));
  const std::string nonce = worker.ReproducibleNonce("context", "text");
  EXPECT_EQ(nonce.size(), kNonceSize);
  EXPECT_EQ(worker.ReproducibleNonce("context", "text"), nonce);
  EXPECT_NE(worker.ReproducibleNonce("context", "other"), nonce);
  EXPECT_NE(worker.ReproducibleNonce("other", "text"), nonce);
  // Where the one ends and the other begins matters.
  EXPECT_NE(worker.ReproducibleNonce("contextt", "ext"), nonce);
  ASSERT_TRUE(worker.ReadyToMakeNonces(tree, 8));
  EXPECT_NE(worker.ReproducibleNonce("context", "text"), nonce);
}

TEST(Workers, AreReusedUntilTheTreeIsReplaced) {
  Workers workers(NewTree());
  const auto address = [&workers] {
    Workers::Loan loan(workers);
    return loan.operator->();
  };
  EXPECT_EQ(address(), address());
  {
    Workers::Loan loan(workers);
    ASSERT_TRUE(loan->ReadyToSeal(loan.tree(), 7));
  }
  workers.ReplaceTree(NewTree().Without(std::vector<uint64_t>{7}));
  Workers::Loan loan(workers);
  EXPECT_FALSE(loan->ReadyToSeal(loan.tree(), 7));
}

TEST(Workers, ReplaceTheTreeWhenNobodyWorks) {
  Workers workers(NewTree());
  std::atomic<bool> replaced{false};
  std::optional<Workers::Loan> loan(std::in_place, workers);
  std::thread thread([&] {
    workers.ReplaceTree(NewTree().Without(std::vector<uint64_t>{7}));
    replaced = true;
  });
  for (int i = 0; i < 100; ++i) std::this_thread::yield();
  EXPECT_FALSE(replaced);
  EXPECT_NE(loan->tree().Covering(7), nullptr);
  loan.reset();
  thread.join();
  EXPECT_TRUE(replaced);
  EXPECT_EQ(Workers::Loan(workers).tree().Covering(7), nullptr);
}

}  // namespace
}  // namespace referrald::vault
