#include "storage/practice/metric.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace referrald::practice {
namespace {

constexpr std::string_view kLate = "evidence came late";
constexpr std::string_view kLateOrCold = "evidence came late, or the contact is COLD";

Unit UnitOfMedian(std::string_view metric) {
  if (metric == "M05" || metric == "M14") return Unit::kDays;
  return metric == "M15" || metric == "M23" ? Unit::kMoney : Unit::kCount;
}

Unit UnitOfRatio(std::string_view metric, std::string_view part) {
  if (metric == "M17") return Unit::kMinutes;
  if (metric != "M16") return Unit::kRatio;
  return part.starts_with("minutes") ? Unit::kMinutes : Unit::kMoney;
}

}  // namespace

bool MetricBuilder::InPeriod(Timestamp at) const {
  return (scope_.from == Timestamp{} || at >= scope_.from) &&
         (scope_.to == Timestamp{} || at < scope_.to);
}

void MetricBuilder::Count(std::string_view metric, std::string part, bool hit, Sequence because) {
  Ratio& ratio = ratios_[{metric, std::move(part)}];
  ++ratio.denominator;
  if (!hit) return;
  ++ratio.numerator;
  if (because && ratio.because.size() < kBecauseMax) ratio.because.push_back(because);
}

int64_t MetricBuilder::DaysInThousandths(Timestamp from, Timestamp to) {
  constexpr int64_t kMicrosPerThousandth = int64_t{86'400} * 1000;
  return (ToMicros(to) - ToMicros(from)) / kMicrosPerThousandth;
}

Figure MetricBuilder::FigureOf(const Key& key, const Ratio& ratio) const {
  Figure figure{.metric = key.first,
                .part = key.second,
                .unit = UnitOfRatio(key.first, key.second),
                .numerator = ratio.numerator,
                .denominator = ratio.denominator,
                .excluded = ratio.excluded,
                .excluded_why = ratio.excluded == 0   ? std::string_view()
                                : key.first == "M13b" ? kLateOrCold
                                                      : kLate,
                .value = {},
                .interval = {},
                .because = ratio.because};
  std::ranges::sort(figure.because);
  if (ratio.denominator < scope_.count_min) return figure;
  if (figure.unit != Unit::kRatio) {
    figure.value = ratio.numerator / ratio.denominator;
    return figure;
  }
  figure.value = ratio.numerator * 1000 / ratio.denominator;
  // Introductions per ask may exceed one; a share cannot.
  if (ratio.numerator <= ratio.denominator) {
    figure.interval = WilsonInterval(ratio.numerator, ratio.denominator);
  }
  return figure;
}

Figure MetricBuilder::FigureOf(const Key& key, std::vector<int64_t> values) const {
  Figure figure{.metric = key.first,
                .part = key.second,
                .unit = UnitOfMedian(key.first),
                .denominator = static_cast<int64_t>(values.size()),
                .excluded_why = {},
                .value = {},
                .interval = {}};
  if (figure.denominator < scope_.count_min) return figure;
  const auto middle = values.begin() + static_cast<ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  figure.value = *middle;
  // Of an even number, the mean of the two in the middle.
  if (values.size() % 2 == 0) {
    figure.value = std::midpoint(*std::ranges::max_element(values.begin(), middle), *middle);
  }
  return figure;
}

Figure MetricBuilder::PlainFigure(std::string_view metric, std::string part, Unit unit,
                                  int64_t count) {
  return {.metric = metric,
          .part = std::move(part),
          .unit = unit,
          .denominator = count,
          .excluded_why = {},
          .value = {},
          .interval = {}};
}

void MetricBuilder::Add(const OtherDeal& deal) {
  if (IsPart() || !InPeriod(deal.decided_at)) return;
  has_other_deals_ = true;
  Count("M18", "", false, {});
  if (deal.outcome == referral::DealOutcome::kOpen) return;
  const bool won = deal.outcome == referral::DealOutcome::kWon;
  Count("M13b", "other", won, {});
  if (!won) return;
  if (!deal.amount.currency.empty()) {
    Value("M15", deal.amount.currency + " other", deal.amount.minor_units);
  }
}

// M15: one median by the other, where there are enough of both.
void MetricBuilder::AddDealSizes(std::vector<Figure>& figures) {
  std::map<std::string, std::pair<int64_t, int64_t>> medians;  // By currency: referral and other.
  for (const Figure& figure : figures) {
    if (figure.metric != "M15" || !figure.value) continue;
    auto& [referral, other] = medians[figure.part.substr(0, figure.part.find(' '))];
    (figure.part.ends_with(" referral") ? referral : other) = *figure.value;
  }
  for (const auto& [currency, median] : medians) {
    const auto& [referral, other] = median;
    if (referral <= 0 || other <= 0) continue;
    Figure ratio = PlainFigure("M15", currency + " referral / other", Unit::kRatio, other);
    ratio.numerator = referral;
    ratio.value =
        static_cast<int64_t>(static_cast<double>(referral) / static_cast<double>(other) * 1000);
    figures.push_back(std::move(ratio));
  }
}

std::vector<Figure> MetricBuilder::Take() {
  for (const auto& [deal, referral] : led_) AddLed(referral);
  AddReproduction();
  AddLostDeals();
  AddConsistency();
  AddAskYield();
  AddSubstitution();
  AddCosts();
  AddChains();
  // A share of nothing but referrals would always be all of it.
  if (!has_other_deals_) ratios_.erase({"M18", ""});
  std::vector<Figure> figures;
  for (const auto& [key, ratio] : ratios_) figures.push_back(FigureOf(key, ratio));
  for (const auto& [key, values] : values_) figures.push_back(FigureOf(key, values));
  AddDealSizes(figures);
  figures.insert(figures.end(), plain_.begin(), plain_.end());
  std::ranges::sort(figures, {}, [](const Figure& figure) {
    return std::pair(FindMetric(figure.metric), figure.part);
  });
  return figures;
}

}  // namespace referrald::practice
