#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "storage/practice/act.h"
#include "storage/referral/referral.h"

// Rewards for introductions, never for names (R19, R26). Nothing is paid here: what somebody else
// fulfilled is recorded. Amounts are never edited; what is taken back is a negative entry.
namespace referrald::practice {

enum class RewardForm : uint8_t { kDiscount = 1, kGift = 2 };
enum class RewardSide : uint8_t { kSource = 1, kContact = 2 };

// A version of a plan, in force from its event on.
struct RewardPlan {
  std::string name;
  Sequence since;
  RewardForm form = RewardForm::kDiscount;
  RewardSide side = RewardSide::kSource;
  referral::Money amount;                           // Of one reward.
  referral::State trigger = referral::State::kWon;  // INTRODUCED, MET, QUALIFIED or WON.
  uint32_t per_person_max = 0;                      // 0: no cap.
  uint32_t count_max = 0;                           // Likewise, of all.
  std::chrono::days hold{0};                        // After the trigger.

  friend bool operator==(const RewardPlan&, const RewardPlan&) = default;
};
// What a RewardPlanSet says. InvalidArgument (RFD3016): a trigger before an introduction, other
// numbers than it takes, or an amount of nothing.
Result<RewardPlan> PlanOf(const RecordedAct& act);

enum class RewardState : uint8_t {
  kProposed = 1,  // The trigger is not reached yet.
  kPending = 2,   // It is; the hold period runs.
  kHeld = 3,      // Somebody has to approve.
  kCapped = 4,    // The plan allows no more.
  kEarned = 5,    // May be fulfilled.
  kFulfilled = 6,
  kClawedBack = 7,
  kVoid = 8,
  kExpired = 9,  // The referral has expired, or ended before the trigger; open again, so is this.
};
std::string_view RewardStateName(RewardState state);  // "PROPOSED", ...

struct Reward {
  Sequence proposal{};
  std::string plan{};
  EntityId party{};  // The beneficiary.
  EntityId proposed_by{};
  ReferralId referral{};
  referral::Money amount;
  RewardState state = RewardState::kProposed;
  std::string reason{};     // Why it is in this state, in a sentence; no personal data.
  Timestamp due{};          // When the hold ends, or ended; zero before the trigger.
  int64_t clawed_back = 0;  // Minor units, not negative.
  std::vector<Sequence> because{};

  friend bool operator==(const Reward&, const Reward&) = default;
};

// Everything about one plan.
struct RewardFacts {
  std::span<const RecordedAct> acts;  // Of the plan: its versions and its rewards.
  const std::map<ReferralId, referral::Referral>& referrals;  // That proposals name.
  const std::map<ReferralId, Sequence>& held;  // Referrals that wait for a reviewer: by what.
  Timestamp now{};
};
// Every reward, in the order of proposal, which is the order in which caps are filled: a reward
// keeps its place unless it is void, expired or taken back whole. What was fulfilled comes first: a
// proposal that is revived, or a cap that is lowered, never adds to what was given. Total and pure;
// acts in any order.
std::vector<Reward> FoldRewards(const RewardFacts& facts);

// Whether `wish`, an act about a reward of the plan that happened then, may be recorded. NotFound
// (RFD3021): no such plan or proposal. FailedPrecondition (RFD3016): the message says what is
// missing. So it is for a fulfilment before `due`, and for an approval by the beneficiary, by who
// proposed it, or by the source, contact or rep of the referral.
Status DecideReward(const RewardFacts& facts, const Act& wish, Timestamp occurred_at);

// True for the acts that FoldRewards reads.
bool IsRewardAct(EventType type);

}  // namespace referrald::practice
