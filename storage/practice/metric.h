#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/practice/customer.h"
#include "storage/practice/reward.h"
#include "storage/practice/survey.h"
#include "storage/referral/chain.h"
#include "storage/referral/deal.h"
#include "storage/referral/referral.h"

// The figures of referral selling (domain.md, section 6), each with its denominator. Nothing here
// is a verdict on a person; no figure is made of calls or mails alone (R36).
namespace referrald::practice {

enum class Unit : uint8_t {
  kRatio = 1,
  kDays = 2,
  kCount = 3,
  kMoney = 4,
  kMinutes = 5,
  kRank = 6,
};
std::string_view UnitName(Unit unit);  // "ratio", "days", "count", "money", "minutes", "rank"

struct Metric {
  std::string_view id;  // "M07".
  std::string_view name;
  std::string_view formula;    // In words.
  std::string_view benchmark;  // What the texts claim, as a claim; empty: they claim nothing.
};
// M01 to M32, in order.
std::span<const Metric> MetricTable();
const Metric* FindMetric(std::string_view id);

// 95 % score interval (Wilson 1927) of `numerator` of `denominator`, in thousandths, rounded
// outward.
struct Interval {
  int64_t low = 0, high = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};
Interval WilsonInterval(int64_t numerator, int64_t denominator);

// One figure. A ratio is numerator / denominator, and so are minutes and money for each sale; a
// median is over `denominator` values.
struct Figure {
  std::string_view metric;
  std::string part;  // Of what: a slot, a state, a currency; empty: the whole.
  Unit unit = Unit::kRatio;
  int64_t numerator = 0, denominator = 0;
  int64_t excluded = 0;  // Left out, with the reason.
  std::string_view excluded_why;
  std::optional<int64_t> value;  // Ratios, days and ranks in thousandths, money in minor units;
                                 // nothing below the least count.
  std::optional<Interval> interval;
  std::vector<Sequence> because{};  // Some of the events it stands on, at most kBecauseMax.

  friend bool operator==(const Figure&, const Figure&) = default;
};
inline constexpr size_t kBecauseMax = 20;

struct MetricScope {
  Timestamp now{};
  EntityId rep{};                            // 0: everybody.
  std::optional<std::set<EntityId>> team{};  // Set: only these reps.
  std::string segment{};                     // Not empty: only customers of this group.
  Timestamp from{}, to{};                    // Of the denominator's events; zero: open.
  int64_t count_min = 5;                     // No ratio and no median of fewer.
  std::chrono::days prime_within{7};
  std::chrono::days ask_within{14};      // After an order, or a lost deal.
  std::chrono::days matured_after{180};  // M13a: an introduction has had so long to be won.
  // M21: a person counts when so long has passed since they were introduced, which no event tells;
  // so this is counted when asked for, while reach and fan-out are kept with every event.
  std::chrono::days reproduction_within{365};
};

// A deal of the CRM that no introduction led to: what referrals are compared with.
using OtherDeal = referral::Deal;

// What the firm folds to, by storage/practice/survey.h and process.h.
struct FirmRecord {
  QuizResult quiz{};
  std::array<int64_t, kPollActivities> poll{};  // As FoldPoll.
  int64_t polls = 0;                            // Who took part.
  std::vector<Accountability> targets{};
  int64_t process_in_order = 0, process_owed = 0;
};

// Adds up minutes, customers, referrals and everything else: a stream, so that a portfolio need not
// be held. Minutes and claims come before the referrals they are about, and with a segment its
// customers do; the rest in any order. One thread.
class MetricBuilder {
 public:
  explicit MetricBuilder(const MetricScope& scope) : scope_(scope) {}

  void Add(const Customer& customer);
  void Add(const referral::Referral& referral);
  void Add(const OtherDeal& deal);
  void Add(const Reward& reward);
  void Add(const FirmRecord& firm);
  void AddMinutes(ReferralId referral, int64_t minutes);
  // A network says that the two know each other.
  void AddClaim(EntityId left, EntityId right, std::string network);
  // Every figure that anything was added for, sorted by metric and part.
  std::vector<Figure> Take();

