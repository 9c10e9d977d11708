#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "storage/engine/engine.h"
#include "storage/ledger/layer.h"

namespace referrald::ledger {

// Keys and values, to read. What projections and decisions are made on: an instant of the store, or
// one with pending changes on top.
class KeyValues {
 public:
  virtual ~KeyValues() = default;

  virtual Result<std::optional<std::string>> Get(std::string_view key) const = 0;
  virtual Status Scan(const engine::Range& range, const engine::Sink& sink) const = 0;
  // Reads `keys` in one round trip and remembers them, so that Get need not ask again.
  virtual Status Prefetch(std::span<const std::string> keys) = 0;
};

// Puts and deletes on top of other keys and values, which it reads through. Nothing leaves it until
// it is absorbed, or made into a batch (what belongs to the log) and a layer (what is derived from
// it). One thread; `below` must outlive it.
class Transaction final : public KeyValues {
 public:
  explicit Transaction(KeyValues& below) : below_(&below) {}
  // On top of another one, and no copy of it.
  explicit Transaction(Transaction& below) : below_(&below) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void Put(std::string key, std::string value);
  void Delete(std::string key);

  Result<std::optional<std::string>> Get(std::string_view key) const override;
  // Forward only.
  Status Scan(const engine::Range& range, const engine::Sink& sink) const override;
  Status Prefetch(std::span<const std::string> keys) override;

  // The same changes on top of something else: a newer view.
  void Rebase(KeyValues& below) { below_ = &below; }
  // Takes over what `above`, which stands on this, has changed.
  void Absorb(Transaction&& above);
  // Forgets the changes whose key `keep` does not want.
  void Retain(bool (*keep)(std::string_view key));

  bool empty() const { return changes_.empty(); }
  size_t bytes() const { return logged_.bytes + derived_.bytes; }
  // True where this and `more` fit into one batch and one layer.
  bool FitsWith(const Transaction& more) const;
  // The changes that belong to the log: all but the read models.
  engine::Batch ToBatch(engine::PartitionId partition, engine::Version expected) const;
  // Takes the changes of read models out of it; `last`: the event up to which they go.
  LayerPointer TakeLayer(Sequence last);

 private:
  using Changes = std::map<std::string, std::optional<std::string>, std::less<>>;
  struct Size {
    size_t operations = 0;
    size_t bytes = 0;
  };
  void Set(std::string key, std::optional<std::string> value);
  void Clear();
  Size& SizeWith(std::string_view key);

  KeyValues* below_;
  Changes changes_;
  Size logged_, derived_;
};

}  // namespace referrald::ledger
