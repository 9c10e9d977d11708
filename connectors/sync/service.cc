#include "connectors/sync/service.h"

#include <fmt/core.h>
#include <sys/random.h>

#include <algorithm>
#include <utility>

#include "connectors/registry/registry.h"
#include "connectors/sync/export.h"
#include "connectors/sync/revert.h"
#include "storage/base/limits.h"
#include "storage/base/text.h"

namespace referrald::sync {
namespace {

using ledger::RunRecord;
using ledger::RunStatus;

RunId NewRunId(Timestamp now) {
  std::array<uint8_t, 16> entropy{};
  REFERRALD_CHECK(::getrandom(entropy.data(), entropy.size(), 0) ==
                  static_cast<ssize_t>(entropy.size()));
  return RunId::Make(now, entropy);
}

Result<Descriptor> OpenUserFile(const std::string& path) {
  if (path.empty() || path.front() != '/') {
    return Status::InvalidArgument(
        fmt::format("{} is not an absolute path; the daemon has a folder of its own", path), 2021);
  }
  Result<Descriptor> file = OpenRegular(path);
  if (file) return file;
  return Status(file.error().code(),
                file.error().message() +
                    "; where the daemon may not read it, copy it into the inbox of the feed",
                file.error().number());
}

Result<Export> OpenExport(ExportConfig config) {
  const connectors::ConnectorInfo* connector = registry::FindConnector(config.connector);
  if (connector == nullptr) {
    return Status::InvalidArgument(
        fmt::format("export {}: there is no connector \"{}\"", config.name, config.connector),
        2040);
  }
  if (connector->exports.empty()) {
    return Status::InvalidArgument(
        fmt::format("export {}: connector {} cannot export", config.name, connector->name), 2044);
  }
  if (config.folder.empty() || config.folder.front() != '/') {
    return Status::InvalidArgument(
        fmt::format("export {}: folder \"{}\" is not an absolute path", config.name, config.folder),
        2041);
  }
  if (config.system.empty()) config.system = connector->name;
  if (Status made = MakeFolder(config.folder + "/outbox", 0750); !made.ok()) return made;
  return Export{.config = std::move(config), .connector = connector};
}

}  // namespace

Result<std::unique_ptr<SyncService>> SyncService::Open(ledger::Ledger& ledger, const Clock& clock,
                                                       const Logger& logger,
                                                       std::vector<FeedConfig> feeds,
                                                       std::vector<ExportConfig> exports,
                                                       SyncOptions options) {
  std::vector<Feed> opened_feeds;
  std::set<std::string> names;
  for (FeedConfig& config : feeds) {
    Result<Feed> feed = OpenFeed(std::move(config));
    if (!feed) return feed.error();
    if (!names.insert(feed->config.name).second) {
      return Status::InvalidArgument(
          fmt::format("there are two feeds called {}", feed->config.name), 2041);
    }
    if (Status made = feed->folder.Make(); !made.ok()) return made;
    opened_feeds.push_back(std::move(*feed));
  }
  std::vector<Export> opened_exports;
  for (ExportConfig& config : exports) {
    Result<Export> opened = OpenExport(std::move(config));
    if (!opened) return opened.error();
    opened_exports.push_back(std::move(*opened));
  }
  return std::make_unique<Service>(ledger, clock, logger, std::move(opened_feeds),
                                   std::move(opened_exports), options);
}

Service::Service(ledger::Ledger& ledger, const Clock& clock, const Logger& logger,
                 std::vector<Feed> feeds, std::vector<Export> exports, const SyncOptions& options)
    : ledger_(ledger),
      clock_(clock),
      logger_(logger),
      feeds_(std::move(feeds)),
      exports_(std::move(exports)),
      options_(options),
      watches_(feeds_.size()) {}

void Service::Rescan(std::string_view feed, std::string_view renamed_in) {
  const std::lock_guard lock(mutex_);
  for (size_t index = 0; index < feeds_.size(); ++index) {
    if (!renamed_in.empty() && feeds_[index].config.name == feed) {
      watches_[index].RenamedIn(renamed_in);
    }
  }
  scan_wanted_ = true;
  changed_.notify_all();
}

Result<RunId> Service::Begin(std::string_view feed, const StartOptions& options) {
  const Result<size_t> index = IndexOf(feed);
  if (!index) return index.error();
  // Not while Recover looks: it would take a run that is just begun for one that a crash left.
  const std::lock_guard recovery(recovery_mutex_);
  if (closing_) return Status::Unavailable("referrald is stopping; begin again when it is back");
  return options.path.empty() ? AdmitWaiting(*index, options) : AdmitCopy(*index, options);
}

Result<Plan> Service::DryRun(std::string_view feed, const StartOptions& options) {
  const Result<size_t> index = IndexOf(feed);
  if (!index) return index.error();
  const Feed& in = feeds_[*index];
  std::string path = options.path;
  if (path.empty()) {
    const Result<InboxListing> listing = in.folder.List();
    if (!listing) return listing.error();
    if (listing->files.empty()) {
      return Status::NotFound(fmt::format("no file waits in {}", in.folder.inbox()), 2045);
    }
    path = in.folder.inbox() + "/" + listing->files.front().name;
  } else if (const Result<Descriptor> readable = OpenUserFile(path); !readable) {
    return readable.error();
  }
  // Each may hold limits::kDryRunBytesMax: so one at a time.
  const std::unique_lock alone(dry_run_mutex_, std::try_to_lock);
  if (!alone) return Status::Unavailable("another dry run is under way; try again when it ends");
  RunRecord run = NewRun(in, BaseName(path), options.started_by);
  run.dry_run = true;
  run.accepted = options.accept;
  return PlanRun(ContextOf(in, {}), std::move(run), path, options.row_count_max);
}

Result<RunRecord> Service::NewRevert(const RunId& run, std::string_view started_by) const {
  const Result<RunRecord> undone = GetRun(run);
  if (!undone) return undone.error();
  if (Status revertible = CheckRevertible(*undone); !revertible.ok()) return revertible;
  const Result<size_t> index = IndexOf(undone->feed);
  if (!index) return index.error();
  RunRecord record = NewRun(feeds_[*index], undone->file, std::string(started_by));
  record.object = undone->object;
  record.reverts = run;
  return record;
}

Result<RunId> Service::BeginRevert(const RunId& run, std::string_view started_by) {
  Result<RunRecord> record = NewRevert(run, started_by);
  if (!record) return record.error();
  const Result<size_t> index = IndexOf(record->feed);
  if (!index) return index.error();
  const std::lock_guard recovery(recovery_mutex_);
  if (closing_) return Status::Unavailable("referrald is stopping; begin again when it is back");
  const RunId id = record->id;
  Status queued = Enqueue({.feed = *index, .run = std::move(*record), .path = {}, .copy_from = {}});
  if (!queued.ok()) return queued;
  return id;
}

Result<RunRecord> Service::PlanRevert(const RunId& run) {
  Result<RunRecord> record = NewRevert(run, {});
  if (!record) return record.error();
  const Result<size_t> index = IndexOf(record->feed);
  if (!index) return index.error();
  const std::unique_lock alone(dry_run_mutex_, std::try_to_lock);
  if (!alone) return Status::Unavailable("another dry run is under way; try again when it ends");
  record->dry_run = true;
  RunContext context = ContextOf(feeds_[*index], {});
  context.publish = [](const RunRecord&) {};  // A plan is no run that goes on.
  return PlanRevertRun(context, std::move(*record));
}

Result<RunRecord> Service::GetRun(const RunId& id) const {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = live_.find(id); found != live_.end()) return found->second;
  }
  const Result<std::unique_ptr<ledger::Reader>> reader = ledger_.Read();
  if (!reader) return reader.error();
  return (*reader)->GetRun(id);
}

