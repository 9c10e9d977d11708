// Process, accountability, readiness and care (R27 to R43), through the real ledger.
#include <gmock/gmock.h>

#include "storage/practice/cadence.h"
#include "storage/practice/metric.h"
#include "storage/practice/process.h"
#include "storage/practice/survey.h"
#include "tests/scenarios/practice_story.h"

namespace referrald::scenarios {
namespace {

using practice::Slot;
using practice::Verdict;
using referral::EventType;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CareScenario : public PracticeStory {
 protected:
  ledger::RecordAct Defined(const std::string& version, const std::string& steps) {
    ledger::RecordAct wish = Act(EventType::kProcessDefined, {});
    wish.act.name = version;
    wish.act.text = steps;
    return wish;
  }
  ledger::RecordAct Step(EventType type, const std::string& step, const std::string& text) {
    ledger::RecordAct wish = Act(type, {}, rita_);
    wish.act.name = step;
    wish.act.text = text;
    wish.act.opportunity = deal_;
    return wish;
  }
  void OpenDeal() {
    ledger::Row row;
    row.kind = referral::EntityKind::kOpportunity;
    row.ref = {"crm", "Opportunity", "1"};
    deal_ = Import({row})->front().entity;
  }
  int64_t Adherence() {
    const auto process = Read()->FindProcess("sales-1");
    const auto acts = Read()->ActsOfOpportunity(deal_);
    const std::vector<std::vector<practice::StepRun>> runs{FoldSteps(**process, *acts)};
    return practice::AdherenceOf(runs).value_or(-1);
  }

  EntityId deal_;
};

TEST_F(CareScenario, R27_AProspectMayBringPeersAlong) {
  ledger::RecordAct role = Wish(EventType::kRoleAsserted, anna_);
  role.act.code = static_cast<uint32_t>(practice::Role::kProspect);
  Happens(role);
  // A prospect has the five groups like a customer, their colleagues among them.
  ASSERT_THAT(Due(), ElementsAre("P04"));
  EXPECT_TRUE(practice::Has(Prompts()[0].slots, Slot::kInternalPeer));
}

TEST_F(CareScenario, R29_AProcessIsDefinedAndItsStepsAreChecked) {
  OpenDeal();
  EXPECT_EQ(Refused(Step(EventType::kStepDone, "sales-1:1", "")), 3021);
  Happens(Defined("sales-1", "first contact\nneeds agreed!\noffer\nclosed sale"));
  Happens(Step(EventType::kStepDone, "sales-1:1", ""));
  EXPECT_EQ(Refused(Step(EventType::kStepDone, "sales-1:2", "")), 3001);  // Where is the evidence?
  Happens(Step(EventType::kStepDone, "sales-1:2", "minutes of 3 May"));
  EXPECT_EQ(Refused(Step(EventType::kStepSkipped, "sales-1:3", "")), 3001);  // Why?
  Happens(Step(EventType::kStepSkipped, "sales-1:3", "they had it from last year"));
  EXPECT_EQ(Adherence(), 666);
  // What was measured by a version stays what it was: another one is another version.
  EXPECT_EQ(Refused(Defined("sales-1", "other steps")), 3014);
  Happens(Defined("sales-2", "other steps"));
}

TEST_F(CareScenario, R30_WhenSalesFallFirstWhetherItWasFollowed) {
  OpenDeal();
  EXPECT_EQ(practice::VerdictOf({.defined = false}, {}), Verdict::kStop);
  Happens(Defined("sales-1", "first contact\noffer"));
  Happens(Step(EventType::kStepSkipped, "sales-1:1", "no time"));
  practice::VerdictFacts facts{.defined = true,
                               .on_pace = false,
                               .off_pace_for = std::chrono::days(30),
                               .adherence = Adherence()};
  EXPECT_EQ(VerdictOf(facts, {}), Verdict::kBackToBasics);
  facts.adherence = 1000;
  EXPECT_EQ(VerdictOf(facts, {}), Verdict::kWatch);
  facts.off_pace_for = std::chrono::days(200);
  EXPECT_EQ(VerdictOf(facts, {}), Verdict::kReviseProcess);
}

TEST_F(CareScenario, R32_KeptInTouchByKindOfBusiness) {
  ledger::RecordAct plan = Wish(EventType::kCadenceAssigned, anna_);
  plan.act.name = "high-ticket";
  Happens(plan);
  EXPECT_THAT(Due(), IsEmpty());
  DaysPass(30);
  EXPECT_THAT(Due(), ElementsAre("P13"));  // The monthly status meeting.
  ledger::RecordAct touch = Wish(EventType::kTouchMade, anna_);
  touch.act.channel = referral::Channel::kInPerson;
  Happens(touch);
  EXPECT_THAT(Due(), IsEmpty());
  plan.act.name = "low-ticket";
  plan.occurred_at = clock().Now();
  Happens(plan);
  DaysPass(60);
  EXPECT_THAT(Due(), IsEmpty());  // A campaign comes four times a year.
  DaysPass(30);
  EXPECT_THAT(Due(), ElementsAre("P13"));
}

TEST_F(CareScenario, R35_R36_SomebodyAnswersForResultsNotForCalls) {
  ledger::RecordAct target = Act(EventType::kTargetSet, {}, rita_);
  target.act.numbers = {900, 30};
  target.act.name = "calls_made";
  const auto refused = Record(target);
  EXPECT_EQ(StatusOf(refused).number(), 3019);
  EXPECT_THAT(std::string(StatusOf(refused).message()), HasSubstr("cold calling"));
  target.act.name = "M01";
  Happens(target);
  ledger::RecordAct review = Act(EventType::kReviewHeld, {}, rita_);
  review.act.name = "M01";
  Happens(review);
  const auto set = Read()->ActsOfType(EventType::kTargetSet);
  auto acts = *Read()->ActsOfType(EventType::kReviewHeld);
  acts.insert(acts.end(), set->begin(), set->end());
  EXPECT_TRUE(practice::FoldTargets(acts, clock().Now())[0].on_time);
  DaysPass(31);
  EXPECT_FALSE(practice::FoldTargets(acts, clock().Now())[0].on_time);
}

TEST_F(CareScenario, R37_LeaderAndRepsTakeTheQuiz) {
  ledger::RecordAct quiz = Act(EventType::kQuizTaken, carl_);
  quiz.act.name = std::string(practice::kQuizVersion);
  quiz.act.code = static_cast<uint32_t>(practice::Respondent::kLeader);
  quiz.act.numbers.assign(14, 1);
  Happens(quiz);
  quiz.act.party = rita_;
  quiz.act.code = static_cast<uint32_t>(practice::Respondent::kRep);
  quiz.act.numbers.assign(14, 0);
  Happens(quiz);
  quiz.act.numbers.pop_back();
  EXPECT_EQ(Refused(quiz), 3018);
  const practice::QuizResult result =
      practice::FoldQuiz(*Read()->ActsOfType(EventType::kQuizTaken));
  EXPECT_EQ(result.gap, 1000);  // The leader says yes where the rep says no.
  EXPECT_EQ(result.score, 500);
}

TEST_F(CareScenario, R38_BothConversionsBesideWhatIsClaimed) {
  EXPECT_EQ(practice::FindMetric("M13a")->benchmark, "authors' claim: 70 %");
  EXPECT_EQ(practice::FindMetric("M13b")->benchmark, "authors' claim: more than half");
  Tells(EventType::kIntroductionMade, anna_, ben_);
  DaysPass(200);
  practice::MetricBuilder builder({.now = clock().Now(), .count_min = 1});
  ASSERT_TRUE(Read()
                  ->ScanReferrals([&builder](const referral::Referral& referral) {
                    builder.Add(referral);
                    return true;
                  })
                  .ok());
  bool prospects = false, deals = false;
  for (const practice::Figure& figure : builder.Take()) {
    prospects |= figure.metric == "M13a" && figure.denominator == 1;
    deals |= figure.metric == "M13b";
  }
  EXPECT_TRUE(prospects);
  EXPECT_FALSE(deals);  // No deal was decided: another denominator, and none of it yet.
}

TEST_F(CareScenario, R43_ARankingIsCompleteOrNone) {
  ledger::RecordAct poll = Act(EventType::kPollTaken, rita_);
  poll.act.numbers = {1, 1, 2, 3, 4};
  EXPECT_EQ(Refused(poll), 3018);
  poll.act.numbers = {1, 3, 5, 4, 2};
  Happens(poll);
  EXPECT_THAT(practice::FoldPoll(*Read()->ActsOfType(EventType::kPollTaken)),
              ElementsAre(1000, 3000, 5000, 4000, 2000));
  EXPECT_TRUE(std::ranges::is_sorted(practice::PollActivities()));
}

}  // namespace
}  // namespace referrald::scenarios
