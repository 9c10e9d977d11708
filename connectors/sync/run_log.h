#pragma once

#include <map>
#include <string>
#include <string_view>

#include "connectors/sync/purchase.h"
#include "storage/base/log.h"
#include "storage/base/time.h"
#include "storage/ledger/run.h"

namespace referrald::sync {

// The log records of one run. File base names and record numbers only, never a value. One thread.
class RunLog {
 public:
  RunLog(const Logger& logger, const Clock& clock) : logger_(logger), clock_(clock) {}

  // run.started
  void Started(const ledger::RunRecord& run);
  // run.progress, at most one in two seconds.
  void Progress(const ledger::RunRecord& run);
  // row.quarantined, the first limits::kRowLogsPerCodeMax of each number.
  void Refused(const ledger::RunRecord& run, const ledger::Reject& reject);
  // run.purchases: what the stages of deals told.
  void Purchases(const ledger::RunRecord& run, const PurchaseCounts& counts);
  // run.held for a held one, and run.finished with all counts. Once.
  void Finished(const ledger::RunRecord& run);
  // file.claimed, file.archived, file.quarantined.
  void FileMoved(const ledger::RunRecord& run, std::string_view event);
  // What could not be done about the file or the store, and what happens now.
  void Trouble(const ledger::RunRecord& run, std::string_view event, const Status& status);

 private:
  const Logger& logger_;
  const Clock& clock_;
  Timestamp progress_at_{};
  std::map<int, size_t> refused_;
};

}  // namespace referrald::sync
