#include "storage/practice/process.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "storage/base/limits.h"
#include "storage/base/text.h"

namespace referrald::practice {
namespace {

constexpr int kMissing = 3001;
constexpr int kDoneAlready = 3014;
constexpr int kWrongProcess = 3017;
constexpr int kNotFound = 3021;
// Of a version, so that ":40" has room behind it.
constexpr size_t kVersionBytesMax = limits::kActNameBytesMax - 3;

Status WrongProcess(std::string why) {
  return Status::InvalidArgument(std::move(why), kWrongProcess);
}

// The index of the step that "version:number" names; nothing where it is none of `process`.
std::optional<size_t> StepOf(const Process& process, std::string_view name) {
  const size_t colon = name.rfind(':');
  if (colon == std::string_view::npos || name.substr(0, colon) != process.name) return {};
  const std::string_view digits = name.substr(colon + 1);
  if (digits.starts_with('0')) return {};  // One step, one name.
  size_t number = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == digits.data() + digits.size();
  if (!whole || number < 1 || number > process.steps.size()) return {};
  return number - 1;
}

// Every step before `index` is done, or was skipped with a reason.
bool IsInOrder(std::span<const StepRun> run, size_t index) {
  return std::ranges::none_of(
      run.first(index), [](const StepRun& step) { return step.state == StepState::kPending; });
}

// How many steps, from the first, were taken or passed over: what comes after the last one taken
// is not owed yet, most deals are under way.
size_t OwedSteps(std::span<const StepRun> run) {
  size_t owed = run.size();
  while (owed > 0 && run[owed - 1].state == StepState::kPending) --owed;
  return owed;
}

Status CheckVersion(std::string_view name) {
  if (name.find(':') != std::string_view::npos) {
    return WrongProcess("the version has a ':', which stands between it and a step");
  }
  if (name.size() <= kVersionBytesMax) return Status::Ok();
  return WrongProcess("the version is " + std::to_string(name.size()) + " bytes, limit " +
                      std::to_string(kVersionBytesMax));
}

Status CheckStep(const Process& process, std::string_view text) {
  const std::string step = "step " + std::to_string(process.steps.size() + 1);
  if (text.empty()) return WrongProcess(step + " is a lone '!': say what is done");
  if (text.size() > kStepBytesMax) {
    return WrongProcess(step + " is " + std::to_string(text.size()) + " bytes, limit " +
                        std::to_string(kStepBytesMax));
  }
  const bool is_repeated = std::ranges::any_of(
      process.steps, [text](const ProcessStep& known) { return known.text == text; });
  return is_repeated ? WrongProcess(step + " is there before") : Status::Ok();
}

}  // namespace

Result<Process> ProcessFrom(std::string_view name, std::string_view text) {
  if (Status status = CheckVersion(name); !status.ok()) return status;
  Process process{.name = std::string(name), .steps = {}};
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = Trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    const bool needs_evidence = line.ends_with('!');
    if (needs_evidence) line = Trim(line.substr(0, line.size() - 1));
    if (Status status = CheckStep(process, line); !status.ok()) return status;
    process.steps.push_back({std::string(line), needs_evidence});
  }
  if (!process.steps.empty() && process.steps.size() <= kProcessStepsMax) return process;
  return WrongProcess("a process has 1 to " + std::to_string(kProcessStepsMax) +
                      " steps, a line each, from the first contact to the closed sale; this one "
                      "has " +
                      std::to_string(process.steps.size()));
}

std::string_view StepStateName(StepState state) {
  constexpr std::array<std::string_view, 4> kNames = {"PENDING", "DONE", "DONE_OUT_OF_ORDER",
                                                      "SKIPPED"};
  return std::to_underlying(state) < kNames.size() ? kNames[std::to_underlying(state)] : "UNKNOWN";
}

std::vector<StepRun> FoldSteps(const Process& process, std::span<const RecordedAct> acts) {
  std::vector<StepRun> run(process.steps.size());
  for (const RecordedAct* const act : InOrderOfOccurrence(acts)) {
    const std::optional<size_t> index = StepOf(process, act->act.name);
    if (!index || run[*index].state != StepState::kPending) continue;
    const bool done = act->act.type == EventType::kStepDone;
    if (!done && act->act.type != EventType::kStepSkipped) continue;
    run[*index].because = act->sequence;
    const bool was_given = process.steps[*index].needs_evidence || !Trim(act->act.text).empty();
    run[*index].has_evidence = done && was_given;
    run[*index].state = !done                    ? StepState::kSkipped
                        : IsInOrder(run, *index) ? StepState::kDone
                                                 : StepState::kDoneOutOfOrder;
  }
  return run;
}

