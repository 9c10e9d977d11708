#pragma once

#include <string>

#include "connectors/api/connector.h"
#include "connectors/sync/sync.h"
#include "storage/ledger/ledger.h"

namespace referrald::sync {

// Writes what is known about referrals as files for a system's own importer, one a description of
// the connector: folder/outbox/<system>_<object>_referrals.csv with .sha256, .manifest.json (file,
// sum, rows, the last event that it knows) and .done beside it.
//
// One row for each live row of the system whose party somebody claimed was referred, who is in a
// referral as new contact or as referral source, or whom we ask and look after; in order of
// external id, so that the same store gives the same bytes. With `changes_only` rows are left out
// that are as the file before told them; a file that is lost is made good by removing the .state
// file beside it. With `for_people` cells are made safe for spreadsheets, and no importer should be
// given the file. What a column holds (ExportColumn::value):
//
//   external_id     the row's id in the system
//   temperature     "COLD" or "HOT", the hottest over all reps
//   kind            "LISTED", "LEAD", "REFERRAL", "KNOWN"
//   basis           "INTRODUCTION", "NAME_ONLY", ...: why
//   state           of the referral in which they are the new contact: the newest one
//   claimed         "true" where a row of theirs claims a referral, else "false"
//   referred_by_id  the referral source's id in the same system; empty where they have none there
//   chain_depth     introductions between them and the root of their chain; 0: nobody brought them
//   chain_reach     people below them in the chain
//   event           the event that decides the temperature: "e_12"
//   coverage        how many of the five source slots are covered, of somebody whom we ask: "2"
//   next_ask        the day from which the next ask is due, and next_ask_rule its rule: "P03"
//   next_touch      the day on which the cadence wants a touch
//   anything else   empty
//
// IoError, Unavailable (disk full); else as the reader says.
Result<ExportResult> WriteExport(const ledger::Ledger& ledger, const ExportConfig& config,
                                 const connectors::ConnectorInfo& connector);

}  // namespace referrald::sync
