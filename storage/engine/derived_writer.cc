#include "storage/engine/derived_writer.h"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/experimental.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "storage/base/limits.h"
#include "storage/engine/contract.h"
#include "storage/engine/numbers.h"
#include "storage/engine/rocksdb_keys.h"
#include "storage/engine/rocksdb_options.h"
#include "storage/engine/rocksdb_status.h"

namespace referrald::engine {
namespace {

using Run = std::span<const Derived>;

// The first stretch of `run` that makes one table: keys that start with the same byte, up to the
// size at which compaction would cut, too.
Run FirstTable(Run run) {
  size_t bytes = 0;
  size_t count = 0;
  const std::string_view first = run.front().key.substr(0, 1);
  for (; count < run.size() && bytes < kTableFileBytes; ++count) {
    if (!run[count].key.starts_with(first) || (first.empty() && count > 0)) break;
    bytes += run[count].key.size() + run[count].value.size();
  }
  return run.first(count);
}

rocksdb::Status WriteTable(const rocksdb::Options& options, const std::string& path,
                           PartitionId partition, Run run) {
  // The pages stay: compaction reads them soon.
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(options), options, nullptr,
                                /*invalidate_page_cache=*/false);
  rocksdb::Status status = writer.Open(path);
  std::string key = DataPrefix(partition);
  for (size_t i = 0; status.ok() && i < run.size(); ++i) {
    key.resize(kDataPrefixSize);
    key.append(run[i].key);
    status = run[i].is_delete ? writer.Delete(key) : writer.Put(key, run[i].value);
  }
  return status.ok() ? writer.Finish() : status;  // Syncs.
}

rocksdb::IngestExternalFileOptions LinkOptions() {
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.failed_move_fall_back_to_copy = false;
  // The sequence number lives in the MANIFEST; the table stays as it was synced.
  options.write_global_seqno = false;
  return options;
}

// While one is alive RocksDB numbers every table that it links in, and views that are taken
// meanwhile stay of one instant.
class SnapshotHold {
 public:
  explicit SnapshotHold(rocksdb::DB& db) : db_(db), snapshot_(db.GetSnapshot()) {}
  SnapshotHold(const SnapshotHold&) = delete;
  SnapshotHold& operator=(const SnapshotHold&) = delete;
  ~SnapshotHold() { db_.ReleaseSnapshot(snapshot_); }

 private:
  rocksdb::DB& db_;
  const rocksdb::Snapshot* snapshot_;
};

}  // namespace

uint64_t TableProgress::flushed_up_to() const {
  const std::lock_guard lock(mutex_);
  return flushed_up_to_;
}

void TableProgress::RaiseFlushedUpTo(uint64_t sequence) {
  const std::lock_guard lock(mutex_);
  flushed_up_to_ = std::max(flushed_up_to_, sequence);
}

void TableProgress::AwaitCompaction() {
  std::unique_lock lock(mutex_);
  const uint64_t before = compactions_;
  compacted_.wait_for(lock, std::chrono::milliseconds(100), [&] { return compactions_ != before; });
}

void TableProgress::OnFlushCompleted(rocksdb::DB* /*db*/, const rocksdb::FlushJobInfo& info) {
  RaiseFlushedUpTo(info.largest_seqno);
}

void TableProgress::OnCompactionCompleted(rocksdb::DB* /*db*/,
                                          const rocksdb::CompactionJobInfo& /*info*/) {
  const std::lock_guard lock(mutex_);
  ++compactions_;
  compacted_.notify_all();
}

Status DerivedWriter::Ingest(PartitionId partition, Run sorted_run) {
  if (sorted_run.empty()) return Status::Ok();
  const std::lock_guard lock(mutex_);
  if (BytesOf(sorted_run) <= limits::kIngestInsertBytesMax) return Insert(partition, sorted_run);
  return Link(partition, sorted_run);
}

Status DerivedWriter::Insert(PartitionId partition, Run sorted_run) {
  rocksdb::WriteBatch writes;
  const std::string prefix = DataPrefix(partition);
  for (const Derived& derived : sorted_run) {
    const rocksdb::Slice key[] = {prefix, derived.key};
    const rocksdb::Slice value(derived.value);
    // A WriteBatch fails only above 4 GiB, which the contract's limits exclude.
    if (derived.is_delete) {
      (void)writes.Delete(rocksdb::SliceParts(key, 2));
    } else {
      (void)writes.Put(rocksdb::SliceParts(key, 2), rocksdb::SliceParts(&value, 1));
    }
  }
  const rocksdb::Status status = parts_.db.Write(rocksdb::WriteOptions(), &writes);
  if (!status.ok()) return Failed(status, "write a run");
  last_in_memtable_ = parts_.db.GetLatestSequenceNumber();
  return Status::Ok();
}

