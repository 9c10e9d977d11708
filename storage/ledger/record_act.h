#pragma once

#include "storage/ledger/command_scope.h"
#include "storage/ledger/ledger.h"

namespace referrald::ledger {

// Records an act, or says why not. Decides and changes `scope`; the caller commits.
Result<Receipt> DecideRecordAct(CommandScope& scope, const RecordAct& wish);

}  // namespace referrald::ledger
