#include <fmt/format.h>
#include <fmt/ranges.h>

#include "plugin/ctl/text.h"

namespace referrald::ctl {
namespace {

std::string Because(const std::vector<std::string>& events) {
  return events.empty() ? "" : fmt::format(" [{}]", fmt::join(events, ", "));
}

std::string CreditText(const idl::Attribution& one, const Style& style) {
  std::string text = fmt::format("{}  by rule {}\n", style.Bold(one.opportunity), one.rule);
  if (one.__isset.credit) {
    text += fmt::format("  {}  {}: {}{}\n", style.Good("credit"),
                        WhoText(one.credit.source, one.credit.source_name), Clean(one.credit.why),
                        Because(one.credit.because));
  } else {
    text += "  no introduction led to it\n";
  }
  for (const idl::NoCredit& other : one.others) {
    text +=
        fmt::format("  {}  {}: {}{}\n", style.Dim("none"), WhoText(other.source, other.source_name),
                    Clean(other.why), Because(other.because));
  }
  return text;
}

}  // namespace

std::string AttributionsText(const idl::AttributionPage& page, const Style& style) {
  std::string text;
  for (size_t i = 0; i < page.attributions.size(); ++i) {
    text += CreditText(page.attributions[i], style);
    if (i < page.compared.size()) text += CreditText(page.compared[i], style);
  }
  if (text.empty()) text = "No deal to tell of.\n";
  if (!page.next_cursor.empty()) text += fmt::format("More with --cursor {}\n", page.next_cursor);
  return text;
}

std::string HoldsText(std::span<const idl::Hold> holds, const Style& style) {
  if (holds.empty()) return "Nothing waits for a reviewer.\n";
  std::string text;
  for (const idl::Hold& hold : holds) {
    text += fmt::format("{}  {}  {}{}\n", style.Bold(Clean(hold.rule)),
                        fmt::join(hold.referrals, ", "), Clean(hold.why), Because(hold.because));
    text += fmt::format("  let go about {}\n", hold.about);
  }
  return text;
}

std::string CatchUpText(std::span<const idl::CatchUp> list, Timestamp now, const Style& style) {
  if (list.empty()) return "Everybody was heard of in time.\n";
  std::string text;
  for (const idl::CatchUp& one : list) {
    text += fmt::format("{}  last touch {}, due {}, {:.1f} intervals late ({}){}\n",
                        style.Bold(WhoText(one.party, one.party_name)),
                        AgoText(one.last_touch_at, now), AgoText(one.due, now),
                        static_cast<double>(one.overdue) / 1000, one.plan, Because(one.because));
  }
  return text;
}

std::string SuggestionsText(std::span<const idl::Suggestion> people, const Style& style) {
  if (people.empty()) return "Nobody among the contacts we hold.\n";
  std::string text, slot;
  for (const idl::Suggestion& one : people) {
    if (one.slot != slot) text += style.Bold(one.slot) + "\n";
    slot = one.slot;
    text += fmt::format("  {}: {}{}\n", WhoText(one.person, one.name), Clean(one.reason),
                        Because(one.because));
  }
  return text;
}

}  // namespace referrald::ctl
