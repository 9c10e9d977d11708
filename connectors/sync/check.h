#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "connectors/api/connector.h"
#include "connectors/sync/absence.h"
#include "connectors/sync/row_sorter.h"
#include "connectors/sync/sync.h"
#include "storage/ledger/ledger.h"

namespace referrald::sync {

// What reading a whole file found, before anything is written.
struct CheckReport {
  std::string object, encoding, delimiter, sha256;
  std::string file;  // Its base name, as the user called it.
  uint64_t bytes = 0;
  uint64_t rows = 0;          // All of them: usable, bad and repeated.
  uint64_t bad = 0;           // Would be quarantined.
  uint64_t duplicates = 0;    // The same row again.
  uint64_t rows_short = 0;    // With fewer cells than the header.
  bool mended = false;        // A rejects file that came back: a small part of an export.
  Timestamp file_time{};      // When it was last written.
  Timestamp newest_change{};  // Of its rows, by the system's own stamps; zero: it has none.
  uint64_t with_email = 0, unique_emails = 0;  // Rows with an address, and different addresses.
  std::string mapping;  // What the feed makes of its columns: a hash in hexadecimal.
  RowSorter seen;       // Which rows it has.
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

// In thousandths of the rows with an address; 0 where none has one.
uint64_t PerMilleUnique(const CheckReport& report);

// What was done with files of an object before.
struct FormerRuns {
  std::optional<ledger::RunRecord> newest;   // That wrote anything, a revert or mended file too.
  std::optional<ledger::RunRecord> measure;  // That used a whole file.
};
Result<FormerRuns> FindFormerRuns(const ledger::Reader& reader, std::string_view feed,
                                  std::string_view object);

// The file is the one that the newest run used, every row of it, in the way in which it would be
// used now.
bool IsIdentical(const CheckReport& report, const FormerRuns& former);

// Why a person should look before this file is written; Ok where nothing speaks against it.
// FailedPrecondition: RFD2030 too many bad rows; RFD2031 far fewer rows than last time; RFD2032 bad
// rows in a feed that stops on any; RFD2033 no rows; RFD2034 a guessed encoding; RFD2035 too many
// rows are gone; RFD2036 older than the file before, and its rows have no stamps that would tell
// them apart; RFD2037 far more rows share an e-mail address than last time. The message names limit
// and remedy.
struct StopQuestion {
  const FeedConfig& feed;
  const CheckReport& report;
  const FormerRuns& former;
  std::string_view file;  // As the message shall name it.
  Absence absence{};
};
Status SafetyStop(const StopQuestion& question);

}  // namespace referrald::sync
