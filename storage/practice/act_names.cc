// The words for what an act's codes mean.
#include <algorithm>
#include <array>
#include <utility>

#include "storage/practice/act.h"

namespace referrald::practice {
namespace {

// Names of 1, 2, ... in order.
template <size_t kCount>
std::string_view NameIn(const std::array<std::string_view, kCount>& names, size_t number) {
  return number >= 1 && number <= kCount ? names[number - 1] : "unknown";
}

constexpr std::array<std::string_view, kSlotCount> kSlots = {"external_peer", "internal_peer",
                                                             "neighbour", "supplier", "customer"};
constexpr std::array<std::string_view, 8> kKinds = {
    "prime", "soft", "full", "loyal", "lost_deal", "not_a_fit", "referred_customer", "lean"};
constexpr std::array<std::string_view, 5> kOutcomes = {"names_given", "intro_given", "no", "later",
                                                       "silent"};
constexpr std::array<std::string_view, 2> kClosings = {"none_exists", "declined"};
constexpr std::array<std::string_view, 5> kResults = {"good", "faint_praise", "negative",
                                                      "overshared", "delayed_deal"};
constexpr std::array<std::string_view, 2> kInsistences = {"prospect", "seller"};
constexpr std::array<std::string_view, 8> kRoles = {
    "customer",          "prospect", "referral_source", "new_contact",
    "reference_account", "rep",      "manager",         "supplier"};

}  // namespace

std::string_view SlotName(Slot slot) { return NameIn(kSlots, std::to_underlying(slot) + 1U); }

std::optional<Slot> ParseSlot(std::string_view name) {
  const auto* const found = std::ranges::find(kSlots, name);
  if (found == kSlots.end()) return std::nullopt;
  return static_cast<Slot>(found - kSlots.begin());
}

std::string_view AskKindName(AskKind kind) { return NameIn(kKinds, std::to_underlying(kind)); }

std::string_view AskOutcomeName(AskOutcome outcome) {
  return NameIn(kOutcomes, std::to_underlying(outcome));
}

std::string_view SlotClosingName(SlotClosing closing) {
  return NameIn(kClosings, std::to_underlying(closing));
}

std::string_view ReferenceResultName(ReferenceResult result) {
  return NameIn(kResults, std::to_underlying(result));
}

std::string_view InsistenceName(Insistence insistence) {
  return NameIn(kInsistences, std::to_underlying(insistence));
}

std::string_view RoleName(Role role) { return NameIn(kRoles, std::to_underlying(role)); }

std::string_view CodeName(EventType type, uint32_t code) {
  switch (type) {
    case EventType::kRoleAsserted:
    case EventType::kRoleWithdrawn: return NameIn(kRoles, code);
    case EventType::kAskPlanned:
    case EventType::kAskMade: return NameIn(kKinds, code);
    case EventType::kAskAnswered: return NameIn(kOutcomes, code);
    case EventType::kSourceSlotClosed: return NameIn(kClosings, code);
    case EventType::kReferenceRequested: return NameIn(kInsistences, code);
    case EventType::kReferenceCalled: return NameIn(kResults, code);
    case EventType::kRewardPlanSet:
      return NameIn(std::array<std::string_view, 2>{"discount", "gift"}, code);
    case EventType::kQuizTaken:
      return NameIn(std::array<std::string_view, 2>{"leader", "rep"}, code);
    default: return {};
  }
}

uint32_t ParseCode(EventType type, std::string_view name) {
  const ActRule* const rule = FindActRule(type);
  for (uint32_t code = 1; rule != nullptr && code <= rule->code_max; ++code) {
    if (CodeName(type, code) == name) return code;
  }
  return 0;
}

}  // namespace referrald::practice
