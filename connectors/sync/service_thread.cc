// The thread of the sync service: recovery, the queue, scans.
#include <fmt/core.h>
#include <pthread.h>

#include <algorithm>
#include <utility>

#include "connectors/sync/revert.h"
#include "connectors/sync/service.h"
#include "storage/base/limits.h"

namespace referrald::sync {
namespace {

constexpr std::chrono::seconds kPauseAfterTrouble{5};

using ledger::RunRecord;
using ledger::RunStatus;

constexpr size_t kRunsPerPage = 100;

Status Poison(uint32_t attempts) {
  return Status::InvalidArgument(
      fmt::format("the process ended {} times while it was reading this file without getting "
                  "further: the file is set aside as poison. Please report it; referralctl sync "
                  "with the file tries once more",
                  attempts),
      2026);
}

Status Vanished() {
  return Status::NotFound(
      "its file is no longer in processing/: somebody took it away, or the daemon ended before it "
      "had copied it. Give the file to the inbox again; what was read of it is counted",
      2027);
}

}  // namespace

void Service::Start() {
  REFERRALD_CHECK(!thread_.joinable());
  closing_ = false;
  thread_ = std::jthread([this](const std::stop_token& stop) { Work(stop); });
  pthread_setname_np(thread_.native_handle(), "sync");
}

void Service::Stop() {
  closing_ = true;
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  thread_ = std::jthread();
}

void Service::Work(const std::stop_token& stop) {
  Recover(stop);
  while (std::optional<Job> job = NextJob(stop)) Run(std::move(*job), stop);
}

std::optional<Service::Job> Service::NextJob(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (!queue_.empty()) {
      Job job = std::move(queue_.front());
      queue_.pop_front();
      return job;
    }
    if (std::exchange(scan_wanted_, false)) {
      lock.unlock();
      ScanAll();
      lock.lock();
      continue;
    }
    const bool woken = changed_.wait_for(lock, stop, PauseBeforeScan(),
                                         [this] { return scan_wanted_ || !queue_.empty(); });
    if (!woken) scan_wanted_ = true;
  }
  return std::nullopt;
}

// A file that is still settling is looked at again as soon as it can have settled.
std::chrono::milliseconds Service::PauseBeforeScan() const {
  std::chrono::milliseconds pause = options_.rescan;
  for (size_t feed = 0; feed < feeds_.size(); ++feed) {
    if (!watches_[feed].all_complete()) {
      pause = std::min(pause, std::max(feeds_[feed].config.settle, std::chrono::milliseconds{100}));
    }
  }
  return pause;
}

void Service::Run(Job job, const std::stop_token& stop) {
  const RunEnd end = Attempt(job, stop);
  const std::lock_guard lock(mutex_);
  switch (end) {
    case RunEnd::kFinished:
      live_.erase(job.run.id);
      scan_wanted_ = true;
      return;
    case RunEnd::kPostponed:
      job.again = true;
      postponed_.push_back(std::move(job));
      return;
    case RunEnd::kStopped:
      live_.erase(job.run.id);  // The next Start finds it in processing/.
      return;
  }
}

RunEnd Service::Attempt(Job& job, const std::stop_token& stop) {
  const Feed& feed = feeds_[job.feed];
  if (job.again) {
    // The store knows best how far it got: a wish may have been done after its answer was given up.
    const Result<std::unique_ptr<ledger::Reader>> reader = ledger_.Read();
    if (!reader) return RunEnd::kPostponed;
    Result<RunRecord> stored = (*reader)->GetRun(job.run.id);
    if (!stored) return RunEnd::kPostponed;
    job.run = std::move(*stored);
  } else {
    ++job.run.attempts;
  }
  const RunContext context = ContextOf(feed, stop);
  if (!job.run.reverts.empty()) return Reverter(context, job.run).Execute();
  if (Status copied = CopyIn(job); !copied.ok()) return Runner(context, job.run, "").Fail(copied);
  Runner runner(context, job.run, job.path);
  const uint32_t crashes = job.run.attempts - 1;
  return crashes < limits::kRunAttemptsMax ? runner.Execute() : runner.Fail(Poison(crashes));
}

Status Service::CopyIn(Job& job) const {
  if (!job.copy_from) return Status::Ok();
  Result<std::string> path =
      feeds_[job.feed].folder.CopyIn(job.copy_from, job.run.file, job.run.id);
  if (!path) return path.error();
  job.path = std::move(*path);
  job.copy_from.Close();
  return Status::Ok();
}

RunContext Service::ContextOf(const Feed& feed, const std::stop_token& stop) {
  return {.ledger = ledger_,
          .clock = clock_,
          .logger = logger_,
          .feed = feed.config,
          .connector = *feed.connector,
          .backoff = options_.backoff,
          .stop = stop,
          .publish = [this](const RunRecord& run) {
            const std::lock_guard lock(mutex_);
            live_[run.id] = run;
          }};
}

