#include "storage/practice/act.h"

#include <gtest/gtest.h>

#include <set>

#include "storage/base/limits.h"
#include "tests/support/practice_acts.h"

namespace referrald::practice {
namespace {

using support::ActDay;
using support::CompleteAct;

int NumberOf(const Act& act) { return CheckAct(act, ActDay(1), ActDay(2)).number(); }

TEST(ActTable, NamesEveryTypeOnceAndNoFactOfAReferral) {
  std::set<EventType> seen;
  for (const ActRule& rule : ActTable()) {
    EXPECT_TRUE(seen.insert(rule.type).second) << EventTypeName(rule.type);
    EXPECT_FALSE(EventTypeName(rule.type).starts_with("Unknown"));
    EXPECT_FALSE(referral::IsReferralEvent(rule.type)) << EventTypeName(rule.type);
    EXPECT_FALSE(rule.says.empty());
    EXPECT_EQ(rule.needs & rule.takes, 0u) << EventTypeName(rule.type);
  }
  EXPECT_EQ(FindActRule(EventType::kIntroductionMade), nullptr);
}

TEST(ActTable, HasAWordForEveryCode) {
  for (const ActRule& rule : ActTable()) {
    for (uint32_t code = 1; code <= rule.code_max; ++code) {
      const std::string_view name = CodeName(rule.type, code);
      EXPECT_FALSE(name.empty() || name == "unknown") << EventTypeName(rule.type) << " " << code;
      EXPECT_EQ(ParseCode(rule.type, name), code) << name;
    }
    EXPECT_EQ(ParseCode(rule.type, "nonsense"), 0u);
  }
}

TEST(CheckAct, AcceptsWhatHasEverythingItNeeds) {
  for (const ActRule& rule : ActTable()) {
    EXPECT_TRUE(CheckAct(CompleteAct(rule.type), ActDay(1), ActDay(2)).ok())
        << EventTypeName(rule.type);
  }
}

TEST(CheckAct, SaysWhichMemberIsMissing) {
  Act act = CompleteAct(EventType::kAskMade);
  act.rep = {};
  const Status status = CheckAct(act, ActDay(1), ActDay(2));
  EXPECT_EQ(status.number(), 3001);
  EXPECT_NE(status.message().find("AskMade needs rep"), std::string::npos) << status.message();
}

TEST(CheckAct, RefusesAMemberThatTheTypeDoesNotTake) {
  Act act = CompleteAct(EventType::kTouchMade);
  act.amount = {.minor_units = 1, .currency = "EUR"};
  EXPECT_EQ(NumberOf(act), 3011);
}

TEST(CheckAct, RefusesWhatIsMalformed) {
  Act act = CompleteAct(EventType::kAskMade);
  act.code = 9;
  EXPECT_EQ(NumberOf(act), 3011);
  act = CompleteAct(EventType::kCadenceAssigned);
  act.name = "Anna's plan";  // A space, and a person.
  EXPECT_EQ(NumberOf(act), 3011);
  act = CompleteAct(EventType::kAskAnswered);
  act.numbers = {-1};
  EXPECT_EQ(NumberOf(act), 3011);
  act.numbers = {1};
  act.until = Timestamp{} - std::chrono::days(1);
  EXPECT_EQ(NumberOf(act), 3011);
  act = CompleteAct(EventType::kTouchMade);
  act.numbers = {INT64_MIN};
  EXPECT_EQ(NumberOf(act), 3011);
  act = CompleteAct(EventType::kSuppressed);
  act.text = std::string(limits::kFreeTextBytesMax + 1, 'x');
  EXPECT_EQ(NumberOf(act), 3011);
  act = CompleteAct(EventType::kRewardClawedBack);
  act.amount.minor_units = 100;
  EXPECT_EQ(NumberOf(act), 3011);
}

TEST(CheckAct, RefusesANetworksRequestTheFutureAndWhatIsNoAct) {
  Act act = CompleteAct(EventType::kAskMade);
  act.channel = referral::Channel::kPlatformRequest;
  EXPECT_EQ(NumberOf(act), 3005);
  EXPECT_EQ(CheckAct(CompleteAct(EventType::kOrderPlaced), ActDay(3), ActDay(2)).number(), 3007);
  EXPECT_EQ(CheckAct(CompleteAct(EventType::kOrderPlaced), {}, ActDay(2)).number(), 3001);
  act.type = EventType::kIntroductionMade;
  EXPECT_EQ(NumberOf(act), 3009);
}

}  // namespace
}  // namespace referrald::practice
