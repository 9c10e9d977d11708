#include "storage/practice/act.h"

#include <algorithm>
#include <array>
#include <utility>

#include "storage/base/limits.h"
#include "storage/base/text.h"

namespace referrald::practice {
namespace {

namespace m = member;

constexpr int kMissing = 3001;
constexpr int kPlatformRequest = 3005;
constexpr int kInFuture = 3007;
constexpr int kNoAct = 3009;
constexpr int kMalformed = 3011;
constexpr int64_t kNamesMax = 10'000;

constexpr uint32_t kOfMoment = m::kRep | m::kOpportunity | m::kText;
constexpr uint32_t kReason = m::kParty | m::kAbout | m::kText;

constexpr std::array kTable = std::to_array<ActRule>({
    // Roles and relationships.
    {EventType::kRoleAsserted, m::kParty | m::kCode, m::kRep | m::kName | m::kText, 8,
     "code: role; name: the team of a rep or manager, the segment of anybody else"},
    {EventType::kRoleWithdrawn, m::kParty | m::kCode, m::kRep | m::kText, 8, "code: role"},
    {EventType::kRelationshipClaimed, m::kParty | m::kOther | m::kName, m::kText, 0,
     "a network says that two know each other; name: the network. Of two organisations with the "
     "name "
     "supplies: the party supplies the other"},
    // Moments of the customer's purchase, not of our pipeline (R15).
    {EventType::kFirstEngagement, m::kParty, kOfMoment, 0, "the first engagement"},
    {EventType::kCustomerExcited, m::kParty, kOfMoment, 0, "excited early in the purchase"},
    {EventType::kOrderPlaced, m::kParty, kOfMoment | m::kAmount, 0, "the order is placed"},
    {EventType::kDealLost, m::kParty, kOfMoment, 0, "they bought elsewhere, or nothing"},
    {EventType::kAdversitySurvived, m::kParty, kOfMoment, 0, "they stayed through a bad time"},
    {EventType::kReferenceVolunteered, m::kParty, kOfMoment, 0, "they offered to vouch for us"},
    {EventType::kDisasterReported, m::kParty, kOfMoment, 0, "something went badly wrong for them"},
    {EventType::kTasteChanged, m::kParty, kOfMoment, 0, "they want something else now"},
    {EventType::kComplaintOpened, m::kParty, kOfMoment, 0, "a complaint is open"},
    {EventType::kComplaintClosed, m::kParty, kOfMoment | m::kAbout, 0, "it is settled"},
    // Asking.
    {EventType::kAskPlanned, m::kParty | m::kRep | m::kCode | m::kUntil, m::kSlots | m::kText, 8,
     "code: kind of ask; until: the day it is planned for"},
    {EventType::kAskMade, m::kParty | m::kRep | m::kCode | m::kChannel,
     m::kSlots | m::kAbout | m::kName | m::kText, 8,
     "code: kind of ask; slots: the groups asked about; about: the event that gave the occasion; "
     "name: the incentive plan that was offered with it"},
    {EventType::kAskAnswered, m::kParty | m::kAbout | m::kCode,
     m::kRep | m::kSlots | m::kNumbers | m::kUntil | m::kText, 5,
     "about: the ask; code: outcome; numbers: how many names; slots: the groups that yielded; "
     "until: with LATER, when to ask again"},
    {EventType::kSourceSlotClosed, m::kParty | m::kSlots | m::kCode, m::kRep | m::kText, 2,
     "code: none exists, or declined"},
    {EventType::kPromptSnoozed, m::kParty | m::kAbout | m::kName | m::kUntil, m::kRep | m::kText, 0,
     "about: the event the prompt stands on; name: its rule; until: when to show it again"},
    {EventType::kPromptDone, m::kParty | m::kAbout | m::kName, m::kRep | m::kText, 0,
     "about: the event the prompt stands on; name: its rule"},
    {EventType::kIncentiveOffered, m::kParty | m::kRep | m::kName, m::kText, 0, "name: the plan"},
    // What the source hears back (R42).
    {EventType::kSourceThanked, m::kParty | m::kRep, m::kReferral | m::kText, 0, "the source"},
    {EventType::kOutcomeReported, m::kParty | m::kRep | m::kReferral, m::kAbout | m::kText, 0,
     "the source was told what became of it; about: the fact that was told"},
    // References (R02, R03, R39).
    {EventType::kReferenceRequested, m::kParty | m::kOther | m::kRep | m::kCode,
     m::kOpportunity | m::kText, 2,
     "party: the reference account; other: the prospect; code: who insisted, prospect or seller"},
    {EventType::kReferenceGiven, kReason & ~m::kText, m::kRep | m::kText, 0,
     "about: the request; the prospect has the name"},
    {EventType::kReferenceRefused, kReason & ~m::kText, m::kRep | m::kText, 0,
     "about: the request"},
    {EventType::kReferenceCalled, (kReason & ~m::kText) | m::kCode, m::kRep | m::kText, 5,
     "about: the request; code: what the call came to"},
    {EventType::kReferenceNotCalled, kReason & ~m::kText, m::kRep | m::kText, 0,
     "about: the request; nobody called"},
    // Rewards. The plan is named in `name` throughout.
    {EventType::kRewardPlanSet, m::kName | m::kNumbers | m::kCode | m::kAmount, m::kText, 2,
     "name: the plan, or plan:segment for customers of one segment alone; code: form, 1 discount, "
     "2 gift; amount: one reward; numbers: trigger state, "
     "side (1 source, 2 contact), cap per person, cap of the plan (0: none), days on hold"},
    {EventType::kRewardProposed, m::kParty | m::kName | m::kReferral, m::kRep | m::kText, 0,
     "party: the beneficiary"},
    {EventType::kRewardHeld, kReason, m::kRep, 0, "about: the proposal; text: why"},
    {EventType::kRewardApproved, m::kParty | m::kAbout | m::kRep, m::kText, 0,
     "about: the proposal; rep: who approves, not the beneficiary"},
    {EventType::kRewardFulfilled, m::kParty | m::kAbout, m::kRep | m::kText, 0,
     "about: the proposal; somebody else paid or granted it"},
    {EventType::kRewardClawedBack, kReason | m::kAmount, m::kRep, 0,
     "about: the proposal; amount: what is taken back, negative"},
    {EventType::kRewardVoided, kReason, m::kRep, 0, "about: the proposal; text: why"},
    // Care (R31 to R34) and consent.
    {EventType::kTouchMade, m::kParty | m::kRep | m::kChannel, m::kText | m::kNumbers, 0,
     "numbers: minutes it took"},
    {EventType::kCadenceAssigned, m::kParty | m::kName, m::kRep, 0, "name: the cadence plan"},
    {EventType::kConsentGiven, m::kParty | m::kName, m::kUntil | m::kText, 0,
     "name: the purpose; until: how long it holds"},
    {EventType::kConsentWithdrawn, m::kParty | m::kName, m::kText, 0, "name: the purpose"},
    {EventType::kSuppressed, m::kParty | m::kText, m::kRep, 0, "not to be asked or touched: why"},
    {EventType::kSuppressionLifted, m::kParty | m::kText, m::kRep, 0, "why it is over"},
    // Process and accountability (R29, R30, R35 to R37, R43).
    {EventType::kProcessDefined, m::kName | m::kText, 0, 0,
     "name: the version; text: the steps, one a line, those that need evidence ending in '!'"},
    {EventType::kStepDone, m::kOpportunity | m::kRep | m::kName, m::kText, 0,
     "name: version:step; text: the evidence"},
    {EventType::kStepSkipped, m::kOpportunity | m::kRep | m::kName | m::kText, 0, 0,
     "name: version:step; text: why"},
    {EventType::kTargetSet, m::kRep | m::kName | m::kNumbers, m::kUntil | m::kText, 0,
     "rep: the owner; name: the metric; numbers: the target in thousandths, days between reviews"},
    {EventType::kReviewHeld, m::kRep | m::kName, m::kText, 0, "name: the metric"},
    {EventType::kQuizTaken, m::kParty | m::kName | m::kCode | m::kNumbers, 0, 2,
     "name: the version; code: 1 leader, 2 rep; numbers: fourteen answers, 1 yes, 0 no"},
    {EventType::kPollTaken, m::kParty | m::kNumbers, 0, 0,
     "numbers: the rank, 1 to 5, of each of the five activities in alphabetical order"},
    {EventType::kTimeLogged, m::kReferral | m::kRep | m::kNumbers, m::kText, 0, "numbers: minutes"},
    {EventType::kAttributionRuleSet, m::kName | m::kNumbers, m::kText, 0,
     "name: the version; numbers: 1 first introduction, 2 last; window in days (0: none)"},
    {EventType::kReferralHeld, m::kReferral | m::kName | m::kText, m::kRep, 0,
     "name: the rule that hit; text: why"},
    {EventType::kHoldReleased, m::kReferral | m::kAbout | m::kRep | m::kText, 0, 0,
     "about: the hold; rep: the reviewer; text: why"},
});

struct MemberName {
  uint32_t bit;
  std::string_view name;
};
constexpr std::array kMembers = std::to_array<MemberName>({
    {m::kParty, "party"},
    {m::kRep, "rep"},
    {m::kOther, "other"},
    {m::kOpportunity, "opportunity"},
    {m::kReferral, "referral"},
    {m::kAbout, "about (the event that it answers)"},
    {m::kCode, "code"},
    {m::kSlots, "slots"},
    {m::kNumbers, "numbers"},
    {m::kChannel, "channel"},
    {m::kAmount, "amount with its currency"},
    {m::kUntil, "until"},
    {m::kName, "name"},
    {m::kText, "text"},
});

uint32_t MembersOf(const Act& act) {
  uint32_t members = 0;
  if (act.party) members |= m::kParty;
  if (act.rep) members |= m::kRep;
  if (act.other) members |= m::kOther;
  if (act.opportunity) members |= m::kOpportunity;
  if (act.referral) members |= m::kReferral;
  if (act.about) members |= m::kAbout;
  if (act.code != 0) members |= m::kCode;
  if (act.slots != 0) members |= m::kSlots;
  if (!act.numbers.empty()) members |= m::kNumbers;
  if (act.channel != referral::Channel::kUnknown) members |= m::kChannel;
  if (!act.amount.currency.empty() || act.amount.minor_units != 0) members |= m::kAmount;
  if (act.until != Timestamp{}) members |= m::kUntil;
  if (!act.name.empty()) members |= m::kName;
  if (!Trim(act.text).empty()) members |= m::kText;
  return members;
}

std::string_view NameOfFirst(uint32_t members) {
  for (const MemberName& member : kMembers) {
    if ((members & member.bit) != 0) return member.name;
  }
  return {};
}

Status Malformed(std::string why) { return Status::InvalidArgument(std::move(why), kMalformed); }

bool IsWord(std::string_view name) {
  return name.size() <= limits::kActNameBytesMax && std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == '.' || c == ':';
         });
}

