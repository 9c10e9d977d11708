#include "storage/practice/reward.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <random>

#include "tests/support/practice_acts.h"
#include "tests/support/seed.h"

namespace referrald::practice {
namespace {

using referral::Referral;
using referral::State;
using support::ActDay;
using support::ActLog;
using support::CompleteAct;
using support::kAnna;
using support::kBen;
using support::kRep;

constexpr EntityId kBoss{77};

class RewardTest : public testing::Test {
 protected:
  RewardTest() { Plan(); }

  void Plan(RewardForm form = RewardForm::kDiscount, int64_t per_person = 0, int64_t all = 0,
            int64_t hold = 0, State trigger = State::kWon, RewardSide side = RewardSide::kSource) {
    Act act = CompleteAct(EventType::kRewardPlanSet);
    act.code = static_cast<uint32_t>(form);
    act.numbers = {static_cast<int64_t>(trigger), static_cast<int64_t>(side), per_person, all,
                   hold};
    log_.Add(act, 0);
  }
  // A referral by Anna that is WON on `day`; 0: it is INTRODUCED only.
  ReferralId Refers(int day) {
    Referral referral;
    referral.id = ReferralId{++last_referral_};
    referral.source = kAnna;
    referral.contact = kBen;
    referral.rep = kRep;
    referral.state = State::kIntroduced;
    referral.steps = {{State::kIntroduced, Sequence{900 + last_referral_}, ActDay(1), false}};
    if (day != 0) Reach(referral, State::kWon, day);
    referrals_[referral.id] = referral;
    return referral.id;
  }
  static void Reach(Referral& referral, State state, int day) {
    referral.state = state;
    referral.steps.push_back({state, Sequence{1900 + referral.id.value}, ActDay(day), false});
  }
  Act About(EventType type, Sequence proposal) const {
    Act act = CompleteAct(type);
    act.about = proposal;
    if (type == EventType::kRewardApproved) act.rep = kBoss;
    return act;
  }
  Act Proposal(ReferralId referral) const {
    Act act = CompleteAct(EventType::kRewardProposed);
    act.referral = referral;
    act.rep = kRep;
    return act;
  }
  Sequence Proposes(ReferralId referral) { return Records(Proposal(referral)); }
  Sequence Records(const Act& wish) {
    const Status decided = Decides(wish);
    EXPECT_TRUE(decided.ok()) << decided.ToString();
    return log_.Add(wish, 5);
  }
  RewardFacts Facts() const {
    return {.acts = log_.acts(), .referrals = referrals_, .held = held_, .now = now_};
  }
  Status Decides(const Act& wish) const { return Decides(wish, now_); }
  Status Decides(const Act& wish, Timestamp occurred_at) const {
    return DecideReward(Facts(), wish, occurred_at);
  }
  RewardState StateOf(Sequence proposal) const {
    for (const Reward& reward : FoldRewards(Facts())) {
      if (reward.proposal == proposal) return reward.state;
    }
    return RewardState{};
  }

