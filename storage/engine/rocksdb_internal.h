#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "storage/engine/engine.h"

namespace rocksdb {
class Env;
}

// Where tests of this folder reach behind engine.h: they break the disk and take mechanisms away.
// Nothing else may include this.
namespace referrald::engine {

struct RocksDbEdges {
  rocksdb::Env* env = nullptr;           // Null: the machine's. Must outlive the engine.
  std::function<uint64_t()> free_bytes;  // Empty: what the file system says.
  uint64_t memtable_bytes = 0;           // 0: as in production. Small ones flush often.
  bool sync = true;                      // False breaks the promise of Commit.
  bool strict_log = true;                // False: RocksDB's own way to read a damaged log.
};

Result<std::unique_ptr<Engine>> OpenRocksDb(const RocksDbOptions& options,
                                            const RocksDbEdges& edges);

}  // namespace referrald::engine