std::vector<FeedState> Service::Feeds() const {
  std::vector<FeedState> states;
  for (const Feed& feed : feeds_) states.push_back(StateOf(feed));
  return states;
}

FeedState Service::StateOf(const Feed& feed) const {
  FeedState state{.config = feed.config, .files_waiting = 0, .last_run = {}};
  if (const Result<InboxListing> listing = feed.folder.List(); listing) {
    state.files_waiting = static_cast<uint32_t>(listing->files.size());
  }
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, run] : live_) {
      if (run.feed != feed.config.name || state.last_run) continue;
      state.last_run = run;
    }
  }
  if (state.last_run) return state;
  const Result<std::unique_ptr<ledger::Reader>> reader = ledger_.Read();
  if (!reader) return state;
  const auto runs = (*reader)->ListRuns(feed.config.name, "", 1);
  if (runs && !runs->items.empty()) state.last_run = runs->items.front();
  return state;
}

Result<std::vector<Check>> Service::CheckFeed(std::string_view feed) const {
  const Result<size_t> index = IndexOf(feed);
  if (!index) return index.error();
  return CheckOne(feeds_[*index], StateOf(feeds_[*index]));
}

Result<Preview> Service::PreviewFile(std::string_view feed, const std::string& path,
                                     size_t row_count_max) const {
  const Result<size_t> index = IndexOf(feed);
  if (!index) return index.error();
  if (const Result<Descriptor> readable = OpenUserFile(path); !readable) return readable.error();
  return PreviewRows(feeds_[*index], path, row_count_max);
}

