#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>

#include "connectors/sync/check.h"
#include "connectors/sync/drop_folder.h"
#include "connectors/sync/rejects_file.h"
#include "connectors/sync/run_ledger.h"
#include "connectors/sync/run_log.h"
#include "connectors/sync/stretch.h"
#include "connectors/sync/sync.h"

namespace referrald::sync {

// What a run needs of its surroundings; all that is referred to must outlive it.
struct RunContext {
  ledger::Ledger& ledger;
  const Clock& clock;
  const Logger& logger;
  const FeedConfig& feed;
  const connectors::ConnectorInfo& connector;
  std::chrono::milliseconds backoff{200};
  std::stop_token stop;
  std::function<void(const ledger::RunRecord&)> publish;  // The run as it is now.
};

enum class RunEnd {
  kFinished,   // With a record that says how, and the file where that belongs.
  kPostponed,  // The store takes nothing now; the file waits in processing/ for another Execute.
  kStopped,    // `stop` was requested; the same.
};

// One run over one file in processing/: check it whole, write it, account for every row. Execute
// can be called again by a later process for the same run: it goes on where the store says that it
// was. One thread; one use.
class Runner {
 public:
  // `run` is the record as it shall stand at the begin of this attempt.
  Runner(const RunContext& context, ledger::RunRecord run, std::string path);

  RunEnd Execute();
  // Ends the run without reading its file: poison, or vanished.
  RunEnd Fail(const Status& status);

 private:
  RunEnd Check();
  // A zip archive: its members become files of the inbox, and runs of their own.
  Result<bool> IsArchive() const;
  RunEnd UnpackArchive();
  RunEnd Apply(CheckReport& report);
  // What follows from the file as a whole, once its rows are written.
  Status Conclude(CheckReport& report);
  RunEnd FinishIdentical(const CheckReport& report);
  RunEnd Finish(RejectList& rejects);
  RunEnd Hold(const Status& stop, const CheckReport& report);
  // Ends this attempt without ending the run.
  RunEnd Postpone(const Status& status);
  // Stores the finished record, moves the file and tells the log, in this order.
  RunEnd Close(const std::vector<ledger::Reject>& rejects);
  Status Pin(const CheckReport& report);
  Result<FormerRuns> Former(const CheckReport& report) const;
  Status WriteRejects(RejectList& rejects);
  void NoteStretch(const Stretch& stretch, const ledger::ObserveResult& result);

  const RunContext context_;
  const DropFolder folder_;
  const RunLedger store_;
  RunLog log_;
  ledger::RunRecord run_;
  const std::string path_;
};

// Moves the file of a finished run to where it belongs: the archive, or quarantine with the reason.
Status PutAway(const DropFolder& folder, const ledger::RunRecord& run, const std::string& path,
               Timestamp now);

// What the ledger would answer to `wish`, counted as a real answer is; nothing is written.
Result<ledger::ObserveResult> ObserveDry(ledger::Ledger::DryRun& dry,
                                         const ledger::ObserveRows& wish);

// What Execute would do with the file at `path`, by the same code; nothing is written or moved.
// As CheckFile, and as the ledger says.
Result<Plan> PlanRun(const RunContext& context, ledger::RunRecord run, const std::string& path,
                     uint64_t row_count_max);

// Which rows would be gone after this file; none where the feed's files are no whole snapshots, or
// where this one is not: a mended file, or one with rows that cannot be read, which may be the ones
// that seem to be missing.
Result<Absence> AbsenceOf(const RunContext& context, CheckReport& report);

// Takes over what the check found out about the file.
void Describe(const CheckReport& report, ledger::RunRecord& run);

}  // namespace referrald::sync
