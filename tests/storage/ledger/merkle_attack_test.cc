#include <gtest/gtest.h>

#include <bit>
#include <random>

#include "storage/ledger/merkle.h"
#include "tests/support/grown_tree.h"
#include "tests/support/mutate.h"
#include "tests/support/seed.h"

// Whoever forges a proof changes some of what goes into it: none may pass.
namespace referrald::ledger {
namespace {

using support::GrownTree;
using support::kTreeSizeMax;
using support::LargeTree;
using support::TestLeaves;

// A frontier that was tampered with is another tree, or none.
TEST(MerkleFrontier, TamperingDoesNotLeadToTheSameTree) {
  std::mt19937_64 random(support::TestSeed());
  for (int i = 0; i < 2'000; ++i) {
    MerkleFrontier frontier;
    for (const Hash256& leaf : TestLeaves(1 + random() % 40)) frontier.Append(leaf);
    const support::Mutation mutation = support::Mutate(frontier.Encode(), random);
    const Result<MerkleFrontier> other = MerkleFrontier::Decode(mutation.bytes);
    if (!other) continue;
    ASSERT_NE(other->Head(), frontier.Head()) << mutation.what;
  }
}

struct Inclusion {
  Hash256 leaf;
  uint64_t index;
  TreeHead head;
  MerklePath path;

  bool Holds() const {
    const Status status = VerifyInclusion(leaf, index, head, path);
    EXPECT_TRUE(status.ok() || status.number() == kProofRefused);
    return status.ok();
  }
};

struct Consistency {
  TreeHead old_head;
  TreeHead new_head;
  MerklePath path;

  bool Holds() const {
    const Status status = VerifyConsistency(old_head, new_head, path);
    EXPECT_TRUE(status.ok() || status.number() == kProofRefused);
    return status.ok();
  }
};

Inclusion GoodInclusion(uint64_t index, uint64_t size) {
  return {.leaf = LargeTree().nodes().at({0, index}),
          .index = index,
          .head = LargeTree().head(size),
          .path = LargeTree().Inclusion(index, size)};
}

Consistency GoodConsistency(uint64_t old_size, uint64_t new_size) {
  return {.old_head = LargeTree().head(old_size),
          .new_head = LargeTree().head(new_size),
          .path = LargeTree().Consistency(old_size, new_size)};
}

// How often a flipped bit of `hash`, each in turn, went unnoticed.
template <typename Proof>
int UnnoticedFlips(const Proof& proof, Hash256& hash) {
  int unnoticed = 0;
  for (uint8_t& byte : hash) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      byte = static_cast<uint8_t>(byte ^ 1U << bit);
      unnoticed += proof.Holds() ? 1 : 0;
      byte = static_cast<uint8_t>(byte ^ 1U << bit);
    }
  }
  return unnoticed;
}

// How often a path of another length or order went unnoticed.
template <typename Proof>
int UnnoticedPaths(const Proof& good) {
  std::vector<MerklePath> wrong;
  for (size_t i = 0; i < good.path.size(); ++i) {
    MerklePath path = good.path;
    path.erase(path.begin() + static_cast<std::ptrdiff_t>(i));
    wrong.push_back(path);
    for (size_t j = i + 1; j < good.path.size(); ++j) {
      path = good.path;
      std::swap(path[i], path[j]);
      wrong.push_back(path);
    }
  }
  for (size_t i = 0; i <= good.path.size(); ++i) {
    for (const Hash256& hash : {Hash256{}, LargeTree().nodes().at({0, 0}),
                                good.path.empty() ? Hash256{} : good.path[i / 2]}) {
      MerklePath path = good.path;
      path.insert(path.begin() + static_cast<std::ptrdiff_t>(i), hash);
      wrong.push_back(path);
    }
  }
  if (!good.path.empty()) wrong.emplace_back();
  int unnoticed = 0;
  for (const MerklePath& path : wrong) {
    Proof proof = good;
    proof.path = path;
    unnoticed += proof.Holds() ? 1 : 0;
  }
  return unnoticed;
}