Status DerivedWriter::Link(PartitionId partition, Run sorted_run) {
  if (Status room = AwaitRoomOnLevel0(); !room.ok()) return room;
  if (Status flushed = FlushWhatCameBefore(); !flushed.ok()) return flushed;
  std::vector<std::string> paths;
  rocksdb::Status status = WriteTables(partition, sorted_run, paths);
  if (status.ok()) {
    const SnapshotHold hold(parts_.db);
    status = parts_.db.IngestExternalFile(paths, LinkOptions());
  }
  if (status.ok()) return Status::Ok();
  for (const std::string& path : paths) (void)parts_.options.env->DeleteFile(path);
  return Failed(status, "write a run");
}

rocksdb::Status DerivedWriter::WriteTables(PartitionId partition, Run sorted_run,
                                           std::vector<std::string>& paths) {
  rocksdb::Status status = parts_.options.env->CreateDirIfMissing(parts_.folder);
  while (status.ok() && !sorted_run.empty()) {
    const Run table = FirstTable(sorted_run);
    sorted_run = sorted_run.subspan(table.size());
    paths.push_back(fmt::format("{}/{:06}.sst", parts_.folder, ++tables_written_));
    status = WriteTable(parts_.options, paths.back(), partition, table);
  }
  return status;
}

// Nothing that stands only in the log may be overtaken by a table, which is durable at once.
Status DerivedWriter::FlushWhatCameBefore() {
  if (last_in_memtable_ <= parts_.progress.flushed_up_to()) return Status::Ok();
  const uint64_t covered = parts_.db.GetLatestSequenceNumber();
  const rocksdb::Status status = parts_.db.Flush(rocksdb::FlushOptions());
  if (!status.ok()) return Failed(status, "flush before a run");
  parts_.progress.RaiseFlushedUpTo(covered);
  return Status::Ok();
}

Status DerivedWriter::AwaitRoomOnLevel0() {
  const auto give_up = std::chrono::steady_clock::now() + limits::kIngestDeadline;
  for (;;) {
    uint64_t files = 0;
    std::string text;
    if (parts_.db.GetProperty(rocksdb::DB::Properties::kNumFilesAtLevelPrefix + "0", &text)) {
      files = std::stoull(text);
    }
    if (files < limits::kIngestLevel0FilesMax) return Status::Ok();
    if (Status good = parts_.errors.Check(); !good.ok()) return good;
    if (std::chrono::steady_clock::now() > give_up) {
      return Status::Unavailable(
          fmt::format("the store is behind with {} tables of earlier runs; try again", files));
    }
    parts_.progress.AwaitCompaction();
  }
}

Status DerivedWriter::DropRange(PartitionId partition, const Range& range) {
  const std::string begin = DataKey(partition, range.begin);
  const std::string end = RangeEnd(partition, range.end);
  const std::lock_guard lock(mutex_);
  // One tombstone, whatever the number of keys. Not DeleteFilesInRange, which is quicker still: it
  // takes the keys from views that were there before.
  const rocksdb::Status status =
      parts_.db.DeleteRange(rocksdb::WriteOptions(), parts_.db.DefaultColumnFamily(), begin, end);
  if (!status.ok()) return Failed(status, "drop a range");
  last_in_memtable_ = parts_.db.GetLatestSequenceNumber();
  // Gives the space back soon and in the background; without it, when compaction comes by.
  const rocksdb::Slice first(begin);
  const rocksdb::Slice last(end);
  (void)rocksdb::experimental::SuggestCompactRange(&parts_.db, &first, &last);
  return Status::Ok();
}

// A full disk passes; after any other failure only a restart knows what is there.
Status DerivedWriter::Failed(const rocksdb::Status& status, std::string_view doing) {
  if (status.ok()) return Status::Ok();
  if (parts_.errors.recovering()) return parts_.errors.Check();
  if (status.IsNoSpace()) return FromRocksDb(status, doing);
  parts_.errors.Fail(status);
  return parts_.errors.Check();
}

Status RemoveUnlinkedTables(rocksdb::Env& env, const std::string& folder) {
  std::vector<std::string> names;
  const rocksdb::Status listed = env.GetChildren(folder, &names);
  if (listed.IsNotFound()) return Status::Ok();
  if (!listed.ok()) return FromRocksDb(listed, "list " + folder);
  for (const std::string& name : names) {
    if (!name.ends_with(".sst")) continue;
    const std::string path = folder + "/" + name;
    if (const auto removed = env.DeleteFile(path); !removed.ok()) {
      return FromRocksDb(removed, "remove " + path);
    }
  }
  return Status::Ok();
}

}  // namespace referrald::engine
