#include <fmt/format.h>
#include <fmt/ranges.h>

#include "plugin/ctl/text.h"

namespace referrald::ctl {
namespace {

std::string Percent(int64_t part, int64_t whole) {
  return whole == 0 ? "-" : fmt::format("{} %", part * 100 / whole);
}

std::string PromptLine(const idl::Prompt& prompt, Timestamp now, const Style& style) {
  const bool is_due = prompt.due <= ToMicros(now);
  std::string text =
      fmt::format("{}  {}  {}\n", style.Bold(prompt.id), WhoText(prompt.party, prompt.party_name),
                  is_due ? fmt::format("due {}", AgoText(prompt.due, now))
                         : fmt::format("due {}", TimeText(prompt.due)));
  std::string what = prompt.advice;
  if (!prompt.kind.empty()) what = fmt::format("{} ask: {}", prompt.kind, prompt.advice);
  text += fmt::format("  {}\n", what);
  if (!prompt.slots.empty()) text += fmt::format("  about  {}\n", fmt::join(prompt.slots, ", "));
  text += fmt::format("  why    {} [{}]\n", prompt.reason, fmt::join(prompt.because, ", "));
  if (!prompt.script.empty()) text += fmt::format("  say    \"{}\"\n", prompt.script);
  if (!prompt.rep.empty())
    text += fmt::format("  rep    {}\n", WhoText(prompt.rep, prompt.rep_name));
  return text;
}

std::string AskLine(const idl::Ask& ask) {
  std::string text = fmt::format("{}  {}  {} ask", ask.event, TimeText(ask.occurred_at), ask.kind);
  if (!ask.slots.empty()) text += fmt::format(" about {}", fmt::join(ask.slots, ", "));
  if (ask.outcome.empty()) return text + ": not answered yet";
  text += fmt::format(": {} ({})", ask.outcome, ask.answer);
  if (ask.name_count > 0) text += fmt::format(", {}", Count(ask.name_count, "name"));
  return text;
}

}  // namespace

std::string PromptsText(std::span<const idl::Prompt> prompts, Timestamp now, const Style& style) {
  if (prompts.empty()) return "Nothing is due.\n";
  std::string text;
  for (const idl::Prompt& prompt : prompts) text += PromptLine(prompt, now, style);
  return text;
}

std::string CustomerText(const idl::Customer& customer, Timestamp now, const Style& style) {
  std::string text =
      fmt::format("{}  {}  {}\n", style.Bold(WhoText(customer.id, customer.display_name)),
                  customer.is_customer ? "customer" : "prospect",
                  customer.is_active ? "may be asked" : "is not to be asked");
  if (!customer.suppressed.empty())
    text += fmt::format("  suppressed by {}\n", customer.suppressed);
  Table table({{"SLOT"},
               {"STATE"},
               {"ASKS", Table::Align::kRight},
               {"INTRODUCTIONS", Table::Align::kRight},
               {"BECAUSE"}});
  for (const idl::SourceSlot& slot : customer.slots) {
    table.Add({slot.slot, slot.state, std::to_string(slot.ask_count),
               std::to_string(slot.introduction_count), slot.because.empty() ? "-" : slot.because});
  }
  text += table.Text(style, {.indent = 2});
  for (const idl::Moment& moment : customer.moments) {
    text += fmt::format("  {}  {}  {}\n", moment.event, TimeText(moment.occurred_at), moment.type);
  }
  for (const idl::Ask& ask : customer.asks) text += fmt::format("  {}\n", AskLine(ask));
  for (const idl::Reference& reference : customer.references) {
    text += fmt::format("  {}  {}  reference {} for {}{}\n", reference.event,
                        TimeText(reference.occurred_at), reference.state, reference.prospect,
                        reference.result.empty() ? "" : ": " + reference.result);
  }
  for (const idl::UnappliedEvent& event : customer.unapplied) {
    text +=
        fmt::format("  {} {}: {}\n", style.Warn("not applied"), event.event, Clean(event.reason));
  }
  for (const idl::Prompt& prompt : customer.prompts) text += PromptLine(prompt, now, style);
  return text;
}

std::string CoverageText(const idl::Coverage& coverage, const Style& style) {
  std::string text = fmt::format(
      "{} at event {}: asked {} ({}), all five groups covered {} ({}), on average {:.1f} of 5\n",
      coverage.party_count == 1 ? std::string("1 active party")
                                : Grouped(coverage.party_count) + " active parties",
      coverage.sequence, Grouped(coverage.asked_count),
      Percent(coverage.asked_count, coverage.party_count), Grouped(coverage.full_count),
      Percent(coverage.full_count, coverage.party_count),
      static_cast<double>(coverage.mean_thousandths) * 5 / 1000);
  constexpr auto kRight = Table::Align::kRight;
  Table table({{"SLOT"},
               {"UNASKED", kRight},
               {"ASKED", kRight},
               {"YIELDED", kRight},
               {"NONE EXISTS", kRight},
               {"DECLINED", kRight}});
  for (const idl::SlotCoverage& slot : coverage.slots) {
    table.Add({slot.slot, Grouped(slot.unasked), Grouped(slot.asked), Grouped(slot.yielded),
               Grouped(slot.none_exists), Grouped(slot.declined)});
  }
  text += table.Text(style, {.indent = 2});
  for (const idl::CoverageGap& gap : coverage.gaps) {
    text += fmt::format("  {}  {}uncovered: {}\n", gap.party, gap.was_asked ? "" : "never asked; ",
                        fmt::join(gap.uncovered, ", "));
  }
  return text;
}

std::string OutreachText(const idl::OutreachCheck& check, const Style& style) {
  std::string text = fmt::format(
      "{}: {}{}\n", check.allowed ? style.Good("yes") : style.Bad("no"), Clean(check.reason),
      check.because.empty() ? "" : fmt::format("  [{}]", fmt::join(check.because, ", ")));
  int number = 0;
  for (const std::string& step : check.steps) text += fmt::format("  {}. {}\n", ++number, step);
  return text;
}

}  // namespace referrald::ctl
