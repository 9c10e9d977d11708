#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/base/ids.h"

namespace referrald::ledger {

// What a stretch of the log changed in the read models: sorted by key, never changed once made, so
// that any number of readers share it.
class Layer {
 public:
  // Key and value; no value: the key is gone.
  using Change = std::pair<std::string, std::optional<std::string>>;
  using Changes = std::vector<Change>;

  // `changes` ascend, each key once. `last`: the event up to which they go.
  Layer(Changes changes, Sequence last);

  // Null where it says nothing about `key`.
  const Change* Find(std::string_view key) const;
  // Those with keys in [begin, end); an empty `end`: to the last one.
  std::span<const Change> Within(std::string_view begin, std::string_view end) const;

  const Changes& changes() const { return changes_; }
  Sequence last() const { return last_; }
  size_t bytes() const { return bytes_; }

 private:
  Changes changes_;
  Sequence last_;
  size_t bytes_ = 0;
};

using LayerPointer = std::shared_ptr<const Layer>;
// Oldest first: a later one wins.
using Layers = std::vector<LayerPointer>;

// All of `layers`, of which there is at least one, in one.
LayerPointer MergeLayers(std::span<const LayerPointer> layers);

}  // namespace referrald::ledger
