#include "storage/referral/fact.h"

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

bool IsReferralEvent(EventType type) {
  const auto number = std::to_underlying(type);
  return number >= 40 && number <= 59;
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
