// Figures, the report made of them, ways in and rewards.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

#include "plugin/ctl/context.h"
#include "plugin/ctl/report.h"
#include "plugin/ctl/text.h"
#include "plugin/ctl/words.h"
#include "storage/practice/metric.h"
#include "thrift/idl/ReferraldAdmin.h"

namespace referrald::ctl {
namespace {

using Client = idl::ReferraldAdminClient;

struct MetricOptions {
  std::string metric, rep, team, segment, from, to, html, party, plan;
  int64_t count_min = 0;
  int32_t hops = 3;
};

Result<idl::MetricsRequest> RequestOf(const MetricOptions& options, Timestamp now) {
  idl::MetricsRequest request;
  if (!options.metric.empty()) request.__set_metrics({options.metric});
  if (options.count_min > 0) request.__set_count_min(options.count_min);
  if (!options.rep.empty()) {
    const Result<idl::PartyRef> rep = ParseRep(options.rep);
    if (!rep) return rep.error().Prefixed("--rep");
    request.__set_rep(*rep);
  }
  if (!options.team.empty()) request.__set_team(options.team);
  if (!options.segment.empty()) request.__set_segment(options.segment);
  if (!options.from.empty()) {
    const Result<int64_t> from = ParseTime(options.from, now);
    if (!from) return from.error().Prefixed("--from");
    request.__set_from_at(*from);
  }
  if (!options.to.empty()) {
    const Result<int64_t> to = ParseTime(options.to, now);
    if (!to) return to.error().Prefixed("--to");
    request.__set_to_at(*to);
  }
  return request;
}

ExitCode Show(Context& context, const MetricOptions& options) {
  const auto request = RequestOf(options, context.Now());
  if (!request) return context.Fail(request.error());
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto result = client->Ask(&Client::getMetrics, *request);
  if (!result) return context.Fail(result.error());
  return context.Show({{"sequence", result->sequence}, {"figures", ToJsonList(result->figures)}},
                      FiguresText(*result, context.style()));
}

ExitCode List(Context& context) {
  Json lines = Json::array();
  Table table({{"METRIC"}, {"NAME"}, {"FORMULA"}, {"THE TEXTS"}});
  for (const practice::Metric& metric : practice::MetricTable()) {
    table.Add({std::string(metric.id), std::string(metric.name), std::string(metric.formula),
               std::string(metric.benchmark)});
    lines.push_back({{"metric", metric.id},
                     {"name", metric.name},
                     {"formula", metric.formula},
                     {"benchmark", metric.benchmark}});
  }
  return context.Show({{"metrics", std::move(lines)}}, table.Text(context.style()));
}

Result<Report> Gather(Context& context, const MetricOptions& options) {
  const auto request = RequestOf(options, context.Now());
  if (!request) return request.error();
  auto client = context.Connect();
  if (!client) return client.error();
  Report report{.made_at = context.Now()};
  auto metrics = client->Ask(&Client::getMetrics, *request);
  if (!metrics) return metrics.error();
  report.metrics = *std::move(metrics);
  idl::CoverageRequest coverage_request;
  coverage_request.__set_max(1);
  auto coverage = client->Ask(&Client::getCoverage, coverage_request);
  if (!coverage) return coverage.error();
  report.coverage = *std::move(coverage);
  idl::PromptsRequest prompts_request;
  if (request->__isset.rep) prompts_request.__set_rep(request->rep);
  prompts_request.__set_max(kReportPrompts);
  auto prompts = client->Ask(&Client::listPrompts, prompts_request);
  if (!prompts) return prompts.error();
  report.prompts = std::move(prompts->prompts);
  auto info = client->Ask(&Client::getServerInfo, std::string("referralctl"), 0, 0);
  if (!info) return info.error();
  report.info = *std::move(info);
  return report;
}

ExitCode MakeReport(Context& context, const MetricOptions& options) {
  const Result<Report> report = Gather(context, options);
  if (!report) return context.Fail(report.error());
  if (!options.html.empty()) {
    std::ofstream file(options.html, std::ios::trunc);
    file << ReportHtml(*report);
    file.close();
    if (!file) {
      return context.Fail(
          Status::IoError(options.html + ": cannot be written: " + std::strerror(errno), 1004));
    }
  }
  return context.Show(ReportJson(*report), ReportText(*report, context.style()));
}

ExitCode Path(Context& context, const MetricOptions& options) {
  const auto target = ParseParty(options.party);
  if (!target) return context.Fail(target.error());
  idl::WaysInRequest request;
  request.__set_targets({*target});
  request.__set_hops_max(options.hops);
  if (!options.rep.empty()) {
    const Result<idl::PartyRef> rep = ParseRep(options.rep);
    if (!rep) return context.Fail(rep.error().Prefixed("--rep"));
    request.__set_rep(*rep);
  }
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto found = client->Ask(&Client::findWaysIn, request);
  if (!found) return context.Fail(found.error());
  if (found->empty()) return context.Fail(Status::Internal("the server gave no answer", 5011));
  return context.Show(ToJson(found->front()), WaysText(found->front(), context.style()));
}

ExitCode Rewards(Context& context, const MetricOptions& options) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto rewards = client->Ask(&Client::listRewards, options.plan);
  if (!rewards) return context.Fail(rewards.error());
  return context.Show({{"rewards", ToJsonList(*rewards)}}, RewardsText(*rewards, context.style()));
}

using Action = ExitCode (*)(Context&, const MetricOptions&);

std::shared_ptr<MetricOptions> Add(CLI::App* one, Command& command, Action action) {
  const auto options = std::make_shared<MetricOptions>();
  one->callback([&command, options, action] {
    command = [options, action](Context& context) { return action(context, *options); };
  });
  return options;
}

void AddScope(CLI::App* one, MetricOptions& options) {
  one->add_option("--rep", options.rep, "Only of this rep");
  one->add_option("--team", options.team, "Only of its reps, as RoleAsserted named it");
  one->add_option("--segment", options.segment, "Only of its customers, likewise");
  one->add_option("--from", options.from, "From then on, RFC 3339 with a zone");
  one->add_option("--to", options.to, "Until then");
  one->add_option("--count-min", options.count_min, "Say nothing of fewer (default: 5)")
      ->check(CLI::PositiveNumber);
}

}  // namespace

