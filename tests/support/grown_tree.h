#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "storage/ledger/merkle.h"

namespace referrald::support {

inline constexpr uint64_t kTreeSizeMax = 130;

inline std::string TestRecord(uint64_t index) { return "record " + std::to_string(index); }

inline std::vector<Hash256> TestLeaves(uint64_t count) {
  std::vector<Hash256> leaves;
  for (uint64_t i = 0; i < count; ++i) leaves.push_back(ledger::MerkleLeaf(TestRecord(i)));
  return leaves;
}

// A tree grown leaf by leaf, with every complete subtree that it handed out.
class GrownTree {
 public:
  explicit GrownTree(const std::vector<Hash256>& leaves) {
    for (const Hash256& leaf : leaves) {
      heads_.push_back(frontier_.Head());
      const uint64_t index = frontier_.size();
      const std::span<const Hash256> made = frontier_.Append(leaf);
      for (unsigned level = 0; level < made.size(); ++level) {
        // Each is handed out once.
        EXPECT_TRUE(nodes_.emplace(ledger::Subtree{level, index >> level}, made[level]).second);
      }
    }
    heads_.push_back(frontier_.Head());
  }

  const ledger::TreeHead& head(uint64_t size) const { return heads_[size]; }
  const std::map<ledger::Subtree, Hash256>& nodes() const { return nodes_; }
  ledger::SubtreeReader Reader() const {
    return [this](ledger::Subtree subtree) -> Result<Hash256> {
      const auto found = nodes_.find(subtree);
      if (found == nodes_.end()) return Status::NotFound("no such complete subtree");
      return found->second;
    };
  }
  ledger::MerklePath Inclusion(uint64_t index, uint64_t size) const {
    return ledger::InclusionPath({.index = index, .size = size}, Reader()).value();
  }
  ledger::MerklePath Consistency(uint64_t old_size, uint64_t new_size) const {
    return ledger::ConsistencyPath({.old_size = old_size, .new_size = new_size}, Reader()).value();
  }

 private:
  ledger::MerkleFrontier frontier_;
  std::vector<ledger::TreeHead> heads_;
  std::map<ledger::Subtree, Hash256> nodes_;
};

inline const GrownTree& LargeTree() {
  static const GrownTree tree(TestLeaves(kTreeSizeMax));
  return tree;
}

}  // namespace referrald::support
