#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/status.h"
#include "storage/referral/fact.h"

// What is done in the practice of referral selling besides the facts of one referral: moments of a
// customer's purchase, asks, references, rewards, touches, the process, quiz and poll (domain.md,
// sections 2 to 5). Each is one Act; everything else in storage/practice is a function of acts and
// of folded referrals.
namespace referrald::practice {

using referral::EventType;

// The five groups of people a customer may know (R13). Stored; never renumber.
enum class Slot : uint8_t {
  kExternalPeer = 0,
  kInternalPeer = 1,
  kNeighbour = 2,
  kSupplier = 3,
  kCustomer = 4,
};
inline constexpr size_t kSlotCount = 5;
std::string_view SlotName(Slot slot);  // "external_peer", ...
std::optional<Slot> ParseSlot(std::string_view name);
// A set of slots, a bit for each.
using Slots = uint8_t;
inline constexpr Slots kAllSlots = 0x1f;
constexpr Slots In(Slot slot) { return static_cast<Slots>(1U << static_cast<unsigned>(slot)); }
constexpr bool Has(Slots slots, Slot slot) { return (slots & In(slot)) != 0; }

// Why somebody is asked. Stored; never renumber.
enum class AskKind : uint8_t {
  kPrime = 1,             // At first engagement (R18).
  kSoft = 2,              // Excited before the order (R17).
  kFull = 3,              // The order is placed (R16).
  kLoyal = 4,             // Vouched for us, or stayed through adversity (R24).
  kLostDeal = 5,          // R28.
  kNotAFit = 6,           // A contact who is no prospect (R11).
  kReferredCustomer = 7,  // Came by a referral, and bought (R12).
  kLean = 8,              // Asked because business is slow (R21).
};
std::string_view AskKindName(AskKind kind);  // "prime", ...

// What came of an ask. Stored; never renumber.
enum class AskOutcome : uint8_t {
  kNamesGiven = 1,  // numbers[0]: how many.
  kIntroGiven = 2,
  kNo = 3,
  kLater = 4,  // `until`: when to ask again.
  kSilent = 5,
};
std::string_view AskOutcomeName(AskOutcome outcome);  // "names_given", ...

// How a source slot was closed without a yield. Stored; never renumber.
enum class SlotClosing : uint8_t { kNoneExists = 1, kDeclined = 2 };
std::string_view SlotClosingName(SlotClosing closing);  // "none_exists", "declined"

// What a call of a reference account came to (R39). Stored; never renumber.
enum class ReferenceResult : uint8_t {
  kGood = 1,
  kFaintPraise = 2,
  kNegative = 3,     // Or inaccurate.
  kOvershared = 4,   // Discounts, for example.
  kDelayedDeal = 5,  // Put a late deal at risk.
};
std::string_view ReferenceResultName(ReferenceResult result);  // "good", ...

// Who insisted on the reference (R03). Stored; never renumber.
enum class Insistence : uint8_t { kProspect = 1, kSeller = 2 };
std::string_view InsistenceName(Insistence insistence);

// What a party is to us. Several at once. Stored; never renumber.
enum class Role : uint8_t {
  kCustomer = 1,
  kProspect = 2,
  kReferralSource = 3,
  kNewContact = 4,
  kReferenceAccount = 5,
  kRep = 6,
  kManager = 7,
  kSupplier = 8,
};
std::string_view RoleName(Role role);  // "customer", ...

// What `code` means in an act of `type`; empty where the type takes none.
std::string_view CodeName(EventType type, uint32_t code);
// 0 where there is no such name.
uint32_t ParseCode(EventType type, std::string_view name);

// An act, as somebody wishes to record it and as the log keeps it. Which members a type takes is in
// the table (ActTable); one that it does not take is empty.
struct Act {
  EventType type = EventType::kUnknown;
  EntityId party;        // Whom it is about: customer, reference account, beneficiary, respondent.
  EntityId rep;          // Who did it, or whose it is.
  EntityId other;        // A second party: the prospect who wants a reference, who approves.
  EntityId opportunity;  // The CRM's deal.
  ReferralId referral;
  Sequence about;     // The event that it answers, follows or undoes.
  uint32_t code = 0;  // One of the enumerations above, as the table says.
  Slots slots = 0;
  std::vector<int64_t> numbers{};  // Counts, minutes, answers, ranks: as the table says.
  referral::Channel channel = referral::Channel::kUnknown;
  referral::Money amount;  // May be negative in a clawback.
  Timestamp until{};       // Snoozed to, valid to, due by.
  // A word of the firm's own: plan, version, step, metric, purpose, rule. Letters, digits, '-',
  // '_',
  // '.', ':'; never personal, kept in the open.
  std::string name;
  std::string text;  // Free text: why, what was said. Sealed.

  friend bool operator==(const Act&, const Act&) = default;
};

// An act with its place in the log.
struct RecordedAct {
  Sequence sequence;
  Timestamp occurred_at{};
  Timestamp recorded_at{};
  std::string actor;
  Act act;

  friend bool operator==(const RecordedAct&, const RecordedAct&) = default;
};

// By (occurred_at, sequence): the order in which acts are folded. Borrows them.
std::vector<const RecordedAct*> InOrderOfOccurrence(std::span<const RecordedAct> acts);

// Members of an act, as bits of a set.
namespace member {
inline constexpr uint32_t kParty = 1U << 0U;
inline constexpr uint32_t kRep = 1U << 1U;
inline constexpr uint32_t kOther = 1U << 2U;
inline constexpr uint32_t kOpportunity = 1U << 3U;
inline constexpr uint32_t kReferral = 1U << 4U;
inline constexpr uint32_t kAbout = 1U << 5U;
inline constexpr uint32_t kCode = 1U << 6U;
inline constexpr uint32_t kSlots = 1U << 7U;
inline constexpr uint32_t kNumbers = 1U << 8U;
inline constexpr uint32_t kChannel = 1U << 9U;
inline constexpr uint32_t kAmount = 1U << 10U;
inline constexpr uint32_t kUntil = 1U << 11U;
inline constexpr uint32_t kName = 1U << 12U;
inline constexpr uint32_t kText = 1U << 13U;
}  // namespace member

// One line of the table of acts.
struct ActRule {
  EventType type;
  uint32_t needs;         // Members that must be there.
  uint32_t takes;         // Members that may be there besides.
  uint32_t code_max;      // `code` is 1 to this.
  std::string_view says;  // In words, with what `code`, `numbers` and `name` mean.
};
// Every type of act; the only place that knows what each takes.
std::span<const ActRule> ActTable();
// Null where `type` is no act.
const ActRule* FindActRule(EventType type);

// The refusals that need nothing but the act itself.
//
// InvalidArgument: RFD3001 a member that the type needs is missing, the message says which; RFD3009
// no type of act; RFD3011 a member is malformed, too long, or not one that the type takes.
// FailedPrecondition: RFD3005 automated platform request; RFD3007 in the future.
Status CheckAct(const Act& act, Timestamp occurred_at, Timestamp now);

}  // namespace referrald::practice
