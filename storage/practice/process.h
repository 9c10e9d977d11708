#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/practice/act.h"

// A defined, repeatable process from the first contact to the closed sale, and what to do when
// sales fall (R29, R30; domain.md, section 8).
namespace referrald::practice {

struct ProcessStep {
  std::string text;
  bool needs_evidence = false;
  friend bool operator==(const ProcessStep&, const ProcessStep&) = default;
};
struct Process {
  std::string name;  // The version.
  std::vector<ProcessStep> steps;
};
inline constexpr size_t kProcessStepsMax = 40;
inline constexpr size_t kStepBytesMax = 200;
// From the text of a ProcessDefined: a step a line, with '!' behind those that need evidence.
// InvalidArgument (RFD3017): no step, or more than there may be; one that is empty, too long, or
// there twice; a name with a ':', or without room for a step's number behind it.
Result<Process> ProcessFrom(std::string_view name, std::string_view text);

enum class StepState : uint8_t { kPending = 0, kDone = 1, kDoneOutOfOrder = 2, kSkipped = 3 };
std::string_view StepStateName(StepState state);  // "PENDING", ...

struct StepRun {
  StepState state = StepState::kPending;
  // Done, with evidence: what needs some is not recorded without (DecideStep); of other steps this
  // is known only where their acts come with their texts.
  bool has_evidence = false;
  Sequence because;
  friend bool operator==(const StepRun&, const StepRun&) = default;
};

// The steps of one deal, folded from its acts of that version ("sales-1:3" is its third step).
std::vector<StepRun> FoldSteps(const Process& process, std::span<const RecordedAct> acts);

// Whether StepDone or StepSkipped fits. NotFound (RFD3021): no such step. FailedPrecondition
// (RFD3014): done already. InvalidArgument (RFD3001): evidence is missing, or is white space.
Status DecideStep(const Process& process, std::span<const StepRun> run, const Act& wish,
                  bool has_text);

// Steps done in order, and steps owed, of all runs: a deal owes the steps up to the last one that
// was taken.
struct StepCounts {
  int64_t in_order = 0, owed = 0;
};
StepCounts CountSteps(std::span<const std::vector<StepRun>> runs);
// The share of the one in the other, in thousandths; nothing without a step.
std::optional<int64_t> AdherenceOf(std::span<const std::vector<StepRun>> runs);

// Steps that AdherenceOf counts against the runs, to be named beside BACK_TO_BASICS and DRIFT:
// skipped, passed over or done out of order. Most often first, then as in the process:
// "check the fit (3 of 9)". `runs`: of this process.
std::vector<std::string> SkippedSteps(const Process& process,
                                      std::span<const std::vector<StepRun>> runs);

enum class Verdict : uint8_t {
  kStop = 1,  // Define the steps first.
  kBackToBasics = 2,
  kWatch = 3,
  kReviseProcess = 4,
  kDrift = 5,
  kHold = 6,
};
std::string_view VerdictName(Verdict verdict);  // "STOP", "BACK_TO_BASICS", ...
std::string_view VerdictAdvice(Verdict verdict);

struct VerdictFacts {
  bool defined = false;
  bool on_pace = true;
  std::chrono::days off_pace_for{0};
  int64_t adherence = 1000;  // Thousandths.
};
struct VerdictPolicy {
  int64_t high_adherence = 800;
  std::chrono::days long_period{180};
};
Verdict VerdictOf(const VerdictFacts& facts, const VerdictPolicy& policy);

}  // namespace referrald::practice
