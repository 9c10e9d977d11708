#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <thread>

#include "plugin/ctl/context.h"
#include "plugin/ctl/progress.h"
#include "plugin/ctl/saved_plan.h"
#include "plugin/ctl/text.h"
#include "thrift/idl/ReferraldAdmin.h"

namespace referrald::ctl {
namespace {

using Client = idl::ReferraldAdminClient;

constexpr std::chrono::milliseconds kPollInterval{200};

struct FeedOptions {
  std::string feed;
  std::string file;
  int32_t rows = 20;
  int64_t limit = 0;
  bool dry_run = false;
  bool accept = false;
  bool no_wait = false;
  std::string plan;  // Where a plan is written to or read from.
};

// The daemon has another working folder.
std::string Absolute(const std::string& file) {
  return file.empty() ? file : std::filesystem::absolute(file).lexically_normal().string();
}

ExitCode ListFeeds(Context& context, const FeedOptions&) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto feeds = client->Ask(&Client::listFeeds);
  if (!feeds) return context.Fail(feeds.error());
  return context.Show({{"feeds", ToJsonList(*feeds)}},
                      FeedsText(*feeds, context.Now(), context.style()));
}

ExitCode CheckFeed(Context& context, const FeedOptions& options) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto checks = client->Ask(&Client::checkFeed, options.feed);
  if (!checks) return context.Fail(checks.error());
  const bool all_ok = std::ranges::all_of(*checks, [](const auto& check) { return check.ok; });
  return context.Show({{"checks", ToJsonList(*checks)}}, CheckText(*checks, context.style()),
                      all_ok ? ExitCode::kOk : ExitCode::kFailed);
}

// A file that cannot be read is no wrong use of this program: the same code as a run of it.
ExitCode FailOfFile(Context& context, const Status& failure) {
  constexpr int kFirstFileNumber = 2000;
  constexpr int kLastFileNumber = 2999;
  const bool is_of_file = failure.number() >= kFirstFileNumber &&
                          failure.number() <= kLastFileNumber &&
                          failure.code() == Code::kInvalidArgument;
  const ExitCode code = context.Fail(failure);
  return is_of_file ? ExitCode::kFailed : code;
}

ExitCode ExitCodeOfRun(const idl::Run& run) {
  if (run.status == "ok" || run.status == "running") return ExitCode::kOk;
  const bool incomplete = run.status == "partial" || run.status == "held";
  return incomplete ? ExitCode::kIncomplete : ExitCode::kFailed;
}

ExitCode PreviewFile(Context& context, const FeedOptions& options) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto preview =
      client->Ask(&Client::previewFile, options.feed, Absolute(options.file), options.rows);
  if (!preview) return FailOfFile(context, preview.error());
  return context.Show(ToJson(*preview), PreviewText(*preview, context.style()));
}

idl::StartSyncRequest RequestOf(const FeedOptions& options) {
  idl::StartSyncRequest request;
  request.__set_feed(options.feed);
  if (!options.file.empty()) request.__set_path(Absolute(options.file));
  if (options.accept) request.__set_accept(true);
  return request;
}

ExitCode DryRun(Context& context, const FeedOptions& options) {
  auto client = context.ConnectPatiently();
  if (!client) return context.Fail(client.error());
  const auto plan = client->Ask(&Client::planSync, RequestOf(options), options.limit);
  if (!plan) return FailOfFile(context, plan.error());
  const Json json = ToJson(*plan);
  std::string text = PlanText(*plan, context.style());
  if (!options.plan.empty()) {
    const SavedPlan saved{.feed = options.feed,
                          .file = Absolute(options.file),
                          .accept = options.accept,
                          .plan = json};
    if (Status written = WriteSavedPlan(options.plan, saved); !written.ok()) {
      return context.Fail(written);
    }
    text += fmt::format("Saved:  referralctl sync apply {}\n", options.plan);
  }
  return context.Show(json, text, ExitCodeOfRun(plan->run));
}

// Programs that ask for JSON have no use for lines of progress; people at a terminal have.
bool IsSilent(const Options& options) {
  return options.quiet || (options.json && !options.error_is_terminal);
}

// Until the run is over; the run goes on without us where this is interrupted.
Result<idl::Run> Await(Context& context, client::Client& client, const std::string& id) {
  Progress progress(context.error(), {.is_terminal = context.options().error_is_terminal,
                                      .silent = IsSilent(context.options())});
  for (;;) {
    auto run = client.Ask(&Client::getRun, id);
    if (!run || run->status != "running") {
      progress.Finish();
      return run;
    }
    progress.Update(*run, std::chrono::steady_clock::now());
    std::this_thread::sleep_for(kPollInterval);
  }
}

