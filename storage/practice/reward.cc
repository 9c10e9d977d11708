#include "storage/practice/reward.h"

#include <algorithm>
#include <array>
#include <utility>

namespace referrald::practice {
namespace {

using referral::Referral;
using referral::State;

constexpr int kRewardRefused = 3016;
constexpr int kNotFound = 3021;
constexpr size_t kPlanNumbers = 5;

Status Refused(std::string why) {
  return Status::FailedPrecondition(std::move(why), kRewardRefused);
}

Status WrongPlan(std::string why) {
  return Status::InvalidArgument(std::move(why), kRewardRefused);
}

bool IsTrigger(State state) {
  return state == State::kIntroduced || state == State::kMet || state == State::kQualified ||
         state == State::kWon;
}

// What was said about one proposal.
struct Said {
  const RecordedAct* proposal = nullptr;
  const RecordedAct* held = nullptr;  // The newest.
  const RecordedAct* approved = nullptr;
  const RecordedAct* fulfilled = nullptr;
  const RecordedAct* voided = nullptr;
  std::vector<const RecordedAct*> clawbacks;

  bool IsEnded() const { return fulfilled != nullptr || voided != nullptr; }
};

// The acts of one plan, sorted out.
class Book {
 public:
  explicit Book(std::span<const RecordedAct> acts) {
    std::vector<const RecordedAct*> order;
    for (const RecordedAct& act : acts) order.push_back(&act);
    std::ranges::sort(order, {}, &RecordedAct::sequence);
    for (const RecordedAct* const act : order) Note(*act);
  }

  const std::map<Sequence, Said>& rewards() const { return rewards_; }
  // The version that was in force at `sequence`; the newest where that is 0. Null: there was none.
  const RewardPlan* PlanAt(Sequence sequence) const {
    const RewardPlan* found = nullptr;
    for (const RewardPlan& plan : plans_) {
      if (!sequence || plan.since <= sequence) found = &plan;
    }
    return found;
  }

 private:
  void Note(const RecordedAct& act) {
    if (act.act.type == EventType::kRewardPlanSet) {
      const Result<RewardPlan> plan = PlanOf(act);
      if (plan) plans_.push_back(*plan);
      return;
    }
    if (act.act.type == EventType::kRewardProposed) {
      rewards_[act.sequence].proposal = &act;
      return;
    }
    const auto said = rewards_.find(act.act.about);
    if (said == rewards_.end()) return;
    switch (act.act.type) {
      case EventType::kRewardHeld: said->second.held = &act; break;
      case EventType::kRewardApproved: said->second.approved = &act; break;
      // What ends it, ends it once: nothing is void that was given, nor given that was void.
      case EventType::kRewardFulfilled:
        if (!said->second.IsEnded()) said->second.fulfilled = &act;
        break;
      case EventType::kRewardVoided:
        if (!said->second.IsEnded()) said->second.voided = &act;
        break;
      case EventType::kRewardClawedBack: said->second.clawbacks.push_back(&act); break;
      default: break;
    }
  }

  std::vector<RewardPlan> plans_;  // By sequence.
  std::map<Sequence, Said> rewards_;
};

const referral::Step* StepTo(const Referral& referral, State state) {
  const auto step = std::ranges::find(referral.steps, state, &referral::Step::state);
  return step == referral.steps.end() ? nullptr : &*step;
}

// Nothing more comes of it, unless somebody takes it up again: then its reward comes back.
bool IsDeadEnd(State state) {
  return state == State::kLost || state == State::kNotAFit || state == State::kContactDeclined ||
         state == State::kSourceDeclined || state == State::kNotAcquainted;
}

// Judges one reward by everything but the caps.
class Judge {
 public:
  Judge(const RewardFacts& facts, const RewardPlan& plan, const Said& said)
      : facts_(facts), plan_(plan), said_(said) {
    const Act& act = said.proposal->act;
    reward_ = {.proposal = said.proposal->sequence,
               .plan = plan.name,
               .party = act.party,
               .proposed_by = act.rep,
               .referral = act.referral,
               .amount = plan.amount,
               .reason = {},
               .because = {said.proposal->sequence}};
    for (const RecordedAct* const clawback : said.clawbacks) {
      reward_.clawed_back -= clawback->act.amount.minor_units;
    }
  }

