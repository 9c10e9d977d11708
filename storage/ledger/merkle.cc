#include "storage/ledger/merkle.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "storage/base/limits.h"
#include "storage/vault/hash.h"

namespace referrald::ledger {
namespace {

using namespace std::string_view_literals;

Status Refused(std::string message) {
  return Status::Corruption(std::move(message), kProofRefused);
}

Status Impossible(std::string message) {
  return Status::InvalidArgument(std::move(message), kProofRefused);
}

Status DamagedFrontier() {
  return Status::Corruption("Merkle frontier: damaged; run `referralctl verify`", 4203);
}

// The largest power of two smaller than `count`, which is at least 2.
uint64_t LeftCount(uint64_t count) { return std::bit_floor(count - 1); }

struct Range {
  uint64_t start = 0;  // A multiple of a power of two that is not smaller than `count`.
  uint64_t count = 0;
};

// The root over a range: its complete subtrees, widest first, put together from the right.
Result<Hash256> RangeRoot(Range range, const SubtreeReader& read) {
  std::vector<Hash256> subtrees;
  while (range.count > 0) {
    const auto level = static_cast<unsigned>(std::bit_width(range.count) - 1);
    const Result<Hash256> hash = read({.level = level, .index = range.start >> level});
    if (!hash) return hash.error();
    subtrees.push_back(*hash);
    range.start += uint64_t{1} << level;
    range.count -= uint64_t{1} << level;
  }
  Hash256 root = subtrees.back();
  for (size_t i = subtrees.size() - 1; i-- > 0;) root = MerkleParent(subtrees[i], root);
  return root;
}

Status AppendRoot(const Range& range, const SubtreeReader& read, MerklePath& path) {
  const Result<Hash256> root = RangeRoot(range, read);
  if (root) path.push_back(*root);
  return StatusOf(root);
}

// Halves `range` as the tree does: keeps the half that has `leaf` and returns the other.
Range SplitOff(Range& range, uint64_t leaf) {
  const uint64_t left = LeftCount(range.count);
  const Range first{.start = range.start, .count = left};
  const Range second{.start = range.start + left, .count = range.count - left};
  range = leaf < second.start ? first : second;
  return leaf < second.start ? second : first;
}

// The way of a verifier from a node up to the root: RFC 9162 calls the two numbers fn and sn.
struct Climb {
  uint64_t node = 0;
  uint64_t last = 0;  // The rightmost node of the same level.

