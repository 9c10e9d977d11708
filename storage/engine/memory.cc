#include <fmt/format.h>

#include <map>
#include <mutex>
#include <set>
#include <unordered_set>
#include <utility>

#include "storage/engine/contract.h"
#include "storage/engine/engine.h"

namespace referrald::engine {
namespace {

// Counts everything that changes keys, over all partitions. A view sees what happened up to its
// own instant.
using Instant = uint64_t;

struct Revision {
  Instant at = 0;
  std::optional<std::string> value;  // Nothing: deleted then.
};

// The revisions of each key, oldest first; only as many as the views that live still need.
using Keys = std::map<std::string, std::vector<Revision>, std::less<>>;

struct Partition {
  Version version = 0;
  Keys keys;
};

const std::optional<std::string>* ValueAt(const std::vector<Revision>& revisions, Instant at) {
  for (auto it = revisions.rbegin(); it != revisions.rend(); ++it) {
    if (it->at <= at) return &it->value;
  }
  return nullptr;
}

class MemoryEngine final : public Engine {
 public:
  Result<std::unique_ptr<View>> Read(PartitionId partition) const override;
  CommitResult Commit(const Batch& batch) override;
  Status Settle(PartitionId /*partition*/) override { return Status::Ok(); }
  Status Ingest(PartitionId partition, std::span<const Derived> sorted_run) override;
  Status DropRange(PartitionId partition, const Range& range) override;
  Result<BackupInfo> Backup(const std::string& /*folder*/, std::string_view /*note*/) override {
    return Status::FailedPrecondition("a store in memory has no files to back up");
  }
  Condition Now() const override { return {}; }
  Statistics Stats() const override { return {.free_disk_bytes = UINT64_MAX, .reason = {}}; }

 private:
  friend class MemoryView;

  // All of these need mutex_.
  void Apply(Keys& keys, const Batch::Operation& operation);
  void Change(Keys& keys, std::string_view key, std::optional<std::string> value);
  Instant OldestNeeded() const { return views_.empty() ? now_ : *views_.begin(); }

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  Instant now_ = 0;
  mutable std::map<PartitionId, Partition> partitions_;
  mutable std::multiset<Instant> views_;
};

class MemoryView final : public View {
 public:
  // The engine's mutex_ is held.
  MemoryView(const MemoryEngine& engine, PartitionId partition)
      : engine_(engine),
        partition_(engine.partitions_[partition]),
        version_(partition_.version),
        at_(engine.now_) {
    engine_.views_.insert(at_);
  }
  ~MemoryView() override {
    const std::lock_guard lock(engine_.mutex_);
    engine_.views_.erase(engine_.views_.find(at_));
  }

  Version version() const override { return version_; }
  Result<std::optional<std::string>> Get(std::string_view key) const override;
  Result<std::vector<std::optional<std::string>>> MultiGet(
      std::span<const std::string> keys) const override;
  Status Scan(const Range& range, const Sink& sink) const override;

 private:
  using Rows = std::vector<std::pair<std::string, std::string>>;
  Rows Page(const Range& range) const;

