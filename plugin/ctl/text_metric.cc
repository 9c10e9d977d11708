#include <fmt/format.h>
#include <fmt/ranges.h>

#include "plugin/ctl/text.h"

namespace referrald::ctl {
namespace {

std::string Share(int64_t thousandths) {
  return fmt::format("{:.1f} %", static_cast<double>(thousandths) / 10);
}

}  // namespace

std::string FigureValue(const idl::Figure& figure) {
  if (!figure.__isset.value) return figure.denominator == 0 ? "-" : "too few";
  if (figure.unit == "days") {
    return fmt::format("{:.1f} days", static_cast<double>(figure.value) / 1000);
  }
  if (figure.unit == "money") return MoneyText(figure.value, figure.part.substr(0, 3));
  if (figure.unit == "minutes") return std::to_string(figure.value) + " min";
  if (figure.unit == "rank") {
    return fmt::format("{:.2f}", static_cast<double>(figure.value) / 1000);
  }
  if (figure.unit == "count") return std::to_string(figure.value);
  // Of what may exceed one: so many each.
  if (!figure.__isset.low) return fmt::format("{:.2f}", static_cast<double>(figure.value) / 1000);
  return Share(figure.value);
}

std::string FigureBasis(const idl::Figure& figure) {
  const std::string of = Grouped(figure.denominator);
  std::string text = fmt::format("median of {}", of);
  if (figure.unit == "rank") {
    text = fmt::format("{} {}", figure.metric == "M28" ? "weeks:" : "mean of", of);
  }
  if (figure.unit == "ratio") text = fmt::format("{} of {}", Grouped(figure.numerator), of);
  if (figure.unit == "minutes") {
    text = fmt::format("{} minutes for {}", Grouped(figure.numerator), of);
  } else if (figure.metric == "M16") {
    text = fmt::format("{} for {}", MoneyText(figure.numerator, figure.part.substr(0, 3)), of);
  }
  if (figure.__isset.low) {
    text += fmt::format(", 95 %: {} to {}", Share(figure.low), Share(figure.high));
  }
  if (figure.excluded > 0) {
    text += fmt::format("; {} left out: {}", Grouped(figure.excluded), figure.excluded_why);
  }
  return text;
}

std::string FiguresText(const idl::MetricsResult& result, const Style& style) {
  if (result.figures.empty()) return "Nothing to count yet.\n";
  Table table({{"METRIC"}, {"WHAT"}, {"", Table::Align::kRight}, {"BASIS"}, {"THE TEXTS"}});
  for (const idl::Figure& figure : result.figures) {
    const std::string part = figure.part.empty() ? "" : ": " + Clean(figure.part);
    table.Add({figure.metric, figure.name + part, FigureValue(figure), FigureBasis(figure),
               figure.benchmark});
  }
  return fmt::format("As of event {}\n{}", result.sequence, table.Text(style));
}

std::string WaysText(const idl::WaysIn& ways, const Style& style) {
  if (ways.ways.empty()) {
    return fmt::format("No way to {} over what is known: nobody we know is known to know them.\n",
                       ways.target);
  }
  std::string text;
  for (const idl::Way& way : ways.ways) {
    std::string line = WhoText(way.steps.front().person_from, way.steps.front().name_from);
    for (const idl::WayStep& step : way.steps) {
      line += fmt::format(" -> {} {}", style.Bold(WhoText(step.person_to, step.name_to)),
                          style.Dim(fmt::format("({} {})", step.kind, step.because)));
    }
    text += line + "\n";
  }
  return text + (ways.truncated ? "There may be more.\n" : "");
}

std::string RewardsText(std::span<const idl::Reward> rewards, const Style& style) {
  if (rewards.empty()) return "No rewards.\n";
  Table table({{"REWARD"}, {"STATE"}, {"BENEFICIARY"}, {"REFERRAL"}, {"AMOUNT"}, {"WHY"}});
  for (const idl::Reward& reward : rewards) {
    table.Add({reward.proposal, reward.state, WhoText(reward.party, reward.party_name),
               reward.referral, MoneyText(reward.amount.minor_units, reward.amount.currency),
               fmt::format("{} [{}]", Clean(reward.reason), fmt::join(reward.because, ", "))});
  }
  return table.Text(style);
}

}  // namespace referrald::ctl
