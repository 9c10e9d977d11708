#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "connectors/sync/feed.h"
#include "connectors/sync/runner.h"
#include "connectors/sync/sync.h"

namespace referrald::sync {

// An export with what its configuration names. Constant once opened.
struct Export {
  ExportConfig config;
  const connectors::ConnectorInfo* connector = nullptr;
};

// SyncService over real folders.
class Service final : public SyncService {
 public:
  Service(ledger::Ledger& ledger, const Clock& clock, const Logger& logger, std::vector<Feed> feeds,
          std::vector<Export> exports, const SyncOptions& options);
  ~Service() override { Stop(); }

  void Start() override;
  void Stop() override;
  void Rescan(std::string_view feed, std::string_view renamed_in) override;
  Result<RunId> Begin(std::string_view feed, const StartOptions& options) override;
  Result<Plan> DryRun(std::string_view feed, const StartOptions& options) override;
  Result<RunId> BeginRevert(const RunId& run, std::string_view started_by) override;
  Result<ledger::RunRecord> PlanRevert(const RunId& run) override;
  Result<ledger::RunRecord> GetRun(const RunId& id) const override;
  std::vector<FeedState> Feeds() const override;
  Result<std::vector<Check>> CheckFeed(std::string_view feed) const override;
  Result<Preview> PreviewFile(std::string_view feed, const std::string& path,
                              size_t row_count_max) const override;
  Traces FilesThatHold(std::vector<std::string> texts) const override;
  std::vector<ExportConfig> Exports() const override;
  Result<ExportResult> RunExport(std::string_view name) override;

 private:
  // A run that waits for its turn, with a record in the store.
  struct Job {
    size_t feed = 0;
    ledger::RunRecord run;
    std::string path;      // In processing/; empty: `copy_from` comes first, or it is a revert.
    Descriptor copy_from;  // The user's own file.
    bool again = false;    // Was postponed: the same attempt goes on.
  };

  Result<size_t> IndexOf(std::string_view feed) const;
  // The record with which the undoing of `run` begins. As CheckRevertible; NotFound.
  Result<ledger::RunRecord> NewRevert(const RunId& run, std::string_view started_by) const;
  FeedState StateOf(const Feed& feed) const;
  Timestamp NextTick(Timestamp now) const;
  ledger::RunRecord NewRun(const Feed& feed, std::string_view file, std::string started_by) const;

  // Claims the oldest complete file of the inbox, gives it a record and a place in the queue.
  // NotFound: none waits. With `record` as a pattern for the run's.
  Result<RunId> AdmitWaiting(size_t feed, const StartOptions& options);
  Result<RunId> AdmitClaimed(size_t feed, const std::string& name, const StartOptions& options);
  Result<RunId> AdmitCopy(size_t feed, const StartOptions& options);
  Status Enqueue(Job job);
  // The complete files of an inbox, oldest first; tells the log what is refused.
  Result<std::vector<std::string>> CompleteFiles(size_t feed);

  // The thread.
  void Work(const std::stop_token& stop);
  std::optional<Job> NextJob(const std::stop_token& stop);
  std::chrono::milliseconds PauseBeforeScan() const;  // Under mutex_.
  void Run(Job job, const std::stop_token& stop);
  RunEnd Attempt(Job& job, const std::stop_token& stop);
  Status CopyIn(Job& job) const;
  RunContext ContextOf(const Feed& feed, const std::stop_token& stop);
  void ScanAll();
  void NoteTrouble(size_t feed, const Status& status);
  bool IsBusy(const Feed& feed) const;

  // After a crash: what lies in processing/ against what the store knows.
  void Recover(const std::stop_token& stop);
  Status RecoverFiles(size_t feed, std::set<RunId>& with_file);
  Status RecoverFile(size_t feed, const ClaimedFile& file);
  Status FailVanished(size_t feed, const std::set<RunId>& with_file, const std::stop_token& stop);
  void PutAwayFinished(const Feed& feed, const ledger::RunRecord& run, const std::string& path);

  // Constant after construction.
  ledger::Ledger& ledger_;
  const Clock& clock_;
  const Logger& logger_;
  const std::vector<Feed> feeds_;
  const std::vector<Export> exports_;
  const SyncOptions options_;

  // Of the thread.
  std::deque<Job> postponed_;
  // Why an inbox cannot be read just now, by feed: said once, and not tried again at once.
  struct Trouble {
    int number = 0;
    std::chrono::steady_clock::time_point not_before{};
  };
  std::map<size_t, Trouble> troubles_;

  std::mutex recovery_mutex_;  // Held by Begin and by Recover, whole; taken before mutex_.
  std::mutex dry_run_mutex_;   // Held by a dry run.
  std::atomic<bool> closing_ = false;
  mutable std::atomic<int64_t> last_tick_ = 0;  // The millisecond of the newest run id.

  // Guarded by mutex_, which is never held across a file, the ledger or the log.
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Job> queue_;
  std::vector<SettleWatch> watches_;         // One a feed.
  std::map<RunId, ledger::RunRecord> live_;  // Queued, running or postponed, as they are now.
  std::set<std::string, std::less<>> exporting_;
  bool scan_wanted_ = true;

  std::jthread thread_;
};

}  // namespace referrald::sync
