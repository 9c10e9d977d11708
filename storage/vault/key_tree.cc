#include "storage/vault/key_tree.h"

#include <algorithm>
#include <bit>

#include "storage/base/bytes.h"
#include "storage/vault/hash.h"

namespace referrald::vault {
namespace {

constexpr std::string_view kNodeLabel = "rfd-node";
constexpr uint64_t kFirstLeaf = uint64_t{1} << kTreeDepth;
constexpr size_t kStoredNodeSize = 8 + Key::kSize;

int DepthOf(uint64_t number) { return static_cast<int>(std::bit_width(number)) - 1; }

// The subjects below a node.
uint64_t FirstBelow(uint64_t number) {
  return (number << (kTreeDepth - DepthOf(number))) - kFirstLeaf;
}
uint64_t CountBelow(uint64_t number) { return uint64_t{1} << (kTreeDepth - DepthOf(number)); }
uint64_t LastBelow(uint64_t number) { return FirstBelow(number) + (CountBelow(number) - 1); }

// Puts into `out` what remains of `node` without the leaves of `subjects`, all of them below it.
void PutWithout(const TreeNode& node, std::span<const uint64_t> subjects,
                SecretVector<TreeNode>& out) {
  if (subjects.empty()) {
    out.push_back(node);
    return;
  }
  if (node.number >= kFirstLeaf) return;
  TreeNode child{.number = node.number * 2};
  const auto right = std::ranges::lower_bound(subjects, FirstBelow(child.number + 1));
  const auto left_count = static_cast<size_t>(right - subjects.begin());
  DeriveChild(node.seed, /*right=*/false, child.seed);
  PutWithout(child, subjects.first(left_count), out);
  child.number += 1;
  DeriveChild(node.seed, /*right=*/true, child.seed);
  PutWithout(child, subjects.subspan(left_count), out);
  Wipe(child.seed.data(), child.seed.size());
}

}  // namespace

void DeriveChild(const Seed& parent, bool right, Seed& child) {
  HashSeed(kNodeLabel, parent.data(), right ? 1 : 0, child.data());
}

KeyTree KeyTree::FromRoot(const Key& seed) {
  KeyTree tree;
  tree.nodes_.push_back({.number = 1});
  std::copy_n(seed.data(), Key::kSize, tree.nodes_.front().seed.begin());
  return tree;
}

Result<KeyTree> KeyTree::Decode(std::string_view bytes) {
  if (bytes.size() % kStoredNodeSize != 0) return Status::Corruption("a node is cut off");
  KeyTree tree;
  tree.nodes_.reserve(bytes.size() / kStoredNodeSize);
  uint64_t next = 0;  // The first subject that may follow.
  for (; !bytes.empty(); bytes.remove_prefix(kStoredNodeSize)) {
    const uint64_t number = ReadBigEndian64(bytes);
    if (number == 0 || DepthOf(number) > kTreeDepth || FirstBelow(number) < next) {
      return Status::Corruption("a node is not where it should be");
    }
    next = LastBelow(number) + 1;
    TreeNode& node = tree.nodes_.emplace_back(TreeNode{.number = number});
    std::copy_n(bytes.begin() + 8, Key::kSize, node.seed.begin());
  }
  return tree;
}

SecretBytes KeyTree::Encode() const {
  SecretBytes out;
  out.reserve(nodes_.size() * kStoredNodeSize);
  for (const TreeNode& node : nodes_) {
    std::string number;
    AppendBigEndian64(number, node.number);
    out.insert(out.end(), number.begin(), number.end());
    out.insert(out.end(), node.seed.begin(), node.seed.end());
  }
  return out;
}

const TreeNode* KeyTree::Covering(uint64_t subject) const {
  const auto behind = std::ranges::upper_bound(
      nodes_, subject, {}, [](const TreeNode& node) { return FirstBelow(node.number); });
  if (behind == nodes_.begin()) return nullptr;
  const TreeNode& node = *std::prev(behind);
  return subject <= LastBelow(node.number) ? &node : nullptr;
}

uint64_t KeyTree::ErasedCount() const {
  uint64_t erased = limits::kSequenceMax + 1;
  for (const TreeNode& node : nodes_) erased -= CountBelow(node.number);
  return erased;
}

KeyTree KeyTree::Without(std::span<const uint64_t> subjects) const {
  KeyTree tree;
  for (const TreeNode& node : nodes_) {
    const auto first = std::ranges::lower_bound(subjects, FirstBelow(node.number));
    const auto behind = std::ranges::upper_bound(subjects, LastBelow(node.number));
    PutWithout(node, {first, behind}, tree.nodes_);
  }
  return tree;
}

TreePath::~TreePath() { Wipe(seeds_.data(), sizeof(seeds_)); }

const Seed* TreePath::Leaf(const KeyTree& tree, uint64_t subject) {
  // The common way ends where the first differing bit decides.
  int depth = last_ ? kTreeDepth - static_cast<int>(std::bit_width(*last_ ^ subject)) : -1;
  if (depth < top_) {
    const TreeNode* const node = tree.Covering(subject);
    if (node == nullptr) return nullptr;
    depth = top_ = DepthOf(node->number);
    seeds_[static_cast<size_t>(depth)] = node->seed;
  }
  last_ = subject;
  for (; depth < kTreeDepth; ++depth) {
    const bool right = (subject >> (kTreeDepth - 1 - depth) & 1) != 0;
    const auto at = static_cast<size_t>(depth);
    DeriveChild(seeds_[at], right, seeds_[at + 1]);
  }
  return &seeds_.back();
}

}  // namespace referrald::vault