Status DecideStep(const Process& process, std::span<const StepRun> run, const Act& wish,
                  bool has_text) {
  const std::optional<size_t> index = StepOf(process, wish.name);
  if (!index) {
    return Status::NotFound("there is no step " + wish.name + "; " + process.name + ":1 to " +
                                process.name + ":" + std::to_string(process.steps.size()),
                            kNotFound);
  }
  if (run[*index].state != StepState::kPending) {
    return Status::FailedPrecondition("step " + wish.name + " is " +
                                          std::string(StepStateName(run[*index].state)) + " (" +
                                          ToText(run[*index].because) + ")",
                                      kDoneAlready);
  }
  const bool is_blank = !wish.text.empty() && Trim(wish.text).empty();
  const bool needs_evidence =
      wish.type == EventType::kStepDone && process.steps[*index].needs_evidence;
  if (needs_evidence && (!has_text || is_blank)) {
    return Status::InvalidArgument("step " + wish.name + " needs evidence: say where it is in text",
                                   kMissing);
  }
  return Status::Ok();
}

StepCounts CountSteps(std::span<const std::vector<StepRun>> runs) {
  StepCounts counts;
  for (const std::vector<StepRun>& run : runs) {
    counts.owed += static_cast<int64_t>(OwedSteps(run));
    counts.in_order += std::ranges::count(run, StepState::kDone, &StepRun::state);
  }
  return counts;
}

std::optional<int64_t> AdherenceOf(std::span<const std::vector<StepRun>> runs) {
  const StepCounts counts = CountSteps(runs);
  if (counts.owed == 0) return {};
  return counts.in_order * 1000 / counts.owed;
}

std::vector<std::string> SkippedSteps(const Process& process,
                                      std::span<const std::vector<StepRun>> runs) {
  std::vector<std::pair<int64_t, size_t>> missed;
  for (size_t i = 0; i < process.steps.size(); ++i) {
    const auto count = std::ranges::count_if(runs, [i](const std::vector<StepRun>& run) {
      return i < OwedSteps(run) && run[i].state != StepState::kDone;
    });
    if (count > 0) missed.emplace_back(-count, i);
  }
  std::ranges::sort(missed);
  std::vector<std::string> steps;
  for (const auto& [count, index] : missed) {
    steps.push_back(process.steps[index].text + " (" + std::to_string(-count) + " of " +
                    std::to_string(runs.size()) + ")");
  }
  return steps;
}

std::string_view VerdictName(Verdict verdict) {
  constexpr std::array<std::string_view, 6> kNames = {"STOP",           "BACK_TO_BASICS", "WATCH",
                                                      "REVISE_PROCESS", "DRIFT",          "HOLD"};
  const size_t number = std::to_underlying(verdict);
  return number >= 1 && number <= kNames.size() ? kNames[number - 1] : "UNKNOWN";
}

std::string_view VerdictAdvice(Verdict verdict) {
  switch (verdict) {
    case Verdict::kStop: return "define the steps from the first contact to the closed sale";
    case Verdict::kBackToBasics: return "the process was not followed: go back to it";
    case Verdict::kWatch: return "it is followed and sales are down: give it time, and watch";
    case Verdict::kReviseProcess: return "it is followed and has failed for long: revise it";
    case Verdict::kDrift: return "sales are up and the process is not followed: it will not last";
    case Verdict::kHold: return "it works: keep to it";
  }
  return "";
}

Verdict VerdictOf(const VerdictFacts& facts, const VerdictPolicy& policy) {
  const bool is_followed = facts.adherence >= policy.high_adherence;
  if (!facts.defined) return Verdict::kStop;
  if (facts.on_pace) return is_followed ? Verdict::kHold : Verdict::kDrift;
  if (!is_followed) return Verdict::kBackToBasics;
  return facts.off_pace_for >= policy.long_period ? Verdict::kReviseProcess : Verdict::kWatch;
}

}  // namespace referrald::practice
