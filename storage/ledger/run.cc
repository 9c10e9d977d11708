#include "storage/ledger/run.h"

namespace referrald::ledger {
namespace {

uint64_t& CountOf(RowCounts& counts, RowOutcome outcome) {
  switch (outcome) {
    case RowOutcome::kCreated: return counts.created;
    case RowOutcome::kUpdated: return counts.updated;
    case RowOutcome::kUnchanged: return counts.unchanged;
    case RowOutcome::kDuplicate: return counts.duplicate;
    case RowOutcome::kDeleted: return counts.deleted;
    case RowOutcome::kMerged: return counts.merged;
    case RowOutcome::kSuppressed: return counts.suppressed;
    case RowOutcome::kQuarantined: return counts.quarantined;
    case RowOutcome::kHeld: return counts.held;
  }
  return counts.quarantined;
}

}  // namespace

std::string_view RowOutcomeName(RowOutcome outcome) {
  switch (outcome) {
    case RowOutcome::kCreated: return "created";
    case RowOutcome::kUpdated: return "updated";
    case RowOutcome::kUnchanged: return "unchanged";
    case RowOutcome::kDuplicate: return "duplicate";
    case RowOutcome::kDeleted: return "deleted";
    case RowOutcome::kMerged: return "merged";
    case RowOutcome::kSuppressed: return "suppressed";
    case RowOutcome::kQuarantined: return "quarantined";
    case RowOutcome::kHeld: return "held";
  }
  return "unknown";
}

void RowCounts::Add(RowOutcome outcome) {
  ++read;
  ++CountOf(*this, outcome);
}

uint64_t RowCounts::Sum() const {
  return created + updated + unchanged + duplicate + deleted + merged + suppressed + quarantined +
         held;
}

RowCounts operator+(const RowCounts& left, const RowCounts& right) {
  return {.read = left.read + right.read,
          .created = left.created + right.created,
          .updated = left.updated + right.updated,
          .unchanged = left.unchanged + right.unchanged,
          .duplicate = left.duplicate + right.duplicate,
          .deleted = left.deleted + right.deleted,
          .merged = left.merged + right.merged,
          .suppressed = left.suppressed + right.suppressed,
          .quarantined = left.quarantined + right.quarantined,
          .held = left.held + right.held};
}

std::string_view RunStatusName(RunStatus status) {
  switch (status) {
    case RunStatus::kRunning: return "running";
    case RunStatus::kOk: return "ok";
    case RunStatus::kPartial: return "partial";
    case RunStatus::kHeld: return "held";
    case RunStatus::kFailed: return "failed";
  }
  return "unknown";
}

}  // namespace referrald::ledger
