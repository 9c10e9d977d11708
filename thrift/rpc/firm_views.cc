#include "thrift/rpc/firm_views.h"

#include <algorithm>
#include <map>
#include <set>

#include "storage/practice/firm_prompt.h"
#include "storage/practice/process.h"
#include "storage/practice/prompt.h"
#include "storage/practice/survey.h"
#include "thrift/rpc/convert.h"
#include "thrift/rpc/views.h"

namespace referrald::rpc {
namespace {

using practice::EventType;
using practice::RecordedAct;
using practice::StepState;
using Acts = std::vector<RecordedAct>;

Result<Acts> ActsOf(const ledger::Reader& reader, std::initializer_list<EventType> types) {
  Acts all;
  for (const EventType type : types) {
    Result<Acts> acts = reader.ActsOfType(type);
    if (!acts) return acts.error();
    all.insert(all.end(), acts->begin(), acts->end());
  }
  return all;
}

Status AddSurveys(const ledger::Reader& reader, idl::Firm& firm) {
  const Result<Acts> quizzes = reader.ActsOfType(EventType::kQuizTaken);
  if (!quizzes) return quizzes.error();
  const practice::QuizResult quiz = practice::FoldQuiz(*quizzes);
  firm.leader_count = Count(quiz.leaders);
  firm.rep_count = Count(quiz.reps);
  firm.quiz_score = quiz.score;
  firm.quiz_gap = quiz.gap;
  for (size_t i = 0; i < practice::kQuizQuestions; ++i) {
    idl::QuizQuestion& question = firm.quiz.emplace_back();
    question.question = practice::QuizQuestions()[i];
    question.leader_yes = quiz.leader_yes[i];
    question.rep_yes = quiz.rep_yes[i];
  }
  const Result<Acts> polls = reader.ActsOfType(EventType::kPollTaken);
  if (!polls) return polls.error();
  const auto means = practice::FoldPoll(*polls);
  for (size_t i = 0; i < practice::kPollActivities; ++i) {
    idl::ActivityRank& rank = firm.poll.emplace_back();
    rank.activity = practice::PollActivities()[i];
    rank.mean_rank = means[i];
  }
  return Status::Ok();
}

Status AddTargets(const ledger::Reader& reader, Timestamp now, idl::Firm& firm) {
  const Result<Acts> acts = ActsOf(reader, {EventType::kTargetSet, EventType::kReviewHeld});
  if (!acts) return acts.error();
  for (const practice::Accountability& one : practice::FoldTargets(*acts, now)) {
    idl::Target& target = firm.targets.emplace_back();
    target.metric = one.metric;
    target.owner = PersonText(one.owner);
    target.target = one.target;
    target.review_days = one.days;
    target.reviewed_at = Micros(one.reviewed_at);
    target.on_time = one.on_time;
    for (const Sequence because : one.because) target.because.push_back(ToText(because));
  }
  return Status::Ok();
}

void CountStep(StepState state, idl::ProcessStep& step) {
  switch (state) {
    case StepState::kDone: ++step.done; break;
    case StepState::kDoneOutOfOrder: ++step.out_of_order; break;
    case StepState::kSkipped: ++step.skipped; break;
    case StepState::kPending: ++step.pending; break;
  }
}

// The steps of every deal that took one of this version.
std::vector<std::vector<practice::StepRun>> RunsOf(const practice::Process& process,
                                                   const Acts& acts) {
  std::map<EntityId, Acts> by_deal;
  for (const RecordedAct& act : acts) {
    if (act.act.name.starts_with(process.name + ":")) by_deal[act.act.opportunity].push_back(act);
  }
  std::vector<std::vector<practice::StepRun>> runs;
  for (const auto& [deal, steps] : by_deal) runs.push_back(practice::FoldSteps(process, steps));
  return runs;
}

void AddRuns(const practice::Process& process, const Acts& acts, idl::Firm& firm,
             int64_t& adherence) {
  for (const practice::ProcessStep& step : process.steps) {
    idl::ProcessStep& made = firm.steps.emplace_back();
    made.text = step.text;
    made.needs_evidence = step.needs_evidence;
  }
  const auto runs = RunsOf(process, acts);
  for (const std::vector<practice::StepRun>& run : runs) {
    for (size_t i = 0; i < run.size(); ++i) CountStep(run[i].state, firm.steps[i]);
  }
  firm.skipped_steps = practice::SkippedSteps(process, runs);
  firm.deal_count = Count(runs.size());
  const std::optional<int64_t> found = practice::AdherenceOf(runs);
  if (found) firm.__set_adherence(*found);
  adherence = found.value_or(0);
}

Status AddProcess(const ledger::Reader& reader, const idl::FirmRequest& request, idl::Firm& firm) {
  practice::VerdictFacts facts{.on_pace = !request.off_pace,
                               .off_pace_for = std::chrono::days(request.off_pace_days)};
  if (!request.process.empty()) {
    const auto process = reader.FindProcess(request.process);
    if (!process) return process.error();
    if (!*process) return Status::NotFound("there is no process " + request.process, 3021);
    const Result<Acts> acts = ActsOf(reader, {EventType::kStepDone, EventType::kStepSkipped});
    if (!acts) return acts.error();
    facts.defined = true;
    AddRuns(**process, *acts, firm, facts.adherence);
    if (!firm.__isset.adherence) {
      firm.verdict = "NOT_YET";
      firm.advice = "no deal has gone through it yet: there is nothing to judge";
      return Status::Ok();
    }
  }
  const practice::Verdict verdict = practice::VerdictOf(facts, {});
  firm.verdict = practice::VerdictName(verdict);
  firm.advice = practice::VerdictAdvice(verdict);
  return Status::Ok();
}

Result<int64_t> OpenReferrals(const ledger::Reader& reader) {
  using referral::State;
  int64_t count = 0;
  const Status scanned = reader.ScanReferrals([&count](const referral::Referral& referral) {
    const State state = referral.state;
    count += state == State::kIntroduced || state == State::kMet || state == State::kQualified;
    return true;
  });
  if (!scanned.ok()) return scanned;
  return count;
}

Status AddPrompts(const ledger::Reader& reader, const idl::FirmRequest& request, Timestamp now,
                  idl::Firm& firm) {
  const Result<int64_t> open = OpenReferrals(reader);
  if (!open) return open.error();
  const Result<Acts> quizzes = reader.ActsOfType(EventType::kQuizTaken);
  if (!quizzes) return quizzes.error();
  practice::FirmPromptFacts facts{
      .open_referrals = *open, .off_pace = request.off_pace, .quizzes = *quizzes, .now = now};
  if (request.lean_below > 0) facts.lean_below = request.lean_below;
  for (const practice::FirmPrompt& prompt : practice::FirmPromptsOf(facts)) {
    idl::FirmPrompt& wire = firm.prompts.emplace_back();
    wire.rule = prompt.rule;
    wire.reason = prompt.reason;
    wire.advice = practice::FindPromptRule(prompt.rule)->advice;
    for (const Sequence because : prompt.because) wire.because.push_back(ToText(because));
  }
  for (const practice::QuizQuarter& quarter : practice::QuizByQuarter(*quizzes)) {
    idl::QuizQuarter& wire = firm.quarters.emplace_back();
    wire.begins_at = Micros(quarter.begins_at);
    wire.respondent_count = Count(quarter.respondents);
    wire.score = quarter.score;
    wire.gap = quarter.gap;
  }
  return Status::Ok();
}

Status AddProcessFigures(const ledger::Reader& reader, practice::FirmRecord& firm) {
  const Result<Acts> versions = reader.ActsOfType(EventType::kProcessDefined);
  if (!versions) return versions.error();
  const Result<Acts> acts = ActsOf(reader, {EventType::kStepDone, EventType::kStepSkipped});
  if (!acts) return acts.error();
  for (const RecordedAct& version : *versions) {
    const auto process = reader.FindProcess(version.act.name);
    if (!process) return process.error();
    if (!*process) continue;
    const practice::StepCounts counts = practice::CountSteps(RunsOf(**process, *acts));
    firm.process_in_order += counts.in_order;
    firm.process_owed += counts.owed;
  }
  return Status::Ok();
}

}  // namespace

Result<practice::FirmRecord> FirmRecordOf(const ledger::Reader& reader, Timestamp now) {
  practice::FirmRecord firm;
  const Result<Acts> quizzes = reader.ActsOfType(EventType::kQuizTaken);
  if (!quizzes) return quizzes.error();
  firm.quiz = practice::FoldQuiz(*quizzes);
  const Result<Acts> polls = reader.ActsOfType(EventType::kPollTaken);
  if (!polls) return polls.error();
  firm.poll = practice::FoldPoll(*polls);
  std::set<EntityId> who;
  for (const RecordedAct& poll : *polls) who.insert(poll.act.party);
  firm.polls = Count(who.size());
  const Result<Acts> targets = ActsOf(reader, {EventType::kTargetSet, EventType::kReviewHeld});
  if (!targets) return targets.error();
  firm.targets = practice::FoldTargets(*targets, now);
  if (Status status = AddProcessFigures(reader, firm); !status.ok()) return status;
  return firm;
}

Result<idl::Firm> FirmView(const ledger::Reader& reader, const idl::FirmRequest& request,
                           Timestamp now) {
  idl::Firm firm;
  firm.sequence = Count(reader.head().value);
  Status status = AddSurveys(reader, firm);
  if (status.ok()) status = AddTargets(reader, now, firm);
  if (status.ok()) status = AddProcess(reader, request, firm);
  if (status.ok()) status = AddPrompts(reader, request, now, firm);
  if (!status.ok()) return status;
  return firm;
}

}  // namespace referrald::rpc