TEST(VerifyInclusion, NoticesEveryFlippedBit) {
  for (const auto& [index, size] :
       {std::pair{0, 1}, {0, 2}, {2, 3}, {4, 7}, {6, 7}, {0, 8}, {63, 64}, {64, 65}, {41, 100}}) {
    Inclusion proof = GoodInclusion(static_cast<uint64_t>(index), static_cast<uint64_t>(size));
    ASSERT_TRUE(proof.Holds());
    EXPECT_EQ(UnnoticedFlips(proof, proof.leaf), 0);
    EXPECT_EQ(UnnoticedFlips(proof, proof.head.root), 0);
    for (Hash256& hash : proof.path) EXPECT_EQ(UnnoticedFlips(proof, hash), 0);
  }
}

TEST(VerifyConsistency, NoticesEveryFlippedBit) {
  for (const auto& [old_size, new_size] : {std::pair{1, 1},
                                           {1, 2},
                                           {2, 3},
                                           {3, 7},
                                           {4, 7},
                                           {6, 8},
                                           {7, 8},
                                           {8, 64},
                                           {64, 65},
                                           {41, 100}}) {
    Consistency proof =
        GoodConsistency(static_cast<uint64_t>(old_size), static_cast<uint64_t>(new_size));
    ASSERT_TRUE(proof.Holds());
    EXPECT_EQ(UnnoticedFlips(proof, proof.old_head.root), 0) << old_size << "/" << new_size;
    EXPECT_EQ(UnnoticedFlips(proof, proof.new_head.root), 0) << old_size << "/" << new_size;
    for (Hash256& hash : proof.path) EXPECT_EQ(UnnoticedFlips(proof, hash), 0);
  }
}

TEST(VerifyInclusion, NoticesEveryPathThatIsLongerShorterOrInAnotherOrder) {
  for (uint64_t size = 1; size <= 40; ++size) {
    for (uint64_t index = 0; index < size; ++index) {
      ASSERT_EQ(UnnoticedPaths(GoodInclusion(index, size)), 0) << index << "/" << size;
    }
  }
}

TEST(VerifyConsistency, NoticesEveryPathThatIsLongerShorterOrInAnotherOrder) {
  for (uint64_t size = 1; size <= 40; ++size) {
    for (uint64_t old_size = 1; old_size <= size; ++old_size) {
      ASSERT_EQ(UnnoticedPaths(GoodConsistency(old_size, size)), 0) << old_size << "/" << size;
    }
  }
}

TEST(VerifyInclusion, NoticesAnotherIndex) {
  for (uint64_t size = 1; size <= 70; ++size) {
    for (uint64_t index = 0; index < size; ++index) {
      Inclusion proof = GoodInclusion(index, size);
      for (uint64_t other = 0; other <= size + 1; ++other) {
        proof.index = other;
        ASSERT_EQ(proof.Holds(), other == index) << index << " as " << other << "/" << size;
      }
      proof.index = UINT64_MAX;
      ASSERT_FALSE(proof.Holds());
    }
  }
}

// Another leaf of the same tree does not pass at this place.
TEST(VerifyInclusion, NoticesAnotherLeaf) {
  for (uint64_t size = 2; size <= 40; ++size) {
    for (uint64_t index = 0; index < size; ++index) {
      Inclusion proof = GoodInclusion(index, size);
      proof.leaf = LargeTree().nodes().at({0, (index + 1) % size});
      ASSERT_FALSE(proof.Holds());
    }
  }
}