Traces Service::FilesThatHold(std::vector<std::string> texts) const {
  TraceSearch search{.texts = std::move(texts), .folders = {}};
  for (const Feed& feed : feeds_) search.folders.push_back(feed.config.folder);
  for (const Export& one : exports_) search.folders.push_back(one.config.folder);
  // A feed and an export may share a folder.
  std::ranges::sort(search.folders);
  const auto repeats = std::ranges::unique(search.folders);
  search.folders.erase(repeats.begin(), repeats.end());
  return FindTraces(search);
}

std::vector<ExportConfig> Service::Exports() const {
  std::vector<ExportConfig> configs;
  for (const Export& one : exports_) configs.push_back(one.config);
  return configs;
}

Result<ExportResult> Service::RunExport(std::string_view name) {
  const auto found = std::ranges::find(
      exports_, name, [](const Export& one) { return std::string_view(one.config.name); });
  if (found == exports_.end()) {
    return Status::NotFound(
        fmt::format("there is no export called {}; referralctl export list names them", name),
        2046);
  }
  {
    const std::lock_guard lock(mutex_);
    if (!exporting_.insert(found->config.name).second) {
      return Status::Unavailable(fmt::format("export {} is being written right now", name), 2047);
    }
  }
  Result<ExportResult> result = WriteExport(ledger_, found->config, *found->connector);
  const std::lock_guard lock(mutex_);
  exporting_.erase(found->config.name);
  return result;
}

Result<size_t> Service::IndexOf(std::string_view feed) const {
  std::vector<std::string_view> names;
  for (size_t index = 0; index < feeds_.size(); ++index) {
    if (feeds_[index].config.name == feed) return index;
    names.push_back(feeds_[index].config.name);
  }
  const std::string_view near = Nearest(feed, names);
  const std::string remedy = near.empty() ? std::string("referralctl feed list names them")
                                          : fmt::format("did you mean {}?", near);
  return Status::NotFound(fmt::format("there is no feed called {}; {}", feed, remedy), 2046);
}

// Ids sort by millisecond: of two runs that begin in one, the second is the newer all the same.
Timestamp Service::NextTick(Timestamp now) const {
  constexpr int64_t kMicrosPerTick = 1000;
  int64_t last = last_tick_.load();
  int64_t tick = 0;
  do {
    tick = std::max(ToMicros(now) / kMicrosPerTick, last + 1);
  } while (!last_tick_.compare_exchange_weak(last, tick));
  return FromMicros(tick * kMicrosPerTick);
}

