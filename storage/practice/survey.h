#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "storage/practice/act.h"

// What a firm says of itself: fourteen questions of readiness (R37), five activities in order of
// preference (R43), and who answers for which metric (R35, R36). The questions are our own.
namespace referrald::practice {

inline constexpr size_t kQuizQuestions = 14;
inline constexpr std::string_view kQuizVersion = "readiness-1";
const std::array<std::string_view, kQuizQuestions>& QuizQuestions();

// Five, alphabetically, so as not to favour one.
inline constexpr size_t kPollActivities = 5;
const std::array<std::string_view, kPollActivities>& PollActivities();

// The form of QuizTaken, PollTaken and TargetSet. InvalidArgument (RFD3018): not fourteen
// answers of yes or no to a version that there is; not each rank from 1 to 5 once; a target
// without its two numbers. FailedPrecondition (RFD3019): a target on calls or mails alone, or on
// no metric.
Status DecideSurvey(const Act& wish);

// The two respondents; `code` of QuizTaken.
enum class Respondent : uint8_t { kLeader = 1, kRep = 2 };

struct QuizResult {
  // Who took it; of each the newest answers count. Who leads and sells is in both columns, each
  // with the newest answers in that role, and once in the score, with the newest of all.
  size_t leaders = 0, reps = 0;
  size_t respondents = 0;  // Persons: at most leaders + reps.
  // Share of yes in thousandths, by question, of leaders and of reps; -1 where there are none.
  std::array<int64_t, kQuizQuestions> leader_yes{}, rep_yes{};
  int64_t score = -1;  // Yes of fourteen, on average over everybody, in thousandths.
  int64_t gap = 0;     // Mean over the questions of leaders' share minus reps'; 0 without both.
};
QuizResult FoldQuiz(std::span<const RecordedAct> acts);

// The readiness of one quarter: of each person the newest answers in it count.
struct QuizQuarter {
  Timestamp begins_at{};
  size_t respondents = 0;
  int64_t score = -1;  // As in QuizResult.
  int64_t gap = 0;
};
// By time; quarters in which nobody took it are left out.
std::vector<QuizQuarter> QuizByQuarter(std::span<const RecordedAct> acts);

// The mean rank of each activity in thousandths; -1 without a poll. Of each person the newest
// counts.
std::array<int64_t, kPollActivities> FoldPoll(std::span<const RecordedAct> acts);

// Who answers for a metric, to what target, and whether it was looked at in time.
struct Accountability {
  std::string metric;
  EntityId owner;
  int64_t target = 0;  // Thousandths.
  int64_t days = 0;    // Between reviews.
  Timestamp reviewed_at{};
  bool on_time = false;
  std::vector<Sequence> because{};
};
// By metric, in order. `acts`: TargetSet and ReviewHeld, of which those after `now` are passed
// over; a review of what nobody answers for is none.
std::vector<Accountability> FoldTargets(std::span<const RecordedAct> acts, Timestamp now);

}  // namespace referrald::practice
