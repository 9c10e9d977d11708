#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "storage/engine/engine.h"

namespace referrald::ledger {

// Keys and values, to read. What projections and decisions are made on: a view, or a view with
// pending changes on top.
class KeyValues {
 public:
  virtual ~KeyValues() = default;

  virtual Result<std::optional<std::string>> Get(std::string_view key) const = 0;
  virtual Status Scan(const engine::Range& range, const engine::Sink& sink) const = 0;
  // Reads `keys` in one round trip and remembers them, so that Get need not ask again.
  virtual Status Prefetch(std::span<const std::string> keys) = 0;
};

// A view of the engine with a memory for what was prefetched. Borrows the view.
class ViewKeyValues final : public KeyValues {
 public:
  explicit ViewKeyValues(const engine::View& view) : view_(view) {}

  Result<std::optional<std::string>> Get(std::string_view key) const override;
  Status Scan(const engine::Range& range, const engine::Sink& sink) const override;
  Status Prefetch(std::span<const std::string> keys) override;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  const engine::View& view_;
  std::unordered_map<std::string, std::optional<std::string>, Hash, std::equal_to<>> known_;
};

// Puts and deletes on top of other keys and values, which it reads through. Nothing leaves it until
// it is absorbed or made into a batch. One thread; `below` must outlive it.
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
  size_t operations() const { return changes_.size(); }
  size_t bytes() const { return bytes_; }
  // True where this and `more` fit into one batch.
  bool FitsWith(const Transaction& more) const;
  engine::Batch ToBatch(engine::PartitionId partition, engine::Version expected) const;

 private:
  using Changes = std::map<std::string, std::optional<std::string>, std::less<>>;
  void Set(std::string key, std::optional<std::string> value);

  KeyValues* below_;
  Changes changes_;
  size_t bytes_ = 0;
};

}  // namespace referrald::ledger
