// Cadence, process and what a firm says of itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/practice/cadence.h"
#include "storage/practice/process.h"
#include "storage/practice/survey.h"
#include "tests/support/practice_acts.h"

namespace referrald::practice {
namespace {

using support::ActDay;
using support::ActLog;
using support::CompleteAct;
using support::kAnna;
using support::kBen;
using support::kRep;
using testing::ElementsAre;
using testing::HasSubstr;

Customer Fold(const ActLog& log) {
  return FoldCustomer(kAnna, {.acts = log.acts(), .referrals = {}});
}

TEST(Cadence, R32_TwoPlansForTwoKindsOfBusiness) {
  EXPECT_EQ(FindCadence("")->name, "high-ticket");
  EXPECT_EQ(FindCadence("high-ticket")->interval, std::chrono::days(30));
  EXPECT_EQ(FindCadence("low-ticket")->interval, std::chrono::days(90));
  EXPECT_EQ(FindCadence("whenever"), nullptr);
}

TEST(Cadence, OnlyRealTouchesResetTheClock) {
  ActLog log;
  log.Add(EventType::kOrderPlaced, 0);
  EXPECT_EQ(CadenceOf(Fold(log), ActDay(10)).due, ActDay(30));
  log.Add(CompleteAct(EventType::kTouchMade), 20, /*told=*/30);  // Too late to count.
  EXPECT_EQ(CadenceOf(Fold(log), ActDay(60)).due, ActDay(30));
  EXPECT_EQ(CadenceOf(Fold(log), ActDay(60)).overdue, 1000);  // By one whole interval.
  log.Add(CompleteAct(EventType::kTouchMade), 55);
  const CadenceState state = CadenceOf(Fold(log), ActDay(60));
  EXPECT_EQ(state.due, ActDay(85));
  EXPECT_EQ(state.overdue, 0);
}

TEST(Cadence, R33_TheCeilingCountsEveryTouch) {
  ActLog log;
  for (int day = 0; day < 3; ++day) log.Add(CompleteAct(EventType::kTouchMade), day);
  EXPECT_TRUE(CadenceOf(Fold(log), ActDay(5)).at_ceiling);
  EXPECT_FALSE(CadenceOf(Fold(log), ActDay(40)).at_ceiling);
}

class ProcessTest : public testing::Test {
 protected:
  Sequence Step(EventType type, int number, int day) {
    Act act = CompleteAct(type);
    act.name = "sales-1:" + std::to_string(number);
    return log_.Add(act, day);
  }
  std::vector<StepState> States() const {
    std::vector<StepState> states;
    for (const StepRun& step : FoldSteps(process_, log_.acts())) states.push_back(step.state);
    return states;
  }