 private:
  struct Ratio {
    int64_t numerator = 0, denominator = 0, excluded = 0;
    std::vector<Sequence> because{};
  };
  using Key = std::pair<std::string_view, std::string>;
  struct Worth {
    ReferralId referral;
    referral::Money amount{};
  };

  static std::pair<EntityId, EntityId> PairOf(EntityId left, EntityId right) {
    return std::minmax(left, right);
  }
  static Figure PlainFigure(std::string_view metric, std::string part, Unit unit, int64_t count);
  static int64_t DaysInThousandths(Timestamp from, Timestamp to);
  bool InPeriod(Timestamp at) const;
  bool IsTheirs(EntityId rep) const {
    return (!scope_.rep || rep == scope_.rep) && (!scope_.team || scope_.team->contains(rep));
  }
  // Of one rep, team or segment: what nobody's name stands at is left out.
  bool IsPart() const { return scope_.rep || scope_.team || !scope_.segment.empty(); }
  void Count(std::string_view metric, std::string part, bool hit, Sequence because);
  void Exclude(std::string_view metric, std::string part = {}) {
    ++ratios_[{metric, std::move(part)}].excluded;
  }
  void Value(std::string_view metric, std::string part, int64_t value) {
    values_[{metric, std::move(part)}].push_back(value);
  }

  // metric_customers.cc
  void AddCoverage(const Customer& customer);
  void AddAsks(const Customer& customer);
  void AddMoments(const Customer& customer);
  void AddReferences(const Customer& customer);
  void AddCadence(const Customer& customer);

  // metric_referrals.cc
  void AddGates(const referral::Referral& referral);
  void AddFunnel(const referral::Referral& referral);
  void AddOutcome(const referral::Referral& referral);
  void AddLed(const referral::Referral& referral);
  void NoteLed(const referral::Referral& referral);
  void NoteIntroduction(const referral::Referral& referral);
  void AddReproduction();
  void AddConsistency();
  void AddVariation(int64_t last_week);
  void AddAskYield();
  void AddLostDeals();
  void AddDealSizes(std::vector<Figure>& figures);
  void AddSubstitution();

  // metric_firm.cc
  void NoteCost(const referral::Referral& referral);
  void AddCosts();
  void AddChains();

  Figure FigureOf(const Key& key, const Ratio& ratio) const;
  Figure FigureOf(const Key& key, std::vector<int64_t> values) const;

  const MetricScope scope_;
  std::map<Key, Ratio> ratios_;
  std::map<Key, std::vector<int64_t>> values_;  // For medians.
  // What can be said only when everything has been added.
  std::set<Sequence> incentive_asks_, lost_deal_asks_;
  std::set<Sequence> plain_asks_;  // Without an incentive.
  // By party: what M24 is made of.
  std::map<EntityId, std::vector<Timestamp>> lost_asks_, lost_moments_, lost_referrals_;
  bool has_other_deals_ = false;
  std::vector<Sequence> introductions_by_ask_;
  std::map<EntityId, std::set<int64_t>> ask_weeks_;        // By rep.
  std::map<EntityId, std::vector<Timestamp>> introduced_;  // By source.
  std::map<EntityId, Timestamp> brought_;                  // Contacts, when first introduced.
  std::map<EntityId, Timestamp> not_a_fit_;                // Contacts, since when.
  std::set<EntityId> deals_with_reference_;
  std::vector<EntityId> won_deals_;
  std::map<EntityId, referral::Referral> led_;  // By the deal: the introduction that came first.
  std::set<EntityId> segment_;                  // Customers of it that came by.
  std::map<ReferralId, int64_t> minutes_;
  std::map<std::string, int64_t> paid_;  // Rewards less what was taken back, by currency.
  int64_t hot_wins_ = 0;                 // Deals.
  std::set<EntityId> cost_deals_;        // That are counted in it.
  std::vector<referral::Introduction> edges_;
  std::map<std::pair<EntityId, EntityId>, Worth> worth_;    // By contact and deal.
  std::map<EntityId, std::map<std::string, int64_t>> won_;  // Who brought it is who was brought.
  std::map<std::pair<EntityId, EntityId>, std::string> claims_;  // By PairOf: the network.
  std::set<EntityId> asked_not_a_fit_;
  std::vector<Figure> plain_;  // Neither a ratio nor a median.
};

}  // namespace referrald::practice
