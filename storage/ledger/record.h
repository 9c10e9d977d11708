#pragma once

#include "storage/ledger/command_scope.h"
#include "storage/ledger/ledger.h"

namespace referrald::ledger {

// Records a fact about a referral or relationship, or says why not. Decides and changes `scope`;
// the caller commits.
Result<Receipt> DecideRecordFact(CommandScope& scope, const RecordFact& wish);

}  // namespace referrald::ledger
