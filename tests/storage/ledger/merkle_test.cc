#include "storage/ledger/merkle.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "storage/base/limits.h"
#include "tests/support/grown_tree.h"

// How the verifiers stand attacks: merkle_attack_test.cc.
namespace referrald::ledger {
namespace {

using support::GrownTree;
using support::kTreeSizeMax;
using support::LargeTree;
using support::TestLeaves;

Hash256 FromText(std::string_view hex) {
  const std::string bytes = FromHex(hex).value();
  Hash256 hash{};
  EXPECT_EQ(bytes.size(), hash.size());
  std::ranges::copy(bytes, hash.begin());
  return hash;
}

MerklePath PathOf(std::initializer_list<std::string_view> hashes) {
  MerklePath path;
  for (const std::string_view hash : hashes) path.push_back(FromText(hash));
  return path;
}

// RFC 6962, 2.1, word for word: slow, and seen to be right.
namespace naive {

using Tree = std::span<const Hash256>;

size_t Half(Tree tree) {
  size_t k = 1;
  while (k * 2 < tree.size()) k *= 2;
  return k;
}

Hash256 Root(Tree tree) {
  if (tree.size() == 1) return tree.front();
  const size_t k = Half(tree);
  return MerkleParent(Root(tree.first(k)), Root(tree.subspan(k)));
}

MerklePath With(MerklePath path, const Hash256& last) {
  path.push_back(last);
  return path;
}

MerklePath Path(size_t m, Tree tree) {
  if (tree.size() == 1) return {};
  const size_t k = Half(tree);
  return m < k ? With(Path(m, tree.first(k)), Root(tree.subspan(k)))
               : With(Path(m - k, tree.subspan(k)), Root(tree.first(k)));
}

MerklePath Proof(size_t m, Tree tree, bool whole) {
  if (m == tree.size()) return whole ? MerklePath{} : MerklePath{Root(tree)};
  const size_t k = Half(tree);
  return m <= k ? With(Proof(m, tree.first(k), whole), Root(tree.subspan(k)))
                : With(Proof(m - k, tree.subspan(k), false), Root(tree.first(k)));
}

}  // namespace naive

// The inputs and results that Certificate Transparency's own implementations are tested with.
std::vector<Hash256> KnownLeaves() {
  std::vector<Hash256> leaves;
  for (const std::string_view hex : {"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                                     "606162636465666768696a6b6c6d6e6f"}) {
    leaves.push_back(MerkleLeaf(FromHex(hex).value()));
  }
  return leaves;
}

constexpr std::string_view kKnownRoots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

TEST(MerkleFrontier, HasTheRootsThatOthersHave) {
  const GrownTree grown(KnownLeaves());
  for (size_t size = 0; size <= 8; ++size) {
    EXPECT_EQ(ToHex(AsBytes(grown.head(size).root)), kKnownRoots[size]) << size;
    EXPECT_EQ(grown.head(size).size, size);
  }
}

TEST(InclusionPath, IsThatOfOthers) {
  const GrownTree grown(KnownLeaves());
  EXPECT_EQ(grown.Inclusion(0, 1), MerklePath{});
  EXPECT_EQ(grown.Inclusion(0, 8),
            PathOf({"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}));
  EXPECT_EQ(grown.Inclusion(5, 8),
            PathOf({"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
  EXPECT_EQ(grown.Inclusion(2, 3), PathOf({kKnownRoots[2]}));
}

TEST(ConsistencyPath, IsThatOfOthers) {
  const GrownTree grown(KnownLeaves());
  EXPECT_EQ(grown.Consistency(1, 1), MerklePath{});
  EXPECT_EQ(grown.Consistency(6, 8),
            PathOf({"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
  EXPECT_EQ(grown.Consistency(2, 5),
            PathOf({"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}));
}

TEST(MerkleFrontier, GrowsAsTheDefinitionSays) {
  const std::vector<Hash256> leaves = TestLeaves(kTreeSizeMax);
  for (uint64_t size = 1; size <= kTreeSizeMax; ++size) {
    ASSERT_EQ(LargeTree().head(size).root, naive::Root(std::span(leaves).first(size))) << size;
  }
}

TEST(MerkleFrontier, HandsOutEveryCompleteSubtreeOnce) {
  const std::vector<Hash256> leaves = TestLeaves(kTreeSizeMax);
  size_t expected = 0;
  for (unsigned level = 0; kTreeSizeMax >> level > 0; ++level) {
    for (uint64_t index = 0; index < kTreeSizeMax >> level; ++index, ++expected) {
      ASSERT_EQ(LargeTree().nodes().at({level, index}),
                naive::Root(std::span(leaves).subspan(index << level, size_t{1} << level)));
    }
  }
  EXPECT_EQ(LargeTree().nodes().size(), expected);
}

TEST(MerkleFrontier, GoesOnAfterItWasStored) {
  MerkleFrontier straight;
  MerkleFrontier stored;
  for (const Hash256& leaf : TestLeaves(kTreeSizeMax)) {
    const Result<MerkleFrontier> decoded = MerkleFrontier::Decode(stored.Encode());
    ASSERT_TRUE(decoded) << decoded.error().ToString();
    stored = *decoded;
    ASSERT_EQ(stored.Head(), straight.Head());
    const std::span<const Hash256> made = stored.Append(leaf);
    ASSERT_TRUE(std::ranges::equal(made, straight.Append(leaf)));
  }
  EXPECT_EQ(stored.Encode(), straight.Encode());
}

TEST(MerkleFrontier, IsStoredAsDocumented) {
  MerkleFrontier frontier;
  EXPECT_EQ(frontier.Encode(), "");
  for (const Hash256& leaf : KnownLeaves()) frontier.Append(leaf);
  frontier.Append(MerkleLeaf(""));
  EXPECT_EQ(ToHex(frontier.Encode()),
            "010109"
            "0220" +
                std::string(kKnownRoots[8]) + "0220" + std::string(kKnownRoots[1]));
}

TEST(MerkleFrontier, HasRoomForTheLongestLog) {
  TaggedWriter out;
  out.Unsigned(1, limits::kSequenceMax - 1);
  for (int i = 1; i < 53; ++i) out.Element(2, std::string(32, static_cast<char>(i)));
  Result<MerkleFrontier> frontier = MerkleFrontier::Decode(out.text());
  ASSERT_TRUE(frontier);
  EXPECT_EQ(frontier->Append(MerkleLeaf("")).size(), 1u);
  EXPECT_EQ(frontier->size(), limits::kSequenceMax);
  EXPECT_TRUE(MerkleFrontier::Decode(frontier->Encode()));
  EXPECT_DEATH(frontier->Append(MerkleLeaf("")), "broken invariant");
}

TEST(MerkleFrontier, RefusesWhatItDidNotWrite) {
  const std::string hash(32, 'h');
  const auto tagged = [](uint64_t size, std::initializer_list<std::string_view> hashes) {
    TaggedWriter out;
    out.Unsigned(1, size);
    for (const std::string_view each : hashes) out.Element(2, each);
    return out.Take();
  };
  ASSERT_TRUE(MerkleFrontier::Decode(tagged(5, {hash, hash})));
  TaggedWriter later;
  later.Unsigned(1, 1);
  later.Element(2, hash);
  later.Unsigned(3, 1);
  for (const std::string& bytes :
       {tagged(5, {hash}), tagged(5, {hash, hash, hash}), tagged(0, {hash}), tagged(1, {}),
        tagged(1, {hash.substr(1)}), tagged(1, {hash + "h"}), later.text(),
        tagged(1, {hash}) + "\1", std::string("\1\1\0", 3),
        tagged(limits::kSequenceMax + 1, {hash}), tagged(UINT64_MAX, {hash}),
        tagged(uint64_t{1} << 52, {std::string(4096, 'h')})}) {
    const Result<MerkleFrontier> frontier = MerkleFrontier::Decode(bytes);
    ASSERT_FALSE(frontier) << ToHex(bytes);
    EXPECT_EQ(frontier.error().code(), Code::kCorruption);
    EXPECT_EQ(frontier.error().number(), 4203);
  }
}

TEST(InclusionPath, IsTheDefinitionsAndVerifiesForAllSizes) {
  const std::vector<Hash256> leaves = TestLeaves(kTreeSizeMax);
  for (uint64_t size = 1; size <= kTreeSizeMax; ++size) {
    for (uint64_t index = 0; index < size; ++index) {
      const MerklePath path = LargeTree().Inclusion(index, size);
      ASSERT_EQ(path, naive::Path(index, std::span(leaves).first(size))) << index << "/" << size;
      const Status status = VerifyInclusion(leaves[index], index, LargeTree().head(size), path);
      ASSERT_TRUE(status.ok()) << status.ToString();
    }
  }
}

TEST(ConsistencyPath, IsTheDefinitionsAndVerifiesForAllSizes) {
  const std::vector<Hash256> leaves = TestLeaves(kTreeSizeMax);
  for (uint64_t size = 1; size <= kTreeSizeMax; ++size) {
    for (uint64_t old_size = 1; old_size <= size; ++old_size) {
      const MerklePath path = LargeTree().Consistency(old_size, size);
      ASSERT_EQ(path, naive::Proof(old_size, std::span(leaves).first(size), true));
      const Status status =
          VerifyConsistency(LargeTree().head(old_size), LargeTree().head(size), path);
      ASSERT_TRUE(status.ok()) << old_size << "/" << size << " " << status.ToString();
    }
  }
}

TEST(Proofs, RefuseToShowWhatIsNotThere) {
  const SubtreeReader read = LargeTree().Reader();
  for (const LeafPlace& place : {LeafPlace{0, 0}, LeafPlace{5, 5}, LeafPlace{6, 5},
                                 LeafPlace{0, limits::kSequenceMax + 1}}) {
    EXPECT_EQ(InclusionPath(place, read).error().code(), Code::kInvalidArgument);
    EXPECT_EQ(InclusionPath(place, read).error().number(), kProofRefused);
  }
  for (const TreeGrowth& growth : {TreeGrowth{0, 5}, TreeGrowth{0, 0}, TreeGrowth{6, 5},
                                   TreeGrowth{1, limits::kSequenceMax + 1}}) {
    EXPECT_EQ(ConsistencyPath(growth, read).error().code(), Code::kInvalidArgument);
  }
  // What the reader says comes through.
  const SubtreeReader broken = [](Subtree) -> Result<Hash256> { return Status::IoError("disk"); };
  EXPECT_EQ(InclusionPath({.index = 1, .size = 3}, broken).error(), Status::IoError("disk"));
  EXPECT_EQ(ConsistencyPath({.old_size = 2, .new_size = 3}, broken).error(),
            Status::IoError("disk"));
}

}  // namespace
}  // namespace referrald::ledger
