#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "storage/base/limits.h"
#include "storage/engine/background_errors.h"
#include "storage/engine/backup_internal.h"
#include "storage/engine/contract.h"
#include "storage/engine/derived_writer.h"
#include "storage/engine/disk_space.h"
#include "storage/engine/numbers.h"
#include "storage/engine/rocksdb_internal.h"
#include "storage/engine/rocksdb_keys.h"
#include "storage/engine/rocksdb_options.h"
#include "storage/engine/rocksdb_status.h"
#include "storage/engine/rocksdb_view.h"
#include "storage/engine/store_lock.h"

namespace referrald::engine {
namespace {

// Where tables of runs are written before they are linked in.
std::string RunFolder(const std::string& path) { return path + "/ingest"; }

class RocksDbEngine final : public Engine {
 public:
  // What an open store consists of, in the order in which it is built.
  struct Parts {
    std::string path;
    StoreLock lock;
    std::unique_ptr<DiskSpace> space;
    std::shared_ptr<BackgroundErrors> errors;
    std::shared_ptr<TableProgress> progress;
    std::unique_ptr<rocksdb::DB> db;
    rocksdb::WriteOptions commit_options;
  };

  explicit RocksDbEngine(Parts parts)
      : parts_(std::move(parts)),
        derived_({.db = *parts_.db,
                  .errors = *parts_.errors,
                  .progress = *parts_.progress,
                  .options = parts_.db->GetOptions(),
                  .folder = RunFolder(parts_.path)}) {}

  Result<std::unique_ptr<View>> Read(PartitionId partition) const override;
  CommitResult Commit(const Batch& batch) override;
  Status Settle(PartitionId partition) override;
  Status Ingest(PartitionId partition, std::span<const Derived> sorted_run) override;
  Status DropRange(PartitionId partition, const Range& range) override;
  Result<BackupInfo> Backup(const std::string& folder, std::string_view note) override;
  Statistics Stats() const override;

 private:
  // Ok, or why nothing, or not so much, may be written now.
  Status CheckWritable(uint64_t bytes = 0) const;
  Result<Version> CurrentVersion(PartitionId partition);
  CommitResult Write(const Batch& batch, rocksdb::WriteBatch& writes);

  const Parts parts_;
  DerivedWriter derived_;

