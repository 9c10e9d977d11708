#include "storage/ledger/account.h"

#include <string>
#include <string_view>

#include "storage/referral/claim.h"

namespace referrald::ledger {
namespace {

// What the sources of such rows call the reason (FORMATS 6.2).
std::string_view RejectCode(const RowResult& row) {
  if (row.outcome == RowOutcome::kHeld) return "R-AMBIGUOUS";
  switch (row.number) {
    case 2204: return "R-REF-UNKNOWN";
    case 2301: return "R-LIMIT";
    default: return "R-REFUSED";
  }
}

bool CarriesClaim(const Row& row) {
  referral::Entity entity;
  entity.kind = row.kind;
  referral::Link& link = entity.links.emplace_back();
  link.ref = row.ref;
  link.fields = row.fields;
  link.associations = row.associations;
  return !ClaimsOf(entity).empty();
}

}  // namespace

void CountRow(const Row& row, const RowResult& result, RunRecord& run) {
  run.counts.Add(result.outcome);
  if (result.stale) ++run.stale;
  switch (result.outcome) {
    case RowOutcome::kUnchanged: ++run.matched_external_id; break;
    case RowOutcome::kCreated: run.claims_found += CarriesClaim(row) ? 1 : 0; break;
    case RowOutcome::kUpdated:
      run.claims_found += CarriesClaim(row) ? 1 : 0;
      ++(result.basis == referral::MatchBasis::kEmail ? run.matched_email
                                                      : run.matched_external_id);
      break;
    case RowOutcome::kDuplicate:
    case RowOutcome::kDeleted:
    case RowOutcome::kMerged:
    case RowOutcome::kSuppressed:
    case RowOutcome::kQuarantined:
    case RowOutcome::kHeld: break;
  }
}

void CountAbsent(const RowResult& result, RunRecord& run) {
  if (result.outcome == RowOutcome::kDeleted) ++run.gone;
}

bool IsRefused(const RowResult& row) {
  return row.outcome == RowOutcome::kQuarantined || row.outcome == RowOutcome::kHeld;
}

Reject RejectOf(const Row& row, const RowResult& result) {
  return {.record = row.record,
          .line = row.line,
          .outcome = result.outcome,
          .number = result.number,
          .code = std::string(RejectCode(result)),
          .column = {},
          .reason = result.reason};
}

}  // namespace referrald::ledger
