#include "storage/referral/fact.h"

#include <gtest/gtest.h>

namespace referrald::referral {
namespace {

TEST(EventType, EveryNameReadsBackAsItsNumber) {
  int named = 0;
  for (uint16_t number = 1; number < 200; ++number) {
    const auto type = static_cast<EventType>(number);
    const std::string name = EventTypeName(type);
    if (name.starts_with("Unknown(")) continue;
    ++named;
    EXPECT_EQ(ParseEventType(name), type) << name;
  }
  EXPECT_EQ(named, 85);
}

TEST(EventType, NumbersOfALaterVersionKeepTheirNumber) {
  EXPECT_EQ(EventTypeName(static_cast<EventType>(999)), "Unknown(999)");
  EXPECT_EQ(EventTypeName(EventType::kUnknown), "Unknown(0)");
  EXPECT_EQ(ParseEventType("Unknown(999)"), EventType::kUnknown);
  EXPECT_EQ(ParseEventType(""), EventType::kUnknown);
  EXPECT_EQ(ParseEventType("introductionmade"), EventType::kUnknown);
}

TEST(EventType, StoredNumbersStay) {
  EXPECT_EQ(static_cast<int>(ParseEventType("PartySeen")), 1);
  EXPECT_EQ(static_cast<int>(ParseEventType("RelationshipConfirmed")), 20);
  EXPECT_EQ(static_cast<int>(ParseEventType("NameReceived")), 40);
  EXPECT_EQ(static_cast<int>(ParseEventType("IntroductionMade")), 46);
  EXPECT_EQ(static_cast<int>(ParseEventType("InactivityElapsed")), 57);
}

TEST(EventType, OnlyTheLifeOfAReferralIsAReferralEvent) {
  EXPECT_TRUE(IsReferralEvent(EventType::kNameReceived));
  EXPECT_TRUE(IsReferralEvent(EventType::kInactivityElapsed));
  EXPECT_FALSE(IsReferralEvent(EventType::kRelationshipConfirmed));
  EXPECT_FALSE(IsReferralEvent(EventType::kPartySeen));
  EXPECT_FALSE(IsReferralEvent(EventType::kUnknown));
}

TEST(Channel, EveryNameReadsBack) {
  for (uint8_t number = 1; number <= 6; ++number) {
    const auto channel = static_cast<Channel>(number);
    EXPECT_EQ(ParseChannel(ChannelName(channel)), channel);
  }
  EXPECT_EQ(ChannelName(Channel::kPlatformRequest), "platform_request");
  EXPECT_EQ(ParseChannel("carrier_pigeon"), Channel::kUnknown);
  EXPECT_EQ(ParseChannel("unknown"), Channel::kUnknown);
}

TEST(Evidence, IsEmptyWithoutReferenceAndHash) {
  EXPECT_TRUE((Evidence{.reference = "", .sha256 = "", .contact_expects = true}).empty());
  EXPECT_FALSE((Evidence{.reference = "mail", .sha256 = "", .contact_expects = false}).empty());
}

}  // namespace
}  // namespace referrald::referral
