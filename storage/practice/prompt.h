#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/practice/customer.h"

namespace referrald::practice {

// What a prompt asks of a rep.
enum class PromptAction : uint8_t {
  kAsk = 1,      // Ask the party, with the kind and slots it names.
  kTell = 2,     // Thank the source, or tell them what became of it.
  kCheckIn = 3,  // Talk to the source about a request that stands still.
  kTouch = 4,    // Keep in touch.
  kReview = 5,   // Look at something: a reference asked for early, a process.
};
std::string_view PromptActionName(PromptAction action);  // "ask", ...

// One line of the register of domain.md, section 7.
struct PromptRule {
  std::string_view id;  // "P03".
  PromptAction action;
  uint8_t priority;                               // 0 comes first.
  std::string_view trigger, advice, silent_when;  // In words.
  std::string_view script;                        // What to say; empty: nothing is suggested.
};
std::span<const PromptRule> PromptRules();
inline constexpr uint8_t kPromptPriorityMax = 5;
const PromptRule* FindPromptRule(std::string_view id);

// Times of the rules. All in one place, so that a firm can change them with a reason.
struct PromptPolicy {
  std::chrono::days prime_within{7};    // P01.
  std::chrono::days loyal_gap{90};      // P06: not within so long of another ask.
  std::chrono::days next_slot_gap{60};  // P05: between two asks about further groups.
  // Nobody is put off for longer: there is no opting out but a suppression (R14).
  std::chrono::days postponed_max{366};
  std::chrono::days ask_gap{30};       // Nobody is asked more often: the fatigue ceiling.
  size_t asks_per_year{4};             // Likewise.
  std::chrono::days request_idle{14};  // P12.
  // P17: an account that vouched so often within so long is to be spared.
  size_t references_max{3};
  std::chrono::days references_window{90};
};

// Something to do, and the events that say so. It has an identity: the same log gives the same
// prompts, each once, however often and from wherever it is replayed.
struct Prompt {
  std::string_view rule;
  EntityId party, rep;
  ReferralId referral;             // Of prompts about one; 0: none.
  Sequence about;                  // The event it stands on: with rule and party its identity.
  Timestamp due{};                 // Not shown before.
  AskKind kind = AskKind::kPrime;  // Of an ask.
  Slots slots = 0;                 // To ask about: those that are not covered yet.
  std::vector<Sequence> because{};
  Timestamp snoozed_until{};  // Zero: nobody did.

  friend bool operator==(const Prompt&, const Prompt&) = default;
};
// "P03:e_12:7".
std::string IdOf(const Prompt& prompt);

// The referrals that concern one party, folded.
struct PartyReferrals {
  std::span<const referral::Referral> as_source;
  std::span<const referral::Referral> as_contact;
};

// Every prompt about `customer` that is not done, lapsed or silenced, whenever it is due. Sorted by
// priority, due, rule and event. Pure; does not depend on the time at which it is asked, so it can
// be stored beside what it follows from. Nobody who is suppressed is asked or touched; there is no
// other way to be left out (R14).
std::vector<Prompt> PromptsOf(const Customer& customer, const PartyReferrals& referrals,
                              const PromptPolicy& policy);

}  // namespace referrald::practice
