#include "storage/engine/backup.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/utilities/backup_engine.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "storage/base/bytes.h"
#include "storage/base/limits.h"
#include "storage/engine/backup_internal.h"
#include "storage/engine/disk_space.h"
#include "storage/engine/numbers.h"
#include "storage/engine/rocksdb_status.h"

namespace referrald::engine {
namespace {

constexpr std::string_view kSealTitle = "referrald backup 1";
constexpr size_t kSealBytesMax = 128;

std::string MetaPath(const std::string& folder, uint32_t id) {
  return fmt::format("{}/meta/{}", folder, id);
}
std::string SealFolder(const std::string& folder) { return folder + "/seal"; }
std::string SealPath(const std::string& folder, uint32_t id) {
  return fmt::format("{}/{}", SealFolder(folder), id);
}

Status Unusable(std::string_view doing, const std::string& path, int error) {
  return Status::IoError(
      fmt::format("cannot {} {}: {}", doing, path, std::generic_category().message(error)),
      kStoreUnusable);
}

Status Damaged(uint32_t id, std::string_view why) {
  return Status::Corruption(fmt::format("backup {} cannot be used: {}; take an older one", id, why),
                            kBackupDamaged);
}

// The right to work in a folder of backups.
class FolderLock {
 public:
  static Result<FolderLock> Take(const std::string& folder) {
    const std::string path = folder + "/OWNER";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return Unusable("open", path, errno);
    FolderLock lock(file);
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) return lock;
    return Status::Unavailable("another backup, check or restore is at work in " + folder +
                                   "; try again when it has ended",
                               kBackupBusy);
  }
  FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock() {
    if (file_ >= 0) ::close(file_);
  }

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_;
};

rocksdb::BackupEngineOptions OptionsFor(const std::string& folder) {
  rocksdb::BackupEngineOptions options(folder);
  // A backup counts when it is on the disk. A table that is there already is known by the session
  // that wrote it, its number there and its size, and is not read again.
  options.sync = true;
  options.share_table_files = true;
  options.share_files_with_checksum = true;
  options.max_background_operations = 1;
  options.callback_trigger_interval_size = uint64_t{4} << 20;
  return options;
}

// What is opened here only reads, but for Writing, which also removes what a crash left.
using Reading = std::unique_ptr<rocksdb::BackupEngineReadOnly>;
Result<Reading> OpenToRead(const std::string& folder) {
  rocksdb::BackupEngineReadOnly* engine = nullptr;
  const rocksdb::Status opened =
      rocksdb::BackupEngineReadOnly::Open(OptionsFor(folder), rocksdb::Env::Default(), &engine);
  if (!opened.ok()) return FromRocksDb(opened, "open backups in " + folder);
  return Reading(engine);
}

using Writing = std::unique_ptr<rocksdb::BackupEngine>;
Result<Writing> OpenToWrite(const std::string& folder) {
  rocksdb::BackupEngine* engine = nullptr;
  const rocksdb::Status opened =
      rocksdb::BackupEngine::Open(OptionsFor(folder), rocksdb::Env::Default(), &engine);
  if (!opened.ok()) return FromRocksDb(opened, "open backups in " + folder);
  return Writing(engine);
}

Result<std::string> ReadWhole(const std::string& path, size_t size_max) {
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(path, error);
  if (error) return Status::NotFound(path + ": " + error.message());
  if (size > size_max) return Status::Corruption(path + " is too large", kBackupDamaged);
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) return Unusable("read", path, EIO);
  return bytes;
}

std::string SealOf(std::string_view meta) {
  std::string text = fmt::format("{}\n{:016x}\n", kSealTitle, Checksum64(meta));
  return text + fmt::format("{:016x}\n", Checksum64(text));
}

// RocksDB's list of files has checksums for the files and none for itself.
Status CheckSeal(const std::string& folder, uint32_t id) {
  const Result<std::string> seal = ReadWhole(SealPath(folder, id), kSealBytesMax);
  if (!seal) return Damaged(id, "it was not finished");
  const Result<std::string> meta = ReadWhole(MetaPath(folder, id), limits::kBackupMetaBytesMax);
  if (!meta) return Damaged(id, "its list of files cannot be read");
  if (SealOf(*meta) != *seal) return Damaged(id, "its list of files is not what was written");
  return Status::Ok();
}

