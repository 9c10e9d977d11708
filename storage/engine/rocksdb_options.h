#pragma once

#include <rocksdb/options.h>

#include "storage/engine/engine.h"
#include "storage/engine/rocksdb_internal.h"

namespace referrald::engine {

// How large a table may grow: small ones mean small steps of compaction, hence a small reserve.
inline constexpr uint64_t kTableFileBytes = 16 << 20;

// How every store is opened: all options in one place, each with its reason in the body. None of
// them trades acknowledged data for speed.
rocksdb::Options MakeRocksDbOptions(const RocksDbOptions& options, const RocksDbEdges& edges);

// How every commit is written: in the log, and the log on the disk.
rocksdb::WriteOptions CommitOptions(const RocksDbEdges& edges);

}  // namespace referrald::engine
