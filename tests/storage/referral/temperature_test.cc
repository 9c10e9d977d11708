#include "storage/referral/temperature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/referral_facts.h"

namespace referrald::referral {
namespace {

using support::CompleteFact;
using support::Day;
using support::FactLog;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using enum EventType;

Honesty Judge(const std::vector<Referral>& referrals,
              const std::vector<RecordedFact>& relationships = {}, size_t claim_count = 0) {
  return TemperatureOf({.referrals = referrals,
                        .relationships = relationships,
                        .claim_count = claim_count,
                        .now = Day(100)});
}

void ExpectHonesty(const Honesty& honesty, Temperature temperature, ReferralKind kind,
                   std::string_view basis) {
  EXPECT_EQ(TemperatureName(honesty.temperature), TemperatureName(temperature));
  EXPECT_EQ(ReferralKindName(honesty.kind), ReferralKindName(kind));
  EXPECT_EQ(honesty.basis, basis);
}

TEST(Temperature, ThereAreTwo) {
  EXPECT_EQ(ParseTemperature("COLD").value(), Temperature::kCold);
  EXPECT_EQ(ParseTemperature("HOT").value(), Temperature::kHot);
  EXPECT_EQ(TemperatureName(Temperature::kCold), "COLD");
  EXPECT_EQ(TemperatureName(Temperature::kHot), "HOT");
}

TEST(Temperature, WarmIsRefusedWithAnExplanation) {
  for (const std::string_view name : {"WARM", "warm", "Warm"}) {
    const Result<Temperature> warm = ParseTemperature(name);
    ASSERT_FALSE(warm);
    EXPECT_EQ(warm.error().code(), Code::kInvalidArgument);
    EXPECT_EQ(warm.error().number(), 3010);
    EXPECT_THAT(warm.error().message(), HasSubstr("introduced"));
  }
  for (const std::string_view name : {"", "SMART", "hot", "LUKEWARM"}) {
    ASSERT_FALSE(ParseTemperature(name)) << name;
    EXPECT_EQ(ParseTemperature(name).error().number(), 3010);
  }
}

TEST(TemperatureOf, NothingKnownIsColdAndListed) {
  const Honesty honesty = Judge({});
  ExpectHonesty(honesty, Temperature::kCold, ReferralKind::kListed, "NO_CONTACT");
  EXPECT_THAT(honesty.because, IsEmpty());
}

TEST(TemperatureOf, AClaimMakesALeadAtMost) {
  ExpectHonesty(Judge({}, {}, 5), Temperature::kCold, ReferralKind::kLead, "CLAIM_ONLY");
}

TEST(TemperatureOf, ANameIsCold) {
  FactLog log;
  const Sequence named = log.Add(kNameReceived, Day(1));
  log.Add(kSourceContacted, Day(2));
  const Honesty honesty = Judge({log.Folded()}, {}, 1);
  ExpectHonesty(honesty, Temperature::kCold, ReferralKind::kLead, "NAME_ONLY");
  EXPECT_THAT(honesty.because, ElementsAre(named));
}

TEST(TemperatureOf, APromiseIsStillCold) {
  FactLog log;
  int day = 0;
  for (const EventType event : {kNameReceived, kSourceContacted, kAcquaintanceConfirmed,
                                kIntroductionRequested, kIntroductionPromised}) {
    log.Add(event, Day(++day));
    EXPECT_EQ(Judge({log.Folded()}).temperature, Temperature::kCold) << EventTypeName(event);
  }
}

TEST(TemperatureOf, AnIntroductionIsHotAndNamesItsEvent) {
  FactLog log;
  log.Add(kNameReceived, Day(1));
  const Sequence introduction = log.Add(kIntroductionMade, Day(2));
  log.Add(kOutreachMade, Day(3));
  const Honesty honesty = Judge({log.Folded()});
  ExpectHonesty(honesty, Temperature::kHot, ReferralKind::kReferral, "INTRODUCTION");
  EXPECT_THAT(honesty.because, ElementsAre(introduction));
}

TEST(TemperatureOf, TheFirstIntroductionIsTheBasis) {
  FactLog first;
  first.Add(kOpportunityLost, Day(1));  // Moves the sequence on.
  const Sequence introduction = first.Add(kIntroductionMade, Day(1));
  FactLog second;
  second.Add(kIntroductionMade, Day(2));
  EXPECT_THAT(Judge({second.Folded(), first.Folded()}).because, ElementsAre(introduction));
}

TEST(TemperatureOf, AnIntroductionAfterTheFirstCallStaysCold) {
  FactLog log;
  const Sequence outreach = log.Add(kOutreachMade, Day(2));
  const Sequence introduction = log.Add(kIntroductionMade, Day(3));
  const Honesty honesty = Judge({log.Folded()});
  ExpectHonesty(honesty, Temperature::kCold, ReferralKind::kLead, "AFTER_OUTREACH");
  EXPECT_THAT(honesty.because, ElementsAre(outreach, introduction));
}

TEST(TemperatureOf, ACallWithoutASourceCountsForEveryReferral) {
  FactLog call;
  Fact outreach = CompleteFact(kOutreachMade);
  outreach.source = {};
  call.Add(outreach, Day(1));
  FactLog introduced;
  introduced.Add(kIntroductionMade, Day(2));
  EXPECT_EQ(Judge({introduced.Folded()}).temperature, Temperature::kHot);
  EXPECT_EQ(Judge({introduced.Folded(), call.Folded()}).basis, "AFTER_OUTREACH");
  ExpectHonesty(Judge({call.Folded()}), Temperature::kCold, ReferralKind::kListed, "NO_CONTACT");
}

TEST(TemperatureOf, WhomTheRepKnowsIsHot) {
  FactLog words;
  const Sequence confirmed = words.Add(kRelationshipConfirmed, Day(1));
  const Honesty honesty = Judge({}, words.facts());
  ExpectHonesty(honesty, Temperature::kHot, ReferralKind::kKnown, "ALREADY_KNOWN");
  EXPECT_THAT(honesty.because, ElementsAre(confirmed));
}

TEST(TemperatureOf, AnAcquaintanceRememberedAfterTheCallIsNone) {
  FactLog call;
  const Sequence outreach = call.Add(kOutreachMade, Day(5));
  FactLog words;
  words.Add(kOutreachMade, Day(5));  // Moves the sequence on.
  const Sequence confirmed = words.Add(CompleteFact(kRelationshipConfirmed), Day(1), Day(6));
  const Honesty honesty = Judge({call.Folded()}, words.facts());
  ExpectHonesty(honesty, Temperature::kCold, ReferralKind::kListed, "AFTER_OUTREACH");
  EXPECT_THAT(honesty.because, ElementsAre(outreach, confirmed));
}

TEST(TemperatureOf, TheNewestWordOnAnAcquaintanceCounts) {
  FactLog words;
  words.Add(kRelationshipConfirmed, Day(1));
  words.Add(kRelationshipDenied, Day(2));
  EXPECT_EQ(Judge({}, words.facts()).temperature, Temperature::kCold);
  words.Add(kRelationshipConfirmed, Day(3));
  EXPECT_EQ(Judge({}, words.facts()).temperature, Temperature::kHot);
}

TEST(TemperatureOf, AConnectionOnANetworkIsNoAcquaintance) {
  FactLog words;
  Fact fact = CompleteFact(kRelationshipConfirmed);
  fact.channel = Channel::kPlatformRequest;
  words.Add(fact, Day(1));
  EXPECT_EQ(Judge({}, words.facts()).temperature, Temperature::kCold);
  fact = CompleteFact(kRelationshipConfirmed);
  fact.implied = true;
  FactLog implied;
  implied.Add(fact, Day(1));
  EXPECT_EQ(Judge({}, implied.facts()).temperature, Temperature::kCold);
}

TEST(TemperatureOf, WhoIsMetByAnIntroductionIsAReferralAndNotKnown) {
  FactLog log;
  log.Add(kIntroductionMade, Day(1));
  FactLog words;
  words.Add(kRelationshipConfirmed, Day(2));
  EXPECT_EQ(Judge({log.Folded()}, words.facts()).basis, "INTRODUCTION");
  FactLog before;
  before.Add(kRelationshipConfirmed, Day(0));
  EXPECT_EQ(Judge({log.Folded()}, before.facts()).basis, "ALREADY_KNOWN");
}

TEST(TemperatureOf, ADeniedAcquaintanceUndoesTheIntroduction) {
  FactLog log;
  const Sequence introduction = log.Add(kIntroductionMade, Day(1));
  const Sequence denial = log.Add(kAcquaintanceDenied, Day(2));
  const Honesty honesty = Judge({log.Folded()}, {log.facts()[1]});
  ExpectHonesty(honesty, Temperature::kCold, ReferralKind::kLead, "DENIED");
  EXPECT_THAT(honesty.because, ElementsAre(denial, introduction));
}

TEST(TemperatureOf, ADenialAboutAnotherSourceDoesNot) {
  FactLog log;
  log.Add(kIntroductionMade, Day(1));
  Fact denial = CompleteFact(kAcquaintanceDenied);
  denial.source = EntityId{77};
  FactLog words;
  words.Add(denial, Day(2));
  EXPECT_EQ(Judge({log.Folded()}, words.facts()).temperature, Temperature::kHot);
}

TEST(TemperatureOf, AConfirmationAfterTheDenialRestoresIt) {
  FactLog other;
  other.Add(kAcquaintanceDenied, Day(1));
  FactLog log;
  log.Add(kNameReceived, Day(2));
  log.Add(kSourceContacted, Day(3));
  log.Add(kAcquaintanceConfirmed, Day(4));
  log.Add(kIntroductionMade, Day(5));
  EXPECT_EQ(Judge({log.Folded()}, other.facts()).temperature, Temperature::kHot);
}

TEST(TemperatureOf, NotAcquaintedIsALeadThatWasDenied) {
  FactLog log;
  log.Add(kNameReceived, Day(1));
  log.Add(kSourceContacted, Day(2));
  const Sequence denial = log.Add(kAcquaintanceDenied, Day(3));
  const Honesty honesty = Judge({log.Folded()});
  ExpectHonesty(honesty, Temperature::kCold, ReferralKind::kLead, "DENIED");
  EXPECT_THAT(honesty.because, ElementsAre(denial));
}

TEST(TemperatureOf, WhatHappensLaterIsNotKnownYet) {
  FactLog log;
  log.Add(kIntroductionMade, Day(50));
  const std::vector<Referral> referrals{log.Folded()};
  const auto at = [&](Timestamp now) {
    return TemperatureOf(
        {.referrals = referrals, .relationships = {}, .claim_count = 0, .now = now});
  };
  EXPECT_EQ(at(Day(49)).basis, "NO_CONTACT");
  EXPECT_EQ(at(Day(50)).basis, "INTRODUCTION");
  EXPECT_EQ(at(Timestamp{}).basis, "INTRODUCTION") << "without a now everything is known";
}

TEST(Explain, IsOneSentenceWithItsEvents) {
  const auto explain = [](Temperature temperature, std::string_view basis,
                          std::vector<Sequence> because) {
    return Explain({.temperature = temperature,
                    .kind = ReferralKind::kLead,
                    .basis = basis,
                    .because = std::move(because)});
  };
  EXPECT_EQ(explain(Temperature::kHot, "INTRODUCTION", {Sequence{12}}),
            "HOT because somebody introduced them (e_12)");
  EXPECT_EQ(explain(Temperature::kHot, "ALREADY_KNOWN", {Sequence{7}}),
            "HOT because the rep already knew them (e_7)");
  EXPECT_EQ(explain(Temperature::kCold, "NAME_ONLY", {Sequence{3}}),
            "COLD because somebody named them, but nobody introduced them (e_3)");
  EXPECT_EQ(explain(Temperature::kCold, "CLAIM_ONLY", {}),
            "COLD because a CRM claims a referral, but nobody introduced them");
  EXPECT_EQ(explain(Temperature::kCold, "DENIED", {Sequence{4}, Sequence{9}}),
            "COLD because source and contact do not know each other (e_4, e_9)");
  EXPECT_EQ(explain(Temperature::kCold, "AFTER_OUTREACH", {Sequence{4}, Sequence{9}}),
            "COLD because the first outreach came before what would make it HOT (e_4, e_9)");
  EXPECT_EQ(explain(Temperature::kCold, "NO_CONTACT", {}),
            "COLD because nobody named or introduced them");
}

}  // namespace
}  // namespace referrald::referral
