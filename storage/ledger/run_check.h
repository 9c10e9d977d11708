#pragma once

#include <functional>
#include <string>

#include "storage/engine/engine.h"
#include "storage/ledger/event.h"
#include "storage/ledger/store_place.h"

namespace referrald::ledger {

// Compares the records of runs with what the log says of them, as part of a verify: every run that
// ended is there, with its rejects, as it was when it ended, and there is no other. What a run that
// is under way has so far is not in the log yet; that its rejects belong to it is all that is
// checked of it.
//
// Borrows the view; one thread.
class RunCheck {
 public:
  using Report = std::function<void(std::string problem)>;
  RunCheck(const StorePlace& place, const engine::View& view, Report report)
      : place_(place), view_(view), report_(std::move(report)) {}

  // The log holds this. Not Ok: it could not be looked up.
  Status Finished(const SyncFinished& finished);
  // The log is read to its end. Not Ok: as above.
  Status End();

 private:
  Status CheckRun(std::string_view key, std::string_view record);
  Status CheckLeftOvers();
  Result<uint64_t> Count(std::string_view prefix) const;

  const StorePlace place_;
  const engine::View& view_;
  const Report report_;
  uint64_t finished_ = 0;  // Runs that the log says have ended, and that are there.
  uint64_t ended_ = 0;     // Runs whose record says so.
  uint64_t runs_ = 0;
  uint64_t rejects_ = 0;  // Of those runs.
};

}  // namespace referrald::ledger
