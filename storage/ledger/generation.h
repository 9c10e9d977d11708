#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

#include "storage/engine/engine.h"
#include "storage/ledger/ledger.h"
#include "storage/ledger/records.h"
#include "storage/vault/vault.h"

namespace referrald::ledger {

// Where a store lies. Borrows.
struct StorePlace {
  engine::Engine& engine;
  const vault::Vault& vault;
  engine::PartitionId partition;
  const std::atomic<bool>* interrupted = nullptr;  // Set: long work ends early.

  // Unavailable (RFD4207) once somebody interrupted the work; asked a page at a time.
  Status CheckInterrupted() const;
};

// The one that is built beside `live`; never 0.
uint8_t NextGeneration(uint8_t live);

// 'V', or nothing in a new store.
Result<std::optional<StoreInfo>> ReadStoreInfo(const engine::View& view);

// Projects the whole log into `generation`, which must be empty, in batches. Returns the number of
// events. Corruption: an event is damaged or does not fit the ones before it.
Result<uint64_t> BuildGeneration(const StorePlace& place, uint8_t generation,
                                 const Ledger::Progress& progress);

// Removes every projection that is not of `live`: what a crash left of a verify or rebuild.
Status DropOthers(const StorePlace& place, uint8_t live);

// Builds the generation behind `live`, makes it the live one in one commit and drops the old one.
// Returns the number of events projected; `live` is what is live now, whatever the outcome.
Result<uint64_t> Rebuild(const StorePlace& place, uint8_t& live, const Ledger::Progress& progress);

// One batch on top of whatever is there. For the writer thread, and before it starts.
Status CommitDirectly(const StorePlace& place, const std::function<void(engine::Batch&)>& fill);

}  // namespace referrald::ledger
