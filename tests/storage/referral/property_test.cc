// What must hold for every log, whoever wrote it: random facts, most of them nonsense.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "storage/referral/temperature.h"
#include "tests/support/referral_facts.h"
#include "tests/support/seed.h"

namespace referrald::referral {
namespace {

using support::Day;
using Random = std::mt19937_64;

constexpr int kLogs = 10'000;

bool OneIn(Random& random, uint64_t count) { return random() % count == 0; }

EventType RandomType(Random& random) {
  if (OneIn(random, 20)) return static_cast<EventType>(random() % 70);
  constexpr EventType kUsual[] = {
      EventType::kNameReceived,          EventType::kSourceContacted,
      EventType::kAcquaintanceConfirmed, EventType::kIntroductionRequested,
      EventType::kIntroductionMade,      EventType::kIntroductionMade,
      EventType::kMeetingHeld,           EventType::kQualified,
      EventType::kOpportunityWon,        EventType::kOutreachMade,
      EventType::kRelationshipConfirmed, EventType::kAcquaintanceDenied,
  };
  return kUsual[random() % std::size(kUsual)];
}

Fact RandomFact(Random& random) {
  Fact fact = support::CompleteFact(RandomType(random));
  if (OneIn(random, 8)) fact.source = EntityId{random() % 4};
  if (OneIn(random, 8)) fact.contact = EntityId{random() % 4};
  if (OneIn(random, 8)) fact.rep = EntityId{random() % 4};
  if (OneIn(random, 3)) fact.evidence = {};
  if (OneIn(random, 8)) fact.channel = static_cast<Channel>(random() % 7);
  if (OneIn(random, 8)) fact.implied = true;
  if (OneIn(random, 8)) fact.reason = {};
  if (OneIn(random, 8)) fact.because = Sequence{1};
  return fact;
}

std::vector<RecordedFact> RandomLog(Random& random) {
  support::FactLog log;
  const uint64_t length = random() % 10;
  for (uint64_t i = 0; i < length; ++i) {
    const Timestamp occurred_at = Day(static_cast<int>(random() % 8));
    log.Add(RandomFact(random), occurred_at,
            occurred_at + std::chrono::days{static_cast<int>(random() % 20)});
  }
  return log.facts();
}

bool HasIntroductionWithEvidence(const std::vector<RecordedFact>& facts) {
  return std::ranges::any_of(facts, [](const RecordedFact& recorded) {
    const Fact& fact = recorded.fact;
    return fact.type == EventType::kIntroductionMade && !fact.evidence.empty() && !fact.implied &&
           fact.channel != Channel::kPlatformRequest;
  });
}

bool HasConfirmedRelationship(const std::vector<RecordedFact>& facts) {
  return std::ranges::any_of(facts, [](const RecordedFact& recorded) {
    const Fact& fact = recorded.fact;
    return fact.type == EventType::kRelationshipConfirmed && !fact.implied &&
           fact.channel != Channel::kPlatformRequest;
  });
}

Honesty JudgeAll(const Referral& referral, const std::vector<RecordedFact>& facts,
                 size_t claim_count) {
  return TemperatureOf({.referrals = {&referral, 1},
                        .relationships = facts,
                        .claim_count = claim_count,
                        .now = Day(100)});
}

TEST(EveryLog, IsHotOnlyWithEvidenceOrAConfirmedRelationship) {
  Random random(support::TestSeed());
  int hot = 0;
  int cold = 0;
  for (int round = 0; round < kLogs; ++round) {
    SCOPED_TRACE(round);
    const std::vector<RecordedFact> facts = RandomLog(random);
    const Referral referral = Fold(support::kReferral, facts);
    const Honesty honesty = JudgeAll(referral, facts, random() % 3);
    const bool introduced = HasIntroductionWithEvidence(facts);
    const bool known = HasConfirmedRelationship(facts);
    if (!introduced) {
      ASSERT_NE(honesty.kind, ReferralKind::kReferral);
      ASSERT_FALSE(referral.introduction);
    }
    if (!introduced && !known) {
      ASSERT_EQ(honesty.temperature, Temperature::kCold);
    }
    ++(honesty.temperature == Temperature::kHot ? hot : cold);
  }
  EXPECT_GT(hot, kLogs / 50) << "the generator no longer reaches what it tests";
  EXPECT_GT(cold, kLogs / 50);
}

// The basis can be checked by hand: HOT stands on exactly one event of the log, of the right type.
TEST(EveryLog, NamesTheEventThatMadeItHot) {
  Random random(support::TestSeed());
  for (int round = 0; round < kLogs; ++round) {
    SCOPED_TRACE(round);
    const std::vector<RecordedFact> facts = RandomLog(random);
    const Referral referral = Fold(support::kReferral, facts);
    const Honesty honesty = JudgeAll(referral, facts, 0);
    for (const Sequence sequence : honesty.because) {
      ASSERT_EQ(std::ranges::count(facts, sequence, &RecordedFact::sequence), 1);
    }
    if (honesty.temperature == Temperature::kCold) continue;
    ASSERT_EQ(honesty.because.size(), 1U);
    const auto basis = std::ranges::find(facts, honesty.because[0], &RecordedFact::sequence);
    ASSERT_EQ(basis->fact.type, honesty.kind == ReferralKind::kReferral
                                    ? EventType::kIntroductionMade
                                    : EventType::kRelationshipConfirmed);
    if (referral.first_outreach) {
      ASSERT_LE(basis->occurred_at, referral.first_outreach_at);
    }
  }
}

TEST(EveryLog, FoldsToTheSameInAnyOrder) {
  Random random(support::TestSeed());
  for (int round = 0; round < kLogs; ++round) {
    std::vector<RecordedFact> facts = RandomLog(random);
    const Referral expected = Fold(support::kReferral, facts);
    const Honesty honesty = JudgeAll(expected, facts, 0);
    std::ranges::shuffle(facts, random);
    ASSERT_EQ(Fold(support::kReferral, facts), expected) << "round " << round;
    ASSERT_EQ(Explain(JudgeAll(expected, facts, 0)), Explain(honesty)) << "round " << round;
  }
}

TEST(EveryLog, LosesNoFact) {
  Random random(support::TestSeed());
  for (int round = 0; round < kLogs; ++round) {
    const std::vector<RecordedFact> facts = RandomLog(random);
    const Referral referral = Fold(support::kReferral, facts);
    std::set<Sequence> seen;
    for (const Step& step : referral.steps) ASSERT_TRUE(seen.insert(step.sequence).second);
    for (const Unapplied& fact : referral.unapplied) {
      ASSERT_TRUE(seen.insert(fact.sequence).second);
      ASSERT_FALSE(fact.reason.empty());
    }
    for (const Sequence judgement : referral.taken_back) {
      ASSERT_TRUE(seen.insert(judgement).second);
    }
    for (const RecordedFact& recorded : facts) {
      if (recorded.fact.type == EventType::kOutreachMade) seen.insert(recorded.sequence);
    }
    ASSERT_EQ(seen.size(), facts.size()) << "round " << round;
    const State last = referral.steps.empty() ? State::kNone : referral.steps.back().state;
    ASSERT_EQ(referral.state, last);
  }
}

// A log that grew by accepted wishes alone holds nothing dishonest, and nothing unapplied but what
// a late wish displaced.
TEST(EveryLog, GrowsByWishesThatTakeEffect) {
  Random random(support::TestSeed());
  int accepted = 0;
  for (int round = 0; round < kLogs / 5; ++round) {
    support::FactLog log;
    for (int wish = 0; wish < 12; ++wish) {
      const Fact fact = RandomFact(random);
      if (!IsReferralEvent(fact.type)) continue;
      const Timestamp occurred_at = Day(static_cast<int>(random() % 8));
      const Status decided = Decide(log.facts(), fact, occurred_at, {.now = Day(20)});
      if (!decided.ok()) {
        ASSERT_NE(decided.number(), 0) << decided.message();
        continue;
      }
      ++accepted;
      const Sequence sequence = log.Add(fact, occurred_at, Day(20));
      const Referral referral = log.Folded();
      ASSERT_EQ(std::ranges::count(referral.unapplied, sequence, &Unapplied::sequence), 0)
          << "round " << round;
    }
  }
  EXPECT_GT(accepted, kLogs / 10);
}

}  // namespace
}  // namespace referrald::referral