  const MemoryEngine& engine_;
  const Partition& partition_;  // Never moves: partitions are not removed. Guarded by its mutex_.
  const Version version_;
  const Instant at_;
};

Result<std::unique_ptr<View>> MemoryEngine::Read(PartitionId partition) const {
  const std::lock_guard lock(mutex_);
  return std::make_unique<MemoryView>(*this, partition);
}

void CheckKeysOccurOnce(const Batch& batch) {
  std::unordered_set<std::string_view> seen;
  seen.reserve(batch.size());
  for (size_t i = 0; i < batch.size(); ++i) {
    const bool occurs_once = seen.insert(batch.at(i).key).second;
    REFERRALD_CHECK(occurs_once);
  }
}

CommitResult MemoryEngine::Commit(const Batch& batch) {
  if (auto refusal = RefuseTooLarge(batch)) return *std::move(refusal);
  CheckKeysOccurOnce(batch);
  const std::lock_guard lock(mutex_);
  Partition& partition = partitions_[batch.partition()];
  if (partition.version != batch.expected()) {
    return Conflict(partition.version, batch.expected());
  }
  ++now_;
  for (size_t i = 0; i < batch.size(); ++i) Apply(partition.keys, batch.at(i));
  ++partition.version;
  return {.outcome = Outcome::kOk, .version = partition.version, .detail = {}};
}

void MemoryEngine::Apply(Keys& keys, const Batch::Operation& operation) {
  std::optional<std::string> value;
  if (!operation.is_delete) value.emplace(operation.value);
  Change(keys, operation.key, std::move(value));
}

void MemoryEngine::Change(Keys& keys, std::string_view key, std::optional<std::string> value) {
  auto it = keys.find(key);
  if (it == keys.end()) {
    if (!value) return;
    it = keys.emplace(std::string(key), std::vector<Revision>()).first;
  }
  std::vector<Revision>& revisions = it->second;
  // Of the past, the oldest view needs one revision, and the younger ones those that follow.
  while (revisions.size() > 1 && revisions[1].at <= OldestNeeded()) {
    revisions.erase(revisions.begin());
  }
  const bool past_is_needed = !views_.empty();
  if (!past_is_needed) revisions.clear();
  if (!value && !past_is_needed) {
    keys.erase(it);
    return;
  }
  revisions.push_back({.at = now_, .value = std::move(value)});
}

Status MemoryEngine::Ingest(PartitionId partition, std::span<const Derived> sorted_run) {
  if (Status good = CheckRun(sorted_run); !good.ok()) return good;
  const std::lock_guard lock(mutex_);
  Keys& keys = partitions_[partition].keys;
  ++now_;
  for (const Derived& derived : sorted_run) Apply(keys, derived);
  return Status::Ok();
}

Status MemoryEngine::DropRange(PartitionId partition, const Range& range) {
  if (IsEmpty(range)) return Status::Ok();
  const std::lock_guard lock(mutex_);
  Keys& keys = partitions_[partition].keys;
  std::vector<std::string> dropped;
  for (auto it = keys.lower_bound(range.begin);
       it != keys.end() && (range.end.empty() || it->first < range.end); ++it) {
    dropped.push_back(it->first);
  }
  ++now_;
  for (const std::string& key : dropped) Change(keys, key, std::nullopt);
  return Status::Ok();
}

Result<std::optional<std::string>> MemoryView::Get(std::string_view key) const {
  const std::lock_guard lock(engine_.mutex_);
  const auto it = partition_.keys.find(key);
  if (it == partition_.keys.end()) return std::optional<std::string>{};
  const std::optional<std::string>* value = ValueAt(it->second, at_);
  return value != nullptr ? *value : std::optional<std::string>{};
}

Result<std::vector<std::optional<std::string>>> MemoryView::MultiGet(
    std::span<const std::string> keys) const {
  std::vector<std::optional<std::string>> out;
  out.reserve(keys.size());
  for (const std::string& key : keys) out.push_back(*Get(key));
  return out;
}

// A few rows from the front of `range`, so that the sink is never called under the lock.
MemoryView::Rows MemoryView::Page(const Range& range) const {
  constexpr size_t kPageRows = 256;
  Rows rows;
  const auto take = [&](const Keys::value_type& entry) {
    const std::optional<std::string>* value = ValueAt(entry.second, at_);
    if (value != nullptr && *value) rows.emplace_back(entry.first, **value);
    return rows.size() < kPageRows;
  };
  const std::lock_guard lock(engine_.mutex_);
  const Keys& keys = partition_.keys;
  const auto begin = keys.lower_bound(range.begin);
  const auto end = range.end.empty() ? keys.end() : keys.lower_bound(range.end);
  if (range.reverse) {
    for (auto it = end; it != begin && take(*--it);) {
    }
  } else {
    for (auto it = begin; it != end && take(*it); ++it) {
    }
  }
  return rows;
}

Status MemoryView::Scan(const Range& range, const Sink& sink) const {
  Range rest = range;
  size_t rows_left = range.row_count_max;
  while (!IsEmpty(rest)) {
    const Rows rows = Page(rest);
    if (rows.empty()) break;
    for (const auto& [key, value] : rows) {
      if (rows_left-- == 0 || !sink(key, value)) return Status::Ok();
    }
    // The key right behind `k` is `k` and a zero byte.
    const std::string& last = rows.back().first;
    if (range.reverse && last.empty()) break;
    range.reverse ? rest.end = last : rest.begin = last + '\0';
  }
  return Status::Ok();
}

}  // namespace

std::unique_ptr<Engine> OpenMemory() { return std::make_unique<MemoryEngine>(); }

}  // namespace referrald::engine