Status CheckForm(const Act& act, const ActRule& rule) {
  if (act.code > rule.code_max) {
    return Malformed("code " + std::to_string(act.code) + " is none: 1 to " +
                     std::to_string(rule.code_max) + " (" + std::string(rule.says) + ")");
  }
  if ((act.slots & ~kAllSlots) != 0) return Malformed("slots has a bit beyond the five groups");
  if (act.numbers.size() > limits::kActNumbersMax) {
    return Malformed("numbers has " + std::to_string(act.numbers.size()) + " elements, limit " +
                     std::to_string(limits::kActNumbersMax));
  }
  constexpr auto kLargest = static_cast<int64_t>(limits::kSequenceMax);
  for (const int64_t number : act.numbers) {
    if (number < -kLargest || number > kLargest) return Malformed("a number is beyond 2^53");
  }
  const bool counts_names = act.type == EventType::kAskAnswered && !act.numbers.empty();
  if (counts_names && (act.numbers[0] < 0 || act.numbers[0] > kNamesMax)) {
    return Malformed("numbers says how many names were given: 0 to " + std::to_string(kNamesMax));
  }
  if (ToMicros(act.until) < 0 || ToMicros(act.until) > kLargest) {
    return Malformed("until is no time that can be");
  }
  if (act.text.size() > limits::kFreeTextBytesMax) {
    return Malformed("text is " + std::to_string(act.text.size()) + " bytes, limit " +
                     std::to_string(limits::kFreeTextBytesMax));
  }
  if (!IsWord(act.name)) {
    return Malformed("name takes letters, digits, '-', '_', '.' and ':', at most " +
                     std::to_string(limits::kActNameBytesMax));
  }
  const bool has_amount = act.amount.minor_units != 0 || !act.amount.currency.empty();
  if (has_amount && !referral::IsCurrency(act.amount.currency)) {
    return Malformed("currency is not three capital letters, as in EUR");
  }
  const bool takes_back = act.type == EventType::kRewardClawedBack;
  if (has_amount && takes_back != (act.amount.minor_units < 0)) {
    return Malformed(takes_back ? "amount of a clawback is not negative" : "amount is negative");
  }
  return Status::Ok();
}

