#pragma once

#include <vector>

#include "storage/ledger/command_scope.h"
#include "storage/ledger/ledger.h"
#include "storage/ledger/store_place.h"
#include "storage/vault/erasure.h"

// What has to be told to a log that is older than the keys, because a backup or another old copy of
// it was put back: who was erased since, and which numbers were given since.
namespace referrald::ledger {

// The erasures that the vault remembers and the read models of `keys` do not. What these say of the
// persons' rows is to be made anew from the log, which no longer tells: their keys are gone.
Result<std::vector<vault::Erasure>> ForgottenErasures(const StorePlace& place,
                                                      const DerivedKeys& keys);

// A wish: say again that these were erased.
struct EraseAgain {
  vault::Erasure erasure;
};
// Appends a PartyErased for every party of this log that is among the subjects; where none is, one
// of nobody (entity 0), so that a later import does not bring the person back.
Result<Receipt> DecideEraseAgain(CommandScope& scope, const EraseAgain& wish);

// A wish: never give these numbers.
struct RetireNumbers {
  Sequence through;
};
// Appends NumberRetired until the log ends at `wish.through`, or has grown by as much as one commit
// may hold: ask again. The number of an erased person has no key any more, so nobody could be
// stored under it; and a number that somebody was told must not come to mean something else.
Result<Receipt> DecideRetireNumbers(CommandScope& scope, const RetireNumbers& wish);

}  // namespace referrald::ledger
