#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/practice/act.h"
#include "storage/referral/referral.h"

// Whose introduction a deal is put down to (F25, F27): a function of the facts and of a rule with a
// version. Another rule gives another answer; no fact changes.
namespace referrald::practice {

// Stored; never renumber.
enum class AttributionBasis : uint8_t { kFirstIntroduction = 1, kLastIntroduction = 2 };
std::string_view AttributionBasisName(AttributionBasis basis);  // "first_introduction", ...

inline constexpr std::string_view kDefaultAttributionRule = "default-1";

struct AttributionRule {
  std::string version{kDefaultAttributionRule};
  AttributionBasis basis = AttributionBasis::kFirstIntroduction;
  std::chrono::days window{0};  // From the introduction until the deal opens; 0: for ever.
  Sequence because{};           // The act that set it; none: built in.

  friend bool operator==(const AttributionRule&, const AttributionRule&) = default;
};
inline constexpr int64_t kAttributionDaysMax = 3650;

// What an AttributionRuleSet says. InvalidArgument (RFD3011): another act, other numbers than it
// takes, or the version of the rule that is built in, which means one thing for ever.
Result<AttributionRule> AttributionRuleOf(const RecordedAct& act);
// The newest of that version; with an empty one the newest of all, which is the built-in rule where
// nobody set another. Acts that say no rule are passed over; acts in any order. NotFound (RFD3021):
// no such version.
Result<AttributionRule> FindAttributionRule(std::span<const RecordedAct> acts,
                                            std::string_view version);

// A wish of a prospect to speak with a customer: listed, never credited (R02, R03).
struct NamedReference {
  EntityId account;  // Who was to vouch for us.
  Sequence request;

  friend bool operator==(const NamedReference&, const NamedReference&) = default;
};

struct AttributionFacts {
  EntityId opportunity{};
  // When the deal opened, and by which event. Zero: when the first of `referrals` that names the
  // opportunity was QUALIFIED; where none was, no window is judged.
  Timestamp opened_at{};
  Sequence opened{};
  // Folded, of that opportunity or of its contact, parties resolved; in any order.
  std::span<const referral::Referral> referrals{};
  std::span<const NamedReference> references{};
  // Those of `referrals` whose contact brought their source, at whatever remove: an edge that would
  // close a circle gets no credit (storage/referral/chain.h).
  std::span<const ReferralId> circles{};
};

struct Credit {
  ReferralId referral;
  EntityId source;
  Sequence introduction;  // That the credit stands on: its own, or that of a duplicate of it.
  Timestamp introduced_at{};
  std::string why;  // A sentence; no personal data.
  std::vector<Sequence> because{};

  friend bool operator==(const Credit&, const Credit&) = default;
};

// Why not.
enum class NoCreditReason : uint8_t {
  kReference = 1,         // A reference is no referral (R02).
  kDuplicate = 2,         // The survivor gets what it would have got.
  kVoided = 3,            // By a reviewer.
  kSelfReferral = 4,      // The source is the contact or the rep.
  kOtherOpportunity = 5,  // It names another deal.
  kNoIntroduction = 6,    // A name only (R06).
  kAfterOutreach = 7,     // The record stays COLD.
  kLateEvidence = 8,      // Told too long after it happened (R34).
  kAfterOpening = 9,      // The deal was open before.
  kOutsideWindow = 10,
  kDenied = 12,     // The two do not know each other (R20).
  kCircle = 13,     // The contact brought the source.
  kNotTheOne = 11,  // A sound introduction; another came first, or last, as the rule says.
};
std::string_view NoCreditReasonName(NoCreditReason reason);  // "reference", ...

struct NoCredit {
  ReferralId referral;  // None: a reference.
  EntityId source;
  NoCreditReason reason = NoCreditReason::kNoIntroduction;
  std::string why;
  std::vector<Sequence> because{};

  friend bool operator==(const NoCredit&, const NoCredit&) = default;
};

struct Attribution {
  std::string rule;  // The version.
  EntityId opportunity;
  std::optional<Credit> credit{};  // Nothing: no introduction led to the deal.
  std::vector<NoCredit> others{};  // Everything else that was given, by referral, references last.

  friend bool operator==(const Attribution&, const Attribution&) = default;
};

// Total and pure. Of introductions at the same instant, the one recorded first came first.
Attribution Attribute(const AttributionRule& rule, const AttributionFacts& facts);

}  // namespace referrald::practice