Status CheckTime(Timestamp occurred_at, Timestamp now) {
  if (occurred_at == Timestamp{}) {
    return Status::InvalidArgument("occurred_at is missing: a time is never invented", kMissing);
  }
  if (occurred_at <= now) return Status::Ok();
  return Status::FailedPrecondition("occurred_at " + FormatTimestamp(occurred_at) +
                                        " is in the future, it is " + FormatTimestamp(now) +
                                        " now: record what has happened",
                                    kInFuture);
}

}  // namespace

std::span<const ActRule> ActTable() { return kTable; }

std::vector<const RecordedAct*> InOrderOfOccurrence(std::span<const RecordedAct> acts) {
  std::vector<const RecordedAct*> order;
  order.reserve(acts.size());
  for (const RecordedAct& act : acts) order.push_back(&act);
  std::ranges::sort(
      order, {}, [](const RecordedAct* act) { return std::pair(act->occurred_at, act->sequence); });
  return order;
}

const ActRule* FindActRule(EventType type) {
  const auto* rule = std::ranges::find(kTable, type, &ActRule::type);
  return rule == kTable.end() ? nullptr : rule;
}

Status CheckAct(const Act& act, Timestamp occurred_at, Timestamp now) {
  const std::string type = EventTypeName(act.type);
  const ActRule* const rule = FindActRule(act.type);
  if (rule == nullptr) return Status::InvalidArgument(type + " is no act", kNoAct);
  const uint32_t members = MembersOf(act);
  if (const std::string_view name = NameOfFirst(rule->needs & ~members); !name.empty()) {
    return Status::InvalidArgument(
        type + " needs " + std::string(name) + " (" + std::string(rule->says) + ")", kMissing);
  }
  const uint32_t alien = members & ~(rule->needs | rule->takes);
  if (const std::string_view name = NameOfFirst(alien); !name.empty()) {
    return Malformed(type + " takes no " + std::string(name) + " (" + std::string(rule->says) +
                     ")");
  }
  if (Status status = CheckForm(act, *rule); !status.ok()) return status.Prefixed(type);
  if (act.channel == referral::Channel::kPlatformRequest) {
    return Status::FailedPrecondition(
        type +
            " over platform_request: a network's automated request is no contact with a person; "
            "talk to them, then record that channel",
        kPlatformRequest);
  }
  return CheckTime(occurred_at, now).Prefixed(type);
}

}  // namespace referrald::practice
