#include "storage/ledger/transaction.h"

#include <utility>

#include "storage/base/limits.h"
#include "storage/ledger/keys.h"
#include "storage/ledger/scan_over.h"

namespace referrald::ledger {
namespace {

size_t SizeOf(const std::string& key, const std::optional<std::string>& value) {
  return key.size() + (value ? value->size() : 0);
}

bool IsDerived(std::string_view key) { return key.starts_with(keys::kDerived); }

}  // namespace

void Transaction::Put(std::string key, std::string value) { Set(std::move(key), std::move(value)); }

void Transaction::Delete(std::string key) { Set(std::move(key), std::nullopt); }

Transaction::Size& Transaction::SizeWith(std::string_view key) {
  return IsDerived(key) ? derived_ : logged_;
}

void Transaction::Set(std::string key, std::optional<std::string> value) {
  const auto [place, inserted] = changes_.try_emplace(std::move(key));
  Size& size = SizeWith(place->first);
  if (inserted) {
    ++size.operations;
  } else {
    size.bytes -= SizeOf(place->first, place->second);
  }
  place->second = std::move(value);
  size.bytes += SizeOf(place->first, place->second);
}

Result<std::optional<std::string>> Transaction::Get(std::string_view key) const {
  const auto change = changes_.find(key);
  if (change != changes_.end()) return change->second;
  return below_->Get(key);
}

Status Transaction::Scan(const engine::Range& range, const engine::Sink& sink) const {
  const auto begin = changes_.lower_bound(range.begin);
  const auto end = range.end.empty() ? changes_.end() : changes_.lower_bound(range.end);
  return ScanOver(
      begin, end, range,
      [this](const engine::Range& all, const engine::Sink& each) {
        return below_->Scan(all, each);
      },
      sink);
}

Status Transaction::Prefetch(std::span<const std::string> keys) { return below_->Prefetch(keys); }

void Transaction::Absorb(Transaction&& above) {
  if (changes_.empty()) {
    changes_.swap(above.changes_);
    logged_ = std::exchange(above.logged_, {});
    derived_ = std::exchange(above.derived_, {});
    return;
  }
  for (auto& [key, value] : above.changes_) Set(key, std::move(value));
  above.Clear();
}

void Transaction::Clear() {
  changes_.clear();
  logged_ = derived_ = {};
}

void Transaction::Retain(bool (*keep)(std::string_view key)) {
  for (auto change = changes_.begin(); change != changes_.end();) {
    if (keep(change->first)) {
      ++change;
      continue;
    }
    Size& size = SizeWith(change->first);
    --size.operations;
    size.bytes -= SizeOf(change->first, change->second);
    change = changes_.erase(change);
  }
}

bool Transaction::FitsWith(const Transaction& more) const {
  // The head, and now and then a checkpoint, go into the same batch at the end.
  return logged_.bytes + more.logged_.bytes + limits::kHeadBytesMax <= limits::kBatchBytesMax &&
         logged_.operations + more.logged_.operations + limits::kHeadOperationsMax <=
             limits::kBatchOperationsMax &&
         derived_.bytes + more.derived_.bytes <= limits::kLayerBytesMax;
}

engine::Batch Transaction::ToBatch(engine::PartitionId partition, engine::Version expected) const {
  engine::Batch batch(partition, expected);
  for (const auto& [key, value] : changes_) {
    if (IsDerived(key)) continue;
    if (value) {
      batch.Put(key, *value);
    } else {
      batch.Delete(key);
    }
  }
  return batch;
}

LayerPointer Transaction::TakeLayer(Sequence last) {
  Layer::Changes changes;
  changes.reserve(derived_.operations);
  for (auto change = changes_.lower_bound(keys::kDerived);
       change != changes_.end() && IsDerived(change->first);) {
    auto node = changes_.extract(change++);
    changes.emplace_back(std::move(node.key()), std::move(node.mapped()));
  }
  derived_ = {};
  return std::make_shared<const Layer>(std::move(changes), last);
}

}  // namespace referrald::ledger