  ActLog log_;
  std::map<ReferralId, Referral> referrals_;
  std::map<ReferralId, Sequence> held_;
  Timestamp now_ = ActDay(100);
  uint64_t last_referral_ = 0;
};

TEST_F(RewardTest, WaitsForItsTriggerAndThenIsEarned) {
  const ReferralId referral = Refers(0);
  const Sequence proposal = Proposes(referral);
  EXPECT_EQ(StateOf(proposal), RewardState::kProposed);
  EXPECT_EQ(Decides(About(EventType::kRewardFulfilled, proposal)).number(), 3016);
  Reach(referrals_[referral], State::kWon, 10);
  EXPECT_EQ(StateOf(proposal), RewardState::kEarned);
  Records(About(EventType::kRewardFulfilled, proposal));
  EXPECT_EQ(StateOf(proposal), RewardState::kFulfilled);
}

TEST_F(RewardTest, IsNeverForAName) {
  Act act = CompleteAct(EventType::kRewardPlanSet);
  act.numbers = {static_cast<int64_t>(State::kNamed), 1, 0, 0, 0};
  const Status status = Decides(act);
  EXPECT_EQ(status.number(), 3016);
  EXPECT_NE(status.message().find("never for names"), std::string::npos);
  act.numbers = {9, 1, 0};
  EXPECT_EQ(Decides(act).number(), 3016);
}

TEST_F(RewardTest, TheHoldPeriodRuns) {
  Plan(RewardForm::kDiscount, 0, 0, /*hold=*/30);
  const Sequence proposal = Proposes(Refers(90));
  EXPECT_EQ(StateOf(proposal), RewardState::kPending);
  now_ = ActDay(121);
  EXPECT_EQ(StateOf(proposal), RewardState::kEarned);
}

TEST_F(RewardTest, AGiftNeedsSomebodyElsesApproval) {
  Plan(RewardForm::kGift);
  const Sequence proposal = Proposes(Refers(10));
  EXPECT_EQ(StateOf(proposal), RewardState::kHeld);
  Act approval = About(EventType::kRewardApproved, proposal);
  approval.rep = kRep;
  EXPECT_EQ(Decides(approval).number(), 3016);
  approval.rep = kAnna;
  EXPECT_EQ(Decides(approval).number(), 3016);
  approval.rep = kBoss;
  Records(approval);
  EXPECT_EQ(StateOf(proposal), RewardState::kEarned);
  Records(About(EventType::kRewardHeld, proposal));
  EXPECT_EQ(StateOf(proposal), RewardState::kHeld);  // Held again: approved before that.
}

TEST_F(RewardTest, AReferralThatWaitsForAReviewerHoldsItsReward) {
  const ReferralId referral = Refers(10);
  const Sequence proposal = Proposes(referral);
  held_[referral] = Sequence{800};
  EXPECT_EQ(StateOf(proposal), RewardState::kHeld);
  held_.clear();
  EXPECT_EQ(StateOf(proposal), RewardState::kEarned);
}

TEST_F(RewardTest, OnlyTheReferralsSourceAndOnlyOnce) {
  const ReferralId referral = Refers(10);
  Act wrong = Proposal(referral);
  wrong.party = kBen;
  EXPECT_EQ(Decides(wrong).number(), 3016);
  const Sequence proposal = Proposes(referral);
  EXPECT_EQ(Decides(Proposal(referral)).number(), 3016);
  Records(About(EventType::kRewardVoided, proposal));
  EXPECT_EQ(StateOf(proposal), RewardState::kVoid);
  EXPECT_TRUE(Decides(Proposal(referral)).ok());
  Act elsewhere = Proposal(ReferralId{99});
  EXPECT_EQ(Decides(elsewhere).number(), 3021);
}

TEST_F(RewardTest, CapsFillInTheOrderOfProposalAndAVoidedOneGivesItsPlace) {
  Plan(RewardForm::kDiscount, /*per_person=*/0, /*all=*/2);
  std::vector<Sequence> proposals;
  for (int i = 0; i < 3; ++i) proposals.push_back(Proposes(Refers(10)));
  EXPECT_EQ(StateOf(proposals[1]), RewardState::kEarned);
  EXPECT_EQ(StateOf(proposals[2]), RewardState::kCapped);
  EXPECT_EQ(Decides(About(EventType::kRewardFulfilled, proposals[2])).number(), 3016);
  Records(About(EventType::kRewardVoided, proposals[0]));
  EXPECT_EQ(StateOf(proposals[2]), RewardState::kEarned);
}

TEST_F(RewardTest, AClawbackIsANegativeEntryAndNeverMoreThanWasGiven) {
  const ReferralId referral = Refers(10);
  const Sequence proposal = Proposes(referral);
  EXPECT_EQ(Decides(About(EventType::kRewardClawedBack, proposal)).number(), 3016);
  Records(About(EventType::kRewardFulfilled, proposal));
  Reach(referrals_[referral], State::kReversed, 20);
  EXPECT_NE(FoldRewards(Facts())[0].reason.find("to be clawed back"), std::string::npos);
  Act back = About(EventType::kRewardClawedBack, proposal);
  back.amount = {.minor_units = -60, .currency = "EUR"};
  Records(back);
  EXPECT_EQ(StateOf(proposal), RewardState::kFulfilled);
  EXPECT_EQ(Decides(back).number(), 3016);  // 40 are left.
  back.amount.minor_units = -40;
  Records(back);
  EXPECT_EQ(StateOf(proposal), RewardState::kClawedBack);
}

TEST_F(RewardTest, ADealThatWasReversedBeforeFulfilmentVoidsIt) {
  const ReferralId referral = Refers(10);
  const Sequence proposal = Proposes(referral);
  Reach(referrals_[referral], State::kReversed, 20);
  EXPECT_EQ(StateOf(proposal), RewardState::kVoid);
}

// A void referral can come back after its place went to somebody else.
TEST_F(RewardTest, AReferralThatComesBackDoesNotExceedTheCap) {
  Plan(RewardForm::kDiscount, /*per_person=*/0, /*all=*/1);
  const ReferralId referral = Refers(10);
  const Sequence first = Proposes(referral);
  const Sequence second = Proposes(Refers(10));
  EXPECT_EQ(StateOf(second), RewardState::kCapped);
  Reach(referrals_[referral], State::kVoided, 20);
  Records(About(EventType::kRewardFulfilled, second));
  Reach(referrals_[referral], State::kWon, 30);
  EXPECT_EQ(StateOf(first), RewardState::kCapped);
  EXPECT_EQ(Decides(About(EventType::kRewardFulfilled, first)).number(), 3016);
}

TEST_F(RewardTest, ALoweredCapCountsWhatWasGivenFirst) {
  const Sequence first = Proposes(Refers(10));
  const Sequence second = Proposes(Refers(10));
  Records(About(EventType::kRewardFulfilled, second));
  Plan(RewardForm::kDiscount, /*per_person=*/1);
  EXPECT_EQ(StateOf(second), RewardState::kFulfilled);
  EXPECT_EQ(StateOf(first), RewardState::kCapped);
}

TEST_F(RewardTest, AReferralThatComesBackIsNotRewardedTwice) {
  const ReferralId referral = Refers(10);
  const Sequence proposal = Proposes(referral);
  Reach(referrals_[referral], State::kVoided, 20);
  EXPECT_EQ(StateOf(proposal), RewardState::kVoid);
  EXPECT_EQ(Decides(Proposal(referral)).number(), 3016);
}

TEST_F(RewardTest, ARewardOfNothingIsNoPlan) {
  Act act = CompleteAct(EventType::kRewardPlanSet);
  act.numbers = {static_cast<int64_t>(State::kWon), 1, 0, 0, 0};
  act.amount.minor_units = 0;
  EXPECT_EQ(Decides(act).number(), 3016);
}

TEST_F(RewardTest, TheLeastNumberIsMoreThanWasGiven) {
  const Sequence proposal = Proposes(Refers(10));
  Records(About(EventType::kRewardFulfilled, proposal));
  Act back = About(EventType::kRewardClawedBack, proposal);
  back.amount.minor_units = std::numeric_limits<int64_t>::min();
  EXPECT_EQ(Decides(back).number(), 3016);
  back.amount = {.minor_units = -1, .currency = "USD"};
  EXPECT_EQ(Decides(back).number(), 3016);
}

TEST_F(RewardTest, WhatWasFulfilledIsNotVoidedButMayHaveToComeBack) {
  const ReferralId referral = Refers(10);
  const Sequence proposal = Proposes(referral);
  Records(About(EventType::kRewardFulfilled, proposal));
  const Act voided = About(EventType::kRewardVoided, proposal);
  EXPECT_EQ(Decides(voided).number(), 3016);
  EXPECT_EQ(Decides(About(EventType::kRewardHeld, proposal)).number(), 3016);
  log_.Add(voided, 6);  // In the log all the same: the fold does not follow it.
  Reach(referrals_[referral], State::kVoided, 20);
  EXPECT_EQ(StateOf(proposal), RewardState::kFulfilled);
  EXPECT_NE(FoldRewards(Facts())[0].reason.find("to be clawed back"), std::string::npos);
}

TEST_F(RewardTest, ExpiresWithItsReferral) {
  const ReferralId referral = Refers(0);
  const Sequence proposal = Proposes(referral);
  Reach(referrals_[referral], State::kExpired, 20);
  EXPECT_EQ(StateOf(proposal), RewardState::kExpired);
  EXPECT_EQ(Decides(About(EventType::kRewardFulfilled, proposal)).number(), 3016);
}

TEST_F(RewardTest, CannotHaveBeenFulfilledBeforeItWasDue) {
  Plan(RewardForm::kDiscount, 0, 0, /*hold=*/30);
  const Sequence proposal = Proposes(Refers(10));  // Due from day 40 on.
  const Act fulfilment = About(EventType::kRewardFulfilled, proposal);
  EXPECT_EQ(Decides(fulfilment, ActDay(39)).number(), 3016);
  EXPECT_TRUE(Decides(fulfilment, ActDay(40)).ok());  // Of that moment on.
}

TEST_F(RewardTest, NobodyOfTheReferralApprovesEvenWhereNobodyIsNamed) {
  Plan(RewardForm::kGift);
  const ReferralId referral = Refers(10);
  Act proposal = Proposal(referral);
  proposal.rep = {};
  const Sequence proposed = Records(proposal);
  Act approval = About(EventType::kRewardApproved, proposed);
  for (const EntityId who : {kRep, kAnna, kBen}) {
    approval.rep = who;
    EXPECT_EQ(Decides(approval).number(), 3016) << who.value;
  }
  approval.rep = kBoss;
  EXPECT_TRUE(Decides(approval).ok());
}

TEST_F(RewardTest, TheSourceDoesNotApproveWhatTheContactGets) {
  Plan(RewardForm::kGift, 0, 0, 0, State::kWon, RewardSide::kContact);
  Act proposal = Proposal(Refers(10));
  proposal.party = kBen;
  proposal.rep = {};
  Act approval = About(EventType::kRewardApproved, Records(proposal));
  approval.party = kBen;
  approval.rep = kAnna;
  EXPECT_EQ(Decides(approval).number(), 3016);
  approval.rep = kBoss;
  EXPECT_TRUE(Decides(approval).ok());
}

TEST_F(RewardTest, WhatWillNotBeReachedGivesItsPlaceAndComesBackWithTheDeal) {
  Plan(RewardForm::kDiscount, /*per_person=*/0, /*all=*/1);
  const ReferralId lost = Refers(0);
  const Sequence first = Proposes(lost);
  const Sequence second = Proposes(Refers(10));
  EXPECT_EQ(StateOf(second), RewardState::kCapped);
  Reach(referrals_[lost], State::kLost, 20);
  EXPECT_EQ(StateOf(first), RewardState::kExpired);
  EXPECT_EQ(StateOf(second), RewardState::kEarned);
  Reach(referrals_[lost], State::kWon, 30);
  EXPECT_EQ(StateOf(first), RewardState::kEarned);
  EXPECT_EQ(StateOf(second), RewardState::kCapped);
}

TEST_F(RewardTest, EveryEndBeforeTheTriggerGivesThePlaceAndSaysSo) {
  Plan(RewardForm::kDiscount, /*per_person=*/0, /*all=*/1);
  for (const State end : {State::kLost, State::kNotAFit, State::kContactDeclined}) {
    const ReferralId referral = Refers(0);
    const Sequence ended = Proposes(referral);
    Reach(referrals_[referral], end, 20);
    const std::vector<Reward> rewards = FoldRewards(Facts());
    EXPECT_EQ(rewards.back().state, RewardState::kExpired);
    EXPECT_EQ(rewards.back().reason,
              "the referral is " + std::string(StateName(end)) + ", and never was WON");
    EXPECT_EQ(Decides(About(EventType::kRewardFulfilled, ended)).number(), 3016);
  }
  EXPECT_EQ(StateOf(Proposes(Refers(10))), RewardState::kEarned);
}

TEST_F(RewardTest, WhatWasReachedBeforeTheEndIsEarned) {
  Plan(RewardForm::kDiscount, 0, 0, 0, State::kIntroduced);
  const ReferralId referral = Refers(0);
  const Sequence proposal = Proposes(referral);
  Reach(referrals_[referral], State::kNotAFit, 20);
  EXPECT_EQ(StateOf(proposal), RewardState::kEarned);
}

// Whatever is wished, in whatever order: what passed DecideReward never exceeds a cap, and the fold
// does not depend on the order in which acts are given.
TEST_F(RewardTest, NoCapIsEverExceeded) {
  std::mt19937_64 random(support::TestSeed());
  for (int round = 0; round < 100; ++round) {
    log_ = {};
    referrals_.clear();
    last_referral_ = 0;
    const uint64_t cap = 1 + random() % 4;
    const auto cap_number = static_cast<int64_t>(cap);
    const bool of_person = random() % 2 == 0;  // All rewards are Anna's: the same count.
    Plan(RewardForm::kDiscount, of_person ? cap_number : 0, of_person ? 0 : cap_number);
    for (int i = 0; i < 6; ++i) Refers(random() % 4 == 0 ? 0 : 10);
    for (int i = 0; i < 60; ++i) {
      constexpr std::array kTypes = {EventType::kRewardProposed, EventType::kRewardFulfilled,
                                     EventType::kRewardVoided, EventType::kRewardHeld,
                                     EventType::kRewardApproved};
      const EventType type = kTypes[random() % kTypes.size()];
      Act wish = About(type, Sequence{1 + random() % 40});
      if (type == EventType::kRewardProposed) wish = Proposal(ReferralId{1 + random() % 6});
      if (Decides(wish).ok()) log_.Add(wish, 5);
      Referral& any = referrals_[ReferralId{1 + random() % 6}];
      if (random() % 4 == 0) Reach(any, random() % 2 == 0 ? State::kVoided : State::kWon, 10);
    }
    const std::vector<Reward> rewards = FoldRewards(Facts());
    const auto fulfilled = std::ranges::count(rewards, RewardState::kFulfilled, &Reward::state);
    const auto earned = std::ranges::count(rewards, RewardState::kEarned, &Reward::state);
    ASSERT_LE(static_cast<uint64_t>(fulfilled + earned), cap);
    std::vector<RecordedAct> shuffled = log_.acts();
    std::ranges::shuffle(shuffled, random);
    RewardFacts facts = Facts();
    facts.acts = shuffled;
    ASSERT_EQ(FoldRewards(facts), rewards);
  }
}

}  // namespace
}  // namespace referrald::practice
