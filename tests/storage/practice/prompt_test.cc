#include "storage/practice/prompt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/support/practice_acts.h"

namespace referrald::practice {
namespace {

using referral::Referral;
using referral::State;
using support::ActDay;
using support::ActLog;
using support::CompleteAct;
using support::kAnna;
using support::kRep;
using testing::ElementsAre;
using testing::IsEmpty;

class PromptTest : public testing::Test {
 protected:
  std::vector<Prompt> Prompts() const {
    const Customer customer = FoldCustomer(
        kAnna, {.acts = log_.acts(), .referrals = as_source_, .as_contact = as_contact_});
    return PromptsOf(customer, {.as_source = as_source_, .as_contact = as_contact_}, {});
  }
  std::vector<std::string> Rules() const {
    std::vector<std::string> rules;
    for (const Prompt& prompt : Prompts()) rules.emplace_back(prompt.rule);
    return rules;
  }
  Sequence Happens(EventType type, int day) { return log_.Add(type, day); }
  Sequence Asks(AskKind kind, int day, Slots slots = 0) {
    Act act = CompleteAct(EventType::kAskMade);
    act.code = static_cast<uint32_t>(kind);
    act.slots = slots;
    return log_.Add(act, day);
  }
  void Answers(Sequence ask, AskOutcome outcome, int day, int again = 0) {
    Act act = CompleteAct(EventType::kAskAnswered);
    act.about = ask;
    act.code = static_cast<uint32_t>(outcome);
    if (again != 0) act.until = ActDay(again);
    log_.Add(act, day);
  }
  void Marks(EventType type, std::string_view rule, Sequence about, int day, int until = 0) {
    Act act = CompleteAct(type);
    act.name = rule;
    act.about = about;
    act.until = until == 0 ? Timestamp{} : ActDay(until);
    log_.Add(act, day);
  }
  static Referral In(State state, int day) {
    Referral referral;
    referral.id = ReferralId{90};
    referral.rep = kRep;
    referral.state = state;
    referral.introduction = Sequence{91};
    referral.steps = {{State::kIntroduced, Sequence{91}, ActDay(1), false},
                      {state, Sequence{92}, ActDay(day), false}};
    return referral;
  }

