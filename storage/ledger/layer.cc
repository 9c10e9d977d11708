#include "storage/ledger/layer.h"

#include <algorithm>
#include <utility>

namespace referrald::ledger {
namespace {

size_t SizeOf(const Layer::Change& change) {
  return change.first.size() + (change.second ? change.second->size() : 0);
}

// The changes of both, `newer` where they meet.
Layer::Changes Merged(const Layer::Changes& older, const Layer::Changes& newer) {
  Layer::Changes merged;
  merged.reserve(older.size() + newer.size());
  auto left = older.begin();
  auto right = newer.begin();
  while (left != older.end() && right != newer.end()) {
    const int order = left->first.compare(right->first);
    if (order < 0) {
      merged.push_back(*left++);
      continue;
    }
    if (order == 0) ++left;
    merged.push_back(*right++);
  }
  merged.insert(merged.end(), left, older.end());
  merged.insert(merged.end(), right, newer.end());
  return merged;
}

}  // namespace

Layer::Layer(Changes changes, Sequence last) : changes_(std::move(changes)), last_(last) {
  for (const Change& change : changes_) bytes_ += SizeOf(change);
}

const Layer::Change* Layer::Find(std::string_view key) const {
  const auto change = std::ranges::lower_bound(changes_, key, {}, &Change::first);
  return change != changes_.end() && change->first == key ? &*change : nullptr;
}

std::span<const Layer::Change> Layer::Within(std::string_view begin, std::string_view end) const {
  const auto first = std::ranges::lower_bound(changes_, begin, {}, &Change::first);
  const auto last =
      end.empty() ? changes_.end() : std::ranges::lower_bound(changes_, end, {}, &Change::first);
  if (last <= first) return {};
  return {first, last};
}

LayerPointer MergeLayers(std::span<const LayerPointer> layers) {
  if (layers.size() == 1) return layers.front();
  // Halves, so that each change is copied as often as layers can be halved.
  const LayerPointer older = MergeLayers(layers.first(layers.size() / 2));
  const LayerPointer newer = MergeLayers(layers.subspan(layers.size() / 2));
  return std::make_shared<const Layer>(Merged(older->changes(), newer->changes()), newer->last());
}

}  // namespace referrald::ledger