// One file a feed at a time: what is not claimed yet survives every mishap by itself.
void Service::ScanAll() {
  {
    const std::lock_guard lock(mutex_);
    for (Job& job : postponed_) queue_.push_back(std::move(job));
    postponed_.clear();
  }
  const auto now = std::chrono::steady_clock::now();
  for (size_t feed = 0; feed < feeds_.size(); ++feed) {
    Trouble& trouble = troubles_[feed];
    if (IsBusy(feeds_[feed]) || now < trouble.not_before) continue;
    const Result<RunId> admitted = AdmitWaiting(
        feed, {.path = {}, .accept = false, .row_count_max = 0, .started_by = "inbox"});
    if (admitted || admitted.error().code() == Code::kNotFound) {
      trouble = {};
      continue;
    }
    NoteTrouble(feed, admitted.error());
  }
}

// Putting a file back is a change in the inbox, which would be looked into at once: so there is a
// pause. And one line says it until it is something else.
void Service::NoteTrouble(size_t feed, const Status& status) {
  Trouble& trouble = troubles_[feed];
  trouble.not_before = std::chrono::steady_clock::now() + kPauseAfterTrouble;
  if (std::exchange(trouble.number, status.number()) == status.number()) return;
  logger_.Write({.level = LogLevel::kWarning,
                 .event = "feed.trouble",
                 .message = status.message(),
                 .number = status.number(),
                 .fields = {{"feed", feeds_[feed].config.name}}});
}

bool Service::IsBusy(const Feed& feed) const {
  const std::lock_guard lock(mutex_);
  return std::ranges::any_of(
      live_, [&feed](const auto& one) { return one.second.feed == feed.config.name; });
}

void Service::Recover(const std::stop_token& stop) {
  const std::lock_guard recovery(recovery_mutex_);
  for (size_t feed = 0; feed < feeds_.size(); ++feed) {
    std::set<RunId> with_file;
    Status recovered = RecoverFiles(feed, with_file);
    if (recovered.ok()) recovered = FailVanished(feed, with_file, stop);
    if (recovered.ok()) continue;
    logger_.Write({.level = LogLevel::kWarning,
                   .event = "feed.trouble",
                   .message = recovered.Prefixed("cannot tell what a crash left").message(),
                   .number = recovered.number(),
                   .fields = {{"feed", feeds_[feed].config.name}}});
  }
}

Status Service::RecoverFiles(size_t feed, std::set<RunId>& with_file) {
  const Result<std::vector<ClaimedFile>> claimed = feeds_[feed].folder.Claimed();
  if (!claimed) return claimed.error();
  for (const ClaimedFile& file : *claimed) {
    with_file.insert(file.run);
    if (Status recovered = RecoverFile(feed, file); !recovered.ok()) return recovered;
  }
  return Status::Ok();
}

Status Service::RecoverFile(size_t feed, const ClaimedFile& file) {
  {
    const std::lock_guard lock(mutex_);
    if (live_.contains(file.run)) return Status::Ok();  // Begun before Start.
  }
  const Result<std::unique_ptr<ledger::Reader>> reader = ledger_.Read();
  if (!reader) return reader.error();
  const Result<RunRecord> run = (*reader)->GetRun(file.run);
  if (!run && run.error().code() == Code::kNotFound) {
    return StatusOf(feeds_[feed].folder.PutBack(file));
  }
  if (!run) return run.error();
  if (run->status != RunStatus::kRunning) {
    PutAwayFinished(feeds_[feed], *run, file.path);
    return Status::Ok();
  }
  const std::lock_guard lock(mutex_);
  live_[run->id] = *run;
  queue_.push_back({.feed = feed, .run = *run, .path = file.path, .copy_from = {}});
  return Status::Ok();
}

// The end was stored, but neither the file moved nor, most likely, the log told.
void Service::PutAwayFinished(const Feed& feed, const RunRecord& run, const std::string& path) {
  RunLog log(logger_, clock_);
  const Status moved = PutAway(feed.folder, run, path, clock_.Now());
  if (!moved.ok()) log.Trouble(run, "file.stuck", moved);
  log.Finished(run);
}

Status Service::FailVanished(size_t feed, const std::set<RunId>& with_file,
                             const std::stop_token& stop) {
  const Result<std::unique_ptr<ledger::Reader>> reader = ledger_.Read();
  if (!reader) return reader.error();
  std::string cursor;
  for (size_t seen = 0; seen < limits::kRunsLookedBackMax; seen += kRunsPerPage) {
    const auto page = (*reader)->ListRuns(feeds_[feed].config.name, cursor, kRunsPerPage);
    if (!page) return page.error();
    for (const RunRecord& run : page->items) {
      if (run.status != RunStatus::kRunning || with_file.contains(run.id)) continue;
      {
        const std::lock_guard lock(mutex_);
        if (live_.contains(run.id)) continue;
      }
      if (!run.reverts.empty()) {
        const std::lock_guard lock(mutex_);
        live_[run.id] = run;
        queue_.push_back({.feed = feed, .run = run, .path = {}, .copy_from = {}});
        continue;
      }
      (void)Runner(ContextOf(feeds_[feed], stop), run, "").Fail(Vanished());
      const std::lock_guard lock(mutex_);
      live_.erase(run.id);
    }
    if (page->next.empty()) break;
    cursor = page->next;
  }
  return Status::Ok();
}

}  // namespace referrald::sync
