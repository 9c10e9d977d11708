#include "storage/practice/attribution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/practice_acts.h"

namespace referrald::practice {
namespace {

using referral::Referral;
using referral::State;
using support::ActDay;
using support::ActLog;
using support::CompleteAct;
using support::kAnna;
using support::kBen;
using support::kCarl;
using support::kRep;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr EntityId kDeal{5}, kOtherDeal{6};
constexpr AttributionBasis kFirst = AttributionBasis::kFirstIntroduction;
constexpr AttributionBasis kLast = AttributionBasis::kLastIntroduction;

AttributionRule RuleOf(AttributionBasis basis, int days = 0) {
  return {.version = "house-2",
          .basis = basis,
          .window = std::chrono::days(days),
          .because = Sequence{800}};
}

class AttributionTest : public testing::Test {
 protected:
  // Somebody brought Ben on `day`.
  Referral& Introduces(EntityId source, int day) {
    Referral referral;
    referral.id = ReferralId{++last_};
    referral.source = source;
    referral.contact = kBen;
    referral.rep = kRep;
    referral.introduction = Sequence{100 + last_};
    referral.introduced_at = ActDay(day);
    Reach(referral, State::kIntroduced, referral.introduction, day);
    return referrals_.emplace_back(std::move(referral));
  }
  static void Reach(Referral& referral, State state, Sequence because, int day) {
    referral.state = state;
    referral.steps.push_back({state, because, ActDay(day), false});
  }
  static void Opens(Referral& referral, int day) {
    referral.opportunity = kDeal;
    Reach(referral, State::kQualified, Sequence{500 + referral.id.value}, day);
  }
  Attribution Result(const AttributionRule& rule = {}) const {
    return Attribute(rule,
                     {.opportunity = kDeal, .referrals = referrals_, .references = references_});
  }
  NoCredit Only(const AttributionRule& rule = {}) const {
    const Attribution result = Result(rule);
    EXPECT_FALSE(result.credit);
    EXPECT_THAT(result.others, SizeIs(1));
    return result.others.empty() ? NoCredit{} : result.others.front();
  }

