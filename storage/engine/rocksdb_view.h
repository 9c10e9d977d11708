#pragma once

#include <memory>

#include "storage/engine/engine.h"

namespace rocksdb {
class DB;
}

namespace referrald::engine {

// A view of this instant of `partition`; holds a snapshot of `db`, which must outlive it.
Result<std::unique_ptr<View>> MakeRocksDbView(rocksdb::DB& db, PartitionId partition);

}  // namespace referrald::engine