RunRecord Service::NewRun(const Feed& feed, std::string_view file, std::string started_by) const {
  const Timestamp now = clock_.Now();
  RunRecord run;
  run.id = NewRunId(NextTick(now));
  run.feed = feed.config.name;
  run.connector = feed.connector->name;
  run.file = WithoutRun(file);
  run.started_by = std::move(started_by);
  run.started_at = now;
  return run;
}

Result<std::vector<std::string>> Service::CompleteFiles(size_t feed) {
  const Result<InboxListing> listing = feeds_[feed].folder.List();
  if (!listing) return listing.error();
  std::vector<std::pair<std::string, Status>> refused;
  std::vector<std::string> complete;
  {
    const std::lock_guard lock(mutex_);
    SettleWatch& watch = watches_[feed];
    complete = watch.Complete(*listing, clock_.Now(), feeds_[feed].config.settle);
    for (const auto& one : listing->refused) {
      if (watch.IsNewlyRefused(one.first)) refused.push_back(one);
    }
  }
  for (const auto& [name, status] : refused) {
    logger_.Write({.level = LogLevel::kWarning,
                   .event = "file.refused",
                   .message = status.message(),
                   .number = status.number(),
                   .fields = {{"feed", feeds_[feed].config.name}, {"file", name}}});
  }
  return complete;
}

Result<RunId> Service::AdmitWaiting(size_t feed, const StartOptions& options) {
  const Result<std::vector<std::string>> files = CompleteFiles(feed);
  if (!files) return files.error();
  for (const std::string& name : *files) {
    Result<RunId> admitted = AdmitClaimed(feed, name, options);
    // Gone, or replaced by something that is no file: the next one.
    const bool next = !admitted && (admitted.error().code() == Code::kNotFound ||
                                    admitted.error().number() == 2020);
    if (!next) return admitted;
  }
  return Status::NotFound(
      fmt::format(
          "no complete file waits in {}; one that is still written is taken {} ms after its "
          "last change",
          feeds_[feed].folder.inbox(), feeds_[feed].config.settle.count()),
      2045);
}

Result<RunId> Service::AdmitClaimed(size_t feed, const std::string& name,
                                    const StartOptions& options) {
  const Feed& in = feeds_[feed];
  Job job{.feed = feed, .run = NewRun(in, name, options.started_by), .path = {}, .copy_from = {}};
  job.run.accepted = options.accept;
  Result<std::string> path = in.folder.Claim(name, job.run.id);
  if (!path) return path.error();
  job.path = *path;
  const RunRecord run = job.run;
  RunLog(logger_, clock_).FileMoved(run, "file.claimed");
  if (Status queued = Enqueue(std::move(job)); !queued.ok()) {
    const Result<std::string> back =
        in.folder.PutBack({.run = run.id, .path = *path, .name = run.file});
    return back ? queued : back.error();
  }
  return run.id;
}

Result<RunId> Service::AdmitCopy(size_t feed, const StartOptions& options) {
  Result<Descriptor> file = OpenUserFile(options.path);
  if (!file) return file.error();
  Job job{.feed = feed,
          .run = NewRun(feeds_[feed], BaseName(options.path), options.started_by),
          .path = {},
          .copy_from = std::move(*file)};
  job.run.accepted = options.accept;
  const RunId id = job.run.id;
  if (Status queued = Enqueue(std::move(job)); !queued.ok()) return queued;
  return id;
}

// The record comes first: an id that was given out is known from then on, whatever happens.
Status Service::Enqueue(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (live_.size() >= limits::kRunsWaitingMax) {
      return Status::Unavailable(fmt::format("{} runs wait already", limits::kRunsWaitingMax),
                                 2048);
    }
  }
  const ledger::Ledger::Deadline deadline =
      std::chrono::steady_clock::now() + limits::kImportDeadline;
  if (Status put = ledger_.PutRun(job.run, {}, deadline); !put.ok()) return put;
  const std::lock_guard lock(mutex_);
  live_[job.run.id] = job.run;
  queue_.push_back(std::move(job));
  changed_.notify_all();
  return Status::Ok();
}

}  // namespace referrald::sync
