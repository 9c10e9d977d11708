#pragma once

#include <memory>

#include "storage/engine/engine.h"
#include "storage/engine/rocksdb_handle.h"

namespace referrald::engine {

// A view of this instant of `partition`. Keeps the handle open, whatever the engine does meanwhile.
Result<std::unique_ptr<View>> MakeRocksDbView(std::shared_ptr<const RocksDbHandle> handle,
                                              PartitionId partition);

}  // namespace referrald::engine
