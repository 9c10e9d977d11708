#include "storage/practice/firm_prompt.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "storage/practice/survey.h"

namespace referrald::practice {
namespace {

// The newest quiz that leaders, or reps, took; null: none ever did.
const RecordedAct* NewestOf(Respondent respondent, std::span<const RecordedAct> quizzes) {
  const RecordedAct* newest = nullptr;
  for (const RecordedAct& quiz : quizzes) {
    if (quiz.act.type != EventType::kQuizTaken) continue;
    if (quiz.act.code != std::to_underlying(respondent)) continue;
    if (newest == nullptr || newest->occurred_at < quiz.occurred_at) newest = &quiz;
  }
  return newest;
}

FirmPrompt QuizPrompt(const RecordedAct* leaders, const RecordedAct* reps, Timestamp since) {
  FirmPrompt prompt{.rule = "P18", .reason = "the quarter ended, and ", .because = {}};
  const auto is_due = [since](const RecordedAct* quiz) {
    return quiz == nullptr || quiz->occurred_at < since;
  };
  prompt.reason += is_due(leaders) && is_due(reps) ? "nobody"
                   : is_due(leaders)               ? "no leader"
                                                   : "no rep";
  prompt.reason += " took the readiness quiz for it";
  for (const RecordedAct* const quiz : {leaders, reps}) {
    if (quiz != nullptr && is_due(quiz)) prompt.because.push_back(quiz->sequence);
  }
  return prompt;
}

}  // namespace

Timestamp QuarterOf(Timestamp at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const unsigned month = (static_cast<unsigned>(date.month()) - 1) / 3 * 3 + 1;
  return std::chrono::sys_days(date.year() / std::chrono::month(month) / 1);
}

std::vector<FirmPrompt> FirmPromptsOf(const FirmPromptFacts& facts) {
  std::vector<FirmPrompt> prompts;
  if (facts.open_referrals < facts.lean_below) {
    prompts.push_back(
        {.rule = "P15",
         .reason = std::to_string(facts.open_referrals) +
                   (facts.open_referrals == 1 ? " open referral" : " open referrals") +
                   ", fewer than " + std::to_string(facts.lean_below),
         .because = {}});
  }
  if (facts.off_pace) {
    prompts.push_back({.rule = "P16", .reason = "sales are off pace", .because = {}});
  }
  const RecordedAct* const leaders = NewestOf(Respondent::kLeader, facts.quizzes);
  const RecordedAct* const reps = NewestOf(Respondent::kRep, facts.quizzes);
  const Timestamp since = QuarterOf(facts.now) - kQuizBeforeQuarterEnd;
  const auto taken = [since](const RecordedAct* quiz) {
    return quiz != nullptr && quiz->occurred_at >= since;
  };
  if (!taken(leaders) || !taken(reps)) prompts.push_back(QuizPrompt(leaders, reps, since));
  return prompts;
}

}  // namespace referrald::practice
