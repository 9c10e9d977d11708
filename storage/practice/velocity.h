#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/ids.h"
#include "storage/referral/chain.h"

// What makes a reviewer look at introductions before they are paid or counted (F26). A hit is a
// reason to hold, with the facts that led to it; nothing is deleted, and nobody is accused.
namespace referrald::practice {

enum class HoldRuleKind : uint8_t {
  kVelocity = 1,  // One source, more than `count_max` introductions within `window`.
  kRing = 2,      // A brought B and B brought A, or a circle of at most `count_max` people.
};
std::string_view HoldRuleKindName(HoldRuleKind kind);  // "velocity", "ring"

// Rules are data: a policy may hold several of a kind, under names of the firm's own.
struct HoldRule {
  std::string name;  // As ReferralHeld names it.
  HoldRuleKind kind = HoldRuleKind::kVelocity;
  size_t count_max = 0;
  std::chrono::days window{0};  // From the first to the last introduction, ends included.

  friend bool operator==(const HoldRule&, const HoldRule&) = default;
};
using HoldPolicy = std::vector<HoldRule>;
// "velocity": more than 10 within 7 days; "ring": up to 4 people within 90 days.
HoldPolicy DefaultHoldPolicy();

inline constexpr size_t kRingPeopleMax = 4;         // A rule that says more is taken to say this.
inline constexpr size_t kHoldHitsMax = 1000;        // Of one answer.
inline constexpr size_t kRingStepsMax = 1'000'000;  // Edges one answer may walk, for each rule.

struct HoldHit {
  std::string rule;
  std::vector<ReferralId> referrals;  // To hold, by id, each once.
  std::string why;                    // A sentence; no personal data.
  std::vector<Sequence> because;      // The introductions, as they occurred.

  friend bool operator==(const HoldHit&, const HoldHit&) = default;
};
struct HoldHits {
  std::vector<HoldHit> hits;  // By rule as in the policy, then by last introduction.
  bool truncated = false;     // There may be more.
};

// Total and pure; introductions in any order, one that is given twice counts once. Overlapping
// bursts of one source are one hit. A ring is a hit for each introduction that closed it; a
// self-referral is no ring, it is refused elsewhere.
HoldHits HitsOf(std::span<const referral::Introduction> introductions, const HoldPolicy& policy);

}  // namespace referrald::practice