Status SyncAt(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags);
  if (file < 0) return Unusable("open", path, errno);
  const int failed = ::fsync(file) == 0 ? 0 : errno;
  ::close(file);
  return failed == 0 ? Status::Ok() : Unusable("sync", path, failed);
}

Status SyncFolder(const std::string& folder) { return SyncAt(folder, O_DIRECTORY); }

Status SyncFile(const std::string& path) { return SyncAt(path, O_NOFOLLOW); }

Status WriteSynced(const std::string& path, const std::string& bytes) {
  rocksdb::Env& env = *rocksdb::Env::Default();
  return FromRocksDb(rocksdb::WriteStringToFile(&env, bytes, path, /*should_sync=*/true),
                     "write " + path);
}

// Last of all: a backup without a seal was not finished.
Status Seal(const std::string& folder, uint32_t id) {
  const Result<std::string> meta = ReadWhole(MetaPath(folder, id), limits::kBackupMetaBytesMax);
  if (!meta) return meta.error();
  std::error_code error;
  std::filesystem::create_directory(SealFolder(folder), error);
  if (error) return Unusable("make", SealFolder(folder), error.value());
  const std::string draft = SealPath(folder, id) + ".new";
  if (Status written = WriteSynced(draft, SealOf(*meta)); !written.ok()) return written;
  std::filesystem::rename(draft, SealPath(folder, id), error);
  if (error) return Unusable("rename", draft, error.value());
  if (Status synced = SyncFolder(SealFolder(folder)); !synced.ok()) return synced;
  return SyncFolder(folder);
}

BackupInfo InfoOf(const rocksdb::BackupInfo& backup) {
  return {.id = backup.backup_id,
          .made_at = FromMicros(backup.timestamp * 1'000'000),
          .size_bytes = backup.size,
          .note = backup.app_metadata,
          .whole = true};
}

std::vector<BackupInfo> ListAll(const rocksdb::BackupEngineReadOnlyBase& engine,
                                const std::string& folder) {
  std::vector<rocksdb::BackupInfo> known;
  engine.GetBackupInfo(&known);
  std::vector<rocksdb::BackupID> unreadable;
  engine.GetCorruptedBackups(&unreadable);
  std::vector<BackupInfo> all;
  for (const rocksdb::BackupInfo& backup : known) {
    all.push_back(InfoOf(backup));
    all.back().whole = CheckSeal(folder, backup.backup_id).ok();
  }
  for (const rocksdb::BackupID id : unreadable)
    all.push_back({.id = id, .note = {}, .whole = false});
  std::ranges::sort(all, {}, &BackupInfo::id);
  return all;
}

Result<BackupInfo> Find(const rocksdb::BackupEngineReadOnlyBase& engine, const std::string& folder,
                        uint32_t id) {
  for (BackupInfo& backup : ListAll(engine, folder)) {
    if (backup.id == id) return std::move(backup);
  }
  return Status::NotFound(fmt::format("there is no backup {} in {}", id, folder), kNoSuchBackup);
}

Result<BackupInfo> Verified(const rocksdb::BackupEngineReadOnlyBase& engine,
                            const std::string& folder, uint32_t id) {
  Result<BackupInfo> backup = Find(engine, folder, id);
  if (!backup) return backup;
  if (Status sealed = CheckSeal(folder, id); !sealed.ok()) return sealed;
  const rocksdb::Status verified = engine.VerifyBackup(id, /*verify_with_checksum=*/true);
  if (!verified.ok()) return Damaged(id, verified.ToString());
  return backup;
}

Status MakeFolder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directory(folder, error);
  if (error) return Unusable("make", folder, error.value());
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  return error ? Unusable("use", folder, error.value()) : Status::Ok();
}

Status RemoveBackup(rocksdb::BackupEngine& engine, const std::string& folder, uint32_t id) {
  // The seal first: what is half removed must not look whole.
  std::error_code error;
  std::filesystem::remove(SealPath(folder, id), error);
  if (error) return Unusable("remove", SealPath(folder, id), error.value());
  return FromRocksDb(engine.DeleteBackup(id), fmt::format("remove backup {}", id));
}

