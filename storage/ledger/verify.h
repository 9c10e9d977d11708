#pragma once

#include "storage/ledger/drain.h"
#include "storage/ledger/ledger.h"

namespace referrald::ledger {

// Checks the log and, through a second generation, the projections; drops that generation again.
// Writes go on beside it, but for `drain`, which is held for the moment in which both generations
// are brought to the same event. One at a time, and not beside a rebuild. A problem of the store is
// part of the report; a failure is one of the checking itself.
// Checkpoints in the log and the records of runs are checked whatever the scope. `info`: what the
// store information should be.
Result<VerifyReport> VerifyStore(const StorePlace& place, Drain& drain, const StoreInfo& info,
                                 const VerifyScope& scope, const Ledger::Progress& progress);

}  // namespace referrald::ledger
