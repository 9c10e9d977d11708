#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "storage/base/limits.h"
#include "storage/base/status.h"
#include "storage/vault/secret.h"

// The person tree: storage/doc/keys.md has the derivation and the stored form.
namespace referrald::vault {

// Edges from the root to a leaf: one a bit of a subject.
inline constexpr int kTreeDepth = 53;
static_assert(limits::kSequenceMax == (uint64_t{1} << kTreeDepth) - 1);

using Seed = std::array<uint8_t, Key::kSize>;

struct TreeNode {
  uint64_t number = 0;  // As in a heap: the root is 1.
  Seed seed{};
};

// Derives the seed of the child of `parent` on side `right` into `child`, which may be the parent.
void DeriveChild(const Seed& parent, bool right, Seed& child);

// The cover: seeds of disjoint nodes, from left to right, from which the keys of all who were not
// erased are derived. A value, wiped when it goes.
class KeyTree {
 public:
  // Covers every subject.
  static KeyTree FromRoot(const Key& seed);
  // Reads what Encode wrote. Corruption: nodes that are no nodes, out of order, or overlap.
  static Result<KeyTree> Decode(std::string_view bytes);
  SecretBytes Encode() const;

  // The node above the leaf of `subject`, or its leaf; nullptr where there is none: erased, or no
  // subject. Owned by the tree.
  const TreeNode* Covering(uint64_t subject) const;
  // How many subjects have no key.
  uint64_t ErasedCount() const;
  // The same without the leaves of `subjects` (ascending, each once, each at most kSequenceMax);
  // those that are gone already are passed over.
  KeyTree Without(std::span<const uint64_t> subjects) const;
  std::span<const TreeNode> nodes() const { return nodes_; }

 private:
  SecretVector<TreeNode> nodes_;
};

// The seeds on the way to the last leaf asked for: the next leaf in the neighbourhood costs the
// steps below the common way, two on average where ids ascend. One thread at a time, always with
// the same tree. Wiped when it goes.
class TreePath {
 public:
  TreePath() = default;
  TreePath(const TreePath&) = delete;
  TreePath& operator=(const TreePath&) = delete;
  ~TreePath();

  // The seed of the leaf of `subject`, good until the next call; nullptr where `tree` has none.
  const Seed* Leaf(const KeyTree& tree, uint64_t subject);

 private:
  std::array<Seed, kTreeDepth + 1> seeds_{};  // By depth; known from top_ down.
  std::optional<uint64_t> last_;
  int top_ = 0;
};

}  // namespace referrald::vault
