#pragma once

#include <functional>

#include "storage/engine/engine.h"
#include "storage/ledger/run.h"
#include "storage/vault/vault.h"

namespace referrald::ledger {

// What SyncFinished says of a run: a keyed hash over its record and its rejects as they are stored,
// so that neither can be altered afterwards without the key (storage/doc/format.md, "Runs").
struct RunDigest {
  Hash128 hash{};
  uint64_t rejects = 0;  // So many were hashed.
};

// Of `record`, a stored 'R', and of the rejects of `run` that `scan` shows. Fails as `scan` does.
using RunScan = std::function<Status(const engine::Range&, const engine::Sink&)>;
Result<RunDigest> DigestOf(const vault::Vault& vault, const RunId& run, std::string_view record,
                           const RunScan& scan);

}  // namespace referrald::ledger
