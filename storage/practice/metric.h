#pragma once

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
#include "storage/referral/referral.h"

// The figures of referral selling (domain.md, section 6), each with its denominator. Nothing here
// is a verdict on a person; no figure is made of calls or mails alone (R36).
namespace referrald::practice {

enum class Unit : uint8_t { kRatio = 1, kDays = 2, kCount = 3, kMoney = 4 };
std::string_view UnitName(Unit unit);  // "ratio", "days", "count", "money"

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

// One figure. A ratio is numerator / denominator; a median is over `denominator` values.
struct Figure {
  std::string_view metric;
  std::string part;  // Of what: a slot, a state, a currency; empty: the whole.
  Unit unit = Unit::kRatio;
  int64_t numerator = 0, denominator = 0;
  int64_t excluded = 0;  // Left out, with the reason.
  std::string_view excluded_why;
  std::optional<int64_t> value;  // Ratios and days in thousandths, money in minor units; nothing
                                 // below the least count.
  std::optional<Interval> interval;
  std::vector<Sequence> because{};  // Some of the events it stands on, at most kBecauseMax.

  friend bool operator==(const Figure&, const Figure&) = default;
};
inline constexpr size_t kBecauseMax = 20;

struct MetricScope {
  Timestamp now{};
  EntityId rep{};          // 0: everybody.
  Timestamp from{}, to{};  // Of the denominator's events; zero: open.
  int64_t count_min = 5;   // No ratio and no median of fewer.
  std::chrono::days prime_within{7};
  std::chrono::days ask_within{14};      // After an order, or a lost deal.
  std::chrono::days matured_after{180};  // M13a: an introduction has had so long to be won.
  std::chrono::days reproduction_within{365};
};

// A deal of the CRM that no referral led to: what referrals are compared with.
struct OtherDeal {
  enum class Outcome : uint8_t { kOpen = 0, kWon = 1, kLost = 2 };
  Outcome outcome = Outcome::kOpen;
  referral::Money amount;
  Timestamp decided_at{};
};

// Adds up customers, referrals and other deals, in any order: a stream, so that a portfolio need
// not be held. One thread.
class MetricBuilder {
 public:
  explicit MetricBuilder(const MetricScope& scope) : scope_(scope) {}

  void Add(const Customer& customer);
  void Add(const referral::Referral& referral);
  void Add(const OtherDeal& deal);
  // Every figure that anything was added for, sorted by metric and part.
  std::vector<Figure> Take();

 private:
  struct Ratio {
    int64_t numerator = 0, denominator = 0, excluded = 0;
    std::vector<Sequence> because{};
  };
  using Key = std::pair<std::string_view, std::string>;

  static int64_t DaysInThousandths(Timestamp from, Timestamp to);
  bool InPeriod(Timestamp at) const;
  bool IsTheirs(EntityId rep) const { return !scope_.rep || rep == scope_.rep; }
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
  void NoteIntroduction(const referral::Referral& referral);
  void AddReproduction();
  void AddConsistency();
  void AddAskYield();
  void AddSubstitution();

  Figure FigureOf(const Key& key, const Ratio& ratio) const;
  Figure FigureOf(const Key& key, std::vector<int64_t> values) const;

  const MetricScope scope_;
  std::map<Key, Ratio> ratios_;
  std::map<Key, std::vector<int64_t>> values_;  // For medians.
  // What can be said only when everything has been added.
  std::set<Sequence> incentive_asks_, lost_deal_asks_;
  int64_t plain_asks_ = 0;
  bool has_other_deals_ = false;
  std::vector<Sequence> introductions_by_ask_;
  std::map<EntityId, std::set<int64_t>> ask_weeks_;        // By rep.
  std::map<EntityId, std::vector<Timestamp>> introduced_;  // By source.
  std::map<EntityId, Timestamp> brought_;                  // Contacts, when first introduced.
  std::set<EntityId> not_a_fit_, deals_with_reference_;
  std::vector<EntityId> won_deals_;
};

}  // namespace referrald::practice
