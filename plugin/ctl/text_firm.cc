#include <fmt/format.h>
#include <fmt/ranges.h>

#include "plugin/ctl/text.h"

namespace referrald::ctl {
namespace {

std::string Share(int64_t thousandths) {
  return thousandths < 0 ? "-" : fmt::format("{} %", thousandths / 10);
}

std::string QuizText(const idl::Firm& firm, const Style& style) {
  std::string text =
      fmt::format("{}  {} and {} took it; yes {}, leaders above reps by {} %\n",
                  style.Bold("Readiness"), Count(firm.leader_count, "leader"),
                  Count(firm.rep_count, "rep"), Share(firm.quiz_score), firm.quiz_gap / 10);
  Table table({{""}, {"LEADERS", Table::Align::kRight}, {"REPS", Table::Align::kRight}});
  for (const idl::QuizQuestion& question : firm.quiz) {
    table.Add({question.question, Share(question.leader_yes), Share(question.rep_yes)});
  }
  text += table.Text(style, {.indent = 2});
  for (const idl::QuizQuarter& quarter : firm.quarters) {
    text += fmt::format("  since {}: yes {}, {}\n", TimeText(quarter.begins_at),
                        Share(quarter.score), Count(quarter.respondent_count, "respondent"));
  }
  return text;
}

std::string PromptsText(const idl::Firm& firm, const Style& style) {
  std::string text;
  for (const idl::FirmPrompt& prompt : firm.prompts) {
    text += fmt::format(
        "{}  {}\n  why    {}{}\n", style.Bold(prompt.rule), prompt.advice, prompt.reason,
        prompt.because.empty() ? "" : fmt::format(" [{}]", fmt::join(prompt.because, ", ")));
  }
  return text;
}

std::string PollText(const idl::Firm& firm, const Style& style) {
  std::string text = style.Bold("Preferred activities") + "\n";
  for (const idl::ActivityRank& rank : firm.poll) {
    const std::string mean =
        rank.mean_rank < 0 ? "-"
                           : fmt::format("{:.2f}", static_cast<double>(rank.mean_rank) / 1000);
    text += fmt::format("  {:>5}  {}\n", mean, rank.activity);
  }
  return text;
}

std::string TargetsText(const idl::Firm& firm, const Style& style) {
  std::string text = style.Bold("Targets") + "\n";
  if (firm.targets.empty()) return text + "  Nobody answers for a metric yet.\n";
  for (const idl::Target& target : firm.targets) {
    text += fmt::format("  {}  {}  target {:.1f} %  reviewed {}  {}\n", target.metric,
                        target.owner.empty() ? "nobody" : target.owner,
                        static_cast<double>(target.target) / 10, TimeText(target.reviewed_at),
                        target.on_time ? style.Good("in time") : style.Warn("review is due"));
  }
  return text;
}

std::string ProcessText(const idl::Firm& firm, const Style& style) {
  std::string text =
      fmt::format("{}  {}: {}\n", style.Bold("Process"), style.Bold(firm.verdict), firm.advice);
  for (const std::string& step : firm.skipped_steps) {
    text += fmt::format("  skipped or out of order: {}\n", Clean(step));
  }
  if (firm.steps.empty()) return text;
  if (firm.__isset.adherence) {
    text += fmt::format("  {} of the steps of {} done in order\n", Share(firm.adherence),
                        Count(firm.deal_count, "deal"));
  }
  constexpr auto kRight = Table::Align::kRight;
  Table table({{"STEP"},
               {"DONE", kRight},
               {"OUT OF ORDER", kRight},
               {"SKIPPED", kRight},
               {"PENDING", kRight}});
  for (const idl::ProcessStep& step : firm.steps) {
    table.Add({Clean(step.text), Grouped(step.done), Grouped(step.out_of_order),
               Grouped(step.skipped), Grouped(step.pending)});
  }
  return text + table.Text(style, {.indent = 2});
}

}  // namespace

std::string FirmText(const idl::Firm& firm, const Style& style) {
  return PromptsText(firm, style) + ProcessText(firm, style) + TargetsText(firm, style) +
         QuizText(firm, style) + PollText(firm, style);
}

std::string StoriesText(std::span<const idl::EventStory> stories, const Style& style) {
  std::string text;
  for (const idl::EventStory& story : stories) {
    text += fmt::format("{}  {}  {}\n", style.Bold(story.event), TimeText(story.occurred_at),
                        Clean(story.sentence));
    text += fmt::format("  recorded {} by {}", TimeText(story.recorded_at), Clean(story.actor));
    if (!story.because.empty()) text += fmt::format("; about {}", fmt::join(story.because, ", "));
    text += "\n";
  }
  return text;
}

}  // namespace referrald::ctl
