#pragma once

#include <memory>
#include <vector>

#include "storage/ledger/ledger.h"
#include "storage/ledger/store_place.h"
#include "storage/ledger/transaction.h"

namespace referrald::ledger {

// Decides rows exactly as an import would and forgets what follows from them, but for what later
// rows of the same file may meet: links, e-mail holders, entities. One thread at a time.
class StoredDryRun final : public Ledger::DryRun {
 public:
  // Borrows everything.
  StoredDryRun(const StorePlace& place, const Clock& clock);

  // Unavailable (RFD2304): it has planned as much as it can keep in mind. Aborted: the projections
  // were rebuilt meanwhile.
  Result<std::vector<RowResult>> Observe(const ObserveRows& wish) override;

 private:
  // Stands in for an instant where none is at hand; never read.
  struct Nothing final : KeyValues {
    Result<std::optional<std::string>> Get(std::string_view) const override;
    Status Scan(const engine::Range&, const engine::Sink&) const override;
    Status Prefetch(std::span<const std::string>) override;
  };

  const StorePlace place_;
  const Clock& clock_;
  Nothing nothing_;
  Transaction memory_{nothing_};
  uint8_t generation_ = 0;  // 0: not known yet.
  Head end_;                // Where the log would end.
};

}  // namespace referrald::ledger
