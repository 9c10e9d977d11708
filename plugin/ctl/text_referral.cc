#include <fmt/format.h>
#include <fmt/ranges.h>

#include "plugin/ctl/text.h"
#include "storage/referral/referral.h"

namespace referrald::ctl {
namespace {

std::string EventLine(const idl::ReferralEvent& event) {
  std::string text;
  const auto add = [&text](std::string_view name, const std::string& value) {
    if (!value.empty())
      text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", name, Clean(value));
  };
  add("channel", event.channel);
  add("reason", event.reason);
  add("from", event.provenance);
  add("evidence", event.evidence.reference);
  if (!event.evidence.sha256.empty()) add("sha256", event.evidence.sha256.substr(0, 12));
  if (event.evidence.contact_expects) add("expects", "the rep's call");
  if (!event.amount.currency.empty()) {
    add("amount", MoneyText(event.amount.minor_units, event.amount.currency));
  }
  return text;
}

std::string EventsText(const idl::Referral& referral, const Style& style) {
  if (referral.events.empty()) return {};
  Table table({{"EVENT"}, {"WHAT"}, {"HAPPENED"}, {"RECORDED"}, {"BY"}, {""}});
  for (const idl::ReferralEvent& event : referral.events) {
    table.Add({event.event, Clean(event.type), TimeText(event.occurred_at),
               TimeText(event.recorded_at), Clean(event.actor), EventLine(event)});
  }
  return table.Text(style, {.indent = 2});
}

}  // namespace

std::string WhoText(const std::string& id, const std::string& name) {
  if (id.empty()) return "-";
  return name.empty() ? id : fmt::format("{} {}", id, Clean(name));
}

std::string ReferralsText(std::span<const idl::Referral> referrals, const Style& style) {
  if (referrals.empty()) return "No referrals.\n";
  Table table({{"ID"}, {"STATE"}, {"TEMPERATURE"}, {"SOURCE"}, {"CONTACT"}, {"REP"}});
  for (const idl::Referral& referral : referrals) {
    table.Add({referral.id, Clean(referral.state),
               TemperatureText(referral.honesty.temperature, style),
               WhoText(referral.source, referral.source_name),
               WhoText(referral.contact, referral.contact_name),
               WhoText(referral.rep, referral.rep_name)});
  }
  return table.Text(style);
}

std::string ReferralText(const idl::Referral& referral, const Style& style) {
  const idl::Honesty& honesty = referral.honesty;
  std::string text = fmt::format(
      "{}  {}  {}  {}/{}\n", referral.id, style.Bold(Clean(referral.state)),
      TemperatureText(honesty.temperature, style), Clean(honesty.kind), Clean(honesty.basis));
  text += fmt::format("  source   {}\n", WhoText(referral.source, referral.source_name));
  text += fmt::format("  contact  {}\n", WhoText(referral.contact, referral.contact_name));
  text += fmt::format("  rep      {}\n", WhoText(referral.rep, referral.rep_name));
  if (!referral.opportunity.empty()) text += fmt::format("  deal     {}\n", referral.opportunity);
  if (!referral.amount.currency.empty()) {
    text += fmt::format("  amount   {}\n",
                        MoneyText(referral.amount.minor_units, referral.amount.currency));
  }
  text += fmt::format("Why {}: {}", TemperatureText(honesty.temperature, style),
                      Clean(honesty.explanation));
  if (!honesty.because.empty()) text += fmt::format("  [{}]", fmt::join(honesty.because, ", "));
  text += "\n";
  if (referral.late_evidence) text += "Note: the introduction was recorded late.\n";
  if (referral.rescued_by_introduction) {
    text += "Note: the introduction came after the first outreach, so it stays COLD.\n";
  }
  std::vector<std::string> steps;
  for (const idl::ReferralStep& step : referral.steps) {
    steps.push_back(fmt::format("{} ({})", Clean(step.state), step.event));
  }
  if (!steps.empty()) text += fmt::format("Path {}\n", fmt::join(steps, " -> "));
  text += EventsText(referral, style);
  for (const idl::UnappliedEvent& event : referral.unapplied) {
    text +=
        fmt::format("  {} {}: {}\n", style.Warn("not applied"), event.event, Clean(event.reason));
  }
  return text;
}

std::string RecordText(const idl::RecordResult& result, std::string_view type, const Style& style) {
  if (result.status == idl::RecordStatus::REPLAYED) {
    return fmt::format("{} was recorded before under this key: event {}, referral {}\n", type,
                       result.event, result.referral.empty() ? "-" : result.referral);
  }
  std::string text = fmt::format("{} {}: event {}", style.Good("recorded"), type, result.event);
  if (!result.referral.empty()) text += fmt::format(", referral {}", result.referral);
  return text + "\n";
}

std::string TransitionsText(const Style& style) {
  Table table({{"ID"}, {"FROM"}, {"EVENT"}, {"TO"}, {"NEEDS"}});
  for (const referral::Transition& line : referral::TransitionTable()) {
    std::vector<std::string_view> from;
    for (const referral::State state : line.from) from.push_back(referral::StateName(state));
    table.Add({std::string(line.id), fmt::format("{}", fmt::join(from, ", ")),
               referral::EventTypeName(line.event), std::string(referral::StateName(line.to)),
               std::string(line.guard)});
  }
  return table.Text(style);
}

}  // namespace referrald::ctl