  // Held across the sync, on purpose: to compare the version and to write are one step, and only
  // committers wait for it.
  std::mutex commit_mutex_;
  // Guarded by commit_mutex_; what the version words on disk say, once asked.
  std::unordered_map<PartitionId, Version> versions_;
};

// The operations as RocksDB takes them, with the version word that the batch brings about.
rocksdb::WriteBatch ToWrites(const Batch& batch) {
  constexpr size_t kHeaderBytes = 64;     // Sequence, count, and the version word.
  constexpr size_t kOperationBytes = 16;  // Kind, two lengths, the prefix.
  rocksdb::WriteBatch writes(batch.bytes() + kHeaderBytes + kOperationBytes * batch.size());
  const std::string prefix = DataPrefix(batch.partition());
  for (size_t i = 0; i < batch.size(); ++i) {
    const Batch::Operation operation = batch.at(i);
    const rocksdb::Slice key[] = {prefix, operation.key};
    const rocksdb::Slice value(operation.value);
    // A WriteBatch fails only above 4 GiB, which the contract's limits exclude.
    if (operation.is_delete) {
      (void)writes.Delete(rocksdb::SliceParts(key, 2));
    } else {
      (void)writes.Put(rocksdb::SliceParts(key, 2), rocksdb::SliceParts(&value, 1));
    }
  }
  std::string word;
  AppendBigEndian64(word, batch.expected() + 1);
  (void)writes.Put(VersionKey(batch.partition()), word);
  return writes;
}

CommitResult Refused(const Status& why) {
  return {.outcome = why.code() == Code::kCorruption ? Outcome::kCorrupt : Outcome::kUnavailable,
          .version = 0,
          .detail = why.message(),
          .number = why.number()};
}

Result<std::unique_ptr<View>> RocksDbEngine::Read(PartitionId partition) const {
  return MakeRocksDbView(*parts_.db, partition);
}

Status RocksDbEngine::CheckWritable(uint64_t bytes) const {
  if (Status good = parts_.errors->Check(); !good.ok()) return good;
  return parts_.space->Check(std::chrono::steady_clock::now(), bytes);
}

Result<Version> RocksDbEngine::CurrentVersion(PartitionId partition) {
  const auto known = versions_.find(partition);
  if (known != versions_.end()) return known->second;
  const Result<std::unique_ptr<View>> view = Read(partition);
  if (!view) return view.error();
  return versions_[partition] = (*view)->version();
}

CommitResult RocksDbEngine::Commit(const Batch& batch) {
  if (auto refusal = RefuseTooLarge(batch)) return *std::move(refusal);
  rocksdb::WriteBatch writes = ToWrites(batch);

  const std::lock_guard lock(commit_mutex_);
  if (const Status writable = CheckWritable(); !writable.ok()) return Refused(writable);
  const Result<Version> current = CurrentVersion(batch.partition());
  if (!current) return Refused(current.error());
  if (*current != batch.expected()) return Conflict(*current, batch.expected());
  return Write(batch, writes);
}

CommitResult RocksDbEngine::Write(const Batch& batch, rocksdb::WriteBatch& writes) {
  const rocksdb::Status status = parts_.db->Write(parts_.commit_options, &writes);
  if (status.ok()) {
    const Version version = versions_[batch.partition()] = batch.expected() + 1;
    return {.outcome = Outcome::kOk, .version = version, .detail = {}};
  }
  // A flush met a full disk just now: RocksDB refuses before it touches its log.
  if (parts_.errors->recovering()) return Refused(parts_.errors->Check());
  // The log holds all, some or nothing of the batch; only a restart will tell.
  parts_.errors->Fail(status);
  return {.outcome = Outcome::kUnknown,
          .version = 0,
          .detail = fmt::format("a write failed, and may or may not be found after a restart: {}",
                                status.ToString()),
          .number = kStoreStopped};
}

Status RocksDbEngine::Settle(PartitionId /*partition*/) {
  if (Status good = parts_.errors->Check(); !good.ok()) return good;
  // Commits are on the disk already; this is for the ranges that were dropped since.
  const rocksdb::Status status = parts_.db->SyncWAL();
  if (!status.ok()) parts_.errors->Fail(status);
  return FromRocksDb(status, "settle");
}

Status RocksDbEngine::Ingest(PartitionId partition, std::span<const Derived> sorted_run) {
  if (Status good = CheckRun(sorted_run); !good.ok()) return good;
  if (Status writable = CheckWritable(BytesOf(sorted_run)); !writable.ok()) return writable;
  return derived_.Ingest(partition, sorted_run);
}

Status RocksDbEngine::DropRange(PartitionId partition, const Range& range) {
  if (IsEmpty(range)) return Status::Ok();
  if (Status writable = CheckWritable(); !writable.ok()) return writable;
  return derived_.DropRange(partition, range);
}

Result<BackupInfo> RocksDbEngine::Backup(const std::string& folder, std::string_view note) {
  return CreateBackup(*parts_.db, folder, note, parts_.space->reserve_bytes());
}

uint64_t SizeOfFiles(const std::string& folder) {
  uint64_t bytes = 0;
  std::error_code ignored;  // Files come and go while we count.
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const uint64_t size = entry.file_size(ignored);
    if (!ignored) bytes += size;
  }
  return bytes;
}

Statistics RocksDbEngine::Stats() const {
  const Status writable = CheckWritable();
  return {.size_bytes = SizeOfFiles(parts_.path),
          .free_disk_bytes = parts_.space->Free(std::chrono::steady_clock::now()),
          .accepts_writes = writable.ok(),
          .reason = writable.message()};
}

Status MakeFolder(const std::string& path) {
  // Ours alone: names of files say nothing, but their bytes are somebody's business.
  if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return Status::Ok();
  return Status::IoError(fmt::format("cannot make the store folder {}: {}", path,
                                     std::generic_category().message(errno)),
                         kStoreUnusable);
}

// RocksDB would make an empty store, and delete the files of the old one, where only the file
// CURRENT is missing. It makes that file before it makes any log or table.
Status RefuseHalfAStore(const std::string& path) {
  std::error_code error;
  if (std::filesystem::exists(path + "/CURRENT", error)) return Status::Ok();
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    const std::string extension = entry.path().extension();
    if (extension == ".sst" || extension == ".log") {
      return Status::Corruption(
          fmt::format("the store {} has lost its file CURRENT; stop, keep a copy of the folder, "
                      "and restore the file or the store from a backup",
                      path),
          kStoreDamaged);
    }
  }
  return Status::Ok();
}

