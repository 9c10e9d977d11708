#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "plugin/ctl/context.h"
#include "plugin/ctl/text.h"
#include "thrift/idl/ReferraldAdmin.h"

namespace referrald::ctl {
namespace {

using Client = idl::ReferraldAdminClient;

constexpr int32_t kPage = 1000;
constexpr size_t kRejectsForReasons = 10'000;  // Enough to see what rows have in common.

struct RunOptions {
  std::string id;
  std::string feed;
  std::string output;
  size_t limit = 20;
  bool dry_run = false;
};

// The first `count_max` rejects of a run, page by page.
Result<std::vector<idl::Reject>> RejectsOf(client::Client& client, const std::string& run,
                                           size_t count_max) {
  std::vector<idl::Reject> rejects;
  std::string cursor;
  while (rejects.size() < count_max) {
    auto page = client.Ask(&Client::listRejects, run, cursor, kPage);
    if (!page) return page.error();
    rejects.insert(rejects.end(), page->rejects.begin(), page->rejects.end());
    if (page->next_cursor.empty()) break;
    cursor = page->next_cursor;
  }
  if (rejects.size() > count_max) rejects.resize(count_max);
  return rejects;
}

ExitCode ListRuns(Context& context, const RunOptions& options) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  std::vector<idl::Run> runs;
  std::string cursor;
  while (runs.size() < options.limit) {
    const auto left =
        static_cast<int32_t>(std::min(options.limit - runs.size(), static_cast<size_t>(kPage)));
    auto page = client->Ask(&Client::listRuns, options.feed, cursor, left);
    if (!page) return context.Fail(page.error());
    runs.insert(runs.end(), page->runs.begin(), page->runs.end());
    if (page->next_cursor.empty()) break;
    cursor = page->next_cursor;
  }
  return context.Show({{"runs", ToJsonList(runs)}}, RunsText(runs, context.Now(), context.style()));
}

ExitCode ShowRun(Context& context, const RunOptions& options) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto run = client->Ask(&Client::getRun, options.id);
  if (!run) return context.Fail(run.error());
  std::vector<idl::Reject> rejects;
  if (!context.options().json && run->counts.quarantined + run->counts.held > 0) {
    auto found = RejectsOf(*client, options.id, kRejectsForReasons);
    if (!found) return context.Fail(found.error());
    rejects = *std::move(found);
  }
  return context.Show(ToJson(*run), RunText(*run, rejects, context.style()));
}

Status CannotCopy(const idl::Run& run, const std::string& output, std::string_view why) {
  return Status::PermissionDenied(
      fmt::format("cannot copy {} to {}: {}", run.rejects_file, output, why), 5105);
}

// The bytes as they are, for the next program; with --json, too.
ExitCode PrintRejects(Context& context, const idl::Run& run) {
  errno = 0;
  std::ifstream file(run.rejects_file, std::ios::binary);
  if (!file) return context.Fail(CannotCopy(run, "standard output", std::strerror(errno)));
  context.out() << file.rdbuf() << std::flush;
  if (!context.out()) return context.Fail(CannotCopy(run, "standard output", "writing failed"));
  return ExitCode::kOk;
}

// The rows themselves, in the user's own columns, for mending.
ExitCode CopyRejects(Context& context, const idl::Run& run, const std::string& output) {
  if (run.rejects_file.empty()) {
    return context.Fail(Status::NotFound("this run has no quarantined rows to copy", 5104));
  }
  if (output == "-") return PrintRejects(context, run);
  std::error_code error;
  std::filesystem::copy_file(run.rejects_file, output, error);
  if (error) return context.Fail(CannotCopy(run, output, error.message()));
  return context.Show({{"file", output}, {"rows", run.counts.quarantined}},
                      fmt::format("{} in {}\n", Count(run.counts.quarantined, "row"), output));
}

ExitCode ShowRejects(Context& context, const RunOptions& options) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  if (!options.output.empty()) {
    const auto run = client->Ask(&Client::getRun, options.id);
    if (!run) return context.Fail(run.error());
    return CopyRejects(context, *run, options.output);
  }
  const auto rejects = RejectsOf(*client, options.id, SIZE_MAX);
  if (!rejects) return context.Fail(rejects.error());
  return context.Show({{"rejects", ToJsonList(*rejects)}}, RejectsText(*rejects, context.style()));
}

ExitCode RevertRun(Context& context, const RunOptions& options) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  if (options.dry_run) {
    const auto plan = client->Ask(&Client::planRevert, options.id);
    if (!plan) return context.Fail(plan.error());
    return context.Show(ToJson(*plan), "Nothing was written. Taking it back would mean:\n" +
                                           RunText(*plan, {}, context.style()));
  }
  const auto run = client->Ask(&Client::revertRun, options.id);
  if (!run) return context.Fail(run.error());
  return context.Show(
      {{"run", *run}, {"reverts", options.id}},
      fmt::format("Run {} takes back {}: referralctl run show {}\n", *run, options.id, *run));
}

}  // namespace

void AddRunCommands(CLI::App& app, Command& command) {
  CLI::App* run = app.add_subcommand("run", "What became of files");
  run->require_subcommand(1);
  const auto options = std::make_shared<RunOptions>();
  const auto choose = [&command, options](auto action) {
    return [&command, options, action] {
      command = [options, action](Context& context) { return action(context, *options); };
    };
  };

  CLI::App* list = run->add_subcommand("list", "The last runs, newest first");
  list->add_option("FEED", options->feed, "Only of this feed");
  list->add_option("-n,--limit", options->limit, "At most so many")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  list->callback(choose(ListRuns));

  CLI::App* show = run->add_subcommand("show", "One run: every row accounted for");
  show->add_option("RUN", options->id, "Its id")->required();
  show->callback(choose(ShowRun));

  CLI::App* rejects = run->add_subcommand("rejects", "The rows that were quarantined or held");
  rejects->add_option("RUN", options->id, "Its id")->required();
  rejects->add_option(
      "-o,--output", options->output,
      "Copy the quarantined rows, with your columns, into this new file; - prints them");
  rejects->callback(choose(ShowRejects));

  CLI::App* revert =
      run->add_subcommand("revert", "Take back what a run wrote, as a run of its own");
  revert->add_option("RUN", options->id, "Its id")->required();
  revert->add_flag("--dry-run", options->dry_run, "Show what that would do; write nothing");
  revert->callback(choose(RevertRun));
}

}  // namespace referrald::ctl
