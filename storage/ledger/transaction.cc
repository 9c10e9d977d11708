#include "storage/ledger/transaction.h"

#include <vector>

#include "storage/base/limits.h"

namespace referrald::ledger {
namespace {

size_t SizeOf(const std::string& key, const std::optional<std::string>& value) {
  return key.size() + (value ? value->size() : 0);
}

}  // namespace

Result<std::optional<std::string>> ViewKeyValues::Get(std::string_view key) const {
  const auto known = known_.find(key);
  if (known != known_.end()) return known->second;
  return view_.Get(key);
}

Status ViewKeyValues::Scan(const engine::Range& range, const engine::Sink& sink) const {
  return view_.Scan(range, sink);
}

Status ViewKeyValues::Prefetch(std::span<const std::string> keys) {
  Result<std::vector<std::optional<std::string>>> values = view_.MultiGet(keys);
  if (!values) return values.error();
  for (size_t i = 0; i < keys.size(); ++i) known_.insert_or_assign(keys[i], (*values)[i]);
  return Status::Ok();
}

void Transaction::Put(std::string key, std::string value) { Set(std::move(key), std::move(value)); }

void Transaction::Delete(std::string key) { Set(std::move(key), std::nullopt); }

void Transaction::Set(std::string key, std::optional<std::string> value) {
  const auto [place, inserted] = changes_.try_emplace(std::move(key));
  if (!inserted) bytes_ -= SizeOf(place->first, place->second);
  place->second = std::move(value);
  bytes_ += SizeOf(place->first, place->second);
}

Result<std::optional<std::string>> Transaction::Get(std::string_view key) const {
  const auto change = changes_.find(key);
  if (change != changes_.end()) return change->second;
  return below_->Get(key);
}

Status Transaction::Scan(const engine::Range& range, const engine::Sink& sink) const {
  REFERRALD_CHECK(!range.reverse);
  auto change = changes_.lower_bound(range.begin);
  const auto end = range.end.empty() ? changes_.end() : changes_.lower_bound(range.end);
  size_t left = range.row_count_max;
  bool wanted = left > 0;
  const auto emit = [&](std::string_view key, std::string_view value) {
    wanted = sink(key, value) && --left > 0;
  };
  const auto emit_change = [&] {
    if (change->second) emit(change->first, *change->second);
    ++change;
  };
  const Status status = below_->Scan({.begin = range.begin, .end = range.end},
                                     [&](std::string_view key, std::string_view value) {
                                       while (wanted && change != end && change->first < key)
                                         emit_change();
                                       if (!wanted) return false;
                                       if (change != end && change->first == key) {
                                         emit_change();
                                       } else {
                                         emit(key, value);
                                       }
                                       return wanted;
                                     });
  if (!status.ok()) return status;
  while (wanted && change != end) emit_change();
  return Status::Ok();
}

Status Transaction::Prefetch(std::span<const std::string> keys) { return below_->Prefetch(keys); }

void Transaction::Absorb(Transaction&& above) {
  if (changes_.empty()) {
    changes_.swap(above.changes_);
    bytes_ = above.bytes_;
    return;
  }
  for (auto& [key, value] : above.changes_) Set(key, std::move(value));
  above.changes_.clear();
}

void Transaction::Retain(bool (*keep)(std::string_view key)) {
  for (auto change = changes_.begin(); change != changes_.end();) {
    if (keep(change->first)) {
      ++change;
      continue;
    }
    bytes_ -= SizeOf(change->first, change->second);
    change = changes_.erase(change);
  }
}

bool Transaction::FitsWith(const Transaction& more) const {
  return bytes_ + more.bytes_ <= limits::kBatchBytesMax &&
         changes_.size() + more.changes_.size() <= limits::kBatchOperationsMax;
}

engine::Batch Transaction::ToBatch(engine::PartitionId partition, engine::Version expected) const {
  engine::Batch batch(partition, expected);
  for (const auto& [key, value] : changes_) {
    if (value) {
      batch.Put(key, *value);
    } else {
      batch.Delete(key);
    }
  }
  return batch;
}

}  // namespace referrald::ledger
