#pragma once

#include <atomic>
#include <functional>
#include <optional>

#include "storage/engine/engine.h"
#include "storage/ledger/keys.h"
#include "storage/ledger/records.h"
#include "storage/ledger/tail.h"
#include "storage/ledger/transaction.h"
#include "storage/vault/vault.h"

namespace referrald::ledger {

// Where a store lies. Borrows.
struct StorePlace {
  engine::Engine& engine;
  const vault::Vault& vault;
  engine::PartitionId partition;
  Tail& tail;
  const std::atomic<bool>* interrupted = nullptr;  // Set: long work ends early.

  // Unavailable (RFD4207) once somebody interrupted the work; asked a page at a time.
  Status CheckInterrupted() const;
};

// 'V', or nothing in a new store.
Result<std::optional<StoreInfo>> ReadStoreInfo(const engine::View& view);
// 'H': where the log ends; all zero in a new store.
Result<Head> ReadHead(const KeyValues& from);
Result<Head> ReadHead(const engine::View& view);
// How far the read models of a generation go; all zero where there are none.
Result<Watermark> ReadWatermark(const KeyValues& from, const DerivedKeys& keys);
Result<Watermark> ReadWatermark(const engine::View& view, const DerivedKeys& keys);

// One batch on top of whatever is there. For the writer thread, and before it starts.
Status CommitDirectly(const StorePlace& place, const std::function<void(engine::Batch&)>& fill);

// Read models straight into the engine, past the tail: for generations that nobody reads yet.
Status IngestDirectly(const StorePlace& place, const Layer& layer);

// What a commit answered, for those who cannot decide again.
Status StatusOf(const engine::CommitResult& result);

}  // namespace referrald::ledger
