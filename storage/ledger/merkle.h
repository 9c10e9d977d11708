#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/bytes.h"
#include "storage/base/status.h"

// The Merkle tree over the log, and the proofs that it gives (RFC 6962, section 2.1;
// storage/doc/proof.md, "The tree"). Leaf i, from 0, is the event with sequence i + 1.
namespace referrald::ledger {

// RFD4211: what was to be proved does not follow; or nobody could prove such a thing.
inline constexpr int kProofRefused = 4211;

Hash256 MerkleLeaf(std::string_view record);
Hash256 MerkleParent(const Hash256& left, const Hash256& right);

// A tree of so many leaves with this root. The root alone does not say the size: both must come
// from one place that can be trusted.
struct TreeHead {
  uint64_t size = 0;
  Hash256 root{};

  friend bool operator==(const TreeHead&, const TreeHead&) = default;
};

// The complete subtree over the 2^level leaves from index * 2^level. It never changes.
struct Subtree {
  unsigned level = 0;
  uint64_t index = 0;

  friend auto operator<=>(const Subtree&, const Subtree&) = default;
};

// The right edge of a tree: what is needed to let it grow. A value; a copy of it is a place to come
// back to.
class MerkleFrontier {
 public:
  // Adds `leaf` behind the last one. Returns the complete subtrees that end with it, by level:
  // element n is Subtree{n, index of the leaf >> n}, element 0 the leaf itself. Two on the average.
  // Valid until the next Append. A bug behind limits::kSequenceMax leaves.
  std::span<const Hash256> Append(const Hash256& leaf);

  uint64_t size() const { return size_; }
  // Costs a hash for each bit that is set in size(), but one.
  Hash256 Root() const;
  TreeHead Head() const { return {.size = size_, .root = Root()}; }

  std::string Encode() const;
  // Corruption (RFD4203): not what Encode writes.
  static Result<MerkleFrontier> Decode(std::string_view bytes);

 private:
  static constexpr size_t kLevels = 53;

  uint64_t size_ = 0;
  // Element n: the complete subtree of level n, where bit n of size_ is set. Lower elements are
  // left from the last Append, which hands them out.
  std::array<Hash256, kLevels> subtrees_{};
};

using MerklePath = std::vector<Hash256>;

// Where the proofs get the hashes of complete subtrees from.
using SubtreeReader = std::function<Result<Hash256>(Subtree)>;

struct LeafPlace {
  uint64_t index = 0;
  uint64_t size = 0;  // Of the tree.
};
struct TreeGrowth {
  uint64_t old_size = 0;
  uint64_t new_size = 0;
};

// The siblings of a leaf, from its own upwards.
// InvalidArgument (RFD4211): there is no such leaf. Else what `read` says.
Result<MerklePath> InclusionPath(const LeafPlace& place, const SubtreeReader& read);

// What shows that the larger tree begins with the smaller one.
// InvalidArgument (RFD4211): not 1 <= old size <= new size. Else what `read` says.
Result<MerklePath> ConsistencyPath(const TreeGrowth& growth, const SubtreeReader& read);

// The root of the tree that has `leaf` at `place`, if the path is true.
// Corruption (RFD4211): there is no such place, or its path has another length.
Result<Hash256> RootFromInclusion(const Hash256& leaf, const LeafPlace& place,
                                  std::span<const Hash256> path);

// Ok: the tree of `head` has `leaf` at `index`. Corruption (RFD4211): not shown.
Status VerifyInclusion(const Hash256& leaf, uint64_t index, const TreeHead& head,
                       std::span<const Hash256> path);

// Ok: the tree of `new_head` begins with all leaves of `old_head`, unchanged.
// Corruption (RFD4211): not shown. Everything begins with the empty tree, which shows nothing and
// is refused.
Status VerifyConsistency(const TreeHead& old_head, const TreeHead& new_head,
                         std::span<const Hash256> path);

}  // namespace referrald::ledger
