#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string_view>

#include "connectors/sync/row_sorter.h"
#include "connectors/sync/run_ledger.h"
#include "connectors/sync/sync.h"

namespace referrald::sync {

// Rows that earlier files of a feed brought and a whole snapshot does not have.
struct Absence {
  uint64_t known = 0;  // Live rows of the feed and object.
  uint64_t gone = 0;   // Of those, the ones that the snapshot lacks.

  friend bool operator==(const Absence&, const Absence&) = default;
};

// Which live rows a snapshot is measured against.
struct AbsenceScope {
  const FeedConfig& feed;
  std::string_view object;
  RowSorter& seen;  // The rows of the snapshot.
};

// Failures as the reader says. Aborted: `stop` was requested.
Result<Absence> CountGone(const ledger::Ledger& ledger, const AbsenceScope& scope,
                          const std::stop_token& stop);

// Deletes them, stretch by stretch, as pass limits::kAbsencePass of `run`, which stands as the
// store has it when this returns; what a crash interrupted goes on with the rows that are left.
// Each is a RowDeleted of `run` and counted in run.gone.
Status DeleteGone(const RunLedger& store, const AbsenceScope& scope, ledger::RunRecord& run,
                  const std::stop_token& stop);

}  // namespace referrald::sync
