#include "storage/referral/fact.h"

#include <algorithm>
#include <array>
#include <utility>

namespace referrald::referral {
namespace {

constexpr std::array kEventTypes = std::to_array<std::pair<EventType, std::string_view>>({
    {EventType::kPartySeen, "PartySeen"},
    {EventType::kOpportunitySeen, "OpportunitySeen"},
    {EventType::kRowDeleted, "RowDeleted"},
    {EventType::kPartyMerged, "PartyMerged"},
    {EventType::kPartyErased, "PartyErased"},
    {EventType::kHeadAccepted, "HeadAccepted"},
    {EventType::kNumberRetired, "NumberRetired"},
    {EventType::kWishAnswered, "WishAnswered"},
    {EventType::kCheckpointSigned, "CheckpointSigned"},
    {EventType::kSyncFinished, "SyncFinished"},
    {EventType::kRelationshipConfirmed, "RelationshipConfirmed"},
    {EventType::kRelationshipDenied, "RelationshipDenied"},
    {EventType::kRelationshipClaimed, "RelationshipClaimed"},
    {EventType::kRoleAsserted, "RoleAsserted"},
    {EventType::kRoleWithdrawn, "RoleWithdrawn"},
    {EventType::kDuplicateOf, "DuplicateOf"},
    {EventType::kDuplicateCleared, "DuplicateCleared"},
    {EventType::kVoided, "Voided"},
    {EventType::kVoidReverted, "VoidReverted"},
    {EventType::kNameReceived, "NameReceived"},
    {EventType::kSourceContacted, "SourceContacted"},
    {EventType::kAcquaintanceConfirmed, "AcquaintanceConfirmed"},
    {EventType::kAcquaintanceDenied, "AcquaintanceDenied"},
    {EventType::kIntroductionRequested, "IntroductionRequested"},
    {EventType::kIntroductionPromised, "IntroductionPromised"},
    {EventType::kIntroductionMade, "IntroductionMade"},
    {EventType::kSourceDeclined, "SourceDeclined"},
    {EventType::kOutreachMade, "OutreachMade"},
    {EventType::kMeetingHeld, "MeetingHeld"},
    {EventType::kContactDeclined, "ContactDeclined"},
    {EventType::kNotAFit, "NotAFit"},
    {EventType::kQualified, "Qualified"},
    {EventType::kOpportunityWon, "OpportunityWon"},
    {EventType::kOpportunityLost, "OpportunityLost"},
    {EventType::kOpportunityReopened, "OpportunityReopened"},
    {EventType::kOpportunityReversed, "OpportunityReversed"},
    {EventType::kInactivityElapsed, "InactivityElapsed"},
    {EventType::kFirstEngagement, "FirstEngagement"},
    {EventType::kCustomerExcited, "CustomerExcited"},
    {EventType::kOrderPlaced, "OrderPlaced"},
    {EventType::kDealLost, "DealLost"},
    {EventType::kAdversitySurvived, "AdversitySurvived"},
    {EventType::kReferenceVolunteered, "ReferenceVolunteered"},
    {EventType::kDisasterReported, "DisasterReported"},
    {EventType::kTasteChanged, "TasteChanged"},
    {EventType::kComplaintOpened, "ComplaintOpened"},
    {EventType::kComplaintClosed, "ComplaintClosed"},
    {EventType::kAskPlanned, "AskPlanned"},
    {EventType::kAskMade, "AskMade"},
    {EventType::kAskAnswered, "AskAnswered"},
    {EventType::kSourceSlotClosed, "SourceSlotClosed"},
    {EventType::kPromptSnoozed, "PromptSnoozed"},
    {EventType::kPromptDone, "PromptDone"},
    {EventType::kIncentiveOffered, "IncentiveOffered"},
    {EventType::kSourceThanked, "SourceThanked"},
    {EventType::kOutcomeReported, "OutcomeReported"},
    {EventType::kReferenceRequested, "ReferenceRequested"},
    {EventType::kReferenceGiven, "ReferenceGiven"},
    {EventType::kReferenceRefused, "ReferenceRefused"},
    {EventType::kReferenceCalled, "ReferenceCalled"},
    {EventType::kReferenceNotCalled, "ReferenceNotCalled"},
    {EventType::kRewardPlanSet, "RewardPlanSet"},
    {EventType::kRewardProposed, "RewardProposed"},
    {EventType::kRewardHeld, "RewardHeld"},
    {EventType::kRewardApproved, "RewardApproved"},
    {EventType::kRewardFulfilled, "RewardFulfilled"},
    {EventType::kRewardClawedBack, "RewardClawedBack"},
    {EventType::kRewardVoided, "RewardVoided"},
    {EventType::kTouchMade, "TouchMade"},
    {EventType::kCadenceAssigned, "CadenceAssigned"},
    {EventType::kConsentGiven, "ConsentGiven"},
    {EventType::kConsentWithdrawn, "ConsentWithdrawn"},
    {EventType::kSuppressed, "Suppressed"},
    {EventType::kSuppressionLifted, "SuppressionLifted"},
    {EventType::kProcessDefined, "ProcessDefined"},
    {EventType::kStepDone, "StepDone"},
    {EventType::kStepSkipped, "StepSkipped"},
    {EventType::kTargetSet, "TargetSet"},
    {EventType::kReviewHeld, "ReviewHeld"},
    {EventType::kQuizTaken, "QuizTaken"},
    {EventType::kPollTaken, "PollTaken"},
    {EventType::kTimeLogged, "TimeLogged"},
    {EventType::kAttributionRuleSet, "AttributionRuleSet"},
    {EventType::kReferralHeld, "ReferralHeld"},
    {EventType::kHoldReleased, "HoldReleased"},
});

constexpr std::array kChannels = std::to_array<std::pair<Channel, std::string_view>>({
    {Channel::kInPerson, "in_person"},
    {Channel::kPhone, "phone"},
    {Channel::kVideo, "video"},
    {Channel::kEmail, "email"},
    {Channel::kMessage, "message"},
    {Channel::kPlatformRequest, "platform_request"},
});

}  // namespace

std::string EventTypeName(EventType type) {
  for (const auto& [known, name] : kEventTypes) {
    if (known == type) return std::string(name);
  }
  return "Unknown(" + std::to_string(std::to_underlying(type)) + ")";
}

EventType ParseEventType(std::string_view name) {
  for (const auto& [type, known] : kEventTypes) {
    if (known == name) return type;
  }
  return EventType::kUnknown;
}

std::string Spoken(EventType type) {
  std::string spoken;
  for (const char letter : EventTypeName(type)) {
    const bool capital = letter >= 'A' && letter <= 'Z';
    if (capital && !spoken.empty()) spoken += ' ';
    spoken += capital ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  return spoken;
}

bool IsReferralEvent(EventType type) {
  const auto number = std::to_underlying(type);
  return number >= 36 && number <= 59;
}

bool IsCurrency(std::string_view text) {
  return text.size() == 3 &&
         std::ranges::all_of(text, [](char letter) { return letter >= 'A' && letter <= 'Z'; });
}

std::string_view ChannelName(Channel channel) {
  for (const auto& [known, name] : kChannels) {
    if (known == channel) return name;
  }
  return "unknown";
}

Channel ParseChannel(std::string_view name) {
  for (const auto& [channel, known] : kChannels) {
    if (known == name) return channel;
  }
  return Channel::kUnknown;
}

}  // namespace referrald::referral