  ActLog log_;
  const Process process_ =
      *ProcessFrom("sales-1", "first contact\nneeds agreed !\n\noffer\nclosed sale!");
};

TEST_F(ProcessTest, IsReadFromItsLines) {
  EXPECT_THAT(process_.steps,
              ElementsAre(ProcessStep{"first contact", false}, ProcessStep{"needs agreed", true},
                          ProcessStep{"offer", false}, ProcessStep{"closed sale", true}));
  EXPECT_EQ(ProcessFrom("x", " \n ").error().number(), 3017);
  std::string long_one;
  for (int i = 0; i < 41; ++i) long_one += "step\n";
  EXPECT_EQ(ProcessFrom("x", long_one).error().number(), 3017);
}

TEST_F(ProcessTest, StepsAreDoneInOrderOrNotOrSkippedWithAReason) {
  Step(EventType::kStepDone, 1, 1);
  Step(EventType::kStepDone, 3, 2);
  Step(EventType::kStepSkipped, 2, 3);
  Step(EventType::kStepDone, 4, 4);
  EXPECT_THAT(States(), ElementsAre(StepState::kDone, StepState::kSkipped,
                                    StepState::kDoneOutOfOrder, StepState::kDone));
  const std::vector<std::vector<StepRun>> runs{FoldSteps(process_, log_.acts())};
  EXPECT_EQ(AdherenceOf(runs), 500);
  EXPECT_FALSE(AdherenceOf({}));
}

TEST_F(ProcessTest, AnOpenDealDoesNotOweWhatComesLater) {
  Step(EventType::kStepDone, 1, 1);
  Step(EventType::kStepDone, 2, 2);
  const auto adherence = [this] {
    const std::vector<std::vector<StepRun>> runs{FoldSteps(process_, log_.acts())};
    return AdherenceOf(runs);
  };
  EXPECT_EQ(adherence(), 1000);
  Step(EventType::kStepDone, 4, 3);  // The third was passed over.
  EXPECT_EQ(adherence(), 500);
}

TEST_F(ProcessTest, RefusesWhatIsNoStepOrHasNoEvidence) {
  const std::vector<StepRun> run = FoldSteps(process_, log_.acts());
  Act act = CompleteAct(EventType::kStepDone);
  act.name = "sales-1:2";
  EXPECT_EQ(DecideStep(process_, run, act, /*has_text=*/false).number(), 3001);
  EXPECT_TRUE(DecideStep(process_, run, act, /*has_text=*/true).ok());
  act.name = "sales-1:5";
  EXPECT_EQ(DecideStep(process_, run, act, true).number(), 3021);
  act.name = "sales-2:1";
  EXPECT_EQ(DecideStep(process_, run, act, true).number(), 3021);
  Step(EventType::kStepDone, 1, 1);
  act.name = "sales-1:1";
  EXPECT_EQ(DecideStep(process_, FoldSteps(process_, log_.acts()), act, true).number(), 3014);
}

// domain.md, section 8, line by line.
TEST(Verdict, R30_IsTheTableOfTheSpecification) {
  struct Line {
    VerdictFacts facts;
    Verdict verdict;
  };
  using std::chrono::days;
  for (const auto& [facts, verdict] : {
           Line{{.defined = false}, Verdict::kStop},
           Line{{true, false, days(10), 500}, Verdict::kBackToBasics},
           Line{{true, false, days(400), 500}, Verdict::kBackToBasics},
           Line{{true, false, days(10), 900}, Verdict::kWatch},
           Line{{true, false, days(180), 900}, Verdict::kReviseProcess},
           Line{{true, true, days(0), 500}, Verdict::kDrift},
           Line{{true, true, days(0), 800}, Verdict::kHold},
       }) {
    EXPECT_EQ(VerdictOf(facts, {}), verdict) << VerdictName(verdict);
    EXPECT_FALSE(VerdictAdvice(verdict).empty());
  }
}

Act QuizBy(EntityId who, Respondent role, int64_t answer) {
  Act act = CompleteAct(EventType::kQuizTaken);
  act.party = who;
  act.code = static_cast<uint32_t>(role);
  act.name = std::string(kQuizVersion);
  act.numbers = std::vector<int64_t>(kQuizQuestions, answer);
  return act;
}

TEST(Quiz, R37_FourteenQuestionsOfYesOrNo) {
  for (const std::string_view question : QuizQuestions()) EXPECT_TRUE(question.ends_with('?'));
  Act act = QuizBy(kAnna, Respondent::kRep, 1);
  EXPECT_TRUE(DecideSurvey(act).ok());
  act.numbers.pop_back();
  EXPECT_EQ(DecideSurvey(act).number(), 3018);
  act = QuizBy(kAnna, Respondent::kRep, 2);
  EXPECT_EQ(DecideSurvey(act).number(), 3018);
  act = QuizBy(kAnna, Respondent::kRep, 1);
  act.name = "readiness-9";
  EXPECT_EQ(DecideSurvey(act).number(), 3018);
}

TEST(Quiz, ShowsTheGapBetweenLeaderAndReps) {
  ActLog log;
  log.Add(QuizBy(kAnna, Respondent::kLeader, 1), 1);
  log.Add(QuizBy(kBen, Respondent::kRep, 1), 1);
  log.Add(QuizBy(kBen, Respondent::kRep, 0), 2);  // The newest counts.
  const QuizResult result = FoldQuiz(log.acts());
  EXPECT_EQ(result.leaders, 1u);
  EXPECT_EQ(result.reps, 1u);
  EXPECT_EQ(result.gap, 1000);
  EXPECT_EQ(result.score, 500);
  EXPECT_EQ(FoldQuiz({}).score, -1);
}

TEST(Poll, R43_TakesCompleteRankingsOnly) {
  EXPECT_TRUE(std::ranges::is_sorted(PollActivities()));
  Act act = CompleteAct(EventType::kPollTaken);
  act.numbers = {1, 2, 3, 4, 4};
  EXPECT_EQ(DecideSurvey(act).number(), 3018);
  act.numbers = {5, 4, 3, 2, 1};
  EXPECT_TRUE(DecideSurvey(act).ok());
  ActLog log;
  log.Add(act, 1);
  act.party = kBen;
  act.numbers = {1, 2, 3, 4, 5};
  log.Add(act, 1);
  EXPECT_THAT(FoldPoll(log.acts()), ElementsAre(3000, 3000, 3000, 3000, 3000));
}

TEST(Targets, R36_NeverOnCallsOrMailsAlone) {
  Act act = CompleteAct(EventType::kTargetSet);
  for (const char* const name : {"calls", "emails", "call_count", "M33"}) {
    act.name = name;
    EXPECT_EQ(DecideSurvey(act).number(), 3019) << name;
    EXPECT_THAT(std::string(DecideSurvey(act).message()), HasSubstr("cold calling"));
  }
  act.name = "M07";
  EXPECT_EQ(DecideSurvey(act).number(), 3018);  // To what, and looked at how often?
  act.numbers = {900, 30};
  EXPECT_TRUE(DecideSurvey(act).ok());
}

TEST(Targets, R35_HaveAnOwnerAndAReviewInTime) {
  ActLog log;
  Act target = CompleteAct(EventType::kTargetSet);
  target.name = "M01";
  target.numbers = {1000, 30};
  log.Add(target, 1);
  EXPECT_FALSE(FoldTargets(log.acts(), ActDay(5))[0].on_time);
  Act review = CompleteAct(EventType::kReviewHeld);
  review.name = "M01";
  log.Add(review, 10);
  const std::vector<Accountability> all = FoldTargets(log.acts(), ActDay(39));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_TRUE(all[0].on_time);
  EXPECT_EQ(all[0].owner, kRep);
  EXPECT_EQ(all[0].target, 1000);
  EXPECT_FALSE(FoldTargets(log.acts(), ActDay(41))[0].on_time);
}

}  // namespace
}  // namespace referrald::practice
