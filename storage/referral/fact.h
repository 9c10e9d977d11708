#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/base/ids.h"
#include "storage/base/time.h"

namespace referrald::referral {

// What the log can say. Stored; never renumber. Names as in domain.md, section 5.
enum class EventType : uint16_t {
  kUnknown = 0,
  // Rows of systems.
  kPartySeen = 1,
  kOpportunitySeen = 2,
  kRowDeleted = 3,   // The system says the row is gone (IsDeleted).
  kPartyMerged = 4,  // The system, or a person, says two are one.
  kPartyErased =
      5,  // Somebody asked to be forgotten; nothing that names them can be read any more.
  // About the log itself.
  kHeadAccepted = 10,      // An operator took a log that ends before what was acknowledged.
  kNumberRetired = 11,     // Given before, in a part of the log that was lost: never given again.
  kWishAnswered = 12,      // A wish with an idempotency key that told what was known already.
  kCheckpointSigned = 13,  // What the log signed of itself, now and then.
  kSyncFinished = 14,      // A run over a file has ended; ties its record to the log.
  // Roles and relationships.
  kRelationshipConfirmed = 20,  // Rep and contact know each other, by a person's word (R07).
  kRelationshipDenied = 21,
  // Acts (storage/practice/act.h): what is done besides the facts of one referral.
  kRelationshipClaimed = 22,
  kRoleAsserted = 23,
  kRoleWithdrawn = 24,
  // About a referral as a record, by a reviewer (T20, T21).
  kDuplicateOf = 36,
  kDuplicateCleared = 37,
  kVoided = 38,
  kVoidReverted = 39,
  // The life of a referral (domain.md, section 4).
  kNameReceived = 40,
  kSourceContacted = 41,
  kAcquaintanceConfirmed = 42,
  kAcquaintanceDenied = 43,
  kIntroductionRequested = 44,
  kIntroductionPromised = 45,
  kIntroductionMade = 46,
  kSourceDeclined = 47,
  kOutreachMade = 48,
  kMeetingHeld = 49,
  kContactDeclined = 50,
  kNotAFit = 51,
  kQualified = 52,
  kOpportunityWon = 53,
  kOpportunityLost = 54,
  kOpportunityReopened = 55,
  kOpportunityReversed = 56,
  kInactivityElapsed = 57,
  // More acts. Moments of the customer's purchase:
  kFirstEngagement = 60,
  kCustomerExcited = 61,
  kOrderPlaced = 62,
  kDealLost = 63,
  kAdversitySurvived = 64,
  kReferenceVolunteered = 65,
  kDisasterReported = 66,
  kTasteChanged = 67,
  kComplaintOpened = 68,
  kComplaintClosed = 69,
  // Asking.
  kAskPlanned = 70,
  kAskMade = 71,
  kAskAnswered = 72,
  kSourceSlotClosed = 73,
  kPromptSnoozed = 74,
  kPromptDone = 75,
  kIncentiveOffered = 76,
  // What the source hears back.
  kSourceThanked = 80,
  kOutcomeReported = 81,
  // References.
  kReferenceRequested = 85,
  kReferenceGiven = 86,
  kReferenceRefused = 87,
  kReferenceCalled = 88,
  kReferenceNotCalled = 89,
  // Rewards.
  kRewardPlanSet = 90,
  kRewardProposed = 91,
  kRewardHeld = 92,
  kRewardApproved = 93,
  kRewardFulfilled = 94,
  kRewardClawedBack = 95,
  kRewardVoided = 96,
  // Care and consent.
  kTouchMade = 100,
  kCadenceAssigned = 101,
  kConsentGiven = 102,
  kConsentWithdrawn = 103,
  kSuppressed = 104,
  kSuppressionLifted = 105,
  // Process and accountability.
  kProcessDefined = 110,
  kStepDone = 111,
  kStepSkipped = 112,
  kTargetSet = 113,
  kReviewHeld = 114,
  kQuizTaken = 115,
  kPollTaken = 116,
  kTimeLogged = 117,
  kAttributionRuleSet = 118,
  kReferralHeld = 119,
  kHoldReleased = 120,
};

// "IntroductionMade", ...; "Unknown(99)" for a number of a later version.
std::string EventTypeName(EventType type);
// kUnknown where there is no such name.
EventType ParseEventType(std::string_view name);
// "IntroductionMade" as people say it: "introduction made".
std::string Spoken(EventType type);
// True for the facts about one referral (36 to 59).
bool IsReferralEvent(EventType type);

// How two people were in touch. Stored; never renumber.
enum class Channel : uint8_t {
  kUnknown = 0,
  kInPerson = 1,
  kPhone = 2,
  kVideo = 3,
  kEmail = 4,
  kMessage = 5,
  kPlatformRequest = 6,  // A network's automated request: never a gate, never evidence (R10).
};
std::string_view ChannelName(Channel channel);  // "in_person", ...
Channel ParseChannel(std::string_view name);    // kUnknown where there is no such name.

// What proves an introduction (R07): enough for somebody else to find it again. The artefact itself
// (mail, invitation) stays where it is.
struct Evidence {
  std::string reference;  // Where it is: message id, calendar entry, document. Free text, sealed.
  std::string sha256;     // 64 hexadecimal digits of the artefact, or empty.
  bool contact_expects = false;  // The new contact knows that the rep will call.

  bool empty() const { return reference.empty() && sha256.empty(); }
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

// Never a double: minor units of an ISO 4217 currency.
struct Money {
  int64_t minor_units = 0;
  std::string currency;  // "EUR"; empty: no amount.

  friend bool operator==(const Money&, const Money&) = default;
};

// Three capital letters, as ISO 4217 codes are.
bool IsCurrency(std::string_view text);

// A fact about a referral or a relationship, as somebody wishes to record it and as the log keeps
// it. Which members a type needs is in transition.cc.
struct Fact {
  EventType type = EventType::kUnknown;
  ReferralId referral;  // 0 in a wish: found by source, contact and rep, or opened.
  EntityId source;      // A, who introduces.
  EntityId contact;     // B, who is introduced.
  EntityId rep;
  EntityId opportunity;
  Channel channel = Channel::kUnknown;
  std::string reason;      // Why to meet, or why declined; free text, sealed.
  std::string provenance;  // Where a name came from (ask, list); no personal data.
  Evidence evidence;
  Money amount;
  bool implied = false;  // Follows from `because` at the same instant; never for gates or
  Sequence because;      // introductions. Of a name or an introduction: the ask that it came of.
  bool decision_maker = false;  // MeetingHeld: it was with who decides (M19).
  // From which of the source's five groups (R13), 1 to 5: practice::Slot + 1. 0: nobody said.
  uint8_t source_slot = 0;
  ReferralId survivor;  // DuplicateOf: the one that is kept.
  EntityId reviewer;    // Who judged the record: none of the three, who may gain by it.

  friend bool operator==(const Fact&, const Fact&) = default;
};

// A fact with its place in the log.
struct RecordedFact {
  Sequence sequence;
  Timestamp occurred_at{};
  Timestamp recorded_at{};
  std::string actor;
  Fact fact;

  friend bool operator==(const RecordedFact&, const RecordedFact&) = default;
};

}  // namespace referrald::referral
