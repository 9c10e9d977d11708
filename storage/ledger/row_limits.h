#pragma once

#include "storage/ledger/ledger.h"

namespace referrald::ledger {

// Whether a row can be kept at all. InvalidArgument with the number and reason of its quarantine:
// RFD2301 a limit, RFD2302 a name that is none.
Status CheckRow(const Row& row);

// True where `entity` with `row` (or with the rows of `more`) stays within the limits of a record.
bool HasRoomFor(const referral::Entity& entity, const Row& row);
bool HasRoomFor(const referral::Entity& entity, const referral::Entity& more);

// The quarantine of a row for which there is no room (RFD2301), or whose entity is something else
// (RFD2303).
RowResult Full(const Row& row, const referral::Entity& entity);
RowResult OtherKind(const Row& row, const referral::Entity& entity);

}  // namespace referrald::ledger
