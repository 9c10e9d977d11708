#include "plugin/ctl/report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "plugin/ctl/text.h"

namespace referrald::ctl {
namespace {

// What stands on the page, in this order, and under which heading.
struct Section {
  std::string_view heading;
  std::vector<std::string_view> metrics;
};

const std::array<Section, 4>& Sections() {
  static const std::array<Section, 4> sections = {
      Section{"Asking", {"M01", "M02", "M04", "M05", "M06", "M28"}},
      Section{"From names to introductions", {"M07", "M08", "M09", "M10", "M11"}},
      Section{"What came of introductions", {"M12", "M13a", "M13b", "M14", "M15", "M18"}},
      Section{"Chains and what the source hears", {"M20", "M21", "M22", "M24", "M25"}},
  };
  return sections;
}

std::vector<const idl::Figure*> FiguresOf(const Report& report, std::string_view metric) {
  std::vector<const idl::Figure*> figures;
  for (const idl::Figure& figure : report.metrics.figures) {
    if (figure.metric == metric) figures.push_back(&figure);
  }
  return figures;
}

std::string Escaped(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&': html += "&amp;"; break;
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '"': html += "&quot;"; break;
      default: html += c; break;
    }
  }
  return html;
}

std::string Headline(const Report& report) {
  return fmt::format("{} introductions, {} referrals, {} active parties; as of event {}, {}",
                     Grouped(report.info.introduction_count), Grouped(report.info.referral_count),
                     Grouped(report.coverage.party_count), report.metrics.sequence,
                     TimeText(ToMicros(report.made_at)));
}

std::string FigureRow(const idl::Figure& figure) {
  return fmt::format("<tr><td>{}</td><td>{}{}</td><td class=n>{}</td><td>{}</td><td>{}</td></tr>\n",
                     Escaped(figure.metric), Escaped(figure.name),
                     figure.part.empty() ? "" : ": " + Escaped(figure.part),
                     Escaped(FigureValue(figure)), Escaped(FigureBasis(figure)),
                     Escaped(figure.benchmark));
}

std::string PromptItem(const idl::Prompt& prompt) {
  return fmt::format("<li><b>{}</b> {}: {} <span>{} [{}]</span></li>\n", Escaped(prompt.party),
                     Escaped(prompt.party_name), Escaped(prompt.advice), Escaped(prompt.reason),
                     Escaped(fmt::format("{}", fmt::join(prompt.because, ", "))));
}

constexpr std::string_view kStyle =
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1c2430}h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}"
    "table{border-collapse:collapse;width:100%}td,th{padding:.3rem .6rem;text-align:left;"
    "border-bottom:1px solid #dde3ea;vertical-align:top}.n{text-align:right;white-space:nowrap}"
    "span{color:#5b6675}@media(prefers-color-scheme:dark){body{background:#14181e;color:#e6e9ee}"
    "td,th{border-color:#333b46}span{color:#9aa5b4}}";

}  // namespace

std::string ReportText(const Report& report, const Style& style) {
  std::string text = fmt::format("{}\n{}\n", style.Bold("Referral report"), Headline(report));
  text += fmt::format("\n{}\n{}", style.Bold("Coverage"), CoverageText(report.coverage, style));
  for (const Section& section : Sections()) {
    Table table({{"METRIC"}, {""}, {"", Table::Align::kRight}, {"BASIS"}, {"THE TEXTS"}});
    for (const std::string_view metric : section.metrics) {
      for (const idl::Figure* const figure : FiguresOf(report, metric)) {
        const std::string part = figure->part.empty() ? "" : ": " + Clean(figure->part);
        table.Add({figure->metric, figure->name + part, FigureValue(*figure), FigureBasis(*figure),
                   figure->benchmark});
      }
    }
    if (table.empty()) continue;
    text += fmt::format("\n{}\n{}", style.Bold(section.heading),
                        table.Text(style, {.indent = 2, .with_titles = false}));
  }
  text += fmt::format("\n{}\n{}", style.Bold("What to do next"),
                      PromptsText(report.prompts, report.made_at, style));
  return text;
}

Json ReportJson(const Report& report) {
  return {{"made_at", TimeOf(ToMicros(report.made_at))},
          {"sequence", report.metrics.sequence},
          {"introduction_count", report.info.introduction_count},
          {"referral_count", report.info.referral_count},
          {"coverage", ToJson(report.coverage)},
          {"figures", ToJsonList(report.metrics.figures)},
          {"prompts", ToJsonList(report.prompts)}};
}

std::string ReportHtml(const Report& report) {
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=en><meta charset=utf-8><title>Referral report</title>\n"
      "<style>{}</style>\n<h1>Referral report</h1>\n<p>{}</p>\n",
      kStyle, Escaped(Headline(report)));
  html += fmt::format("<h2>Coverage</h2>\n<pre>{}</pre>\n",
                      Escaped(CoverageText(report.coverage, Style())));
  for (const Section& section : Sections()) {
    std::string rows;
    for (const std::string_view metric : section.metrics) {
      for (const idl::Figure* const figure : FiguresOf(report, metric)) rows += FigureRow(*figure);
    }
    if (rows.empty()) continue;
    html += fmt::format("<h2>{}</h2>\n<table>\n{}</table>\n", Escaped(section.heading), rows);
  }
  html += "<h2>What to do next</h2>\n<ul>\n";
  for (const idl::Prompt& prompt : report.prompts) html += PromptItem(prompt);
  return html + "</ul>\n";
}

}  // namespace referrald::ctl
