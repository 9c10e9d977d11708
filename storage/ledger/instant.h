#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "storage/engine/engine.h"
#include "storage/ledger/keys.h"
#include "storage/ledger/layer.h"
#include "storage/ledger/store_place.h"
#include "storage/ledger/transaction.h"

namespace referrald::ledger {

// The store as it was at one instant: what the engine holds, with the tail on top, and a memory for
// what was prefetched. Everything acknowledged before Take is in it. One thread at a time.
class Instant final : public KeyValues {
 public:
  // Now, of the live generation. Corruption (RFD4203): the store information cannot be read.
  static Result<std::unique_ptr<Instant>> Take(const StorePlace& place);

  // `view` with `layers` on top.
  Instant(std::unique_ptr<engine::View> view, Layers layers, DerivedKeys keys, Sequence last)
      : view_(std::move(view)), layers_(std::move(layers)), keys_(keys), last_(last) {}

  const DerivedKeys& keys() const { return keys_; }
  // The last event whose effects are in it. The log itself may already go on behind it.
  Sequence last() const { return last_; }
  engine::Version version() const { return view_->version(); }

  Result<std::optional<std::string>> Get(std::string_view key) const override;
  // Read models forward only.
  Status Scan(const engine::Range& range, const engine::Sink& sink) const override;
  Status Prefetch(std::span<const std::string> keys) override;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  const Layer::Change* FindInLayers(std::string_view key) const;
  // The range as the first `layer_count` layers leave it.
  Status ScanLayers(size_t layer_count, const engine::Range& range, const engine::Sink& sink) const;

  const std::unique_ptr<engine::View> view_;
  const Layers layers_;
  const DerivedKeys keys_;
  const Sequence last_;
  std::unordered_map<std::string, std::optional<std::string>, Hash, std::equal_to<>> known_;
};

}  // namespace referrald::ledger