  ActLog log_;
  std::vector<Referral> as_source_, as_contact_;
};

TEST_F(PromptTest, P01_PrimesAWeekAfterTheFirstEngagement) {
  const Sequence first = Happens(EventType::kFirstEngagement, 1);
  ASSERT_THAT(Rules(), ElementsAre("P01"));
  EXPECT_EQ(Prompts()[0].due, ActDay(8));
  EXPECT_EQ(Prompts()[0].about, first);
  EXPECT_EQ(Prompts()[0].kind, AskKind::kPrime);
  Asks(AskKind::kPrime, 3);
  EXPECT_THAT(Rules(), ElementsAre("P05"));
}

TEST_F(PromptTest, P01_IsSilentWhenTheDealIsLost) {
  Happens(EventType::kFirstEngagement, 1);
  Happens(EventType::kDealLost, 2);
  EXPECT_THAT(Rules(), ElementsAre("P07"));
}

TEST_F(PromptTest, P02_SoftAskWhileExcitedAndNotAfterTheOrder) {
  Happens(EventType::kCustomerExcited, 1);
  EXPECT_THAT(Rules(), ElementsAre("P02"));
  Happens(EventType::kOrderPlaced, 2);
  EXPECT_THAT(Rules(), ElementsAre("P03"));
}

TEST_F(PromptTest, P03_FullAskAtTheOrderAboutEveryUncoveredSlot) {
  Asks(AskKind::kSoft, -100, practice::In(Slot::kSupplier));
  Happens(EventType::kOrderPlaced, 2);
  ASSERT_THAT(Rules(), ElementsAre("P03"));
  EXPECT_EQ(Prompts()[0].slots, kAllSlots & ~practice::In(Slot::kSupplier));
  EXPECT_EQ(Prompts()[0].due, ActDay(2));
  Happens(EventType::kComplaintOpened, 3);
  EXPECT_THAT(Rules(), ElementsAre("P05"));
  Happens(EventType::kComplaintClosed, 4);
  EXPECT_THAT(Rules(), ElementsAre("P03"));
}

TEST_F(PromptTest, P04_EverybodyWithoutAnAskIsInTheQueue) {
  Act act = CompleteAct(EventType::kRoleAsserted);
  act.code = static_cast<uint32_t>(Role::kCustomer);
  log_.Add(act, 1);
  EXPECT_THAT(Rules(), ElementsAre("P04"));
  Happens(EventType::kSuppressed, 2);
  EXPECT_THAT(Rules(), IsEmpty());
}

TEST_F(PromptTest, P05_OneGroupAfterTheOtherUntilAllAreCovered) {
  Happens(EventType::kOrderPlaced, 1);
  Asks(AskKind::kFull, 1, practice::In(Slot::kExternalPeer));
  ASSERT_THAT(Rules(), ElementsAre("P05"));
  EXPECT_EQ(Prompts()[0].slots, practice::In(Slot::kInternalPeer));
  EXPECT_EQ(Prompts()[0].due, ActDay(61));
  Asks(AskKind::kFull, 70, kAllSlots);
  EXPECT_THAT(Rules(), IsEmpty());
}

TEST_F(PromptTest, P05_WhoSaidLaterIsAskedThen) {
  const Sequence ask = Asks(AskKind::kSoft, 1);
  Happens(EventType::kFirstEngagement, 0);
  Answers(ask, AskOutcome::kLater, 2, /*again=*/200);
  ASSERT_THAT(Rules(), ElementsAre("P05"));
  EXPECT_EQ(Prompts()[0].due, ActDay(200));
}

TEST_F(PromptTest, P06_LoyaltyComesFirstButNotWithin90Days) {
  Happens(EventType::kOrderPlaced, 0);
  Asks(AskKind::kFull, 1, practice::In(Slot::kSupplier));
  Happens(EventType::kReferenceVolunteered, 10);
  ASSERT_THAT(Rules(), ElementsAre("P06"));
  EXPECT_EQ(Prompts()[0].due, ActDay(91));
  Asks(AskKind::kLoyal, 95);
  EXPECT_THAT(Rules(), ElementsAre("P05"));
}

TEST_F(PromptTest, P07_P08_P09_AReferralsEndIsWhereTheNextAskStarts) {
  for (const auto& [state, rule] :
       {std::pair{State::kLost, "P07"}, {State::kNotAFit, "P08"}, {State::kWon, "P09"}}) {
    as_contact_ = {In(state, 5)};
    ASSERT_THAT(Rules(), ElementsAre(rule));
    EXPECT_EQ(Prompts()[0].about, Sequence{92});
    EXPECT_EQ(Prompts()[0].referral, ReferralId{90});
  }
  as_contact_.push_back(In(State::kContactDeclined, 6));
  EXPECT_THAT(Rules(), IsEmpty());
}

TEST_F(PromptTest, P10_TheSourceHearsOfEveryOutcomeOnce) {
  as_source_ = {In(State::kMet, 5)};
  ASSERT_THAT(Rules(), ElementsAre("P10"));
  Act told = CompleteAct(EventType::kOutcomeReported);
  told.referral = ReferralId{90};
  told.about = Sequence{92};
  log_.Add(told, 6);
  EXPECT_THAT(Rules(), IsEmpty());
  as_source_[0].state = State::kQualified;
  as_source_[0].steps.push_back({State::kQualified, Sequence{95}, ActDay(8), false});
  EXPECT_THAT(Rules(), ElementsAre("P10"));
}

TEST_F(PromptTest, P12_ARequestThatStandsStillNeedsACheckIn) {
  as_source_ = {In(State::kRequested, 5)};
  as_source_[0].introduction = {};
  ASSERT_THAT(Rules(), ElementsAre("P12"));
  EXPECT_EQ(Prompts()[0].due, ActDay(19));
}

TEST_F(PromptTest, P13_ATouchWhenThePlanSaysSoAndNotAboveItsCeiling) {
  Asks(AskKind::kFull, 0, kAllSlots);
  Happens(EventType::kOrderPlaced, -1);
  Act plan = CompleteAct(EventType::kCadenceAssigned);
  plan.name = "high-ticket";
  log_.Add(plan, 1);
  log_.Add(CompleteAct(EventType::kTouchMade), 5);
  ASSERT_THAT(Rules(), ElementsAre("P13"));
  EXPECT_EQ(Prompts()[0].due, ActDay(35));
  for (int day = 32; day < 34; ++day) {
    log_.Add(CompleteAct(EventType::kTouchMade), day, /*told=*/20);  // Do not count as care,
  }
  log_.Add(CompleteAct(EventType::kTouchMade), 34, /*told=*/20);  // but the customer felt them.
  EXPECT_EQ(Prompts()[0].due, ActDay(62));
}

TEST_F(PromptTest, P17_AReferenceAskedForByUsIsNoReferral) {
  Act act = CompleteAct(EventType::kReferenceRequested);
  act.opportunity = EntityId{5};
  act.code = static_cast<uint32_t>(Insistence::kProspect);
  log_.Add(act, 1);
  EXPECT_THAT(Rules(), IsEmpty());
  act.code = static_cast<uint32_t>(Insistence::kSeller);
  log_.Add(act, 2);
  EXPECT_THAT(Rules(), ElementsAre("P17"));
}

TEST_F(PromptTest, P17_WhoVouchedThreeTimesIsSpared) {
  Act request = CompleteAct(EventType::kReferenceRequested);
  request.opportunity = EntityId{5};
  request.code = static_cast<uint32_t>(Insistence::kProspect);
  for (int day = 1; day <= 3; ++day) {
    Act given = CompleteAct(EventType::kReferenceGiven);
    given.about = log_.Add(request, day);
    log_.Add(given, day);
  }
  EXPECT_THAT(Rules(), IsEmpty());
  log_.Add(request, 10);
  ASSERT_THAT(Rules(), ElementsAre("P17"));
  EXPECT_EQ(Prompts()[0].because.size(), 4u);  // The request, and the three before it.
  log_.Add(request, 200);                      // Long after: they may be asked again.
  EXPECT_THAT(Rules(), ElementsAre("P17"));
}

TEST_F(PromptTest, NobodyIsAskedMoreOftenThanTheyCanBear) {
  for (int ask = 0; ask < 4; ++ask) Asks(AskKind::kSoft, ask * 40);
  Happens(EventType::kOrderPlaced, 130);
  ASSERT_THAT(Rules(), ElementsAre("P03"));
  EXPECT_EQ(Prompts()[0].due, ActDay(365));  // The fourth in a year was made.
}

TEST_F(PromptTest, SnoozedComesBackAndDoneDoesNot) {
  const Sequence order = Happens(EventType::kOrderPlaced, 1);
  Marks(EventType::kPromptSnoozed, "P03", order, 2, /*until=*/20);
  ASSERT_THAT(Rules(), ElementsAre("P03"));
  EXPECT_EQ(Prompts()[0].due, ActDay(20));
  EXPECT_EQ(Prompts()[0].snoozed_until, ActDay(20));
  Marks(EventType::kPromptDone, "P03", order, 21);
  EXPECT_THAT(Rules(), ElementsAre("P04"));  // Still nobody asked.
}

TEST_F(PromptTest, NobodyGetsOutOfBeingAsked) {
  Act act = CompleteAct(EventType::kRoleAsserted);
  act.code = static_cast<uint32_t>(Role::kCustomer);
  const Sequence role = log_.Add(act, 1);
  Marks(EventType::kPromptDone, "P04", role, 2);
  ASSERT_THAT(Rules(), ElementsAre("P04"));
  EXPECT_EQ(Prompts()[0].due, ActDay(62));
  Act plan = CompleteAct(EventType::kAskPlanned);
  plan.until = ActDay(60'000);
  log_.Add(plan, 3);
  ASSERT_THAT(Rules(), ElementsAre("P04"));
  EXPECT_EQ(Prompts()[0].due, ActDay(3 + 366));
}

TEST_F(PromptTest, SilenceAndLaterComeBackThoughEveryGroupWasAskedFor) {
  for (const AskOutcome outcome : {AskOutcome::kSilent, AskOutcome::kLater}) {
    log_ = {};
    Answers(Asks(AskKind::kFull, 1, kAllSlots), outcome, 5);
    Happens(EventType::kOrderPlaced, -3);
    ASSERT_THAT(Rules(), ElementsAre("P05"));
    EXPECT_EQ(Prompts()[0].due, ActDay(65));
    EXPECT_EQ(Prompts()[0].slots, kAllSlots);
  }
}

TEST_F(PromptTest, WhoDeclinedIsNotPursuedUntilThatIsLifted) {
  Happens(EventType::kOrderPlaced, 1);
  as_contact_ = {In(State::kContactDeclined, 3)};
  as_contact_[0].steps.back().sequence = Sequence{1};
  EXPECT_THAT(Rules(), IsEmpty());
  Happens(EventType::kSuppressionLifted, 5);
  EXPECT_THAT(Rules(), ElementsAre("P03"));
}

TEST_F(PromptTest, P11_ANameIsUsedWithoutTheFourSteps) {
  as_source_ = {In(State::kNamed, 3)};
  as_source_[0].introduction = {};
  EXPECT_THAT(Rules(), IsEmpty());
  as_source_[0].first_outreach = Sequence{95};
  ASSERT_THAT(Rules(), ElementsAre("P11"));
  EXPECT_EQ(Prompts()[0].about, Sequence{95});
  as_source_[0].acquaintance = Sequence{96};
  EXPECT_THAT(Rules(), IsEmpty());
}

TEST_F(PromptTest, WhatBecameOfSomebodySaysWhatTheyAre) {
  const auto folded = [](const Referral& referral) {
    return FoldCustomer(kAnna, {.acts = {}, .referrals = {}, .as_contact = {&referral, 1}});
  };
  EXPECT_TRUE(folded(In(State::kWon, 3)).IsCustomer());
  EXPECT_FALSE(folded(In(State::kReversed, 3)).IsCustomer());
  EXPECT_TRUE(folded(In(State::kNotAFit, 3)).roles.contains(Role::kReferralSource));
  EXPECT_TRUE(folded(In(State::kContactDeclined, 3)).suppressed);
}

TEST(PromptRules, AreTheEighteenOfTheSpecification) {
  std::set<std::string_view> ids;
  for (const PromptRule& rule : PromptRules()) ids.insert(rule.id);
  EXPECT_EQ(ids.size(), 18u);
  EXPECT_EQ(PromptRules().size(), 18u);
  EXPECT_EQ(FindPromptRule("P19"), nullptr);
}

}  // namespace
}  // namespace referrald::practice
