#include "storage/vault/key_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <random>
#include <set>
#include <vector>

#include "storage/base/bytes.h"
#include "tests/support/seed.h"

namespace referrald::vault {
namespace {

constexpr uint64_t kLast = limits::kSequenceMax;

std::string Hex(const Seed* seed) {
  if (seed == nullptr) return "none";
  return ToHex({reinterpret_cast<const char*>(seed->data()), seed->size()});
}

KeyTree NewTree() { return KeyTree::FromRoot(Key(std::string(32, 'r'))); }

// Each time without what an earlier look-up left.
std::string LeafOf(const KeyTree& tree, uint64_t subject) {
  TreePath path;
  return Hex(path.Leaf(tree, subject));
}

std::vector<uint64_t> Sorted(const std::set<uint64_t>& ids) { return {ids.begin(), ids.end()}; }

// Subjects as a store has them: mostly small and close together, some anywhere.
uint64_t AnySubject(std::mt19937_64& random) {
  const uint64_t any = random();
  switch (any % 4) {
    case 0: return (any >> 2) % 64;
    case 1: return (any >> 2) % 100'000;
    case 2: return kLast - (any >> 2) % 64;
    default: return any & kLast;
  }
}

std::set<uint64_t> AnySubjects(std::mt19937_64& random, size_t count) {
  std::set<uint64_t> subjects;
  while (subjects.size() < count) subjects.insert(AnySubject(random));
  return subjects;
}

TEST(KeyTree, GivesEachSubjectAKeyOfItsOwn) {
  const KeyTree tree = NewTree();
  std::set<std::string> leaves;
  for (const uint64_t subject : {uint64_t{0}, uint64_t{1}, uint64_t{2}, uint64_t{1} << 52, kLast}) {
    EXPECT_TRUE(leaves.insert(LeafOf(tree, subject)).second);
  }
  EXPECT_FALSE(leaves.contains(LeafOf(KeyTree::FromRoot(Key(std::string(32, 'x'))), 1)));
}

TEST(KeyTree, HasNoKeyForWhatIsNoSubject) {
  EXPECT_EQ(NewTree().Covering(kLast + 1), nullptr);
  EXPECT_EQ(LeafOf(NewTree(), kLast + 1), "none");
  EXPECT_EQ(LeafOf(NewTree(), ~uint64_t{0}), "none");
}

TEST(KeyTree, ForgetsTheErasedAndKeepsEverybodyElsesKey) {
  std::mt19937_64 random(support::TestSeed());
  for (int round = 0; round < 20; ++round) {
    const KeyTree before = NewTree();
    KeyTree after = before;
    std::set<uint64_t> erased;
    for (int i = 0; i < 5; ++i) {
      const std::set<uint64_t> now = AnySubjects(random, 1 + random() % 10);
      after = after.Without(Sorted(now));
      erased.insert(now.begin(), now.end());
    }
    EXPECT_EQ(after.ErasedCount(), erased.size());
    for (const uint64_t subject : erased) {
      EXPECT_EQ(after.Covering(subject), nullptr) << subject;
      EXPECT_EQ(LeafOf(after, subject), "none") << subject;
      // The nearest survivors.
      for (const uint64_t near : {subject - 1, subject + 1, subject ^ 1, subject ^ (1 << 20)}) {
        if (near > kLast || erased.contains(near)) continue;
        ASSERT_EQ(LeafOf(after, near), LeafOf(before, near)) << near;
      }
    }
  }
}

// What makes an erasure final: no seed that is left is one on the way to an erased leaf.
TEST(KeyTree, KeepsNoSeedThatLeadsToAnErasedLeaf) {
  std::mt19937_64 random(support::TestSeed());
  const KeyTree before = NewTree();
  const std::set<uint64_t> erased = AnySubjects(random, 40);
  const KeyTree after = before.Without(Sorted(erased));
  std::set<uint64_t> numbers;
  std::set<std::string> seeds;
  for (const TreeNode& node : after.nodes()) {
    numbers.insert(node.number);
    seeds.insert(Hex(&node.seed));
  }
  for (const uint64_t subject : erased) {
    Seed seed = before.nodes().front().seed;
    for (int depth = 0; depth <= kTreeDepth; ++depth) {
      const uint64_t number = ((uint64_t{1} << kTreeDepth) + subject) >> (kTreeDepth - depth);
      EXPECT_FALSE(numbers.contains(number));
      EXPECT_FALSE(seeds.contains(Hex(&seed)));
      if (depth == kTreeDepth) break;
      DeriveChild(seed, (subject >> (kTreeDepth - 1 - depth) & 1) != 0, seed);
    }
  }
}

TEST(KeyTree, IsTheSameInWhateverOrderSubjectsWereErased) {
  std::mt19937_64 random(support::TestSeed());
  const std::set<uint64_t> erased = AnySubjects(random, 30);
  std::vector<uint64_t> order = Sorted(erased);
  const SecretBytes at_once = NewTree().Without(order).Encode();
  std::ranges::shuffle(order, random);
  KeyTree one_by_one = NewTree();
  for (const uint64_t subject : order) {
    one_by_one = one_by_one.Without(std::vector{subject});
    one_by_one = one_by_one.Without(std::vector{subject});  // Twice is once.
  }
  EXPECT_EQ(TextOf(one_by_one.Encode()), TextOf(at_once));
}

TEST(KeyTree, CostsWhatTheDocumentSays) {
  EXPECT_EQ(NewTree().Encode().size(), 40u);
  EXPECT_EQ(NewTree().Without(std::vector<uint64_t>{45}).Encode().size(), 53u * 40);
  std::vector<uint64_t> erased;
  for (uint64_t subject = 500; subject < 1'000'000; subject += 1000) erased.push_back(subject);
  EXPECT_LT(NewTree().Without(erased).Encode().size(), 450'000u);
}

TEST(KeyTree, ReadsWhatItWrote) {
  std::mt19937_64 random(support::TestSeed());
  const KeyTree tree = NewTree().Without(Sorted(AnySubjects(random, 20)));
  const SecretBytes bytes = tree.Encode();
  const auto read = KeyTree::Decode(TextOf(bytes));
  ASSERT_TRUE(read);
  EXPECT_EQ(TextOf(read->Encode()), TextOf(bytes));
}

TEST(KeyTree, RefusesNodesThatAreNone) {
  const auto node = [](uint64_t number) {
    std::string bytes;
    AppendBigEndian64(bytes, number);
    return bytes + std::string(32, 's');
  };
  EXPECT_TRUE(KeyTree::Decode(node(2) + node(3)));
  EXPECT_TRUE(KeyTree::Decode(""));
  EXPECT_FALSE(KeyTree::Decode(node(0)));
  EXPECT_FALSE(KeyTree::Decode(node(uint64_t{1} << 54)));
  EXPECT_FALSE(KeyTree::Decode(node(~uint64_t{0})));
  EXPECT_FALSE(KeyTree::Decode(node(3) + node(2)));
  EXPECT_FALSE(KeyTree::Decode(node(2) + node(2)));
  EXPECT_FALSE(KeyTree::Decode(node(1) + node(3)));
  EXPECT_FALSE(KeyTree::Decode(node(4) + node(2)));
  EXPECT_FALSE(KeyTree::Decode(node(2).substr(1)));
}

TEST(TreePath, FindsTheSameAsAFreshOne) {
  std::mt19937_64 random(support::TestSeed());
  const KeyTree tree = NewTree().Without(Sorted(AnySubjects(random, 200)));
  TreePath path;
  uint64_t subject = 0;
  for (int i = 0; i < 3'000; ++i) {
    subject = random() % 3 == 0 ? AnySubject(random) : (subject + random() % 3) & kLast;
    ASSERT_EQ(Hex(path.Leaf(tree, subject)), LeafOf(tree, subject)) << subject;
  }
}

}  // namespace
}  // namespace referrald::vault
