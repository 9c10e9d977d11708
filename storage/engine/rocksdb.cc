#include <fmt/format.h>
#include <pthread.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>

#include "storage/base/limits.h"
#include "storage/engine/backup_internal.h"
#include "storage/engine/ballast.h"
#include "storage/engine/contract.h"
#include "storage/engine/disk_space.h"
#include "storage/engine/numbers.h"
#include "storage/engine/rocksdb_handle.h"
#include "storage/engine/rocksdb_internal.h"
#include "storage/engine/rocksdb_keys.h"
#include "storage/engine/rocksdb_options.h"
#include "storage/engine/rocksdb_status.h"
#include "storage/engine/rocksdb_view.h"
#include "storage/engine/store_lock.h"

namespace referrald::engine {
namespace {

class RocksDbEngine final : public Engine {
 public:
  // What an engine has for as long as it lives, in the order in which it is built.
  struct Parts {
    RocksDbOptions options;
    RocksDbEdges edges;
    StoreLock lock;
    std::unique_ptr<Ballast> ballast;
    std::unique_ptr<DiskSpace> space;
  };

  RocksDbEngine(Parts parts, std::shared_ptr<RocksDbHandle> handle)
      : parts_(std::move(parts)),
        commit_options_(CommitOptions(parts_.edges)),
        handle_(std::move(handle)),
        keeper_([this](const std::stop_token& stop) { KeepSpace(stop); }) {
    pthread_setname_np(keeper_.native_handle(), "engine.space");
  }

  Result<std::unique_ptr<View>> Read(PartitionId partition) const override;
  CommitResult Commit(const Batch& batch) override;
  Status Settle(PartitionId partition) override;
  Status Ingest(PartitionId partition, std::span<const Derived> sorted_run) override;
  Status DropRange(PartitionId partition, const Range& range) override;
  Result<BackupInfo> Backup(const std::string& folder, std::string_view note) override;
  Statistics Stats() const override;
  Condition Now() const override;

 private:
  std::shared_ptr<RocksDbHandle> Handle() const;
  // Ok, or why nothing, or not so much, may be written now.
  Status CheckWritable(const RocksDbHandle& handle, uint64_t bytes = 0) const;
  Result<Version> CurrentVersion(PartitionId partition);
  CommitResult Write(RocksDbHandle& handle, const Batch& batch, rocksdb::WriteBatch& writes);

  // The thread engine.space: looks after the ballast, and opens for writing what was opened on a
  // full disk, once there is room.
  void KeepSpace(const std::stop_token& stop);
  void OpenForWritingIfRoom();

  const Parts parts_;
  const rocksdb::WriteOptions commit_options_;

  // Held across the sync, on purpose: to compare the version and to write are one step, and only
  // committers wait for it.
  std::mutex commit_mutex_;
  // Guarded by commit_mutex_; what the version words on disk say, once asked.
  std::unordered_map<PartitionId, Version> versions_;

  mutable std::mutex handle_mutex_;
  // Guarded by handle_mutex_.
  std::shared_ptr<RocksDbHandle> handle_;
  Status not_opened_;  // Why the store could not be opened for writing although there was room.

