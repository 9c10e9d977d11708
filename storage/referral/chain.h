#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "storage/base/ids.h"
#include "storage/base/time.h"

namespace referrald::referral {

// An introduction with evidence, as an edge: `source` brought `contact`.
struct Introduction {
  EntityId source;
  EntityId contact;
  ReferralId referral;
  Sequence sequence;
  Timestamp occurred_at{};

  friend bool operator==(const Introduction&, const Introduction&) = default;
};

struct Referral;
// The introduction of a referral; nothing where there was none, or a reviewer took the record out:
// a duplicate's is that of the record which is kept.
std::optional<Introduction> IntroductionOf(const Referral& referral);

// A person's place in a chain.
struct ChainNode {
  EntityId person;
  EntityId parent;      // Who brought them first; 0 for the root.
  ReferralId referral;  // The introduction that did.
  Sequence sequence;
  uint32_t depth = 0;        // 0 for the root.
  uint32_t child_count = 0;  // People they brought, first.
  uint32_t reach = 0;        // People below them, at any depth.

  friend bool operator==(const ChainNode&, const ChainNode&) = default;
};

// The attribution forest of `introductions`: a person's parent is their first introduction by
// (occurred_at, sequence) whose source does not descend from them. An edge that would close a
// circle, or comes second, is kept in the graph and gets no credit.
struct Forest {
  std::vector<ChainNode> nodes;          // Sorted by person; everybody who has an edge.
  std::vector<Introduction> uncredited;  // Back edges and later introductions, as they occurred.
  std::vector<uint32_t> by_parent;       // Places in `nodes`, sorted by parent, then sequence.
  std::vector<uint32_t> first_child;     // Of each node: where its children begin in by_parent.

  const ChainNode* Find(EntityId person) const;
};
// Near-linear. Edges are judged one by one in that order; an edge without a source or contact is
// uncredited.
Forest BuildForest(std::span<const Introduction> introductions);

// From `person` up to the root, `person` first; empty where the forest does not know them.
std::vector<ChainNode> Ancestors(const Forest& forest, EntityId person);
// Depth first from `person`, itself included with depth 0, siblings by sequence; at most
// `depth_max` levels below.
std::vector<ChainNode> Descendants(const Forest& forest, EntityId person, uint32_t depth_max);

}  // namespace referrald::referral