ExitCode Sync(Context& context, const FeedOptions& options) {
  if (options.dry_run) return DryRun(context, options);
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto id = client->Ask(&Client::startSync, RequestOf(options));
  if (!id) return context.Fail(id.error());
  if (options.no_wait) {
    return context.Show({{"run", *id}}, fmt::format("Run {} has begun.\n", *id));
  }
  const auto run = Await(context, *client, *id);
  if (!run) return context.Fail(run.error());
  std::string text = RunText(*run, {}, context.style());
  if (run->counts.quarantined + run->counts.held > 0) {
    text += fmt::format("Why:    referralctl run show {}\n", run->id);
  }
  return context.Show(ToJson(*run), text, ExitCodeOfRun(*run));
}

// The file is planned once more, and written only where that says what the saved plan said.
ExitCode Apply(Context& context, const FeedOptions& options) {
  const Result<SavedPlan> saved = ReadSavedPlan(options.plan);
  if (!saved) return context.Fail(saved.error());
  FeedOptions again;
  again.feed = saved->feed;
  again.file = saved->file;
  again.accept = saved->accept;
  auto client = context.ConnectPatiently();
  if (!client) return context.Fail(client.error());
  const auto plan = client->Ask(&Client::planSync, RequestOf(again), int64_t{0});
  if (!plan) return FailOfFile(context, plan.error());
  if (Status same = CheckSamePlan(*saved, ToJson(*plan)); !same.ok()) return context.Fail(same);
  return Sync(context, again);
}

ExitCode ShowStatus(Context& context, const FeedOptions&) {
  auto client = context.Connect();
  if (!client) return context.Fail(client.error());
  const auto info = client->Ask(&Client::getServerInfo, "referralctl", 1, 0);
  if (!info) return context.Fail(info.error());
  const auto feeds = client->Ask(&Client::listFeeds);
  if (!feeds) return context.Fail(feeds.error());
  return context.Show({{"server", ToJson(*info)}, {"feeds", ToJsonList(*feeds)}},
                      StatusText(*info, *feeds, context.Now(), context.style()));
}

}  // namespace

void AddFeedCommands(CLI::App& app, Command& command) {
  const auto options = std::make_shared<FeedOptions>();
  const auto choose = [&command, options](auto action) {
    return [&command, options, action] {
      command = [options, action](Context& context) { return action(context, *options); };
    };
  };
  app.add_subcommand("status", "The daemon, its store and every feed on one screen")
      ->callback(choose(ShowStatus));

  CLI::App* feed = app.add_subcommand("feed", "Where contacts come from");
  feed->require_subcommand(1);
  feed->add_subcommand("list", "Every feed and its last run")->callback(choose(ListFeeds));
  CLI::App* check = feed->add_subcommand("check", "Whether a feed can work: folders, permissions");
  check->add_option("FEED", options->feed, "Its name")->required();
  check->callback(choose(CheckFeed));
  CLI::App* preview = feed->add_subcommand("preview", "What a file would be read as");
  preview->add_option("FEED", options->feed, "Its name")->required();
  preview->add_option("FILE", options->file, "The file")->required();
  preview->add_option("-n,--rows", options->rows, "At most so many rows")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  preview->callback(choose(PreviewFile));

  AddDiscoverCommand(*feed, command);

  CLI::App* sync = app.add_subcommand("sync", "Read a file now, and wait for the outcome");
  const CLI::Option* named = sync->add_option("FEED", options->feed, "The feed it belongs to");
  const CLI::Option* file =
      sync->add_option("FILE", options->file, "The file (default: the oldest one in the inbox)");
  sync->add_flag("--dry-run", options->dry_run, "Say what would happen; write nothing");
  sync->add_option("--limit", options->limit, "With --dry-run: read only so many rows")
      ->check(CLI::PositiveNumber);
  sync->add_flag("--accept", options->accept, "Pass the safety stops: you have looked at the file");
  sync->add_flag("--no-wait", options->no_wait, "Return at once with the id of the run");
  sync->add_option("--plan-out", options->plan, "With --dry-run: save the plan, for sync apply");
  CLI::App* apply = sync->add_subcommand("apply", "Write what a saved plan says, or nothing");
  apply->add_option("PLAN", options->plan, "A file of --plan-out")->required();
  apply->callback(choose(Apply));
  sync->callback([sync, named, options, file, run = choose(Sync)] {
    if (!sync->get_subcommands().empty()) return;
    if (named->count() == 0) throw CLI::RequiredError("FEED");
    if (!options->plan.empty() && (!options->dry_run || options->file.empty())) {
      throw CLI::ValidationError("--plan-out", "goes with --dry-run and a FILE");
    }
    if (!options->plan.empty() && options->limit > 0) {
      throw CLI::ValidationError("--plan-out", "goes without --limit: a plan is of a whole file");
    }
    if (options->limit > 0 && !options->dry_run) {
      throw CLI::ValidationError("--limit", "goes with --dry-run: a file is imported whole");
    }
    if (file->count() > 0 && options->file.empty()) {
      throw CLI::ValidationError("FILE", "is empty: leave it out for the oldest file of the inbox");
    }
    run();
  });
}

}  // namespace referrald::ctl