// The shared table that RocksDB's `complaint` is about; empty: it is about something else.
std::string SharedTableIn(const std::string& complaint) {
  constexpr std::string_view kShared = "shared_checksum/";
  const size_t at = complaint.find(kShared);
  if (at == std::string::npos) return {};
  const std::string name = complaint.substr(at + kShared.size());
  constexpr std::string_view kInName =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.";
  const size_t end = std::min(name.find_first_not_of(kInName), name.size());
  return name.substr(0, name.rfind(".sst", end) + 4);
}

// Copies the table of the store over the rotten one. The name of a shared table begins with the
// number that it has in the store, and a table is never changed.
Status CopyAnew(const std::string& store, const std::string& folder, const std::string& table) {
  const std::string from = fmt::format("{}/{}.sst", store, table.substr(0, table.find('_')));
  const std::string shared = folder + "/shared_checksum";
  const std::string draft = fmt::format("{}/{}.new", shared, table);
  std::error_code error;
  std::filesystem::copy_file(from, draft, std::filesystem::copy_options::overwrite_existing, error);
  if (error) return Unusable("copy", from, error.value());
  if (Status synced = SyncFile(draft); !synced.ok()) return synced;
  std::filesystem::rename(draft, fmt::format("{}/{}", shared, table), error);
  if (error) return Unusable("rename", draft, error.value());
  return SyncFolder(shared);
}

// Reads the new backup back. A table that an older backup has is not written again, so that one
// that rotted would spoil all backups to come; but the store has it still, and gives another copy,
// which heals the older backups, too.
Status VerifyAndMend(rocksdb::BackupEngine& engine, const std::string& store,
                     const std::string& folder, uint32_t id) {
  std::string before;
  for (;;) {
    const rocksdb::Status verified = engine.VerifyBackup(id, /*verify_with_checksum=*/true);
    if (verified.ok()) return Status::Ok();
    const std::string table = SharedTableIn(verified.ToString());
    if (table.empty() || table == before) {
      return Status::Corruption(
          fmt::format(
              "backup {} was written, but is not what is read back: {}; the store itself is "
              "not concerned: check the disk of {}, or name another folder",
              id, verified.ToString(), folder),
          kBackupDamaged);
    }
    if (Status copied = CopyAnew(store, folder, table); !copied.ok()) return copied;
    before = table;
  }
}

// While one lives, no compaction takes away a table that was copied: mending may need it again.
class TablesKept {
 public:
  static Result<std::unique_ptr<TablesKept>> Of(rocksdb::DB& db) {
    const Status kept = FromRocksDb(db.DisableFileDeletions(), "keep the tables of the store");
    if (!kept.ok()) return kept;
    return std::unique_ptr<TablesKept>(new TablesKept(db));
  }
  ~TablesKept() { (void)db_.EnableFileDeletions(/*force=*/false); }
  TablesKept(const TablesKept&) = delete;
  TablesKept& operator=(const TablesKept&) = delete;

 private:
  explicit TablesKept(rocksdb::DB& db) : db_(db) {}

  rocksdb::DB& db_;
};

}  // namespace

