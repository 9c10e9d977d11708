#include "storage/ledger/instant.h"

#include <utility>
#include <vector>

#include "storage/ledger/records.h"
#include "storage/ledger/scan_over.h"

namespace referrald::ledger {
namespace {

// Between the two halves of a try, the drain must have finished a run: nobody is that unlucky.
constexpr int kAttemptsMax = 1000;

}  // namespace

Result<std::unique_ptr<Instant>> Instant::Take(const StorePlace& place) {
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    // First the tail, then the view: whatever leaves the tail in between is in the view.
    Tail::State tail = place.tail.Read();
    Result<std::unique_ptr<engine::View>> view = place.engine.Read(place.partition);
    if (!view) return view.error();
    const Result<std::optional<StoreInfo>> info = ReadStoreInfo(**view);
    if (!info) return info.error();
    if (!*info) return Damaged("store information");
    const DerivedKeys keys((*info)->generation);
    const Result<Watermark> watermark = ReadWatermark(**view, keys);
    if (!watermark) return watermark.error();
    // A view that is ahead of the tail would have older layers put on top of newer records.
    if (watermark->last > tail.last) continue;
    return std::make_unique<Instant>(std::move(*view), std::move(tail.layers), keys, tail.last);
  }
  return Status::Internal("no instant of the store could be taken");
}

const Layer::Change* Instant::FindInLayers(std::string_view key) const {
  if (!key.starts_with(keys::kDerived)) return nullptr;
  for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) {
    if (const Layer::Change* const change = (*layer)->Find(key)) return change;
  }
  return nullptr;
}

Result<std::optional<std::string>> Instant::Get(std::string_view key) const {
  if (const Layer::Change* const change = FindInLayers(key)) return change->second;
  const auto known = known_.find(key);
  if (known != known_.end()) return known->second;
  return view_->Get(key);
}

Status Instant::Scan(const engine::Range& range, const engine::Sink& sink) const {
  const bool has_layers = range.begin.starts_with(keys::kDerived);
  return ScanLayers(has_layers ? layers_.size() : 0, range, sink);
}

Status Instant::ScanLayers(size_t layer_count, const engine::Range& range,
                           const engine::Sink& sink) const {
  if (layer_count == 0) return view_->Scan(range, sink);
  const auto changes = layers_[layer_count - 1]->Within(range.begin, range.end);
  if (changes.empty()) return ScanLayers(layer_count - 1, range, sink);
  return ScanOver(
      changes.begin(), changes.end(), range,
      [this, layer_count](const engine::Range& all, const engine::Sink& each) {
        return ScanLayers(layer_count - 1, all, each);
      },
      sink);
}

Status Instant::Prefetch(std::span<const std::string> keys) {
  std::vector<std::string> missing;
  for (const std::string& key : keys) {
    if (FindInLayers(key) == nullptr && !known_.contains(key)) missing.push_back(key);
  }
  if (missing.empty()) return Status::Ok();
  Result<std::vector<std::optional<std::string>>> values = view_->MultiGet(missing);
  if (!values) return values.error();
  for (size_t i = 0; i < missing.size(); ++i) {
    known_.insert_or_assign(std::move(missing[i]), std::move((*values)[i]));
  }
  return Status::Ok();
}

}  // namespace referrald::ledger
