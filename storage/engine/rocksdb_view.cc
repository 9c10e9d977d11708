#include "storage/engine/rocksdb_view.h"

#include <rocksdb/db.h>

#include <utility>

#include "storage/engine/contract.h"
#include "storage/engine/numbers.h"
#include "storage/engine/rocksdb_keys.h"
#include "storage/engine/rocksdb_status.h"

namespace referrald::engine {
namespace {

std::string_view AsView(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

// Keys as they are on disk, one behind the other in one arena.
class DiskKeys {
 public:
  DiskKeys(PartitionId partition, std::span<const std::string> keys) {
    const std::string prefix = DataPrefix(partition);
    size_t bytes = 0;
    for (const std::string& key : keys) bytes += kDataPrefixSize + key.size();
    arena_.reserve(bytes);  // Never grows again, so the slices stay good.
    slices_.reserve(keys.size());
    for (const std::string& key : keys) {
      const char* begin = arena_.data() + arena_.size();
      arena_.append(prefix).append(key);
      slices_.emplace_back(begin, kDataPrefixSize + key.size());
    }
  }

  const std::vector<rocksdb::Slice>& slices() const { return slices_; }

 private:
  std::string arena_;
  std::vector<rocksdb::Slice> slices_;
};

class RocksDbView final : public View {
 public:
  RocksDbView(std::shared_ptr<const RocksDbHandle> handle, PartitionId partition)
      : handle_(std::move(handle)),
        db_(*handle_->db),
        partition_(partition),
        snapshot_(db_.GetSnapshot()) {}
  ~RocksDbView() override { db_.ReleaseSnapshot(snapshot_); }

  Status ReadVersion();

  Version version() const override { return version_; }
  Result<std::optional<std::string>> Get(std::string_view key) const override;
  Result<std::vector<std::optional<std::string>>> MultiGet(
      std::span<const std::string> keys) const override;
  Status Scan(const Range& range, const Sink& sink) const override;

 private:
  rocksdb::ReadOptions Options() const;
  Result<std::optional<std::string>> GetWhole(const std::string& disk_key) const;

  const std::shared_ptr<const RocksDbHandle> handle_;
  rocksdb::DB& db_;
  const PartitionId partition_;
  const rocksdb::Snapshot* const snapshot_;
  Version version_ = 0;
};

rocksdb::ReadOptions RocksDbView::Options() const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  options.verify_checksums = true;
  return options;
}

Status RocksDbView::ReadVersion() {
  const Result<std::optional<std::string>> word = GetWhole(VersionKey(partition_));
  if (!word) return word.error();
  if (!*word) return Status::Ok();
  if ((*word)->size() != sizeof(Version)) {
    return Status::Corruption("the version word of a partition is damaged", kStoreDamaged);
  }
  version_ = ReadBigEndian64(**word);
  return Status::Ok();
}

Result<std::optional<std::string>> RocksDbView::GetWhole(const std::string& disk_key) const {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = db_.Get(Options(), db_.DefaultColumnFamily(), disk_key, &value);
  if (status.IsNotFound()) return std::optional<std::string>{};
  if (!status.ok()) return FromRocksDb(status, "read");
  return std::optional<std::string>(AsView(value));
}

Result<std::optional<std::string>> RocksDbView::Get(std::string_view key) const {
  return GetWhole(DataKey(partition_, key));
}

Result<std::vector<std::optional<std::string>>> RocksDbView::MultiGet(
    std::span<const std::string> keys) const {
  const DiskKeys disk_keys(partition_, keys);
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  db_.MultiGet(Options(), db_.DefaultColumnFamily(), keys.size(), disk_keys.slices().data(),
               values.data(), statuses.data());
  std::vector<std::optional<std::string>> out(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    if (!statuses[i].ok()) return FromRocksDb(statuses[i], "read");
    out[i].emplace(AsView(values[i]));
  }
  return out;
}

Status RocksDbView::Scan(const Range& range, const Sink& sink) const {
  if (IsEmpty(range)) return Status::Ok();
  const std::string begin = DataKey(partition_, range.begin);
  const std::string end = RangeEnd(partition_, range.end);
  const rocksdb::Slice lower(begin);
  const rocksdb::Slice upper(end);
  rocksdb::ReadOptions options = Options();
  options.iterate_lower_bound = &lower;
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> it(db_.NewIterator(options));
  range.reverse ? it->SeekToLast() : it->SeekToFirst();
  for (size_t rows = 0; rows < range.row_count_max && it->Valid(); ++rows) {
    const std::string_view key = AsView(it->key()).substr(kDataPrefixSize);
    if (!sink(key, AsView(it->value()))) break;
    range.reverse ? it->Prev() : it->Next();
  }
  return FromRocksDb(it->status(), "scan");
}

}  // namespace

Result<std::unique_ptr<View>> MakeRocksDbView(std::shared_ptr<const RocksDbHandle> handle,
                                              PartitionId partition) {
  auto view = std::make_unique<RocksDbView>(std::move(handle), partition);
  Status status = view->ReadVersion();
  if (!status.ok()) return status;
  return view;
}

}  // namespace referrald::engine
