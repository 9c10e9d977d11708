#include "storage/ledger/dry_run.h"

#include <string_view>
#include <utility>

#include "storage/base/limits.h"
#include "storage/ledger/command_scope.h"
#include "storage/ledger/instant.h"
#include "storage/ledger/keys.h"
#include "storage/ledger/observe.h"

namespace referrald::ledger {
namespace {

// Can a later row's fate depend on this key?
bool Matters(std::string_view key) {
  if (key.size() < 3 || !key.starts_with(keys::kDerived)) return false;
  const auto space = static_cast<Space>(key[2]);
  return space != Space::kName && space != Space::kPhone && space != Space::kTotals;
}

}  // namespace

Result<std::optional<std::string>> StoredDryRun::Nothing::Get(std::string_view) const {
  return Status::Internal("a dry run read outside of a stretch");
}
Status StoredDryRun::Nothing::Scan(const engine::Range&, const engine::Sink&) const {
  return Status::Internal("a dry run read outside of a stretch");
}
Status StoredDryRun::Nothing::Prefetch(std::span<const std::string>) {
  return Status::Internal("a dry run read outside of a stretch");
}

StoredDryRun::StoredDryRun(const StorePlace& place, const Clock& clock)
    : place_(place), clock_(clock) {}

Result<std::vector<RowResult>> StoredDryRun::Observe(const ObserveRows& wish) {
  if (memory_.bytes() > limits::kDryRunBytesMax) {
    return Status::Unavailable("the dry run has planned as much as it can keep in mind (limit " +
                                   std::to_string(limits::kDryRunBytesMax) + " bytes); use --limit",
                               2304);
  }
  const Result<std::unique_ptr<Instant>> instant = Instant::Take(place_);
  if (!instant) return instant.error();
  const DerivedKeys keys = (*instant)->keys();
  if (generation_ == 0) {
    generation_ = keys.generation();
    end_.last = (*instant)->last();
  }
  if (generation_ != keys.generation()) {
    return Status::Aborted("the store was rebuilt during the dry run; start it again");
  }
  memory_.Rebase(**instant);
  CommandScope scope(memory_, place_.vault, keys, clock_.Now(), end_);
  Result<std::vector<RowResult>> rows = DecideRows(scope, wish);
  if (rows) {
    scope.changes().Retain(&Matters);
    memory_.Absorb(std::move(scope.changes()));
    end_ = scope.end();
  }
  memory_.Rebase(nothing_);
  return rows;
}

}  // namespace referrald::ledger
