#pragma once

#include "storage/ledger/ledger.h"
#include "storage/ledger/lookup.h"

namespace referrald::ledger {

// Who `party` is now, through merges. InvalidArgument (RFD3023): not named in exactly one way.
// NotFound (RFD3021): nobody. FailedPrecondition (RFD3022): several have that e-mail address.
Result<EntityId> FindParty(const Lookup& lookup, const PartyRef& party);

}  // namespace referrald::ledger
