// The register of metrics as data: domain.md, section 6. Claims are the authors', shown beside what
// is measured, never built into a figure.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "storage/practice/metric.h"

namespace referrald::practice {
namespace {

constexpr std::array kMetrics = std::to_array<Metric>({
    {"M01", "ask coverage", "customers with an ask / active customers", "authors' aim: all"},
    {"M02", "five-source coverage", "groups covered / five for each customer",
     "authors' aim: all five"},
    {"M03", "slot yield", "introductions from a group / asks about it", ""},
    {"M04", "prime rate", "first engagements primed in time / first engagements", ""},
    {"M05", "order-ask delay", "median days from an order to the full ask", ""},
    {"M06", "timing discipline", "asks with an occasion of the customer's / all asks", ""},
    {"M07", "introduction ratio", "names introduced before outreach / names received", ""},
    {"M08", "gate adherence", "requests with the four steps in order / requests", ""},
    {"M09", "false-acquaintance rate", "denied / (denied + confirmed), by network", ""},
    {"M10", "one-call meeting rate", "met after one outreach / introduced with outreach",
     "authors' claim: a meeting with one call"},
    {"M11", "touches to reach", "median outreaches until the first meeting",
     "authors' claim: 8 to 14 when cold"},
    {"M12", "qualification rate", "qualified / introduced", ""},
    {"M13a", "prospect conversion", "won / introduced long enough ago", "authors' claim: 70 %"},
    {"M13b", "opportunity win rate", "won / (won + lost)", "authors' claim: more than half"},
    {"M14", "cycle time", "median days to won: from introduction, or cold from the first outreach",
     "authors' claim: shorter"},
    {"M15", "deal size", "median amount of a won deal; of referrals / of others",
     "authors' claim: bigger"},
    {"M16", "cost per sale", "minutes, and rewards less clawbacks, / wins", ""},
    {"M17", "cost of failure", "minutes on referrals that came to nothing / them", ""},
    {"M18", "referral share", "deals an introduction led to / deals",
     "authors' claim: the first of all"},
    {"M19", "gatekeeper bypass", "first conversation with the decision-maker / met", ""},
    {"M20", "chain depth, fan-out", "people at each depth / people brought; introductions a source",
     ""},
    {"M21", "reproduction number", "introductions later made by whom was introduced / them", ""},
    {"M22", "recycling rate", "not-a-fit persons who introduced somebody / them, and / those asked",
     ""},
    {"M23", "chain value", "median won amount below who began a chain, by currency", ""},
    {"M24", "lost-deal asks", "lost deals asked in time / lost deals", ""},
    {"M25", "references", "called / given; by result; won referrals without one", ""},
    {"M26", "cadence adherence", "touches in time / due; customers above the ceiling / with a plan",
     ""},
    {"M27", "process adherence", "steps done in order / required", ""},
    {"M28", "consistency",
     "weeks with an ask / weeks, for each rep; variation of weekly introductions", ""},
    {"M29", "readiness", "yes / 14", ""},
    {"M30", "accountability", "metrics with owner, target and timely review / metrics", ""},
    {"M31", "incentive effect", "introductions / asks, with and without an incentive", ""},
    {"M32", "activity preference", "mean rank of each activity", ""},
});

constexpr double kZ = 1.959963985;  // 95 %, two-sided.

}  // namespace

std::span<const Metric> MetricTable() { return kMetrics; }

const Metric* FindMetric(std::string_view id) {
  const auto* const metric = std::ranges::find(kMetrics, id, &Metric::id);
  return metric == kMetrics.end() ? nullptr : metric;
}

std::string_view UnitName(Unit unit) {
  constexpr std::array<std::string_view, 6> kNames = {"ratio", "days",    "count",
                                                      "money", "minutes", "rank"};
  const size_t number = std::to_underlying(unit);
  return number >= 1 && number <= kNames.size() ? kNames[number - 1] : "unknown";
}

Interval WilsonInterval(int64_t numerator, int64_t denominator) {
  if (denominator <= 0) return {.low = 0, .high = 1000};
  const auto n = static_cast<double>(denominator);
  const double p = std::min(1.0, static_cast<double>(numerator) / n);
  const double centre = p + kZ * kZ / (2 * n);
  const double spread = kZ * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
  const double scale = 1 + kZ * kZ / n;
  const double low = (centre - spread) / scale * 1000;
  const double high = (centre + spread) / scale * 1000;
  return {.low = std::max<int64_t>(0, static_cast<int64_t>(std::floor(low))),
          .high = std::min<int64_t>(1000, static_cast<int64_t>(std::ceil(high)))};
}

}  // namespace referrald::practice
