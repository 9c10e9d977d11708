#pragma once

#include <cstdint>

#include "storage/ledger/ledger.h"
#include "storage/ledger/store_place.h"

namespace referrald::ledger {

// The one that is built beside `live`; never 0.
uint8_t NextGeneration(uint8_t live);

// Projects the log into `generation`, from its watermark up to `through`, in sorted runs that each
// carry the watermark they lead to. Returns the last event projected: `through`, or where the log
// ends before it. Corruption: an event is damaged or does not fit the ones before it.
//
// The same for the tail that a crash took, for verify and for rebuild.
Result<Sequence> CatchUp(const StorePlace& place, uint8_t generation, Sequence through,
                         const Ledger::Progress& progress);

// The same onto the tail, up to where the log ends. For the writer thread.
Status CatchUpTail(const StorePlace& place);

// Removes every projection that is not of `live`: what a crash left of a verify or rebuild.
Status DropOthers(const StorePlace& place, uint8_t live);

// Makes `next` the live generation in one commit.
Status MakeLive(const StorePlace& place, uint8_t next);

}  // namespace referrald::ledger