  std::jthread keeper_;  // Last: it uses all of the above.
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

std::shared_ptr<RocksDbHandle> RocksDbEngine::Handle() const {
  const std::lock_guard lock(handle_mutex_);
  return handle_;
}

Result<std::unique_ptr<View>> RocksDbEngine::Read(PartitionId partition) const {
  return MakeRocksDbView(Handle(), partition);
}

Status RocksDbEngine::CheckWritable(const RocksDbHandle& handle, uint64_t bytes) const {
  if (Status good = handle.errors->Check(); !good.ok()) return good;
  Status room = parts_.space->Check(std::chrono::steady_clock::now(), bytes);
  if (!room.ok() || handle.derived) return room;
  const std::lock_guard lock(handle_mutex_);
  if (!not_opened_.ok()) return not_opened_;
  return Status::Unavailable("storage full until a moment ago; writes resume by themselves",
                             kStorageFull);
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
  const std::shared_ptr<RocksDbHandle> handle = Handle();
  if (const Status writable = CheckWritable(*handle); !writable.ok()) return Refused(writable);
  const Result<Version> current = CurrentVersion(batch.partition());
  if (!current) return Refused(current.error());
  if (*current != batch.expected()) return Conflict(*current, batch.expected());
  return Write(*handle, batch, writes);
}

CommitResult RocksDbEngine::Write(RocksDbHandle& handle, const Batch& batch,
                                  rocksdb::WriteBatch& writes) {
  const rocksdb::Status status = handle.db->Write(commit_options_, &writes);
  if (status.ok()) {
    const Version version = versions_[batch.partition()] = batch.expected() + 1;
    return {.outcome = Outcome::kOk, .version = version, .detail = {}};
  }
  // A flush met a full disk just now: RocksDB refuses before it touches its log.
  if (handle.errors->recovering()) return Refused(handle.errors->Check());
  // The log holds all, some or nothing of the batch; only a restart will tell.
  handle.errors->Fail(status);
  return {.outcome = Outcome::kUnknown,
          .version = 0,
          .detail = fmt::format("a write failed, and may or may not be found after a restart: {}",
                                status.ToString()),
          .number = kStoreStopped};
}

Status RocksDbEngine::Settle(PartitionId /*partition*/) {
  const std::shared_ptr<RocksDbHandle> handle = Handle();
  if (Status good = handle->errors->Check(); !good.ok()) return good;
  if (!handle->derived) return Status::Ok();  // Nothing was written since the disk was read.
  // Commits are on the disk already; this is for the ranges that were dropped since.
  const rocksdb::Status status = handle->db->SyncWAL();
  if (!status.ok()) handle->errors->Fail(status);
  return FromRocksDb(status, "settle");
}

Status RocksDbEngine::Ingest(PartitionId partition, std::span<const Derived> sorted_run) {
  if (Status good = CheckRun(sorted_run); !good.ok()) return good;
  const std::shared_ptr<RocksDbHandle> handle = Handle();
  if (Status writable = CheckWritable(*handle, BytesOf(sorted_run)); !writable.ok()) {
    return writable;
  }
  return handle->derived->Ingest(partition, sorted_run);
}

Status RocksDbEngine::DropRange(PartitionId partition, const Range& range) {
  if (IsEmpty(range)) return Status::Ok();
  const std::shared_ptr<RocksDbHandle> handle = Handle();
  if (Status writable = CheckWritable(*handle); !writable.ok()) return writable;
  return handle->derived->DropRange(partition, range);
}

Result<BackupInfo> RocksDbEngine::Backup(const std::string& folder, std::string_view note) {
  const std::shared_ptr<RocksDbHandle> handle = Handle();
  if (!handle->derived) return CheckWritable(*handle);
  return CreateBackup(*handle->db, folder, note, parts_.space->reserve_bytes());
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
  const Status writable = CheckWritable(*Handle());
  return {.size_bytes = SizeOfFiles(parts_.options.path),
          .free_disk_bytes = parts_.space->Free(std::chrono::steady_clock::now()),
          .accepts_writes = writable.ok(),
          .reason = writable.message()};
}

Condition RocksDbEngine::Now() const {
  const std::shared_ptr<RocksDbHandle> handle = Handle();
  return {.disk = parts_.space->Level(std::chrono::steady_clock::now()),
          .needs_restart = handle->errors->failed(),
          .reason = CheckWritable(*handle).message()};
}

void RocksDbEngine::KeepSpace(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    if (parts_.space->HasRoomForBallast(std::chrono::steady_clock::now())) parts_.ballast->Make();
    OpenForWritingIfRoom();
    stopped.wait_for(lock, stop, limits::kDiskLookAge, [] { return false; });
  }
}

void RocksDbEngine::OpenForWritingIfRoom() {
  if (Handle()->derived) return;
  if (!parts_.space->Check(std::chrono::steady_clock::now()).ok()) return;
  Result<std::shared_ptr<RocksDbHandle>> opened = OpenToWrite(
      parts_.options, parts_.edges, [ballast = parts_.ballast.get()] { ballast->GiveUp(); });
  const std::lock_guard lock(handle_mutex_);
  not_opened_ = StatusOf(opened);
  // Views that were taken of the old one keep it open until they go.
  if (opened) handle_ = *std::move(opened);
}

Status MakeFolder(const std::string& path) {
  // Ours alone: names of files say nothing, but their bytes are somebody's business.
  if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return Status::Ok();
  return Status::IoError(fmt::format("cannot make the store folder {}: {}", path,
                                     std::generic_category().message(errno)),
                         kStoreUnusable);
}

DiskSpace::Probe ProbeOf(const RocksDbEdges& edges, const std::string& path) {
  if (edges.free_bytes) return edges.free_bytes;
  return [path] { return FreeBytes(path); };
}

// A third of the reserve, which is enough for what is in memory: small stores of tests have small
// ones.
uint64_t BallastBytes(uint64_t reserve) { return std::min(limits::kBallastBytesMax, reserve / 3); }

}  // namespace

Result<std::unique_ptr<Engine>> OpenRocksDb(const RocksDbOptions& options,
                                            const RocksDbEdges& edges) {
  const std::string& path = options.path;
  if (Status made = MakeFolder(path); !made.ok()) return made;
  Result<StoreLock> lock = StoreLock::Take(path);
  if (!lock) return lock.error();

  const uint64_t reserve =
      options.reserve_bytes != 0 ? options.reserve_bytes : limits::kDiskReserveBytes;
  auto ballast = std::make_unique<Ballast>(path + "/BALLAST", BallastBytes(reserve));
  auto space = std::make_unique<DiskSpace>(path, reserve, ProbeOf(edges, path), *ballast);
  // To open is to write: RocksDB would end the process on a disk that is full.
  const Status room = space->Check(std::chrono::steady_clock::now());
  if (!room.ok() && !IsStore(path)) return room.Prefixed("cannot make a store");
  auto handle = room.ok() ? OpenToWrite(options, edges, [b = ballast.get()] { b->GiveUp(); })
                          : OpenToRead(options, edges);
  if (!handle) return handle.error();
  return std::make_unique<RocksDbEngine>(RocksDbEngine::Parts{.options = options,
                                                              .edges = edges,
                                                              .lock = *std::move(lock),
                                                              .ballast = std::move(ballast),
                                                              .space = std::move(space)},
                                         *std::move(handle));
}

Result<std::unique_ptr<Engine>> OpenRocksDb(const RocksDbOptions& options) {
  return OpenRocksDb(options, RocksDbEdges{});
}

}  // namespace referrald::engine
