#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/status.h"
#include "storage/engine/backup.h"

// Ordered keys inside a partition, one conditional atomic batch, views of one instant.
//
// Two implementations (in memory, RocksDB) pass one conformance suite; a third, over the PostgreSQL
// wire protocol, must need no change above this header. That is why an answer can be "unknown" and
// why a batch names the version it was decided at.
namespace referrald::engine {

// One organisation's keys. One partition for now; scrambled ids later, so that they spread.
using PartitionId = uint64_t;
// Dense per partition; 0 = nothing was ever committed to it.
using Version = uint64_t;

enum class Outcome : unsigned char {
  kOk,        // Durable, and visible to every later view.
  kConflict,  // The partition is not at the expected version; nothing was written.
  // The answer was lost and the batch may even still arrive: Settle, read, decide again. Where
  // Settle refuses, only a restart can tell.
  kUnknown,
  kUnavailable,  // Nothing was written; later may be better (storage full, shutting down).
  kTooLarge,     // The batch breaks a limit of the contract; nothing was written.
  kCorrupt,      // The engine found damage; stop, and run `referralctl verify`.
};

struct CommitResult {
  Outcome outcome = Outcome::kOk;
  Version version = 0;  // Of the partition now; 0 where it is not known.
  std::string detail;   // For a person; empty when ok. No keys, no values.
  int number = 0;       // RFDnnnn of the detail: 4002 storage full, 4003 damage, 4006 stopped.
};

// The puts and deletes of one commit, in one arena. A key may occur once: that the last one wins
// is not promised, and the engine in memory takes it for a bug and ends the process.
class Batch {
 public:
  Batch(PartitionId partition, Version expected) : partition_(partition), expected_(expected) {}

  void Put(std::string_view key, std::string_view value) { Add(key, value, /*is_delete=*/false); }
  void Delete(std::string_view key) { Add(key, {}, /*is_delete=*/true); }

  struct Operation {
    std::string_view key;
    std::string_view value;
    bool is_delete = false;
  };
  // The i-th operation; the views live as long as the batch is unchanged.
  Operation at(size_t i) const;

  PartitionId partition() const { return partition_; }
  Version expected() const { return expected_; }
  size_t size() const { return places_.size(); }
  size_t bytes() const { return arena_.size(); }

 private:
  struct Place {
    uint32_t offset, key_size, value_size;
    bool is_delete;
  };
  void Add(std::string_view key, std::string_view value, bool is_delete);

  PartitionId partition_;
  Version expected_;
  std::string arena_;
  std::vector<Place> places_;
};

// One derived key of a sorted run: a put or a delete.
using Derived = Batch::Operation;

// Keys in [begin, end); an empty `end` means to the end of the partition. With `reverse`, the same
// keys from the last to the first.
struct Range {
  std::string begin;
  std::string end;
  bool reverse = false;
  size_t row_count_max = SIZE_MAX;
};

// Every key that starts with `prefix`.
Range PrefixRange(std::string_view prefix);

// False stops the scan. The bytes live for the call only.
using Sink = std::function<bool(std::string_view key, std::string_view value)>;

// Everything one View answers is from one instant of one partition. One thread at a time; must not
// outlive its engine. An engine may refuse a view older than four seconds with Aborted: take a new
// one and go on behind the last key.
class View {
 public:
  virtual ~View() = default;

  // The version of the partition at that instant.
  virtual Version version() const = 0;
  // The value, or nothing. Corruption, IoError, Aborted.
  virtual Result<std::optional<std::string>> Get(std::string_view key) const = 0;
  // The values in the order of `keys`, in one round trip.
  virtual Result<std::vector<std::optional<std::string>>> MultiGet(
      std::span<const std::string> keys) const = 0;
  // Calls `sink` for each key of `range`, in order.
  virtual Status Scan(const Range& range, const Sink& sink) const = 0;
};

// How much of the disk is left (storage/doc/engine.md, "Disk space").
enum class DiskLevel : unsigned char {
  kAmple,
  kLow,   // Imports and rebuilds should wait; all else goes on.
  kFull,  // Nothing is written (RFD4002).
};

// How the engine is, cheap to ask.
struct Condition {
  DiskLevel disk = DiskLevel::kAmple;
  // Writes are refused for good: what the disk holds is not known any more. End the process and
  // start it again; do not trust a second sync.
  bool needs_restart = false;
  std::string reason{};  // Why nothing is written now; empty: it is.
};

struct Statistics {
  uint64_t size_bytes = 0;       // On disk; 0 in memory.
  uint64_t free_disk_bytes = 0;  // UINT64_MAX in memory.
  bool accepts_writes = true;    // False: storage full, or a background error.
  std::string reason;            // Why it does not.
};

// Any thread may call anything.
class Engine {
 public:
  virtual ~Engine() = default;

  virtual Result<std::unique_ptr<View>> Read(PartitionId partition) const = 0;

  // All of `batch`, durable (synced) and atomic, if the partition is at batch.expected(); then it
  // is at expected + 1. Blocks for the sync.
  virtual CommitResult Commit(const Batch& batch) = 0;

  // Ok: all that a new View shows is durable. To be called after kUnknown.
  virtual Status Settle(PartitionId partition) = 0;

  // All of `sorted_run`, atomic and visible to every later View, without a version change: for keys
  // that can be derived again, never the log's. Keys ascend strictly. Blocks; runs are written one
  // after the other, and a large one waits while the engine is behind with earlier ones.
  //
  // Perhaps not durable until the next commit or Settle, but in order: after a crash a run is there
  // whole or not at all, never without the commits, runs and dropped ranges before it.
  //
  // InvalidArgument: not ascending, or over a limit (kIngestBytesMax, kIngestOperationsMax, those
  // of a key and a value); nothing was written. Unavailable: nothing is visible; RFD4002, storage
  // full; RFD4006, stopped: only a restart can tell whether it is there; else, busy: try again.
  virtual Status Ingest(PartitionId partition, std::span<const Derived> sorted_run) = 0;

  // Removes the keys of `range` without a version change, not atomically, perhaps not durably until
  // the next commit, but in order with Ingest: for derived keys that nothing points to any more.
  virtual Status DropRange(PartitionId partition, const Range& range) = 0;

  // Makes a backup in `folder` while everything goes on (backup.h). It holds all that was committed
  // before the call, and perhaps more; `note` comes back with it. FailedPrecondition: an engine
  // without files. Else as in backup.h, and Unavailable (RFD4002): the disk of `folder` is full.
  virtual Result<BackupInfo> Backup(const std::string& folder, std::string_view note) = 0;

  virtual Statistics Stats() const = 0;
  virtual Condition Now() const = 0;
};

// For tests: ordered maps, no files.
std::unique_ptr<Engine> OpenMemory();

struct RocksDbOptions {
  std::string path;                        // A folder; made if its parent exists.
  uint64_t reserve_bytes = 0;              // Refuse commits below this much free disk; 0: default.
  uint64_t block_cache_bytes = 64u << 20;  // Raising it costs that much memory.
};
// Takes the folder's lock. Where the disk is too full to open a store safely, it is opened for
// reading: writes get RFD4002 until there is room, then it goes on by itself. Unavailable: RFD4001
// another process holds it; RFD4002 a new store does not fit. Corruption (RFD4003): the files are
// not what was written.
Result<std::unique_ptr<Engine>> OpenRocksDb(const RocksDbOptions& options);

}  // namespace referrald::engine