// Writes the format word into a new store; refuses one that is not ours to read.
Status CheckFormat(rocksdb::DB& db, const std::string& path) {
  std::string word;
  const rocksdb::Status read = db.Get(rocksdb::ReadOptions(), kFormatKey, &word);
  if (read.ok()) {
    if (word.size() == sizeof(kFormat) && ReadBigEndian32(word) == kFormat) return Status::Ok();
    return Status::FailedPrecondition(
        fmt::format("the store {} was written by a later referrald; start that version", path),
        kStoreForeign);
  }
  if (!read.IsNotFound()) return FromRocksDb(read, "read the format of store " + path);
  const std::unique_ptr<rocksdb::Iterator> it(db.NewIterator(rocksdb::ReadOptions()));
  it->SeekToFirst();
  if (it->Valid()) {
    return Status::FailedPrecondition(
        fmt::format("{} holds a RocksDB store of another program; give referrald a folder of its "
                    "own",
                    path),
        kStoreForeign);
  }
  if (!it->status().ok()) return FromRocksDb(it->status(), "read store " + path);
  AppendBigEndian32(word, kFormat);
  rocksdb::WriteOptions synced;
  synced.sync = true;
  return FromRocksDb(db.Put(synced, kFormatKey, word), "write the format of store " + path);
}

DiskSpace::Probe ProbeOf(const RocksDbEdges& edges, const std::string& path) {
  if (edges.free_bytes) return edges.free_bytes;
  return [path] { return FreeBytes(path); };
}

Result<std::unique_ptr<rocksdb::DB>> OpenDb(rocksdb::Options options, const std::string& path,
                                            const std::shared_ptr<BackgroundErrors>& errors,
                                            const std::shared_ptr<TableProgress>& progress) {
  options.listeners.push_back(errors);
  options.listeners.push_back(progress);
  if (Status removed = RemoveUnlinkedTables(*options.env, RunFolder(path)); !removed.ok()) {
    return removed;
  }
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = rocksdb::DB::Open(options, path, &db);
  if (!opened.ok()) return FromRocksDb(opened, "open store " + path);
  return std::unique_ptr<rocksdb::DB>(db);
}

}  // namespace

Result<std::unique_ptr<Engine>> OpenRocksDb(const RocksDbOptions& options,
                                            const RocksDbEdges& edges) {
  const std::string& path = options.path;
  if (Status made = MakeFolder(path); !made.ok()) return made;
  Result<StoreLock> lock = StoreLock::Take(path);
  if (!lock) return lock.error();

  const uint64_t reserve =
      options.reserve_bytes != 0 ? options.reserve_bytes : limits::kDiskReserveBytes;
  auto space = std::make_unique<DiskSpace>(path, reserve, ProbeOf(edges, path));
  // To open is to write: RocksDB would end the process on a disk that is full.
  if (Status room = space->Check(std::chrono::steady_clock::now()); !room.ok()) {
    return room.Prefixed("cannot open the store");
  }
  if (Status whole = RefuseHalfAStore(path); !whole.ok()) return whole;
  auto errors = std::make_shared<BackgroundErrors>();
  auto progress = std::make_shared<TableProgress>();
  auto db = OpenDb(MakeRocksDbOptions(options, edges), path, errors, progress);
  if (!db) return db.error();
  if (Status format = CheckFormat(**db, path); !format.ok()) return format;
  return std::make_unique<RocksDbEngine>(
      RocksDbEngine::Parts{.path = path,
                           .lock = *std::move(lock),
                           .space = std::move(space),
                           .errors = std::move(errors),
                           .progress = std::move(progress),
                           .db = *std::move(db),
                           .commit_options = CommitOptions(edges)});
}

Result<std::unique_ptr<Engine>> OpenRocksDb(const RocksDbOptions& options) {
  return OpenRocksDb(options, RocksDbEdges{});
}

}  // namespace referrald::engine
