#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "storage/base/status.h"
#include "storage/engine/background_errors.h"
#include "storage/engine/derived_writer.h"
#include "storage/engine/engine.h"
#include "storage/engine/rocksdb_internal.h"

namespace rocksdb {
class DB;
}

namespace referrald::engine {

// An open RocksDB and what belongs to it, in the order in which it is built.
struct RocksDbHandle {
  RocksDbHandle();
  RocksDbHandle(const RocksDbHandle&) = delete;
  RocksDbHandle& operator=(const RocksDbHandle&) = delete;
  ~RocksDbHandle();

  std::shared_ptr<BackgroundErrors> errors;
  std::shared_ptr<TableProgress> progress;
  std::unique_ptr<rocksdb::DB> db;
  std::optional<DerivedWriter> derived;  // Nothing: open for reading only.
};

// True where a store was made at `path`.
bool IsStore(const std::string& path);

// Opens, or makes, the store for writing; the disk must not be full. `on_full` as in
// BackgroundErrors. Failures as OpenRocksDb.
Result<std::shared_ptr<RocksDbHandle>> OpenToWrite(const RocksDbOptions& options,
                                                   const RocksDbEdges& edges,
                                                   std::function<void()> on_full);
// Opens a store as it is and writes nothing, not even a log of its own.
Result<std::shared_ptr<RocksDbHandle>> OpenToRead(const RocksDbOptions& options,
                                                  const RocksDbEdges& edges);

}  // namespace referrald::engine
