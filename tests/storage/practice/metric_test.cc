#include "storage/practice/metric.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "tests/support/practice_acts.h"
#include "tests/support/seed.h"

namespace referrald::practice {
namespace {

using referral::Referral;
using referral::State;
using support::ActDay;
using support::ActLog;
using support::CompleteAct;
using support::kAnna;
using support::kBen;
using support::kRep;

class MetricTest : public testing::Test {
 protected:
  MetricTest() {
    scope_.now = ActDay(1000);
    scope_.count_min = 1;
  }

  // A referral that took these steps, a day each, from `day` on.
  Referral Took(std::vector<State> states, int day = 1) {
    Referral referral;
    referral.id = ReferralId{++last_};
    referral.source = EntityId{1000 + last_};
    referral.contact = EntityId{2000 + last_};
    referral.rep = kRep;
    for (const State state : states) {
      const Sequence sequence{last_ * 100 + referral.steps.size() + 1};
      referral.steps.push_back({state, sequence, ActDay(day), false});
      if (state == State::kIntroduced) {
        referral.introduction = sequence;
        referral.introduced_at = ActDay(day);
      }
      ++day;
    }
    referral.state = referral.steps.back().state;
    if (referral.state == State::kWon) referral.amount = {.minor_units = 500, .currency = "EUR"};
    return referral;
  }
  Figure Find(MetricBuilder builder, std::string_view metric, std::string_view part = "") {
    for (const Figure& figure : builder.Take()) {
      if (figure.metric == metric && figure.part == part) return figure;
    }
    ADD_FAILURE() << "no figure " << metric << " " << part;
    return {};
  }
  Figure OfReferrals(std::string_view metric, std::string_view part = "") {
    MetricBuilder builder(scope_);
    for (const Referral& referral : referrals_) builder.Add(referral);
    return Find(std::move(builder), metric, part);
  }
  Figure OfCustomer(std::string_view metric, std::string_view part = "") {
    MetricBuilder builder(scope_);
    builder.Add(FoldCustomer(kAnna, {.acts = log_.acts(), .referrals = {}}));
    return Find(std::move(builder), metric, part);
  }
  static void ExpectRatio(const Figure& figure, int64_t numerator, int64_t denominator) {
    EXPECT_EQ(figure.numerator, numerator) << figure.metric << " " << figure.part;
    EXPECT_EQ(figure.denominator, denominator) << figure.metric << " " << figure.part;
  }
  Sequence Asks(AskKind kind, int day, Slots slots = 0, Sequence occasion = {}) {
    Act act = CompleteAct(EventType::kAskMade);
    act.code = static_cast<uint32_t>(kind);
    act.slots = slots;
    act.about = occasion;
    return log_.Add(act, day);
  }