Result<BackupInfo> CreateBackup(rocksdb::DB& db, const std::string& folder, std::string_view note,
                                uint64_t reserve_bytes) {
  if (note.size() > limits::kBackupNoteBytesMax) {
    return Status::InvalidArgument(
        fmt::format("the note is {} bytes, limit {}", note.size(), limits::kBackupNoteBytesMax));
  }
  if (Status made = MakeFolder(folder); !made.ok()) return made;
  const Result<FolderLock> lock = FolderLock::Take(folder);
  if (!lock) return lock.error();
  const Result<Writing> engine = OpenToWrite(folder);
  if (!engine) return engine.error();
  const Result<std::unique_ptr<TablesKept>> kept = TablesKept::Of(db);
  if (!kept) return kept.error();

  rocksdb::CreateBackupOptions options;
  // The log is copied instead: it holds every acknowledged commit, and a flush would write small
  // tables each time.
  options.flush_before_backup = false;
  bool full = FreeBytes(folder) < reserve_bytes;
  options.progress_callback = [&] {
    if (FreeBytes(folder) >= reserve_bytes) return;
    full = true;
    (*engine)->StopBackup();
  };
  rocksdb::BackupID id = 0;
  rocksdb::Status created;
  if (!full) {
    created = (*engine)->CreateNewBackupWithMetadata(options, &db, std::string(note), &id);
  }
  if (full) {
    return Status::Unavailable(
        fmt::format("the disk of {} is full: {} MiB free, reserve is {} MiB; free some space, or "
                    "keep fewer backups",
                    folder, FreeBytes(folder) >> 20, reserve_bytes >> 20),
        kStorageFull);
  }
  if (!created.ok()) return FromRocksDb(created, "back up to " + folder);
  Status whole = VerifyAndMend(**engine, db.GetName(), folder, id);
  if (whole.ok()) whole = Seal(folder, id);
  if (!whole.ok()) return whole;
  return Find(**engine, folder, id);
}

Result<std::vector<BackupInfo>> ListBackups(const std::string& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder + "/OWNER", error)) return std::vector<BackupInfo>{};
  const Result<FolderLock> lock = FolderLock::Take(folder);
  if (!lock) return lock.error();
  const Result<Reading> engine = OpenToRead(folder);
  if (!engine) return engine.error();
  return ListAll(**engine, folder);
}

Result<BackupInfo> VerifyBackup(const std::string& folder, uint32_t id) {
  const Result<FolderLock> lock = FolderLock::Take(folder);
  if (!lock) return lock.error();
  const Result<Reading> engine = OpenToRead(folder);
  if (!engine) return engine.error();
  return Verified(**engine, folder, id);
}

Result<BackupInfo> RestoreBackup(const std::string& folder, uint32_t id, const std::string& path) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    return Status::FailedPrecondition(
        path + " is there already; move it away first, and keep it until all is well",
        kRestoreOverStore);
  }
  const Result<FolderLock> lock = FolderLock::Take(folder);
  if (!lock) return lock.error();
  const Result<Reading> engine = OpenToRead(folder);
  if (!engine) return engine.error();
  Result<BackupInfo> backup = Verified(**engine, folder, id);
  if (!backup) return backup;

  // What is here under its name is whole: an earlier try may have left a part.
  const std::string partial = path + ".partial";
  std::filesystem::remove_all(partial, error);
  if (error) return Unusable("remove", partial, error.value());
  if (Status made = MakeFolder(partial); !made.ok()) return made;
  const rocksdb::Status restored = (*engine)->RestoreDBFromBackup(id, partial, partial);
  if (!restored.ok()) return FromRocksDb(restored, "restore to " + partial);
  if (Status synced = SyncFolder(partial); !synced.ok()) return synced;
  std::filesystem::rename(partial, path, error);
  if (error) return Unusable("rename", partial, error.value());
  const std::string parent = std::filesystem::path(path).parent_path();
  if (Status synced = SyncFolder(parent.empty() ? "." : parent); !synced.ok()) return synced;
  return backup;
}

Result<size_t> DropBackups(const std::string& folder, size_t keep) {
  if (keep == 0) return Status::InvalidArgument("at least one backup must be kept");
  const Result<FolderLock> lock = FolderLock::Take(folder);
  if (!lock) return lock.error();
  const Result<Writing> engine = OpenToWrite(folder);
  if (!engine) return engine.error();
  size_t whole = 0;
  size_t dropped = 0;
  std::vector<BackupInfo> all = ListAll(**engine, folder);
  std::ranges::reverse(all);
  for (const BackupInfo& backup : all) {
    const bool has_enough_newer = whole >= keep;
    whole += backup.whole ? 1 : 0;
    if (!has_enough_newer) continue;
    if (Status removed = RemoveBackup(**engine, folder, backup.id); !removed.ok()) return removed;
    ++dropped;
  }
  const rocksdb::Status collected = (*engine)->GarbageCollect();
  if (!collected.ok()) return FromRocksDb(collected, "clean " + folder);
  return dropped;
}

}  // namespace referrald::engine
