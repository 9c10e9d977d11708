// Cadence, process and what a firm says of itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/practice/cadence.h"
#include "storage/practice/firm_prompt.h"
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
using testing::IsEmpty;

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

TEST(Cadence, BeginsWhenThePlanIsAssigned) {
  ActLog log;
  log.Add(EventType::kOrderPlaced, 0);
  Act plan = CompleteAct(EventType::kCadenceAssigned);
  plan.name = "low-ticket";
  log.Add(plan, 100);
  EXPECT_EQ(CadenceOf(Fold(log), ActDay(100)).due, ActDay(190));
  log.Add(CompleteAct(EventType::kTouchMade), 50);  // What was real before counts all the same.
  EXPECT_EQ(CadenceOf(Fold(log), ActDay(100)).due, ActDay(140));
}

TEST(Cadence, LaterTouchesSayNothingOfNow) {
  ActLog log;
  log.Add(EventType::kOrderPlaced, 0);
  log.Add(CompleteAct(EventType::kTouchMade), 50);
  EXPECT_EQ(CadenceOf(Fold(log), ActDay(40)).due, ActDay(30));
}

TEST(Cadence, APlanThatThereIsNotIsRefusedAndEndsNoCare) {
  ActLog log;
  log.Add(EventType::kOrderPlaced, 0);
  Act plan = CompleteAct(EventType::kCadenceAssigned);
  plan.name = "hihg-ticket";
  const Status refused = DecideForCustomer(Fold(log), plan, ActDay(1));
  EXPECT_EQ(refused.number(), 3014);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("low-ticket"));
  Customer customer = Fold(log);
  customer.cadence = plan.name;  // As an older program may have let it in.
  EXPECT_TRUE(CadenceOf(customer, ActDay(5)).is_unknown_plan);
  EXPECT_EQ(CadenceOf(customer, ActDay(5)).due, ActDay(30));
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
  for (int i = 0; i < 40; ++i) long_one += "step " + std::to_string(i) + "\n";
  EXPECT_EQ(ProcessFrom("x", long_one)->steps.size(), 40u);
  EXPECT_EQ(ProcessFrom("x", long_one + "one more").error().number(), 3017);
}

TEST_F(ProcessTest, EveryStepSaysSomethingOnce) {
  EXPECT_EQ(ProcessFrom("x", "call\n!\n").error().number(), 3017);
  EXPECT_EQ(ProcessFrom("x", "call\ncall!\n").error().number(), 3017);
  EXPECT_EQ(ProcessFrom("x", std::string(201, 's')).error().number(), 3017);
  EXPECT_TRUE(ProcessFrom("x", std::string(200, 's')));
}

TEST_F(ProcessTest, AVersionLeavesRoomForItsSteps) {
  EXPECT_TRUE(ProcessFrom(std::string(61, 'v'), "call"));
  EXPECT_EQ(ProcessFrom(std::string(62, 'v'), "call").error().number(), 3017);
  EXPECT_EQ(ProcessFrom("sales:1", "call").error().number(), 3017);
}

TEST_F(ProcessTest, ARunSaysWhereEvidenceWasGiven) {
  Act act = CompleteAct(EventType::kStepDone);
  act.name = "sales-1:1";
  log_.Add(act, 1);
  Step(EventType::kStepDone, 2, 2);  // Which needs some; its text is sealed.
  act.name = "sales-1:3";
  act.text = "minutes of the meeting";
  log_.Add(act, 3);
  Step(EventType::kStepSkipped, 4, 4);
  std::vector<bool> given;
  for (const StepRun& step : FoldSteps(process_, log_.acts())) given.push_back(step.has_evidence);
  EXPECT_THAT(given, ElementsAre(false, true, true, false));
}

TEST_F(ProcessTest, AStepHasOneName) {
  Act act = CompleteAct(EventType::kStepDone);
  for (const char* const name : {"sales-1:01", "sales-1:0", "sales-1:+1", "sales-1:"}) {
    act.name = name;
    EXPECT_EQ(DecideStep(process_, FoldSteps(process_, {}), act, true).number(), 3021) << name;
  }
}

