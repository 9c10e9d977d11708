#include "storage/practice/customer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/support/practice_acts.h"
#include "tests/support/seed.h"

namespace referrald::practice {
namespace {

using support::ActDay;
using support::ActLog;
using support::CompleteAct;
using support::kAnna;
using support::kBen;
using support::kRep;

Customer Fold(const ActLog& log, std::span<const referral::Referral> referrals = {}) {
  return FoldCustomer(kAnna, {.acts = log.acts(), .referrals = referrals});
}

Act AskFor(AskKind kind, Slots slots) {
  Act act = CompleteAct(EventType::kAskMade);
  act.code = static_cast<uint32_t>(kind);
  act.slots = slots;
  return act;
}

Act Answer(Sequence ask, AskOutcome outcome, Slots slots = 0) {
  Act act = CompleteAct(EventType::kAskAnswered);
  act.about = ask;
  act.code = static_cast<uint32_t>(outcome);
  act.slots = slots;
  if (outcome == AskOutcome::kNamesGiven) act.numbers = {3};
  return act;
}

SlotState StateOf(const Customer& customer, Slot slot) {
  return customer.slots[static_cast<size_t>(slot)].state;
}

TEST(FoldCustomer, KnowsNothingWithoutActs) {
  const Customer customer = Fold({});
  EXPECT_EQ(customer.Covered(), 0);
  EXPECT_FALSE(customer.IsActive());
}

TEST(FoldCustomer, AnOrderMakesACustomerAndARoleDoes) {
  ActLog log;
  log.Add(EventType::kFirstEngagement, 1);
  EXPECT_FALSE(Fold(log).IsCustomer());
  EXPECT_TRUE(Fold(log).IsActive());  // R23: a prospect is asked, too.
  log.Add(EventType::kOrderPlaced, 2);
  EXPECT_TRUE(Fold(log).IsCustomer());
}

TEST(FoldCustomer, AnAskCoversItsSlotsAndAnAnswerSaysWhatCame) {
  ActLog log;
  const Sequence ask = log.Add(AskFor(AskKind::kFull, In(Slot::kSupplier)), 1);
  EXPECT_EQ(StateOf(Fold(log), Slot::kSupplier), SlotState::kAsked);
  EXPECT_EQ(Fold(log).Covered(), In(Slot::kSupplier));
  log.Add(Answer(ask, AskOutcome::kNamesGiven), 2);
  const Customer customer = Fold(log);
  EXPECT_EQ(StateOf(customer, Slot::kSupplier), SlotState::kYielded);
  EXPECT_EQ(customer.asks[0].names, 3u);
  EXPECT_EQ(customer.asks[0].outcome, AskOutcome::kNamesGiven);
}

TEST(FoldCustomer, DoesNotGuessWhichOfSeveralSlotsYielded) {
  ActLog log;
  const Slots two = In(Slot::kSupplier) | In(Slot::kNeighbour);
  const Sequence ask = log.Add(AskFor(AskKind::kFull, two), 1);
  log.Add(Answer(ask, AskOutcome::kNamesGiven), 2);
  EXPECT_EQ(StateOf(Fold(log), Slot::kSupplier), SlotState::kAsked);
  EXPECT_EQ(StateOf(Fold(log), Slot::kNeighbour), SlotState::kAsked);
}

TEST(FoldCustomer, AnIntroductionYieldsInItsSlot) {
  ActLog log;
  log.Add(AskFor(AskKind::kFull, kAllSlots), 1);
  referral::Referral referral;
  referral.id = ReferralId{9};
  referral.introduction = Sequence{9};
  referral.steps = {{referral::State::kIntroduced, Sequence{9}, ActDay(3), false}};
  referral.source_slot = 1 + static_cast<uint8_t>(Slot::kInternalPeer);
  const Customer customer = Fold(log, {&referral, 1});
  EXPECT_EQ(StateOf(customer, Slot::kInternalPeer), SlotState::kYielded);
  EXPECT_EQ(customer.slots[static_cast<size_t>(Slot::kInternalPeer)].introductions, 1u);
  EXPECT_EQ(customer.slots[static_cast<size_t>(Slot::kInternalPeer)].because, Sequence{9});
}

TEST(FoldCustomer, ASlotThatYieldedIsNotClosed) {
  ActLog log;
  const Sequence ask = log.Add(AskFor(AskKind::kFull, In(Slot::kSupplier)), 1);
  log.Add(Answer(ask, AskOutcome::kIntroGiven), 2);
  Act close = CompleteAct(EventType::kSourceSlotClosed);
  close.slots = In(Slot::kSupplier);
  EXPECT_EQ(DecideForCustomer(Fold(log), close, ActDay(3)).number(), 3014);
  log.Add(close, 3);
  EXPECT_EQ(StateOf(Fold(log), Slot::kSupplier), SlotState::kYielded);
  EXPECT_EQ(Fold(log).unapplied.size(), 1u);
}

TEST(FoldCustomer, LaterAndSilentMayBeAnsweredAgain) {
  for (const AskOutcome open : {AskOutcome::kLater, AskOutcome::kSilent}) {
    ActLog log;
    const Sequence ask = log.Add(AskFor(AskKind::kSoft, 0), 1);
    log.Add(Answer(ask, open), 2);
    const Act yes = Answer(ask, AskOutcome::kIntroGiven);
    EXPECT_TRUE(DecideForCustomer(Fold(log), yes, ActDay(3)).ok());
    log.Add(yes, 3);
    EXPECT_EQ(DecideForCustomer(Fold(log), yes, ActDay(4)).number(), 3014);
  }
}

TEST(FoldCustomer, AnAnswerNeedsItsAskAndComesAfterIt) {
  ActLog log;
  EXPECT_EQ(DecideForCustomer(Fold(log), Answer(Sequence{7}, AskOutcome::kNo), ActDay(1)).number(),
            3014);
  const Sequence ask = log.Add(AskFor(AskKind::kSoft, 0), 5);
  const Act no = Answer(ask, AskOutcome::kNo);
  EXPECT_EQ(DecideForCustomer(Fold(log), no, ActDay(4)).number(), 3014);
  EXPECT_TRUE(DecideForCustomer(Fold(log), no, ActDay(5)).ok());
}

TEST(FoldCustomer, ATouchThatIsToldLateDoesNotCount) {
  ActLog log;
  log.Add(CompleteAct(EventType::kTouchMade), 1);
  log.Add(CompleteAct(EventType::kTouchMade), 2, /*told=*/30);
  const Customer customer = Fold(log);
  ASSERT_EQ(customer.touches.size(), 2u);
  EXPECT_TRUE(customer.touches[0].counts);
  EXPECT_FALSE(customer.touches[1].counts);
}

TEST(FoldCustomer, AReferenceGoesFromRequestedToGivenToCalled) {
  ActLog log;
  const Sequence request = log.Add(EventType::kReferenceRequested, 1);
  Act called = CompleteAct(EventType::kReferenceCalled);
  called.about = request;
  called.code = static_cast<uint32_t>(ReferenceResult::kFaintPraise);
  EXPECT_EQ(DecideForCustomer(Fold(log), called, ActDay(2)).number(), 3014);
  Act given = CompleteAct(EventType::kReferenceGiven);
  given.about = request;
  log.Add(given, 2);
  EXPECT_TRUE(DecideForCustomer(Fold(log), called, ActDay(3)).ok());
  log.Add(called, 3);
  const Customer customer = Fold(log);
  ASSERT_EQ(customer.references.size(), 1u);
  EXPECT_EQ(customer.references[0].state, ReferenceState::kCalled);
  EXPECT_EQ(customer.references[0].result, ReferenceResult::kFaintPraise);
  EXPECT_EQ(customer.references[0].prospect, kBen);
}

TEST(FoldCustomer, SuppressionEndsActivity) {
  ActLog log;
  log.Add(EventType::kOrderPlaced, 1);
  log.Add(EventType::kSuppressed, 2);
  EXPECT_FALSE(Fold(log).IsActive());
  log.Add(EventType::kSuppressionLifted, 3);
  EXPECT_TRUE(Fold(log).IsActive());
}

TEST(FoldCustomer, IsTheSameInWhateverOrderTheActsCome) {
  std::mt19937_64 random(support::TestSeed());
  for (int round = 0; round < 2000; ++round) {
    ActLog log;
    const size_t count = 1 + random() % 20;
    for (size_t i = 0; i < count; ++i) {
      const ActRule& rule = ActTable()[random() % ActTable().size()];
      Act act = CompleteAct(rule.type);
      act.about = (rule.needs & member::kAbout) != 0 ? Sequence{1 + random() % count} : Sequence{};
      if (rule.code_max > 0) act.code = 1 + static_cast<uint32_t>(random() % rule.code_max);
      log.Add(act, static_cast<int>(random() % 10));
    }
    std::vector<RecordedAct> shuffled = log.acts();
    std::ranges::shuffle(shuffled, random);
    ASSERT_EQ(Fold(log), FoldCustomer(kAnna, {.acts = shuffled, .referrals = {}}));
  }
}

}  // namespace
}  // namespace referrald::practice
