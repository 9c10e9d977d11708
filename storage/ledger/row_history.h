#pragma once

#include <functional>

#include "storage/ledger/lookup.h"

namespace referrald::ledger {

// Calls `sink` for every event about a row of `entity` (RowSeen, RowDeleted), from the newest of
// each row back, at most limits::kRowHistoryMax in all. Events follow each other by
// RowSeen::previous, so it costs as much as there are. Failures as Lookup.
Status ScanRowHistory(const Lookup& lookup, const referral::Entity& entity,
                      const std::function<void(const Event&)>& sink);

}  // namespace referrald::ledger