  Reward Run() {
    const auto found = facts_.referrals.find(reward_.referral);
    if (found != facts_.referrals.end()) {
      const referral::Step* const step = StepTo(found->second, plan_.trigger);
      if (step != nullptr) reward_.due = step->occurred_at + plan_.hold;
    }
    if (found == facts_.referrals.end()) {
      Set(RewardState::kVoid, "there is no such referral", {});
    } else if (!IsOver(found->second)) {
      Trigger(found->second);
    }
    return std::move(reward_);
  }

 private:
  void Set(RewardState state, std::string reason, Sequence because) {
    reward_.state = state;
    reward_.reason = std::move(reason);
    if (because) reward_.because.push_back(because);
  }

  bool IsOver(const Referral& referral) {
    const Sequence last = referral.steps.empty() ? Sequence{} : referral.steps.back().sequence;
    if (said_.voided != nullptr) {
      Set(RewardState::kVoid, "a reviewer voided it", said_.voided->sequence);
    } else if (said_.fulfilled != nullptr) {
      Fulfilled(referral, last);
    } else if (referral.state == State::kExpired) {
      Set(RewardState::kExpired, "the referral has expired", last);
    } else if (referral.state == State::kVoided || referral.state == State::kDuplicate) {
      Set(RewardState::kVoid, "the referral is " + std::string(StateName(referral.state)), last);
    } else if (referral.state == State::kReversed) {
      Set(RewardState::kVoid, "the deal was reversed", last);
    } else {
      return false;
    }
    return true;
  }

  void Fulfilled(const Referral& referral, Sequence last) {
    if (!said_.clawbacks.empty() && reward_.clawed_back >= reward_.amount.minor_units) {
      Set(RewardState::kClawedBack, "taken back whole", said_.clawbacks.back()->sequence);
      return;
    }
    Set(RewardState::kFulfilled, "fulfilled", said_.fulfilled->sequence);
    if (referral.state == State::kReversed) {
      reward_.reason = "fulfilled, and the deal was reversed since: to be clawed back";
      reward_.because.push_back(last);
    } else if (referral.state == State::kVoided) {
      reward_.reason = "fulfilled, and the referral was voided since: to be clawed back";
      reward_.because.push_back(last);
    }
  }

  void Trigger(const Referral& referral) {
    const referral::Step* const step = StepTo(referral, plan_.trigger);
    const std::string trigger(StateName(plan_.trigger));
    if (step == nullptr && IsDeadEnd(referral.state)) {
      Set(RewardState::kExpired,
          "the referral is " + std::string(StateName(referral.state)) + ", and never was " +
              trigger,
          referral.steps.back().sequence);
      return;
    }
    if (step == nullptr) {
      Set(RewardState::kProposed, "waits until the referral is " + trigger, {});
      return;
    }
    reward_.because.push_back(step->sequence);
    if (facts_.now < reward_.due) {
      Set(RewardState::kPending, "the hold period after " + trigger + " runs", {});
    } else if (!NeedsApproval(referral)) {
      Set(RewardState::kEarned, trigger + " was reached", {});
    }
  }

  // Sets HELD where it does.
  bool NeedsApproval(const Referral& referral) {
    const auto hit = facts_.held.find(referral.id);
    if (hit != facts_.held.end()) {
      Set(RewardState::kHeld, "the referral waits for a reviewer", hit->second);
      return true;
    }
    const bool is_approved =
        said_.approved != nullptr &&
        (said_.held == nullptr || said_.held->sequence < said_.approved->sequence);
    if (is_approved) {
      reward_.because.push_back(said_.approved->sequence);
      return false;
    }
    if (said_.held != nullptr) {
      Set(RewardState::kHeld, "held until somebody approves", said_.held->sequence);
    } else if (plan_.form == RewardForm::kGift) {
      Set(RewardState::kHeld, "a gift needs the approval of somebody else", {});
    } else if (referral.denial) {
      Set(RewardState::kHeld, "the two are said not to know each other: somebody has to approve",
          referral.denial);
    } else if (referral.rescued_by_introduction) {
      Set(RewardState::kHeld,
          "the introduction came after the first outreach: somebody has to approve",
          referral.earlier_outreach);
    } else if (referral.late_evidence) {
      Set(RewardState::kHeld, "the evidence came late: somebody has to approve",
          referral.introduction);
    } else {
      return false;
    }
    return true;
  }