void AddMetricCommands(CLI::App& app, Command& command) {
  CLI::App* metric = app.add_subcommand("metric", "Figures, each with its denominator");
  metric->require_subcommand(1);
  metric->add_subcommand("list", "Every metric: its formula, and what the texts claim")
      ->callback([&command] { command = [](Context& context) { return List(context); }; });
  CLI::App* show = metric->add_subcommand("show", "Figures as of now");
  const auto show_options = Add(show, command, Show);
  show->add_option("METRIC", show_options->metric, "M07 (default: all)");
  AddScope(show, *show_options);

  CLI::App* report = app.add_subcommand("report", "One page for a sales leader");
  const auto report_options = Add(report, command, MakeReport);
  report->add_option("--html", report_options->html, "Write it to this file, too");
  AddScope(report, *report_options);

  CLI::App* reward = app.add_subcommand("reward", "Rewards for introductions");
  reward->require_subcommand(1);
  CLI::App* list = reward->add_subcommand("list", "The rewards of a plan, and why they are so");
  const auto list_options = Add(list, command, Rewards);
  list->add_option("PLAN", list_options->plan, "As RewardPlanSet named it")->required();
}

void AddPathCommand(CLI::App& chain, Command& command) {
  CLI::App* path = chain.add_subcommand("path", "Who could introduce us to somebody");
  const auto options = Add(path, command, Path);
  path->add_option("TARGET", options->party, "c_42, system:Object:id, or an e-mail address")
      ->required();
  path->add_option("--rep", options->rep, "Only from this rep");
  path->add_option("--max-hops", options->hops, "People on the way, the target included: 1 to 5")
      ->check(CLI::Range(1, 5))
      ->capture_default_str();
}

}  // namespace referrald::ctl
