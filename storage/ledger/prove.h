#pragma once

#include <string>
#include <string_view>

#include "storage/base/time.h"
#include "storage/ledger/checkpoint.h"
#include "storage/ledger/store_place.h"

// What the log says of itself to others, signed, and the proofs that go with it
// (storage/doc/proof.md). Reads one instant; any thread.
namespace referrald::ledger {

// The log as it is now. Corruption (RFD4203): the store cannot be read.
Result<Checkpoint> CheckpointNow(const StorePlace& place, const Hash128& identity, Timestamp now);

// `checkpoint`, signed with the store's key.
std::string Signed(const vault::Vault& vault, const Checkpoint& checkpoint);

// A proof file that the log as it is now holds event `sequence`. NotFound (RFD3021): it does not.
Result<std::string> ProveEvent(const StorePlace& place, const Hash128& identity, Timestamp now,
                               Sequence sequence);

// A proof file that the log as it is now begins with the one of `older`, a checkpoint of ours.
// Corruption (RFD4212): it is none of ours. FailedPrecondition (RFD4214): the log does not begin
// with it: it is shorter, or was altered since.
Result<std::string> ProveGrowth(const StorePlace& place, const Hash128& identity, Timestamp now,
                                std::string_view older);

}  // namespace referrald::ledger