// A root does not say its size. So a wrong size beside the right root is noticed exactly where the
// way to the root has another shape; with the root that belongs to the size, it always is.
std::string ShapeOfInclusion(uint64_t index, uint64_t size) {
  std::string sides;
  uint64_t start = 0;
  for (uint64_t count = size; count > 1;) {
    const uint64_t left = std::bit_floor(count - 1);
    const bool is_left = index - start < left;
    sides.push_back(is_left ? 'l' : 'r');
    start += is_left ? 0 : left;
    count = is_left ? left : count - left;
  }
  return sides;
}

TEST(VerifyInclusion, NoticesAnotherSizeWhereTheShapeDiffers) {
  int noticed = 0;
  for (uint64_t size = 1; size <= 70; ++size) {
    for (uint64_t index = 0; index < size; ++index) {
      for (const uint64_t other : {uint64_t{0}, size - 1, size + 1, size * 2, UINT64_MAX}) {
        Inclusion proof = GoodInclusion(index, size);
        proof.head.size = other;
        const bool same_shape =
            index < other && ShapeOfInclusion(index, other) == ShapeOfInclusion(index, size);
        ASSERT_EQ(proof.Holds(), same_shape) << index << "/" << size << " as " << other;
        noticed += same_shape ? 0 : 1;
        if (other == 0 || other > kTreeSizeMax) continue;
        proof.head = LargeTree().head(other);
        ASSERT_FALSE(proof.Holds()) << index << "/" << size << " as " << other;
      }
    }
  }
  EXPECT_GT(noticed, 5'000);
}

std::string ShapeOfConsistency(uint64_t old_size, uint64_t new_size) {
  std::string sides;
  uint64_t start = 0;
  uint64_t count = new_size;
  while (start + count != old_size) {
    const uint64_t left = std::bit_floor(count - 1);
    const bool is_left = old_size - start <= left;
    sides.push_back(is_left ? 'l' : 'r');
    start += is_left ? 0 : left;
    count = is_left ? left : count - left;
  }
  return sides + (start == 0 ? " whole" : "");
}

TEST(VerifyConsistency, NoticesOtherSizesWhereTheShapeDiffers) {
  int noticed = 0;
  const auto check = [&](const Consistency& proof, bool same_shape) {
    noticed += same_shape ? 0 : 1;
    return proof.Holds() == same_shape;
  };
  for (uint64_t size = 1; size <= 40; ++size) {
    for (uint64_t old_size = 1; old_size <= size; ++old_size) {
      const Consistency good = GoodConsistency(old_size, size);
      const std::string shape = ShapeOfConsistency(old_size, size);
      for (uint64_t other = 0; other <= 80; ++other) {
        Consistency proof = good;
        proof.new_head.size = other;
        ASSERT_TRUE(check(proof, old_size <= other && ShapeOfConsistency(old_size, other) == shape))
            << old_size << "/" << size << " as /" << other;
        proof = good;
        proof.old_head.size = other;
        ASSERT_TRUE(
            check(proof, other > 0 && other <= size && ShapeOfConsistency(other, size) == shape))
            << old_size << "/" << size << " as " << other << "/";
      }
    }
  }
  EXPECT_GT(noticed, 50'000);
}

// Whoever also chooses the roots can make the last comparison fit; the length must speak then.
TEST(RootFromInclusion, RefusesEveryOtherLength) {
  for (uint64_t size = 1; size <= 40; ++size) {
    for (uint64_t index = 0; index < size; ++index) {
      const MerklePath good = LargeTree().Inclusion(index, size);
      for (size_t length = 0; length <= good.size() + 2; ++length) {
        MerklePath path = good;
        path.resize(length);
        const Result<Hash256> root =
            RootFromInclusion(MerkleLeaf("any"), {.index = index, .size = size}, path);
        ASSERT_EQ(root.has_value(), length == good.size()) << index << "/" << size;
        if (root) continue;
        ASSERT_EQ(root.error().number(), kProofRefused);
      }
    }
  }
}

TEST(VerifyConsistency, RefusesALongerPathWhoseRootsWouldFit) {
  const Hash256 extra = MerkleLeaf("extra");
  for (uint64_t size = 2; size <= 40; ++size) {
    for (uint64_t old_size = 1; old_size < size; ++old_size) {
      Consistency proof = GoodConsistency(old_size, size);
      proof.path.push_back(extra);
      proof.old_head.root = MerkleParent(extra, proof.old_head.root);
      proof.new_head.root = MerkleParent(extra, proof.new_head.root);
      ASSERT_FALSE(proof.Holds()) << old_size << "/" << size;
    }
  }
}

TEST(VerifyConsistency, RefusesAShorterPathWhoseRootsWouldFit) {
  // The path and roots of a smaller tree, for a size that asks for a longer one.
  for (uint64_t claimed = 2; claimed <= 80; ++claimed) {
    for (uint64_t size = 1; size < claimed; ++size) {
      for (uint64_t old_size = 1; old_size <= size; ++old_size) {
        if (std::bit_ceil(size) == std::bit_ceil(claimed)) continue;
        Consistency proof = GoodConsistency(old_size, size);
        proof.new_head.size = claimed;
        ASSERT_FALSE(proof.Holds()) << old_size << "/" << size << " as /" << claimed;
      }
    }
  }
}

TEST(VerifyConsistency, RefusesToShrink) {
  for (uint64_t old_size = 1; old_size <= 40; ++old_size) {
    for (uint64_t new_size = 0; new_size < old_size; ++new_size) {
      const Hash256& root = LargeTree().head(old_size).root;
      for (const MerklePath& path : {MerklePath{}, MerklePath{root}}) {
        const Consistency proof{.old_head = {.size = old_size, .root = root},
                                .new_head = {.size = new_size, .root = root},
                                .path = path};
        ASSERT_FALSE(proof.Holds()) << old_size << "/" << new_size;
      }
    }
  }
}

TEST(VerifyConsistency, NoticesOtherSizesWithTheirRoots) {
  for (uint64_t size = 1; size <= 50; ++size) {
    for (uint64_t old_size = 1; old_size <= size; ++old_size) {
      const Consistency good = GoodConsistency(old_size, size);
      for (const uint64_t other : {old_size - 1, old_size + 1}) {
        Consistency proof = good;
        proof.old_head = LargeTree().head(other);
        // From a tree to itself, no path is needed.
        ASSERT_EQ(proof.Holds(), other == size && good.path.empty()) << old_size << "/" << size;
      }
      for (const uint64_t other : {size - 1, size + 1}) {
        Consistency proof = good;
        proof.new_head = LargeTree().head(other);
        ASSERT_EQ(proof.Holds(), other == old_size && good.path.empty());
      }
      Consistency proof = good;
      std::swap(proof.old_head, proof.new_head);
      ASSERT_EQ(proof.Holds(), old_size == size);
    }
  }
}

TEST(VerifyConsistency, NoticesARewrittenPast) {
  std::vector<Hash256> leaves = TestLeaves(40);
  for (uint64_t old_size = 1; old_size < 40; ++old_size) {
    std::vector<Hash256> forged_leaves = leaves;
    forged_leaves[old_size / 2] = MerkleLeaf("forged");
    const GrownTree forged(forged_leaves);
    // The forger offers the path of either tree.
    for (const GrownTree* grown : {&LargeTree(), &forged}) {
      const Consistency proof{.old_head = LargeTree().head(old_size),
                              .new_head = forged.head(40),
                              .path = grown->Consistency(old_size, 40)};
      ASSERT_FALSE(proof.Holds()) << old_size;
    }
  }
}

TEST(VerifyConsistency, TheEmptyTreeShowsNothing) {
  const TreeHead empty = MerkleFrontier().Head();
  EXPECT_FALSE(VerifyConsistency(empty, LargeTree().head(5), {}).ok());
  EXPECT_FALSE(VerifyConsistency(empty, empty, {}).ok());
}

}  // namespace
}  // namespace referrald::ledger
