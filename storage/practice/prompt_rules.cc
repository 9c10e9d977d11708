// The register of prompts as data: domain.md, section 7.
#include <algorithm>
#include <array>
#include <utility>

#include "storage/practice/prompt.h"

namespace referrald::practice {
namespace {

constexpr auto kAsk = PromptAction::kAsk;

constexpr std::array kRules = std::to_array<PromptRule>({
    {"P01", kAsk, 3, "first engagement, and no prime within a week",
     "prime them: they will be happy enough to refer you to at least five contacts",
     "the deal was lost, or a later ask was made",
     "You will be so happy with this that you will want to introduce us to at least five people "
     "with similar problems."},
    {"P02", kAsk, 2, "the customer is excited, and has not ordered yet", "a soft ask",
     "soft-asked before, or ordered since",
     "Do you know others that could benefit in the same way as you?"},
    {"P03", kAsk, 1, "the order is placed", "the full ask, about every group that is not covered",
     "a complaint is open, or all five groups are covered",
     "Who else should we be talking to: peers elsewhere, colleagues, neighbours, suppliers, "
     "customers of yours?"},
    {"P04", kAsk, 5, "nobody has asked this party yet", "ask: every customer, no exceptions",
     "suppressed", ""},
    {"P05", kAsk, 4, "fewer than five groups are covered", "ask about the next group",
     "all five are covered", ""},
    {"P06", kAsk, 0, "they offered to vouch for us, or stayed through a bad time",
     "ask now; no incentive is needed", "asked less than 90 days ago", ""},
    {"P07", kAsk, 3, "the deal was lost", "ask where we would fit better; the worst case is a no",
     "the contact declined", "Can you point me towards anyone for whom this is a better fit?"},
    {"P08", kAsk, 3, "the new contact is not a fit", "ask them to become a source",
     "the contact declined", "This is not for you; whom do you know who should hear of it?"},
    {"P09", kAsk, 2, "won by a referral", "ask the new customer in turn", "asked since", ""},
    {"P10", PromptAction::kTell, 2, "something came of an introduction",
     "tell the source what became of it, and thank them", "told since", ""},
    {"P11", PromptAction::kReview, 0, "a name is used without the four steps",
     "talk to the source, check that they know each other, say why, ask for the introduction",
     "the rep knows the contact", ""},
    {"P12", PromptAction::kCheckIn, 1,
     "an introduction was requested or promised, and nothing came",
     "check in with the source in person", "it moved since", ""},
    {"P13", PromptAction::kTouch, 4, "the cadence says it is time", "get in touch",
     "the ceiling is reached", ""},
    {"P14", PromptAction::kTouch, 4, "no real touch for longer than the plan allows",
     "catch up, longest overdue first", "touched since", ""},
    {"P15", kAsk, 4, "business is slow", "go back to existing customers for uncovered groups", "",
     ""},
    {"P16", PromptAction::kReview, 3, "sales are off pace",
     "review whether the process was followed", "", ""},
    {"P17", PromptAction::kReview, 0,
     "a reference was asked for early, by us, or of who vouched three times in 90 days",
     "this is not a referral: ask for an introduction instead, or of another account", "", ""},
    {"P18", PromptAction::kReview, 5, "the quarter ends", "take the readiness quiz", "taken since",
     ""},
});

}  // namespace

std::string_view PromptActionName(PromptAction action) {
  constexpr std::array<std::string_view, 5> kNames = {"ask", "tell", "check_in", "touch", "review"};
  const size_t number = std::to_underlying(action);
  return number >= 1 && number <= kNames.size() ? kNames[number - 1] : "unknown";
}

std::span<const PromptRule> PromptRules() { return kRules; }

const PromptRule* FindPromptRule(std::string_view id) {
  const auto* const rule = std::ranges::find(kRules, id, &PromptRule::id);
  return rule == kRules.end() ? nullptr : rule;
}

}  // namespace referrald::practice