  const RewardFacts& facts_;
  const RewardPlan& plan_;
  const Said& said_;
  Reward reward_;
};

bool TakesAPlace(const Reward& reward) {
  return reward.state != RewardState::kVoid && reward.state != RewardState::kExpired &&
         reward.state != RewardState::kClawedBack;
}

// Turns what has no place any more into CAPPED, in the order of proposal. What was fulfilled has
// its place before all others: an earlier proposal can come back to life (its referral is no longer
// void or expired), or a cap be lowered, after a later one was given.
void FillCaps(const RewardPlan& plan, std::vector<Reward>& rewards) {
  std::map<EntityId, uint32_t> of_person;
  uint32_t all = 0;
  for (const Reward& reward : rewards) {
    if (reward.state != RewardState::kFulfilled) continue;
    ++all;
    ++of_person[reward.party];
  }
  for (Reward& reward : rewards) {
    if (!TakesAPlace(reward) || reward.state == RewardState::kFulfilled) continue;
    const bool is_full = plan.count_max != 0 && all >= plan.count_max;
    const bool has_enough =
        plan.per_person_max != 0 && of_person[reward.party] >= plan.per_person_max;
    if (is_full || has_enough) {
      reward.state = RewardState::kCapped;
      reward.reason =
          is_full ? "the plan allows " + std::to_string(plan.count_max) + " rewards"
                  : "the plan allows a person " + std::to_string(plan.per_person_max) + " rewards";
      reward.because.push_back(plan.since);
      continue;
    }
    ++all;
    ++of_person[reward.party];
  }
}

const Reward* FindReward(const std::vector<Reward>& rewards, Sequence proposal) {
  const auto found = std::ranges::find(rewards, proposal, &Reward::proposal);
  return found == rewards.end() ? nullptr : &*found;
}

// A reward that is void because its referral is comes back with it: only one that was voided by
// itself makes room for another of the same.
Status CheckOnce(const Book& book, const Act& wish) {
  for (const auto& [sequence, said] : book.rewards()) {
    const Act& act = said.proposal->act;
    const bool is_same = act.party == wish.party && act.referral == wish.referral;
    if (!is_same || said.voided != nullptr) continue;
    return Refused("this reward was proposed before: " + ToText(sequence));
  }
  return Status::Ok();
}

Status CheckProposal(const RewardFacts& facts, const Book& book, const Act& wish) {
  const RewardPlan* const plan = book.PlanAt({});
  if (plan == nullptr) {
    return Status::NotFound("there is no reward plan " + wish.name + "; record RewardPlanSet first",
                            kNotFound);
  }
  const auto found = facts.referrals.find(wish.referral);
  if (found == facts.referrals.end()) {
    return Status::NotFound("there is no referral " + ToText(wish.referral), kNotFound);
  }
  const bool is_source = plan->side == RewardSide::kSource;
  const EntityId due_to = is_source ? found->second.source : found->second.contact;
  if (wish.party != due_to) {
    return Refused("the plan rewards the " + std::string(is_source ? "source" : "new contact") +
                   " of the referral, which the beneficiary is not");
  }
  return CheckOnce(book, wish);
}

Status CheckApproval(const RewardFacts& facts, const Reward& reward, const Act& wish) {
  const auto found = facts.referrals.find(reward.referral);
  if (found != facts.referrals.end()) {
    const Referral& referral = found->second;
    const bool is_party =
        wish.rep == referral.source || wish.rep == referral.contact || wish.rep == referral.rep;
    if (is_party) return Refused("who is part of the referral cannot approve a reward for it");
  }
  if (wish.rep == reward.party) return Refused("the beneficiary cannot approve their own reward");
  if (wish.rep == reward.proposed_by) {
    return Refused("who proposed a reward cannot approve it; somebody else has to");
  }
  return Status::Ok();
}

Status CheckClawback(const Reward& reward, const Act& wish) {
  if (reward.state != RewardState::kFulfilled) {
    return Refused("only what was fulfilled can be taken back; the reward is " +
                   std::string(RewardStateName(reward.state)));
  }
  if (wish.amount.currency != reward.amount.currency) {
    return Refused("the reward is in " + reward.amount.currency);
  }
  const int64_t left = reward.amount.minor_units - reward.clawed_back;
  // Compared as negative numbers: the least int64_t has no positive.
  if (wish.amount.minor_units < 0 && wish.amount.minor_units >= -left) return Status::Ok();
  return Refused("at most " + std::to_string(left) + " minor units are left to take back");
}

}  // namespace

Result<RewardPlan> PlanOf(const RecordedAct& recorded) {
  const Act& act = recorded.act;
  if (act.numbers.size() != kPlanNumbers) {
    return WrongPlan(
        "a reward plan takes five numbers: trigger state, side, cap per person, cap of "
        "the plan, days on hold");
  }
  for (const int64_t number : act.numbers) {
    if (number < 0 || number > 1'000'000) return WrongPlan("a number of the plan is out of range");
  }
  const auto trigger = static_cast<State>(act.numbers[0]);
  if (!IsTrigger(trigger)) {
    return WrongPlan(
        "rewards are for introductions, never for names: the trigger is INTRODUCED (6), "
        "MET (7), QUALIFIED (8) or WON (9)");
  }
  if (act.numbers[1] != 1 && act.numbers[1] != 2) return WrongPlan("the side is 1 or 2");
  if (act.amount.minor_units <= 0) return WrongPlan("a reward of nothing is none: name an amount");
  return RewardPlan{.name = act.name,
                    .since = recorded.sequence,
                    .form = static_cast<RewardForm>(act.code),
                    .side = static_cast<RewardSide>(act.numbers[1]),
                    .amount = act.amount,
                    .trigger = trigger,
                    .per_person_max = static_cast<uint32_t>(act.numbers[2]),
                    .count_max = static_cast<uint32_t>(act.numbers[3]),
                    .hold = std::chrono::days(act.numbers[4])};
}

std::string_view RewardStateName(RewardState state) {
  constexpr std::array<std::string_view, 9> kNames = {"PROPOSED",    "PENDING", "HELD",
                                                      "CAPPED",      "EARNED",  "FULFILLED",
                                                      "CLAWED_BACK", "VOID",    "EXPIRED"};
  const size_t number = std::to_underlying(state);
  return number >= 1 && number <= kNames.size() ? kNames[number - 1] : "UNKNOWN";
}

std::vector<Reward> FoldRewards(const RewardFacts& facts) {
  const Book book(facts.acts);
  std::vector<Reward> rewards;
  for (const auto& [proposal, said] : book.rewards()) {
    const RewardPlan* const plan = book.PlanAt(proposal);
    if (plan != nullptr) rewards.push_back(Judge(facts, *plan, said).Run());
  }
  if (const RewardPlan* const newest = book.PlanAt({}); newest != nullptr) {
    FillCaps(*newest, rewards);
  }
  return rewards;
}

Status DecideReward(const RewardFacts& facts, const Act& wish, Timestamp occurred_at) {
  if (wish.type == EventType::kRewardPlanSet) {
    return StatusOf(PlanOf({.sequence = {}, .actor = {}, .act = wish}));
  }
  const Book book(facts.acts);
  if (wish.type == EventType::kRewardProposed) {
    return CheckProposal(facts, book, wish);
  }
  const std::vector<Reward> rewards = FoldRewards(facts);
  const Reward* const reward = FindReward(rewards, wish.about);
  if (reward == nullptr) {
    return Status::NotFound("there is no reward " + ToText(wish.about), kNotFound);
  }
  if (wish.party != reward->party) return Refused("the reward is another party's");
  const std::string state(RewardStateName(reward->state));
  const bool is_over = reward->state == RewardState::kVoid ||
                       reward->state == RewardState::kExpired ||
                       reward->state == RewardState::kClawedBack;
  if (wish.type == EventType::kRewardClawedBack) return CheckClawback(*reward, wish);
  if (is_over || reward->state == RewardState::kFulfilled) {
    return Refused("the reward is " + state + ": " + reward->reason);
  }
  if (wish.type == EventType::kRewardApproved) return CheckApproval(facts, *reward, wish);
  if (wish.type == EventType::kRewardFulfilled && reward->state != RewardState::kEarned) {
    return Refused("only an EARNED reward can be fulfilled; this one is " + state + ": " +
                   reward->reason);
  }
  if (wish.type == EventType::kRewardFulfilled && occurred_at < reward->due) {
    return Refused("it was due from " + FormatTimestamp(reward->due) +
                   " on, and cannot have been fulfilled before");
  }
  return Status::Ok();
}

bool IsRewardAct(EventType type) {
  return type >= EventType::kRewardPlanSet && type <= EventType::kRewardVoided;
}

}  // namespace referrald::practice
