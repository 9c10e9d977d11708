#include "storage/engine/rocksdb_handle.h"

#include <fmt/format.h>
#include <rocksdb/db.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "storage/engine/numbers.h"
#include "storage/engine/rocksdb_keys.h"
#include "storage/engine/rocksdb_options.h"
#include "storage/engine/rocksdb_status.h"

namespace referrald::engine {
namespace {

// Where tables of runs are written before they are linked in.
std::string RunFolder(const std::string& path) { return path + "/ingest"; }

// RocksDB would make an empty store, and delete the files of the old one, where only the file
// CURRENT is missing. It makes that file before it makes any log or table.
Status RefuseHalfAStore(const std::string& path) {
  if (IsStore(path)) return Status::Ok();
  std::error_code error;
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

Status Foreign(std::string message) {
  return Status::FailedPrecondition(std::move(message), kStoreForeign);
}

// The format word of a store that is ours to read; false: it has none.
Result<bool> HasFormat(rocksdb::DB& db, const std::string& path) {
  std::string word;
  const rocksdb::Status read = db.Get(rocksdb::ReadOptions(), kFormatKey, &word);
  if (read.IsNotFound()) return false;
  if (!read.ok()) return FromRocksDb(read, "read the format of store " + path);
  if (word.size() == sizeof(kFormat) && ReadBigEndian32(word) == kFormat) return true;
  return Foreign(
      fmt::format("the store {} was written by a later referrald; start that version", path));
}

// Refuses a store of another program.
Status CheckEmpty(rocksdb::DB& db, const std::string& path) {
  const std::unique_ptr<rocksdb::Iterator> it(db.NewIterator(rocksdb::ReadOptions()));
  it->SeekToFirst();
  if (it->Valid()) {
    return Foreign(fmt::format(
        "{} holds a RocksDB store of another program; give referrald a folder of its own", path));
  }
  return FromRocksDb(it->status(), "read store " + path);
}

// Writes the format word into a new store.
Status MakeFormat(rocksdb::DB& db, const std::string& path) {
  const Result<bool> has = HasFormat(db, path);
  if (!has) return has.error();
  if (*has) return Status::Ok();
  if (Status empty = CheckEmpty(db, path); !empty.ok()) return empty;
  std::string word;
  AppendBigEndian32(word, kFormat);
  rocksdb::WriteOptions synced;
  synced.sync = true;
  rocksdb::Status written = db.Put(synced, kFormatKey, word);
  // Into a table at once: were it in the log only, a store that lost its first log would be taken
  // for one of another program.
  if (written.ok()) written = db.Flush(rocksdb::FlushOptions());
  return FromRocksDb(written, "write the format of store " + path);
}

// Takes what the library would write into its own log, and writes nothing.
class NoLog final : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

}  // namespace

RocksDbHandle::RocksDbHandle() = default;
RocksDbHandle::~RocksDbHandle() = default;

bool IsStore(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path + "/CURRENT", error);
}

Result<std::shared_ptr<RocksDbHandle>> OpenToWrite(const RocksDbOptions& options,
                                                   const RocksDbEdges& edges,
                                                   std::function<void()> on_full) {
  const std::string& path = options.path;
  if (Status whole = RefuseHalfAStore(path); !whole.ok()) return whole;
  auto handle = std::make_shared<RocksDbHandle>();
  handle->errors = std::make_shared<BackgroundErrors>(std::move(on_full));
  handle->progress = std::make_shared<TableProgress>();
  rocksdb::Options how = MakeRocksDbOptions(options, edges);
  how.listeners = {handle->errors, handle->progress};
  if (Status removed = RemoveUnlinkedTables(*how.env, RunFolder(path)); !removed.ok()) {
    return removed;
  }
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = rocksdb::DB::Open(how, path, &db);
  if (!opened.ok()) return FromRocksDb(opened, "open store " + path);
  handle->db.reset(db);
  if (Status format = MakeFormat(*db, path); !format.ok()) return format;
  handle->derived.emplace(DerivedWriter::Parts{.db = *db,
                                               .errors = *handle->errors,
                                               .progress = *handle->progress,
                                               .options = db->GetOptions(),
                                               .folder = RunFolder(path)});
  return handle;
}

Result<std::shared_ptr<RocksDbHandle>> OpenToRead(const RocksDbOptions& options,
                                                  const RocksDbEdges& edges) {
  auto handle = std::make_shared<RocksDbHandle>();
  handle->errors = std::make_shared<BackgroundErrors>();
  rocksdb::Options how = MakeRocksDbOptions(options, edges);
  how.info_log = std::make_shared<NoLog>();
  rocksdb::DB* db = nullptr;
  const rocksdb::Status opened = rocksdb::DB::OpenForReadOnly(how, options.path, &db);
  if (!opened.ok()) return FromRocksDb(opened, "open store " + options.path + " for reading");
  handle->db.reset(db);
  const Result<bool> has = HasFormat(*db, options.path);
  if (!has) return has.error();
  if (*has) return handle;
  return Foreign(options.path + " holds no store of referrald");
}

}  // namespace referrald::engine
