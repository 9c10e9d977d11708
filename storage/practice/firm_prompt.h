#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/practice/act.h"

// The prompts that are about the firm and not about one party: P15, P16 and P18 (domain.md,
// section 7). P14, the catch-up list, is CadenceState::overdue of every customer.
namespace referrald::practice {

struct FirmPromptFacts {
  int64_t open_referrals = 0;              // Introduced, met or qualified.
  int64_t lean_below = 10;                 // Fewer are lean times.
  bool off_pace = false;                   // Sales are below what was planned.
  std::span<const RecordedAct> quizzes{};  // QuizTaken, in any order.
  Timestamp now{};
};
struct FirmPrompt {
  std::string_view rule;  // "P15"; its advice is in the register (PromptRules).
  std::string reason;     // With the figures it stands on.
  std::vector<Sequence> because{};

  friend bool operator==(const FirmPrompt&, const FirmPrompt&) = default;
};
// By rule. Pure.
std::vector<FirmPrompt> FirmPromptsOf(const FirmPromptFacts& facts);

// When the quarter of `at` began, in UTC.
Timestamp QuarterOf(Timestamp at);
// The quiz of a quarter's end may be taken so long before it.
inline constexpr std::chrono::days kQuizBeforeQuarterEnd{14};

}  // namespace referrald::practice