TEST_F(ProcessTest, NamesWhatIsSkippedMostFirst) {
  Step(EventType::kStepDone, 1, 1);
  Step(EventType::kStepDone, 3, 2);  // Out of order.
  const std::vector<StepRun> first = FoldSteps(process_, log_.acts());
  Step(EventType::kStepSkipped, 2, 3);
  const std::vector<StepRun> second = FoldSteps(process_, log_.acts());
  // In the first the second step is passed over, in the others it is skipped with a reason.
  EXPECT_THAT(SkippedSteps(process_, std::vector{first, second, second}),
              ElementsAre("needs agreed (3 of 3)", "offer (3 of 3)"));
  EXPECT_THAT(SkippedSteps(process_, std::vector{FoldSteps(process_, {}), second}),
              ElementsAre("needs agreed (1 of 2)", "offer (1 of 2)"));
  EXPECT_THAT(SkippedSteps(process_, {}), IsEmpty());
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
  act.text = " \t";
  EXPECT_EQ(DecideStep(process_, run, act, /*has_text=*/true).number(), 3001);
  act.text.clear();
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

TEST(Quiz, WhoLeadsAndSellsIsInBothColumnsAndOnceInTheScore) {
  ActLog log;
  log.Add(QuizBy(kAnna, Respondent::kLeader, 1), 1);
  log.Add(QuizBy(kAnna, Respondent::kRep, 0), 2);
  log.Add(QuizBy(kBen, Respondent::kRep, 1), 3);
  const QuizResult result = FoldQuiz(log.acts());
  EXPECT_EQ(result.leaders, 1u);
  EXPECT_EQ(result.reps, 2u);
  EXPECT_EQ(result.respondents, 2u);
  EXPECT_EQ(result.leader_yes[0], 1000);
  EXPECT_EQ(result.rep_yes[0], 500);
  EXPECT_EQ(result.gap, 500);
  EXPECT_EQ(result.score, 500);  // Ben's yes, and Anna's no, which is her newest.
  ASSERT_EQ(QuizByQuarter(log.acts()).size(), 1u);
  EXPECT_EQ(QuizByQuarter(log.acts())[0].respondents, 2u);
}

TEST(Quiz, ChangesFromQuarterToQuarter) {
  ActLog log;
  log.Add(QuizBy(kAnna, Respondent::kLeader, 0), 1);
  log.Add(QuizBy(kAnna, Respondent::kLeader, 1), 100);
  const std::vector<QuizQuarter> quarters = QuizByQuarter(log.acts());
  ASSERT_EQ(quarters.size(), 2u);
  EXPECT_EQ(quarters[0].score, 0);
  EXPECT_EQ(quarters[1].score, 1000);
  EXPECT_LT(quarters[0].begins_at, quarters[1].begins_at);
  EXPECT_EQ(quarters[1].respondents, 1u);
  EXPECT_EQ(quarters[1].gap, 0);  // Nobody to compare with.
}

TEST(FirmPrompts, LeanTimesOffPaceAndTheQuarterEnd) {
  ActLog log;
  const auto rules = [&log](FirmPromptFacts facts) {
    facts.quizzes = log.acts();
    std::vector<std::string> names;
    for (const FirmPrompt& prompt : FirmPromptsOf(facts)) names.emplace_back(prompt.rule);
    return names;
  };
  const Timestamp now = QuarterOf(ActDay(50)) + std::chrono::days(3);
  EXPECT_THAT(rules({.open_referrals = 3, .off_pace = true, .now = now}),
              ElementsAre("P15", "P16", "P18"));
  EXPECT_THAT(rules({.open_referrals = 10, .now = now}), ElementsAre("P18"));
  const int quarter_day =
      static_cast<int>((QuarterOf(ActDay(50)) - ActDay(0)) / std::chrono::days(1));
  log.Add(QuizBy(kAnna, Respondent::kLeader, 1), quarter_day - 10);  // Shortly before it ended.
  EXPECT_THAT(rules({.open_referrals = 10, .now = now}), ElementsAre("P18"));
  log.Add(QuizBy(kBen, Respondent::kRep, 1), quarter_day - 40);  // Too early to be about it.
  EXPECT_THAT(rules({.open_referrals = 10, .now = now}), ElementsAre("P18"));
  log.Add(QuizBy(kBen, Respondent::kRep, 1), quarter_day + 2);
  EXPECT_THAT(rules({.open_referrals = 10, .now = now}), IsEmpty());
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
  EXPECT_FALSE(FoldTargets(log.acts(), ActDay(9))[0].on_time);  // The review was held later.
  ActLog reviews;
  reviews.Add(review, 10);
  EXPECT_THAT(FoldTargets(reviews.acts(), ActDay(20)), IsEmpty());  // Nobody answers for it.
}

}  // namespace
}  // namespace referrald::practice
