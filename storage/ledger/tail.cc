#include "storage/ledger/tail.h"

#include <algorithm>
#include <utility>

#include "storage/base/limits.h"

namespace referrald::ledger {
namespace {

// Four layers of like size become one: a change is copied once for each fourfold growth, and a
// look-up passes at most three layers of each size.
constexpr size_t kAlike = 4;

// Layers of one size class differ by less than four times.
int SizeClass(const Layer& layer) {
  int size_class = 0;
  for (size_t count = layer.changes().size(); count >= kAlike; count /= kAlike) ++size_class;
  return size_class;
}

}  // namespace

Tail::State Tail::Read() const {
  const std::lock_guard lock(mutex_);
  return {.layers = layers_, .last = last_};
}

void Tail::Publish(LayerPointer layer) {
  const std::lock_guard lock(mutex_);
  last_ = layer->last();
  bytes_ += layer->bytes();
  layers_.push_back(std::move(layer));
  Settle();
  changed_.notify_all();
}

void Tail::Settle() {
  while (layers_.size() - taken_ >= kAlike) {
    const auto newest = std::span<const LayerPointer>(layers_).last(kAlike);
    const int size_class = SizeClass(*newest.back());
    const bool alike = std::ranges::all_of(newest, [size_class](const LayerPointer& layer) {
      return SizeClass(*layer) <= size_class;
    });
    if (!alike) return;
    LayerPointer merged = MergeLayers(newest);
    for (const LayerPointer& layer : newest) bytes_ -= layer->bytes();
    bytes_ += merged->bytes();
    layers_.resize(layers_.size() - kAlike);
    layers_.push_back(std::move(merged));
  }
}

Status Tail::AwaitRoom() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return bytes_ <= limits::kTailBytesMax || !refusal_.ok(); });
  return bytes_ <= limits::kTailBytesMax ? Status::Ok() : refusal_;
}

void Tail::AwaitWork(const std::stop_token& stop, std::chrono::milliseconds age_max) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, stop, [this] { return !layers_.empty(); });
  changed_.wait_for(lock, stop, age_max,
                    [this] { return bytes_ >= limits::kDrainBytes || empty_wanted_ > 0; });
}

Layers Tail::Take() {
  const std::lock_guard lock(mutex_);
  size_t bytes = 0;
  taken_ = 0;
  while (taken_ < layers_.size() &&
         (taken_ == 0 || bytes + layers_[taken_]->bytes() <= limits::kDrainRunBytesMax)) {
    bytes += layers_[taken_++]->bytes();
  }
  return {layers_.begin(), layers_.begin() + static_cast<std::ptrdiff_t>(taken_)};
}

void Tail::Retire() {
  const std::lock_guard lock(mutex_);
  for (size_t i = 0; i < taken_; ++i) bytes_ -= layers_[i]->bytes();
  layers_.erase(layers_.begin(), layers_.begin() + static_cast<std::ptrdiff_t>(taken_));
  taken_ = 0;
  refusal_ = Status::Ok();
  changed_.notify_all();
}

void Tail::Refuse(const Status& why) {
  const std::lock_guard lock(mutex_);
  taken_ = 0;
  refusal_ = why;
  changed_.notify_all();
}

Status Tail::AwaitEmpty() {
  std::unique_lock lock(mutex_);
  ++empty_wanted_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return layers_.empty() || !refusal_.ok(); });
  --empty_wanted_;
  return layers_.empty() ? Status::Ok() : refusal_;
}

}  // namespace referrald::ledger
