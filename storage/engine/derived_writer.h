#pragma once

#include <rocksdb/options.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/base/status.h"
#include "storage/engine/background_errors.h"
#include "storage/engine/engine.h"

namespace rocksdb {
class DB;
}

namespace referrald::engine {

// Hears how far the memtables have become tables, and when compaction moved on. Any thread.
class TableProgress final : public rocksdb::EventListener {
 public:
  // Everything up to this sequence number of RocksDB's is in synced tables.
  uint64_t flushed_up_to() const;
  void RaiseFlushedUpTo(uint64_t sequence);
  // Returns at the next compaction's end, or after a tenth of a second.
  void AwaitCompaction();

  void OnFlushCompleted(rocksdb::DB* db, const rocksdb::FlushJobInfo& info) override;
  void OnCompactionCompleted(rocksdb::DB* db, const rocksdb::CompactionJobInfo& info) override;

 private:
  mutable std::mutex mutex_;
  std::condition_variable compacted_;
  // Guarded by mutex_.
  uint64_t flushed_up_to_ = 0;
  uint64_t compactions_ = 0;
};

// The way of derived keys into RocksDB: runs and dropped ranges, one after the other, in an order
// that a power cut keeps (storage/doc/engine.md, "What is durable when"). Any thread. All that it
// is made of must outlive it.
class DerivedWriter {
 public:
  struct Parts {
    rocksdb::DB& db;
    BackgroundErrors& errors;
    TableProgress& progress;
    rocksdb::Options options;  // How the store's tables are written.
    std::string folder;        // For tables that are being written; made when needed.
  };
  explicit DerivedWriter(Parts parts) : parts_(std::move(parts)) {}

  // `sorted_run` keeps the contract.
  Status Ingest(PartitionId partition, std::span<const Derived> sorted_run);
  Status DropRange(PartitionId partition, const Range& range);

 private:
  // All of these need mutex_.
  Status Insert(PartitionId partition, std::span<const Derived> sorted_run);
  Status Link(PartitionId partition, std::span<const Derived> sorted_run);
  Status FlushWhatCameBefore();
  Status AwaitRoomOnLevel0();
  rocksdb::Status WriteTables(PartitionId partition, std::span<const Derived> sorted_run,
                              std::vector<std::string>& paths);
  Status Failed(const rocksdb::Status& status, std::string_view doing);

  const Parts parts_;

  // Held across I/O, on purpose: runs are written in order, and only their writers wait for it.
  std::mutex mutex_;
  // Guarded by mutex_.
  uint64_t last_in_memtable_ = 0;  // Sequence number of the last small run or dropped range.
  uint64_t tables_written_ = 0;
};

// Removes what a crash left of runs that were never linked in.
Status RemoveUnlinkedTables(rocksdb::Env& env, const std::string& folder);

}  // namespace referrald::engine
