#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/ids.h"
#include "storage/base/time.h"

namespace referrald::ledger {

// Where a row of a file ended. Stored; never renumber.
enum class RowOutcome : uint8_t {
  kCreated = 1,
  kUpdated = 2,  // Includes a row that joined a contact another system brought.
  kUnchanged = 3,
  kDuplicate = 4,    // The same row a second time in one file.
  kDeleted = 5,      // The row says so itself.
  kMerged = 6,       // The row says so itself.
  kSuppressed = 7,   // About an erased person.
  kQuarantined = 8,  // Cannot be used as it is; the reason is kept.
  kHeld = 9,         // A person must decide; the reason is kept.
};
std::string_view RowOutcomeName(RowOutcome outcome);

// rows read = the sum of all outcomes, always.
struct RowCounts {
  uint64_t read = 0;
  uint64_t created = 0, updated = 0, unchanged = 0, duplicate = 0, deleted = 0, merged = 0;
  uint64_t suppressed = 0, quarantined = 0, held = 0;

  // Counts one row that was read and ended so.
  void Add(RowOutcome outcome);
  uint64_t Sum() const;  // Of the outcomes, without `read`.
  friend bool operator==(const RowCounts&, const RowCounts&) = default;
};
RowCounts operator+(const RowCounts& left, const RowCounts& right);

// Stored; never renumber.
enum class RunStatus : uint8_t {
  kRunning = 1,
  kOk = 2,       // Every row was applied.
  kPartial = 3,  // Some rows were quarantined or held.
  kHeld = 4,     // A safety stop: nothing was written.
  kFailed = 5,   // The file as a whole cannot be used; what was written before is counted.
};
std::string_view RunStatusName(RunStatus status);  // "running", "ok", "partial", "held", "failed"

// One pass over one file. Operational, not a fact: not in the log, and not rebuilt from it.
struct RunRecord {
  RunId id;
  std::string feed;
  std::string connector;
  std::string object;  // "Contact"; empty until recognised.
  std::string file;    // Base name.
  std::string sha256;  // Of the file's bytes: what is resumed is what was begun.
  uint64_t bytes = 0;
  std::string encoding;   // "UTF-8", "UTF-16LE with BOM", ...
  std::string delimiter;  // ",", ";", "tab", ...
  RunStatus status = RunStatus::kRunning;
  int number = 0;          // RFDnnnn of a held or failed run.
  std::string reason;      // With the remedy; no personal data.
  std::string started_by;  // "inbox", "ctl", "rpc".
  bool dry_run = false;
  bool accepted = false;  // A person let it pass the safety stops.
  uint32_t attempts = 0;  // Begins, counted before parsing; a crash leaves its mark.
  Timestamp started_at{}, finished_at{};
  uint64_t rows_short = 0;     // With fewer cells than the header; Row::silent.
  uint64_t rows_expected = 0;  // Counted by the check that precedes the writing; 0: not known yet.
  // The cursor: everything up to here is in `counts` and in the store. Pass 1 is all rows, pass 2
  // those that merge.
  uint32_t pass = 1;
  uint64_t cursor_record = 0;
  RowCounts counts;
  uint64_t matched_external_id = 0, matched_email = 0;
  Sequence sequence_from, sequence_to;  // Events this run appended: [from, to]; none: both 0.
  uint64_t claims_found = 0;            // Rows that were created or changed and carry a claim.
  uint64_t stale = 0;    // Of the unchanged: older than what is known, and left alone.
  uint64_t gone = 0;     // Rows of earlier files that a whole snapshot lacks: deleted by absence.
  uint64_t moments = 0;  // Purchase moments, wins and losses that stages of deals told.
  bool identical =
      false;  // The file of the last good run once more: known without reading it twice.
  Timestamp newest_change{};   // Of its rows, by the system's own stamps; zero: it has none.
  Timestamp file_time{};       // When the file was last written.
  uint64_t unique_emails = 0;  // Different addresses, in thousandths of the rows with one.
  std::string mapping;         // What the feed made of the file's columns: a hash in hexadecimal.
  RunId reverts{};             // The run that this one undid; none: it read a file.

  friend bool operator==(const RunRecord&, const RunRecord&) = default;
};

// A row that was quarantined or held, and why. The values themselves stay in the quarantine file.
struct Reject {
  uint64_t record = 0;  // Logical record number in the file; the header is 1.
  uint64_t line = 0;    // Physical line on which the row starts.
  RowOutcome outcome = RowOutcome::kQuarantined;
  int number = 0;      // RFDnnnn.
  std::string code;    // FORMATS 6.2: "R-COLUMNS", ...
  std::string column;  // As the file names it; empty: the whole row.
  std::string reason;  // Names the limit and the remedy; no personal data.

  friend bool operator==(const Reject&, const Reject&) = default;
};

}  // namespace referrald::ledger
