#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "connectors/api/connector.h"
#include "connectors/sync/row_sorter.h"
#include "connectors/sync/sync.h"
#include "storage/ledger/ledger.h"

namespace referrald::sync {

// What reading a whole file found, before anything is written.
struct CheckReport {
  std::string object, encoding, delimiter, sha256;
  uint64_t bytes = 0;
  uint64_t rows = 0;        // All of them: usable, bad and repeated.
  uint64_t bad = 0;         // Would be quarantined.
  uint64_t duplicates = 0;  // The same row again.
  uint64_t rows_short = 0;  // With fewer cells than the header.
  bool mended = false;      // A rejects file that came back: a small part of an export.
  std::vector<std::pair<std::string, std::string>> mapped;
  std::vector<std::string> ignored;
  Survivors survivors;                  // Of the rows that say they were merged.
  std::vector<ledger::Reject> rejects;  // The first limits::kPlanRejectsMax bad rows.
};

// Reads all rows of the file at `path`, or the first `row_count_max` (0: all), as a run would.
// Failures of RowSource, and: InvalidArgument RFD2024: the file ends in the middle of a row.
// Aborted: `stop` was requested.
Result<CheckReport> CheckFile(const std::string& path, const FeedConfig& feed,
                              const connectors::ConnectorInfo& connector, uint64_t row_count_max,
                              const std::stop_token& stop);

// Rows read by the last run of the feed that used a whole file of this object; 0 where there is
// none.
Result<uint64_t> RowsOfLastGoodRun(const ledger::Reader& reader, std::string_view feed,
                                   std::string_view object);

// Why a person should look before this file is written; Ok where nothing speaks against it.
// FailedPrecondition: RFD2030 too many bad rows; RFD2031 far fewer rows than last time; RFD2032 bad
// rows in a feed that stops on any; RFD2033 no rows. The message names limit and remedy.
Status SafetyStop(const FeedConfig& feed, const CheckReport& report, std::string_view file,
                  uint64_t last_good_rows);

}  // namespace referrald::sync
