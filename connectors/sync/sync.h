#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/api/connector.h"
#include "connectors/sync/stage.h"
#include "connectors/sync/trace_search.h"
#include "storage/base/log.h"
#include "storage/ledger/ledger.h"

// Files in, files out: a run reads one file in bounded chunks, hands rows to the ledger and
// accounts for every one of them.
namespace referrald::sync {

// A configured place that contacts come from.
struct FeedConfig {
  std::string name;       // Letters, digits, '-', '_'.
  std::string connector;  // A name of the registry.
  std::string folder;     // Holds inbox/ processing/ archive/ quarantine/; made at start.
  connectors::FeedMapping mapping;
  uint32_t priority = 100;       // Lower wins a field conflict.
  double max_bad_ratio = 0.05;   // More quarantined rows than this: held, nothing written.
  double min_rows_ratio = 0.5;   // Fewer rows than this share of the last good run of the same
                                 // object: held. 0: off.
  bool stop_on_bad_row = false;  // on_bad_row = "stop": any bad row holds the run.
  // deletes = "absent": every file is a whole snapshot of its object, and a row that it lacks is
  // gone. Else only rows that say so themselves are.
  bool absent_is_gone = false;
  double max_deletes_ratio = 0.02;         // More rows gone than this share of those known: held.
  std::vector<StageRule> stages;           // What stages of deals say of the purchase; see stage.h.
  std::string encoding;                    // "": recognised; else an ICU converter name.
  std::string delimiter;                   // "": recognised.
  std::chrono::milliseconds settle{2000};  // A file is complete when unchanged for so long.
};

// A configured place that files for a CRM's importer are written to.
struct ExportConfig {
  std::string name;
  std::string connector;      // One that can export.
  std::string system;         // Default: the connector's name.
  std::string folder;         // Files are written to folder/outbox.
  bool changes_only = false;  // rows = "changed": only what the file before did not say.
  bool for_people = false;    // audience = "people": safe to open in a spreadsheet.
};

struct FeedState {
  FeedConfig config;
  uint32_t files_waiting = 0;
  std::optional<ledger::RunRecord> last_run;  // The running one, else the last finished.
};

// One line of `feed check`.
struct Check {
  std::string name;    // "inbox", "mapping", "permissions", ...
  Status status;       // Ok, or what is wrong and the remedy.
  std::string detail;  // What was found.
};

// How a file was recognised, and its first rows as drafts.
struct Preview {
  std::string file;
  uint64_t bytes = 0;
  std::string connector, object, encoding, delimiter;
  std::vector<std::pair<std::string, std::string>> mapped;  // (column, field)
  std::vector<std::string> ignored;
  struct Item {
    uint64_t record = 0, line = 0;
    std::optional<connectors::Draft> draft;
    std::optional<ledger::Reject> reject;
  };
  std::vector<Item> rows;
};

// What a dry run would do; nothing is written.
struct Plan {
  ledger::RunRecord run;  // Counts as a real run would have them; dry_run is set.
  std::vector<std::pair<std::string, uint64_t>> fields_changed;  // Name, rows.
  std::vector<ledger::Reject> rejects;                           // At most 1000.
  Preview preview;                                               // Without rows.
};

struct ExportResult {
  std::string name;
  struct File {
    std::string path;  // Final; with .sha256 and .done beside it.
    std::string object;
    uint64_t rows = 0;
  };
  std::vector<File> files;
};

struct StartOptions {
  std::string path;     // Copied into processing/ first and left where it is. Empty: the oldest
                        // complete file of the inbox.
  bool accept = false;  // Pass the safety stops: a person has looked.
  uint64_t row_count_max = 0;  // Dry run only: stop after so many rows; 0: all.
  std::string started_by;      // "ctl", "rpc".
};

struct SyncOptions {
  // Before the store is asked again when it is busy or full; doubles, limits::kStoreRetriesMax
  // times.
  std::chrono::milliseconds backoff{200};
  std::chrono::milliseconds rescan{30'000};  // Besides notifications; network mounts need it.
};

// Runs feeds one file at a time on one thread of its own, watches nothing itself: Rescan tells it
// to look. Any thread may call anything. Ledger, logger and clock must outlive it.
class SyncService {
 public:
  // Makes the folders. InvalidArgument: an unknown connector, or one that cannot do what is asked.
  static Result<std::unique_ptr<SyncService>> Open(ledger::Ledger& ledger, const Clock& clock,
                                                   const Logger& logger,
                                                   std::vector<FeedConfig> feeds,
                                                   std::vector<ExportConfig> exports,
                                                   SyncOptions options);
  virtual ~SyncService() = default;

  // Starts the thread: first finishes what a crash left in processing/, then waits for files.
  virtual void Start() = 0;
  // Stops at the next chunk, which is committed; the run goes on at the next Start.
  virtual void Stop() = 0;

  // Looks into the inbox of `feed` (all: ""). `renamed_in`: this file was moved in whole and needs
  // no settling.
  virtual void Rescan(std::string_view feed, std::string_view renamed_in) = 0;

  // Queues a run and returns its id at once. NotFound: no such feed, or no file waits. Further
  // failures end up in the run record.
  virtual Result<RunId> Begin(std::string_view feed, const StartOptions& options) = 0;
  virtual Result<Plan> DryRun(std::string_view feed, const StartOptions& options) = 0;
  // Queues the undoing of a finished run, a run of its own, and returns its id. NotFound: no such
  // run; FailedPrecondition RFD2049: it wrote nothing that could be taken back.
  virtual Result<RunId> BeginRevert(const RunId& run, std::string_view started_by) = 0;
  // What that would do; nothing is written.
  virtual Result<ledger::RunRecord> PlanRevert(const RunId& run) = 0;
  // The run as it is now: from memory while it runs, else from the store.
  virtual Result<ledger::RunRecord> GetRun(const RunId& id) const = 0;

  virtual std::vector<FeedState> Feeds() const = 0;
  virtual Result<std::vector<Check>> CheckFeed(std::string_view feed) const = 0;
  virtual Result<Preview> PreviewFile(std::string_view feed, const std::string& path,
                                      size_t row_count_max) const = 0;

  // The files in the folders of all feeds and exports that hold one of `texts`.
  virtual Traces FilesThatHold(std::vector<std::string> texts) const = 0;

  virtual std::vector<ExportConfig> Exports() const = 0;
  // Writes the export's files now: temporary name, fsync, rename.
  virtual Result<ExportResult> RunExport(std::string_view name) = 0;
};

// Where the quarantined rows of a run are kept, in the user's own columns; "" where there are none.
std::string RejectsFileOf(const FeedConfig& feed, const ledger::RunRecord& run);

}  // namespace referrald::sync
