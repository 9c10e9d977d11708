#include "storage/practice/survey.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "storage/practice/firm_prompt.h"
#include "storage/practice/metric.h"

namespace referrald::practice {
namespace {

constexpr int kWrongAnswers = 3018;
constexpr int kWrongTarget = 3019;
constexpr int64_t kReviewDaysMax = 3650;

constexpr std::array<std::string_view, kQuizQuestions> kQuestions = {
    "Do we ask every customer for introductions?",
    "Do we know for each customer which of the five groups we have asked about?",
    "Do we ask when the customer's purchase suggests it, whatever our own numbers?",
    "Does everybody here tell a name from an introduction?",
    "Do we speak with the source before we use their name?",
    "Do we check that source and contact really know each other?",
    "Can each of us say in one sentence why the two would gain by meeting?",
    "Do we keep evidence of introductions?",
    "Does the source hear what became of it, every time?",
    "Do we ask those who said no whom else it would suit?",
    "Are introductions among what each rep answers for?",
    "Do we look at how many introductions were asked for, made and won, at fixed times?",
    "Have all of us practised asking, and been listened to?",
    "Does our leader ask for introductions, too?",
};

constexpr std::array<std::string_view, kPollActivities> kActivities = {
    "asking customers for introductions", "attending events", "calling people who do not know us",
    "sending mailings", "writing for an audience"};

Status WrongAnswers(std::string why) {
  return Status::InvalidArgument(std::move(why), kWrongAnswers);
}

Status CheckQuiz(const Act& wish) {
  if (wish.name != kQuizVersion) {
    return WrongAnswers("there is no quiz " + wish.name + "; there is " +
                        std::string(kQuizVersion));
  }
  const bool is_whole =
      wish.numbers.size() == kQuizQuestions &&
      std::ranges::all_of(wish.numbers, [](int64_t n) { return n == 0 || n == 1; });
  if (is_whole) return Status::Ok();
  return WrongAnswers("the quiz takes fourteen answers, each 1 (yes) or 0 (no)");
}

Status CheckPoll(const Act& wish) {
  std::vector<int64_t> ranks = wish.numbers;
  std::ranges::sort(ranks);
  if (ranks == std::vector<int64_t>{1, 2, 3, 4, 5}) return Status::Ok();
  return WrongAnswers(
      "the poll takes each rank from 1 to 5 once, for the five activities in "
      "alphabetical order");
}

Status CheckTarget(const Act& wish) {
  const bool is_set = wish.type == EventType::kTargetSet;
  const bool is_whole = !is_set || (wish.numbers.size() == 2 && wish.numbers[0] >= 0 &&
                                    wish.numbers[1] > 0 && wish.numbers[1] <= kReviewDaysMax);
  if (FindMetric(wish.name) != nullptr && !is_whole) {
    return WrongAnswers("a target takes two numbers: thousandths, and days between reviews, 1 to " +
                        std::to_string(kReviewDaysMax));
  }
  if (FindMetric(wish.name) != nullptr) return Status::Ok();
  return Status::FailedPrecondition(
      wish.name +
          " is no metric that a target may be set on: M01 to M32 are. Measuring calls and "
          "mails alone is what causes cold calling",
      kWrongTarget);
}

// Of each respondent the newest act; with a `role`, the newest in that role.
std::map<EntityId, const RecordedAct*> NewestOf(std::span<const RecordedAct> acts, EventType type,
                                                std::optional<Respondent> role = {}) {
  std::map<EntityId, const RecordedAct*> newest;
  for (const RecordedAct& act : acts) {
    if (act.act.type != type || !DecideSurvey(act.act).ok()) continue;
    if (role && act.act.code != std::to_underlying(*role)) continue;
    const RecordedAct*& known = newest[act.act.party];
    const bool is_newer = known == nullptr || std::pair(known->occurred_at, known->sequence) <
                                                  std::pair(act.occurred_at, act.sequence);
    if (is_newer) known = &act;
  }
  return newest;
}

int64_t Share(int64_t of, size_t among) {
  return among == 0 ? int64_t{-1} : of * 1000 / static_cast<int64_t>(among);
}

// By question, who said yes.
std::array<int64_t, kQuizQuestions> SharesOfYes(
    const std::map<EntityId, const RecordedAct*>& answers) {
  std::array<int64_t, kQuizQuestions> yes{};
  for (const auto& [party, act] : answers) {
    for (size_t i = 0; i < kQuizQuestions; ++i) yes[i] += act->act.numbers[i];
  }
  for (int64_t& one : yes) one = Share(one, answers.size());
  return yes;
}

}  // namespace

const std::array<std::string_view, kQuizQuestions>& QuizQuestions() { return kQuestions; }
const std::array<std::string_view, kPollActivities>& PollActivities() { return kActivities; }

Status DecideSurvey(const Act& wish) {
  switch (wish.type) {
    case EventType::kQuizTaken: return CheckQuiz(wish);
    case EventType::kPollTaken: return CheckPoll(wish);
    case EventType::kTargetSet:
    case EventType::kReviewHeld: return CheckTarget(wish);
    default: return Status::Ok();
  }
}

QuizResult FoldQuiz(std::span<const RecordedAct> acts) {
  const auto leaders = NewestOf(acts, EventType::kQuizTaken, Respondent::kLeader);
  const auto reps = NewestOf(acts, EventType::kQuizTaken, Respondent::kRep);
  const auto everybody = NewestOf(acts, EventType::kQuizTaken);
  QuizResult result{.leaders = leaders.size(),
                    .reps = reps.size(),
                    .respondents = everybody.size(),
                    .leader_yes = SharesOfYes(leaders),
                    .rep_yes = SharesOfYes(reps)};
  int64_t yes = 0;
  for (const auto& [party, act] : everybody) {
    yes += std::ranges::count(act->act.numbers, 1);
  }
  result.score = Share(yes, everybody.size() * kQuizQuestions);
  if (leaders.empty() || reps.empty()) return result;
  int64_t gap = 0;
  for (size_t i = 0; i < kQuizQuestions; ++i) gap += result.leader_yes[i] - result.rep_yes[i];
  result.gap = gap / static_cast<int64_t>(kQuizQuestions);
  return result;
}

std::array<int64_t, kPollActivities> FoldPoll(std::span<const RecordedAct> acts) {
  std::array<int64_t, kPollActivities> means{};
  const auto newest = NewestOf(acts, EventType::kPollTaken);
  for (const auto& [party, act] : newest) {
    for (size_t i = 0; i < kPollActivities; ++i) means[i] += act->act.numbers[i];
  }
  for (int64_t& mean : means) {
    mean = newest.empty() ? -1 : mean * 1000 / static_cast<int64_t>(newest.size());
  }
  return means;
}

std::vector<QuizQuarter> QuizByQuarter(std::span<const RecordedAct> acts) {
  std::map<Timestamp, std::vector<RecordedAct>> by_quarter;
  for (const RecordedAct& act : acts) by_quarter[QuarterOf(act.occurred_at)].push_back(act);
  std::vector<QuizQuarter> quarters;
  for (const auto& [begins_at, taken] : by_quarter) {
    const QuizResult result = FoldQuiz(taken);
    if (result.score < 0) continue;
    quarters.push_back({.begins_at = begins_at,
                        .respondents = result.respondents,
                        .score = result.score,
                        .gap = result.gap});
  }
  return quarters;
}

std::vector<Accountability> FoldTargets(std::span<const RecordedAct> acts, Timestamp now) {
  std::map<std::string, Accountability> by_metric;
  for (const RecordedAct* const act : InOrderOfOccurrence(acts)) {
    if (act->occurred_at > now) continue;
    const bool is_set = act->act.type == EventType::kTargetSet;
    if (!is_set && !by_metric.contains(act->act.name)) continue;  // Nobody answers for it.
    Accountability& one = by_metric[act->act.name];
    one.metric = act->act.name;
    one.because.push_back(act->sequence);
    if (is_set) {
      one.owner = act->act.rep;
      one.target = act->act.numbers.empty() ? 0 : act->act.numbers[0];
      one.days = act->act.numbers.size() > 1 ? act->act.numbers[1] : 0;
    } else if (act->act.type == EventType::kReviewHeld) {
      one.reviewed_at = act->occurred_at;
    }
  }
  std::vector<Accountability> all;
  for (auto& [metric, one] : by_metric) {
    const bool was_reviewed = one.reviewed_at != Timestamp{};
    one.on_time = one.owner && was_reviewed && one.days > 0 &&
                  now <= one.reviewed_at + std::chrono::days(one.days);
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace referrald::practice