  MetricScope scope_;
  std::vector<Referral> referrals_;
  ActLog log_;
  uint64_t last_ = 0;
};

TEST(Wilson, AgreesWithPublishedValues) {
  EXPECT_EQ(WilsonInterval(5, 10), (Interval{236, 764}));
  EXPECT_EQ(WilsonInterval(0, 10), (Interval{0, 278}));
  EXPECT_EQ(WilsonInterval(10, 10), (Interval{722, 1000}));
  EXPECT_EQ(WilsonInterval(1, 1), (Interval{206, 1000}));
  EXPECT_EQ(WilsonInterval(0, 0), (Interval{0, 1000}));
}

TEST(MetricTable, HasEveryMetricOnce) {
  std::set<std::string_view> ids;
  for (const Metric& metric : MetricTable()) EXPECT_TRUE(ids.insert(metric.id).second);
  EXPECT_EQ(ids.size(), 33u);  // M13 has two denominators, each a metric of its own.
  EXPECT_EQ(FindMetric("M13"), nullptr);
}

TEST_F(MetricTest, CoverageCountsCustomersAndSlots) {
  log_.Add(EventType::kOrderPlaced, 1);
  ExpectRatio(OfCustomer("M01"), 0, 1);
  Asks(AskKind::kFull, 2, In(Slot::kSupplier) | In(Slot::kNeighbour));
  ExpectRatio(OfCustomer("M01"), 1, 1);
  ExpectRatio(OfCustomer("M02"), 2, 5);
  ExpectRatio(OfCustomer("M02", "supplier"), 1, 1);
  ExpectRatio(OfCustomer("M02", "customer"), 0, 1);
  ExpectRatio(OfCustomer("M02", "all five"), 0, 1);
  ExpectRatio(OfCustomer("M03", "supplier"), 0, 1);
}

TEST_F(MetricTest, PrimesAndOrdersAreAskedInTimeOrNot) {
  log_.Add(EventType::kFirstEngagement, 1);
  Asks(AskKind::kPrime, 5);
  const Sequence order = log_.Add(EventType::kOrderPlaced, 20);
  Asks(AskKind::kFull, 23, 0, order);
  log_.Add(EventType::kOrderPlaced, 100);
  ExpectRatio(OfCustomer("M04"), 1, 1);
  ExpectRatio(OfCustomer("M05", "asked in time"), 1, 2);
  ExpectRatio(OfCustomer("M05", "never asked"), 1, 2);
  EXPECT_EQ(OfCustomer("M05").value, 3000);  // Three days.
  ExpectRatio(OfCustomer("M06"), 1, 2);
}

TEST_F(MetricTest, NamesAndIntroductionsAreNotTheSame) {
  referrals_ = {Took({State::kNamed}),
                Took({State::kNamed, State::kSourceEngaged, State::kVerified, State::kRequested,
                      State::kIntroduced}),
                Took({State::kNamed, State::kIntroduced}),
                Took({State::kNamed, State::kSourceEngaged, State::kNotAcquainted})};
  ExpectRatio(OfReferrals("M07"), 2, 4);
  ExpectRatio(OfReferrals("M08"), 1, 1);
  ExpectRatio(OfReferrals("M08", "skipped VERIFIED"), 1, 2);
  ExpectRatio(OfReferrals("M09"), 1, 2);
  referrals_[1].rescued_by_introduction = true;
  ExpectRatio(OfReferrals("M07"), 1, 4);
  referrals_[2].late_evidence = true;
  EXPECT_EQ(OfReferrals("M07").excluded, 1);
  ExpectRatio(OfReferrals("M07"), 0, 3);
}

TEST_F(MetricTest, BothConversionsHaveTheirOwnDenominator) {
  const std::vector<State> met = {State::kIntroduced, State::kMet, State::kQualified};
  std::vector<State> won = met, lost = met;
  won.push_back(State::kWon);
  lost.push_back(State::kLost);
  referrals_ = {Took(won), Took(lost), Took({State::kIntroduced}), Took({State::kIntroduced}, 990)};
  ExpectRatio(OfReferrals("M12"), 2, 4);
  ExpectRatio(OfReferrals("M13a"), 1, 3);  // The newest has not had its time.
  ExpectRatio(OfReferrals("M13b", "referral"), 1, 2);
  EXPECT_EQ(OfReferrals("M14", "referral").value, 3000);
  EXPECT_EQ(OfReferrals("M15", "EUR referral").value, 500);
}

TEST_F(MetricTest, AShareOfReferralsAloneIsNotSaid) {
  Referral won = Took({State::kIntroduced, State::kMet, State::kQualified, State::kWon});
  won.opportunity = EntityId{77};
  MetricBuilder alone(scope_);
  alone.Add(won);
  for (const Figure& figure : alone.Take()) EXPECT_NE(figure.metric, "M18");
  MetricBuilder both(scope_);
  both.Add(won);
  both.Add(OtherDeal{.outcome = referral::DealOutcome::kWon,
                     .amount = {.minor_units = 300, .currency = "EUR"},
                     .decided_at = ActDay(5)});
  ExpectRatio(Find(std::move(both), "M18"), 1, 2);
}

TEST_F(MetricTest, TheDealSizeRatioIsOfMedians) {
  MetricBuilder builder(scope_);
  for (int deal = 0; deal < 2; ++deal) {
    Referral won = Took({State::kIntroduced, State::kMet, State::kQualified, State::kWon});
    won.opportunity = EntityId{static_cast<uint64_t>(70 + deal)};
    won.amount.minor_units = 500 + deal * 200;  // 600 between the two.
    builder.Add(won);
  }
  for (const int64_t amount : {300, 400, 900}) {
    builder.Add(OtherDeal{.outcome = referral::DealOutcome::kWon,
                          .amount = {.minor_units = amount, .currency = "EUR"},
                          .decided_at = ActDay(5)});
  }
  const Figure ratio = Find(std::move(builder), "M15", "EUR referral / other");
  EXPECT_EQ(ratio.numerator, 600);
  EXPECT_EQ(ratio.denominator, 400);
  EXPECT_EQ(ratio.value, 1500);
  EXPECT_FALSE(ratio.interval);
}

TEST_F(MetricTest, CostsAreOfSalesAndOfFailures) {
  const Referral won = Took({State::kIntroduced, State::kMet, State::kQualified, State::kWon});
  const Referral lost = Took({State::kIntroduced, State::kNotAFit});
  scope_.count_min = 1;
  MetricBuilder builder(scope_);
  builder.AddMinutes(won.id, 30);
  builder.AddMinutes(lost.id, 12);
  builder.Add(won);
  builder.Add(lost);
  builder.Add(Reward{.plan = "spring",
                     .amount = {.minor_units = 500, .currency = "EUR"},
                     .state = RewardState::kFulfilled,
                     .clawed_back = 100});
  builder.Add(Reward{.plan = "spring",
                     .amount = {.minor_units = 500, .currency = "EUR"},
                     .state = RewardState::kEarned});  // Not given yet.
  std::map<std::string, Figure> figures;
  for (const Figure& figure : builder.Take()) {
    figures[std::string(figure.metric) + " " + figure.part] = figure;
  }
  EXPECT_EQ(figures["M16 minutes referral"].value, 42);  // What failed was paid for, too.
  EXPECT_EQ(figures["M16 EUR rewards"].value, 400);
  EXPECT_EQ(figures["M16 EUR rewards"].unit, Unit::kMoney);
  EXPECT_EQ(figures["M17 "].value, 12);
  EXPECT_EQ(figures["M17 "].unit, Unit::kMinutes);
}

TEST_F(MetricTest, TheFirstMeetingIsWithWhoDecidesOrNot) {
  referrals_ = {Took({State::kIntroduced, State::kMet}), Took({State::kIntroduced, State::kMet})};
  referrals_[0].met_decision_maker = true;
  ExpectRatio(OfReferrals("M19"), 1, 2);
}

TEST_F(MetricTest, ChainsHaveDepthAndValue) {
  scope_.count_min = 1;
  referrals_ = {Took({State::kIntroduced}),
                Took({State::kIntroduced, State::kMet, State::kQualified, State::kWon}),
                Took({State::kIntroduced, State::kMet, State::kQualified, State::kWon})};
  referrals_[1].source = referrals_[0].contact;
  ExpectRatio(OfReferrals("M20", "depth 1"), 2, 3);
  ExpectRatio(OfReferrals("M20", "depth 2"), 1, 3);
  EXPECT_EQ(OfReferrals("M23", "EUR").denominator, 2);  // Two chains in which something was won.
  EXPECT_EQ(OfReferrals("M23", "EUR").value, 500);
}

TEST_F(MetricTest, FalseAcquaintancesAreToldByNetworkToo) {
  const Referral denied = Took({State::kNamed, State::kSourceEngaged, State::kNotAcquainted});
  const Referral confirmed = Took({State::kNamed, State::kSourceEngaged, State::kVerified});
  MetricBuilder builder(scope_);
  builder.AddClaim(denied.contact, denied.source, "network-a");  // In either direction.
  builder.Add(denied);
  builder.Add(confirmed);
  MetricBuilder copy = builder;
  ExpectRatio(Find(std::move(builder), "M09"), 1, 2);
  ExpectRatio(Find(std::move(copy), "M09", "claimed by network-a"), 1, 1);
}

TEST_F(MetricTest, ColdDealsTakeTheirTimeFromTheFirstOutreach) {
  scope_.count_min = 1;
  Referral cold = Took({State::kNamed, State::kMet, State::kQualified, State::kWon}, 10);
  cold.first_outreach = Sequence{1};
  cold.first_outreach_at = ActDay(3);
  referrals_ = {cold};
  EXPECT_EQ(OfReferrals("M14", "cold").value, 10'000);  // Won on day 13.
}

TEST_F(MetricTest, WhoIsNoFitIsRecycledWhereAsked) {
  referrals_ = {Took({State::kIntroduced, State::kNotAFit}),
                Took({State::kIntroduced, State::kNotAFit})};
  Customer asked;
  asked.party = referrals_[0].contact;
  Ask& ask = asked.asks.emplace_back();
  ask.at = ActDay(3);
  ask.kind = AskKind::kNotAFit;
  ask.rep = kRep;
  MetricBuilder builder(scope_);
  builder.Add(asked);
  for (const Referral& referral : referrals_) builder.Add(referral);
  MetricBuilder copy = builder;
  ExpectRatio(Find(std::move(builder), "M22"), 0, 2);
  ExpectRatio(Find(std::move(copy), "M22", "of those asked"), 0, 1);
}

TEST_F(MetricTest, WeeklyIntroductionsVary) {
  scope_.count_min = 1;
  scope_.now = ActDay(22);
  for (const int day : {1, 8, 15, 22}) referrals_.push_back(Took({State::kIntroduced}, day));
  EXPECT_EQ(OfReferrals("M28", "variation of weekly introductions").value, 0);  // One each week.
  for (int i = 0; i < 4; ++i) referrals_.push_back(Took({State::kIntroduced}, 1));
  EXPECT_GT(*OfReferrals("M28", "variation of weekly introductions").value, 500);
}

TEST_F(MetricTest, TheFirmIsMeasuredToo) {
  scope_.count_min = 1;
  FirmRecord firm;
  firm.quiz = {.leaders = 1, .reps = 1, .respondents = 2, .score = 750};
  firm.poll = {1000, 2000, 3000, 4000, 5000};
  firm.polls = 2;
  firm.targets = {{.metric = "M07", .owner = kRep, .on_time = true}};
  firm.process_in_order = 6;
  firm.process_owed = 8;
  const auto find = [&](std::string_view metric, std::string_view part = "") {
    MetricBuilder builder(scope_);
    builder.Add(firm);
    return Find(std::move(builder), metric, part);
  };
  ExpectRatio(find("M27"), 6, 8);
  ExpectRatio(find("M29"), 21, 28);
  ExpectRatio(find("M30"), 1, static_cast<int64_t>(MetricTable().size()));
  EXPECT_EQ(find("M32", PollActivities()[1]).value, 2000);
}

TEST_F(MetricTest, ATeamAndASegmentAreOnlyTheirs) {
  referrals_ = {Took({State::kNamed, State::kIntroduced}), Took({State::kNamed})};
  scope_.team = std::set<EntityId>{kRep};
  ExpectRatio(OfReferrals("M07"), 1, 2);
  scope_.team = std::set<EntityId>{kAnna};
  MetricBuilder nobody(scope_);
  FirmRecord firm;
  firm.process_owed = 8;
  nobody.Add(firm);  // Nobody's alone.
  nobody.Add(
      Reward{.amount = {.minor_units = 5, .currency = "EUR"}, .state = RewardState::kFulfilled});
  for (const Referral& referral : referrals_) nobody.Add(referral);
  EXPECT_TRUE(nobody.Take().empty());
  scope_.team.reset();
  scope_.segment = "bakers";
  MetricBuilder bakers(scope_);
  Customer baker;
  baker.party = referrals_[0].source;
  baker.group = "bakers";
  bakers.Add(baker);
  for (const Referral& referral : referrals_) bakers.Add(referral);
  ExpectRatio(Find(std::move(bakers), "M07"), 1, 1);
}

TEST_F(MetricTest, OneCallMeetingsLeaveOutWhatIsImplied) {
  referrals_ = {Took({State::kIntroduced, State::kMet}), Took({State::kIntroduced, State::kMet}),
                Took({State::kIntroduced, State::kMet})};
  referrals_[0].outreaches = 1;
  referrals_[1].outreaches = 3;
  referrals_[2].outreaches = 1;
  referrals_[2].steps[1].implied = true;
  ExpectRatio(OfReferrals("M10"), 1, 2);
  EXPECT_EQ(OfReferrals("M11", "hot").denominator, 2);
}

TEST_F(MetricTest, ChainsReproduce) {
  referrals_ = {Took({State::kIntroduced}, 1), Took({State::kIntroduced}, 10),
                Took({State::kIntroduced, State::kNotAFit}, 20)};
  referrals_[1].source = referrals_[0].contact;
  ExpectRatio(OfReferrals("M21"), 1, 3);
  ExpectRatio(OfReferrals("M22"), 0, 1);
  referrals_[1].source = referrals_[2].contact;
  ExpectRatio(OfReferrals("M22"), 0, 1);  // Made before it was no fit.
  referrals_[1].introduced_at = referrals_[2].steps.back().occurred_at + std::chrono::days(1);
  ExpectRatio(OfReferrals("M22"), 1, 1);
}

TEST_F(MetricTest, NothingIsSaidOfTooFew) {
  scope_.count_min = 5;
  referrals_ = {Took({State::kNamed, State::kIntroduced})};
  const Figure figure = OfReferrals("M07");
  ExpectRatio(figure, 1, 1);
  EXPECT_FALSE(figure.value.has_value());
  EXPECT_FALSE(figure.interval.has_value());
}

TEST_F(MetricTest, RepAndPeriodAndJudgementsAreRespected) {
  referrals_ = {Took({State::kNamed}, 1), Took({State::kNamed}, 50), Took({State::kNamed}, 100)};
  referrals_[0].rep = kBen;
  scope_.rep = kRep;
  ExpectRatio(OfReferrals("M07"), 0, 2);
  scope_.from = ActDay(60);
  ExpectRatio(OfReferrals("M07"), 0, 1);
  scope_.from = {};
  referrals_[1].state = State::kVoided;
  ExpectRatio(OfReferrals("M07"), 0, 1);
}

// Any log: shares are shares, intervals hold their value, and the order of adding does not matter.
TEST_F(MetricTest, HoldForTenThousandRandomReferrals) {
  std::mt19937_64 random(support::TestSeed());
  constexpr std::array kStates = {
      State::kNamed, State::kSourceEngaged, State::kVerified, State::kRequested, State::kIntroduced,
      State::kMet,   State::kQualified,     State::kWon,      State::kLost,      State::kNotAFit};
  for (int log = 0; log < 100; ++log) {
    referrals_.clear();
    for (int i = 0; i < 100; ++i) {
      std::vector<State> states;
      for (const State state : kStates) {
        if (random() % 2 == 0) states.push_back(state);
      }
      if (states.empty()) states.push_back(State::kNamed);
      referrals_.push_back(Took(states, static_cast<int>(random() % 900)));
      referrals_.back().source = EntityId{1 + random() % 50};
      referrals_.back().contact = EntityId{1 + random() % 50};
      referrals_.back().outreaches = static_cast<uint32_t>(random() % 4);
      referrals_.back().late_evidence = random() % 8 == 0;
    }
    MetricBuilder builder(scope_);
    for (const Referral& referral : referrals_) builder.Add(referral);
    const std::vector<Figure> figures = builder.Take();
    ASSERT_FALSE(figures.empty());
    for (const Figure& figure : figures) {
      if (figure.unit != Unit::kRatio || !figure.interval) continue;
      ASSERT_LE(figure.numerator, figure.denominator) << figure.metric;
      ASSERT_LE(figure.interval->low, *figure.value + 1) << figure.metric;
      ASSERT_GE(figure.interval->high, *figure.value) << figure.metric;
    }
    std::ranges::shuffle(referrals_, random);
    MetricBuilder other(scope_);
    for (const Referral& referral : referrals_) other.Add(referral);
    std::vector<Figure> again = other.Take();
    ASSERT_EQ(again.size(), figures.size());
    for (size_t i = 0; i < figures.size(); ++i) {
      again[i].because = figures[i].because;  // Some of them, those added first.
      ASSERT_EQ(again[i], figures[i]);
    }
  }
}

}  // namespace
}  // namespace referrald::practice