  std::vector<Referral> referrals_ = [] {
    std::vector<Referral> empty;
    empty.reserve(10);  // Tests hold references into it.
    return empty;
  }();
  std::vector<NamedReference> references_;
  uint64_t last_ = 0;
};

TEST_F(AttributionTest, WhoIntroducedFirstIsCreditedAndTheOtherIsKept) {
  Introduces(kCarl, 5);
  Opens(Introduces(kAnna, 2), 9);
  const Attribution result = Result();
  EXPECT_EQ(result.rule, "default-1");
  ASSERT_TRUE(result.credit);
  EXPECT_EQ(result.credit->source, kAnna);
  EXPECT_EQ(result.credit->referral, ReferralId{2});
  EXPECT_EQ(result.credit->why, "the first of 2 introductions that count: rule default-1");
  EXPECT_THAT(result.credit->because, ElementsAre(Sequence{102}, Sequence{502}));
  ASSERT_THAT(result.others, SizeIs(1));
  EXPECT_EQ(result.others[0].source, kCarl);
  EXPECT_EQ(result.others[0].reason, NoCreditReason::kNotTheOne);
  EXPECT_EQ(result.others[0].why, "introduced as well; the introduction of r_2 came first");
  EXPECT_THAT(result.others[0].because, ElementsAre(Sequence{101}, Sequence{102}));
}

TEST_F(AttributionTest, AnotherRuleGivesAnotherAnswer) {
  Introduces(kCarl, 5);
  Opens(Introduces(kAnna, 2), 9);
  const std::vector<Referral> before = referrals_;
  const Attribution last = Result(RuleOf(kLast));
  ASSERT_TRUE(last.credit);
  EXPECT_EQ(last.credit->source, kCarl);
  EXPECT_THAT(last.credit->because, testing::Contains(Sequence{800}));
  const Attribution near = Result(RuleOf(kFirst, 5));
  ASSERT_TRUE(near.credit);
  EXPECT_EQ(near.credit->source, kCarl);
  EXPECT_EQ(near.others[0].reason, NoCreditReason::kOutsideWindow);
  EXPECT_THAT(near.others[0].why, HasSubstr("more than 5 days"));
  EXPECT_EQ(Result().credit->source, kAnna);
  EXPECT_EQ(referrals_, before);
}

TEST_F(AttributionTest, TheWindowIncludesItsEnd) {
  Opens(Introduces(kAnna, 1), 8);
  EXPECT_TRUE(Result(RuleOf(kFirst, 7)).credit);
  EXPECT_EQ(Only(RuleOf(kFirst, 6)).reason, NoCreditReason::kOutsideWindow);
}

TEST_F(AttributionTest, OfTwoAtTheSameInstantTheOneRecordedFirst) {
  Introduces(kCarl, 2);
  Introduces(kAnna, 2);
  EXPECT_EQ(Result().credit->source, kCarl);
  EXPECT_EQ(Result(RuleOf(kLast)).credit->source, kAnna);
}

TEST_F(AttributionTest, WhatADuplicateWouldGetGoesToTheOneThatIsKept) {
  Referral& early = Introduces(kCarl, 1);
  early.survivor = ReferralId{2};
  Reach(early, State::kDuplicate, Sequence{300}, 6);
  Introduces(kAnna, 3);
  Introduces(EntityId{44}, 2);
  const Attribution result = Result();
  ASSERT_TRUE(result.credit);
  EXPECT_EQ(result.credit->referral, ReferralId{2});
  EXPECT_EQ(result.credit->introduction, Sequence{101});
  EXPECT_THAT(result.credit->because, ElementsAre(Sequence{101}, Sequence{300}));
  ASSERT_THAT(result.others, SizeIs(2));
  EXPECT_EQ(result.others[0].reason, NoCreditReason::kDuplicate);
  EXPECT_THAT(result.others[0].why, HasSubstr("r_2"));
}

TEST_F(AttributionTest, DuplicatesInACircleEndSomewhere) {
  for (const uint64_t survivor : {2U, 1U}) {
    Referral& one = Introduces(kCarl, 1);
    one.survivor = ReferralId{survivor};
    Reach(one, State::kDuplicate, Sequence{300}, 6);
  }
  EXPECT_FALSE(Result().credit);
  EXPECT_THAT(Result().others, SizeIs(2));
}

TEST_F(AttributionTest, ADuplicateTakesNothingFromAnIntroductionInTime) {
  Referral& late = Introduces(kAnna, 20);
  late.survivor = ReferralId{2};
  Reach(late, State::kDuplicate, Sequence{300}, 21);
  Opens(Introduces(kAnna, 3), 9);
  ASSERT_TRUE(Result(RuleOf(kLast)).credit);
  EXPECT_EQ(Result(RuleOf(kLast)).credit->introduction, Sequence{102});
}

TEST_F(AttributionTest, VoidedOnesAndSelfReferralsGetNone) {
  Reach(Introduces(kAnna, 1), State::kVoided, Sequence{300}, 6);
  EXPECT_EQ(Only().reason, NoCreditReason::kVoided);
  EXPECT_THAT(Only().because, ElementsAre(Sequence{300}));
  referrals_.clear();
  Introduces(kBen, 1);
  EXPECT_EQ(Only().reason, NoCreditReason::kSelfReferral);
  referrals_.clear();
  Introduces(kRep, 1);
  EXPECT_EQ(Only().reason, NoCreditReason::kSelfReferral);
}

TEST_F(AttributionTest, ANameOrALateOrRescuingIntroductionGetsNone) {
  Introduces(kAnna, 1).introduction = {};
  EXPECT_EQ(Only().reason, NoCreditReason::kNoIntroduction);
  referrals_.clear();
  Introduces(kAnna, 1).late_evidence = true;
  EXPECT_EQ(Only().reason, NoCreditReason::kLateEvidence);
  referrals_.clear();
  Introduces(kAnna, 1).rescued_by_introduction = true;
  EXPECT_EQ(Only().reason, NoCreditReason::kAfterOutreach);
  EXPECT_THAT(Only().why, HasSubstr("COLD"));
}

TEST_F(AttributionTest, AnotherDealsReferralAndOneAfterTheOpeningGetNone) {
  Introduces(kAnna, 1).opportunity = kOtherDeal;
  EXPECT_EQ(Only().reason, NoCreditReason::kOtherOpportunity);
  referrals_.clear();
  Introduces(kAnna, 10);
  const Attribution result = Attribute({}, {.opportunity = kDeal,
                                            .opened_at = ActDay(9),
                                            .opened = Sequence{77},
                                            .referrals = referrals_});
  ASSERT_THAT(result.others, SizeIs(1));
  EXPECT_EQ(result.others[0].reason, NoCreditReason::kAfterOpening);
  EXPECT_THAT(result.others[0].because, ElementsAre(Sequence{103 - 1}, Sequence{77}));
}

TEST_F(AttributionTest, AReferenceIsListedAndNeverCredited) {
  references_ = {{kAnna, Sequence{61}}};
  EXPECT_EQ(Only().reason, NoCreditReason::kReference);
  EXPECT_EQ(Only().source, kAnna);
  EXPECT_THAT(Only().because, ElementsAre(Sequence{61}));
}

TEST_F(AttributionTest, TheOrderInWhichTheyAreGivenSaysNothing) {
  Introduces(kCarl, 5);
  Opens(Introduces(kAnna, 2), 9);
  Reach(Introduces(kAnna, 1), State::kVoided, Sequence{300}, 6);
  const Attribution result = Result();
  std::ranges::reverse(referrals_);
  EXPECT_EQ(Result(), result);
}

Act RuleAct(std::string version, std::vector<int64_t> numbers) {
  Act act = CompleteAct(EventType::kAttributionRuleSet);
  act.name = std::move(version);
  act.numbers = std::move(numbers);
  return act;
}

TEST(AttributionRule, IsReadFromItsActAndFoundByVersion) {
  ActLog log;
  const Sequence old = log.Add(RuleAct("house-2", {1, 90}), 1);
  const Sequence newer = log.Add(RuleAct("house-3", {2, 0}), 2);
  log.Add(RuleAct("house-4", {3, 0}), 3);  // Says no rule.
  const auto found = FindAttributionRule(log.acts(), "house-2");
  ASSERT_TRUE(found);
  EXPECT_EQ(
      *found,
      (AttributionRule{
          .version = "house-2", .basis = kFirst, .window = std::chrono::days(90), .because = old}));
  EXPECT_EQ(FindAttributionRule(log.acts(), "")->because, newer);
  EXPECT_EQ(*FindAttributionRule(log.acts(), "default-1"), AttributionRule{});
  EXPECT_EQ(*FindAttributionRule({}, ""), AttributionRule{});
  EXPECT_EQ(FindAttributionRule(log.acts(), "house-4").error().code(), Code::kNotFound);
}

TEST(AttributionRule, RefusesOtherNumbersAndTheBuiltInVersion) {
  ActLog log;
  for (const std::vector<int64_t>& numbers :
       std::vector<std::vector<int64_t>>{{1}, {0, 1}, {3, 1}, {1, -1}, {1, 3651}, {1, 2, 3}}) {
    log.Add(RuleAct("house-2", numbers), 1);
  }
  log.Add(RuleAct("default-1", {2, 0}), 1);
  log.Add(EventType::kTouchMade, 1);
  for (const RecordedAct& act : log.acts()) {
    const auto rule = AttributionRuleOf(act);
    ASSERT_FALSE(rule);
    EXPECT_EQ(rule.error().number(), 3011);
  }
}

}  // namespace
}  // namespace referrald::practice
