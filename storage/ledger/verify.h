#pragma once

#include "storage/ledger/generation.h"
#include "storage/ledger/ledger.h"

namespace referrald::ledger {

// Checks the log and, through a second generation, the projections; drops that generation again.
// For the writer thread. A problem of the store is part of the report; a failure is one of the
// checking itself.
Result<VerifyReport> VerifyStore(const StorePlace& place, uint8_t live,
                                 const Ledger::Progress& progress);

}  // namespace referrald::ledger
