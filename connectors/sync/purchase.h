#pragma once

#include <cstdint>
#include <stop_token>

#include "connectors/sync/run_ledger.h"
#include "connectors/sync/sync.h"
#include "storage/ledger/ledger.h"

namespace referrald::sync {

// What the deals of a feed told about purchases.
struct PurchaseCounts {
  uint64_t recorded = 0;  // Moments, and wins and losses of referrals: new events.
  uint64_t undated = 0;   // A moment without any date: not recorded, since none is invented.
  uint64_t nobody = 0;    // Of a deal whose customer is not known yet, or not one: later, perhaps.
  uint64_t refused = 0;   // The ledger had a reason, such as an erased customer.

  friend bool operator==(const PurchaseCounts&, const PurchaseCounts&) = default;
};

// Looks at every deal that `feed` brought and records what its stage says and the log does not say
// yet (F08): the moment of the customer's purchase, once for each change of it, and the win or loss
// of every qualified referral that names the deal. From the state of the store alone, so that a
// crash, a file twice or the order of files makes no difference.
//
// Whose purchase: the one contact of the deal, else its organisation. When: the close date of a
// deal that is won or lost, unless it lies ahead; else the system's own stamp of the row; else, for
// a row that changed between two files, when the later one was read; else nobody knows.
//
// Aborted: `stop` was requested. Unavailable, DeadlineExceeded: the store takes nothing now; what
// was recorded stays, and is not recorded again.
Result<PurchaseCounts> RecordPurchases(const RunLedger& store, const FeedConfig& feed,
                                       Timestamp now, const std::stop_token& stop);

}  // namespace referrald::sync
