#pragma once

#include "storage/ledger/ledger.h"

// How a decided row is accounted for: the same in a real run and in a dry one. Pure.
namespace referrald::ledger {

// Adds the row to the counts of its run: outcome, match, claim.
void CountRow(const Row& row, const RowResult& result, RunRecord& run);
// Counts what became of a row that no file held; see ObserveRows::absent.
void CountAbsent(const RowResult& result, RunRecord& run);

// True for rows that were quarantined or held.
bool IsRefused(const RowResult& row);

// Why such a row was refused, as it is stored and shown; the code is that of FORMATS 6.2.
Reject RejectOf(const Row& row, const RowResult& result);

}  // namespace referrald::ledger