  void Up() {
    node >>= 1;
    last >>= 1;
  }
  // The next hash of the path belongs to the left of what we have.
  bool sibling_is_left() const { return (node & 1) == 1 || node == last; }
  // A rightmost node without a sibling is its own parent.
  void SkipMissingSiblings() {
    while ((node & 1) == 0 && node != 0) Up();
  }
};

std::string Length(std::span<const Hash256> path) {
  return "a path of " + std::to_string(path.size()) + " hashes";
}

Status CheckSizes(const TreeHead& old_head, const TreeHead& new_head) {
  if (old_head.size == 0) {
    return Refused("consistency proof: begins at an empty log, which shows nothing");
  }
  if (old_head.size > new_head.size) {
    return Refused("consistency proof: the old log has " + std::to_string(old_head.size) +
                   " events, the new one only " + std::to_string(new_head.size));
  }
  return Status::Ok();
}

struct Roots {
  Hash256 old_root;
  Hash256 new_root;
};

// Both roots as the path gives them, for 1 <= old size < new size; none where its length is wrong.
std::optional<Roots> RootsFromConsistency(const TreeHead& old_head, uint64_t new_size,
                                          std::span<const Hash256> path) {
  Climb climb{.node = old_head.size - 1, .last = new_size - 1};
  while ((climb.node & 1) == 1) climb.Up();
  // An old tree that is one complete subtree of the new one is not in the path.
  const bool whole = std::has_single_bit(old_head.size);
  if (!whole && path.empty()) return std::nullopt;
  const Hash256 first = whole ? old_head.root : path.front();
  Roots roots{.old_root = first, .new_root = first};
  for (const Hash256& hash : path.subspan(whole ? 0 : 1)) {
    if (climb.last == 0) return std::nullopt;
    if (climb.sibling_is_left()) {
      roots.old_root = MerkleParent(hash, roots.old_root);
      roots.new_root = MerkleParent(hash, roots.new_root);
      climb.SkipMissingSiblings();
    } else {
      roots.new_root = MerkleParent(roots.new_root, hash);
    }
    climb.Up();
  }
  if (climb.last != 0) return std::nullopt;
  return roots;
}

}  // namespace

Hash256 MerkleLeaf(std::string_view record) { return vault::Sha256("\0"sv, record); }

Hash256 MerkleParent(const Hash256& left, const Hash256& right) {
  return vault::Sha256("\1"sv, AsBytes(left), AsBytes(right));
}

std::span<const Hash256> MerkleFrontier::Append(const Hash256& leaf) {
  static_assert(limits::kSequenceMax >> kLevels == 0);
  REFERRALD_CHECK(size_ < limits::kSequenceMax);
  // As a binary counter carries: each complete subtree of the same width is a left sibling.
  Hash256 made = leaf;
  size_t level = 0;
  for (; (size_ >> level & 1) == 1; ++level) {
    std::swap(made, subtrees_[level]);
    made = MerkleParent(made, subtrees_[level]);
  }
  subtrees_[level] = made;
  ++size_;
  return std::span(subtrees_).first(level + 1);
}

Hash256 MerkleFrontier::Root() const {
  if (size_ == 0) return vault::Sha256({});
  auto level = static_cast<size_t>(std::countr_zero(size_));
  Hash256 root = subtrees_[level];
  while (++level < kLevels) {
    if ((size_ >> level & 1) == 1) root = MerkleParent(subtrees_[level], root);
  }
  return root;
}

std::string MerkleFrontier::Encode() const {
  TaggedWriter out;
  out.Unsigned(1, size_);
  for (size_t level = kLevels; level-- > 0;) {
    if ((size_ >> level & 1) == 1) out.Element(2, AsBytes(subtrees_[level]));
  }
  return out.Take();
}

Result<MerkleFrontier> MerkleFrontier::Decode(std::string_view bytes) {
  MerkleFrontier frontier;
  uint64_t missing = 0;  // Bits whose subtree has not come yet.
  TaggedReader reader(bytes);
  while (reader.Next()) {
    if (reader.tag() == 1) {
      frontier.size_ = missing = reader.Unsigned();
      if (missing > limits::kSequenceMax) return DamagedFrontier();
    } else {
      const std::string_view hash = reader.value();
      if (missing == 0 || hash.size() != sizeof(Hash256)) return DamagedFrontier();
      const auto level = static_cast<size_t>(std::bit_width(missing) - 1);
      std::ranges::copy(hash, frontier.subtrees_[level].begin());
      missing -= uint64_t{1} << level;
    }
  }
  // One value, one encoding: that also refuses missing hashes, other tags and malformed fields.
  if (frontier.Encode() != bytes) return DamagedFrontier();
  return frontier;
}

Result<MerklePath> InclusionPath(const LeafPlace& place, const SubtreeReader& read) {
  if (place.index >= place.size || place.size > limits::kSequenceMax) {
    return Impossible("leaf " + std::to_string(place.index) + " is not in a tree of " +
                      std::to_string(place.size));
  }
  MerklePath path;
  Range range{.start = 0, .count = place.size};
  while (range.count > 1) {
    const Range sibling = SplitOff(range, place.index);
    if (Status status = AppendRoot(sibling, read, path); !status.ok()) return status;
  }
  std::ranges::reverse(path);
  return path;
}

Result<MerklePath> ConsistencyPath(const TreeGrowth& growth, const SubtreeReader& read) {
  if (growth.old_size == 0 || growth.old_size > growth.new_size ||
      growth.new_size > limits::kSequenceMax) {
    return Impossible("a tree of " + std::to_string(growth.new_size) +
                      " does not show that it began as one of " + std::to_string(growth.old_size));
  }
  MerklePath path;
  Range range{.start = 0, .count = growth.new_size};
  // Down to the narrowest range that ends where the old tree did.
  while (range.start + range.count != growth.old_size) {
    const Range sibling = SplitOff(range, growth.old_size - 1);
    if (Status status = AppendRoot(sibling, read, path); !status.ok()) return status;
  }
  // Where that is the whole old tree, the verifier has its root.
  if (range.start != 0) {
    if (Status status = AppendRoot(range, read, path); !status.ok()) return status;
  }
  std::ranges::reverse(path);
  return path;
}

Result<Hash256> RootFromInclusion(const Hash256& leaf, const LeafPlace& place,
                                  std::span<const Hash256> path) {
  const auto misfit = [&] {
    return Refused("inclusion proof: " + Length(path) + " does not lead from leaf " +
                   std::to_string(place.index) + " to the root of " + std::to_string(place.size));
  };
  if (place.index >= place.size) return misfit();
  Climb climb{.node = place.index, .last = place.size - 1};
  Hash256 root = leaf;
  for (const Hash256& hash : path) {
    if (climb.last == 0) return misfit();
    if (climb.sibling_is_left()) {
      root = MerkleParent(hash, root);
      climb.SkipMissingSiblings();
    } else {
      root = MerkleParent(root, hash);
    }
    climb.Up();
  }
  if (climb.last != 0) return misfit();
  return root;
}

Status VerifyInclusion(const Hash256& leaf, uint64_t index, const TreeHead& head,
                       std::span<const Hash256> path) {
  const Result<Hash256> root = RootFromInclusion(leaf, {.index = index, .size = head.size}, path);
  if (!root) return root.error();
  if (*root == head.root) return Status::Ok();
  return Refused("inclusion proof: leads from leaf " + std::to_string(index) +
                 " to another root than that of the log");
}

Status VerifyConsistency(const TreeHead& old_head, const TreeHead& new_head,
                         std::span<const Hash256> path) {
  if (Status sizes = CheckSizes(old_head, new_head); !sizes.ok()) return sizes;
  if (old_head.size == new_head.size) {
    if (path.empty() && old_head.root == new_head.root) return Status::Ok();
    return Refused("consistency proof: two logs of " + std::to_string(old_head.size) +
                   " events, and not the same");
  }
  const std::optional<Roots> roots = RootsFromConsistency(old_head, new_head.size, path);
  if (!roots) {
    return Refused("consistency proof: " + Length(path) + " does not lead from a log of " +
                   std::to_string(old_head.size) + " events to one of " +
                   std::to_string(new_head.size));
  }
  if (roots->old_root != old_head.root) {
    return Refused("consistency proof: is not about the old log's root");
  }
  if (roots->new_root != new_head.root) {
    return Refused("consistency proof: the new log does not begin with the old one");
  }
  return Status::Ok();
}

}  // namespace referrald::ledger
