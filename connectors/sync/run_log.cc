#include "connectors/sync/run_log.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "storage/base/limits.h"

namespace referrald::sync {
namespace {

using ledger::RunRecord;
using ledger::RunStatus;

constexpr std::chrono::seconds kProgressEvery{2};

int64_t Signed(uint64_t value) { return static_cast<int64_t>(value); }

std::vector<LogField> Names(const RunRecord& run) {
  return {{"feed", run.feed}, {"run", ToText(run.id)}, {"file", run.file}};
}

void AppendCounts(const ledger::RowCounts& counts, std::vector<LogField>& fields) {
  const std::pair<const char*, uint64_t> all[] = {{"rows_read", counts.read},
                                                  {"rows_created", counts.created},
                                                  {"rows_updated", counts.updated},
                                                  {"rows_unchanged", counts.unchanged},
                                                  {"rows_duplicate", counts.duplicate},
                                                  {"rows_deleted", counts.deleted},
                                                  {"rows_merged", counts.merged},
                                                  {"rows_suppressed", counts.suppressed},
                                                  {"rows_quarantined", counts.quarantined},
                                                  {"rows_held", counts.held}};
  for (const auto& [name, count] : all) fields.push_back({name, Signed(count)});
}

std::string_view OutcomeOf(RunStatus status) {
  switch (status) {
    case RunStatus::kOk: return "success";
    case RunStatus::kPartial:
    case RunStatus::kRunning: return "unknown";
    case RunStatus::kHeld:
    case RunStatus::kFailed: return "failure";
  }
  return "unknown";
}

// How fast it goes, and how long it will take at that pace.
void AppendPace(const RunRecord& run, Timestamp now, std::vector<LogField>& fields) {
  const double seconds = std::chrono::duration<double>(now - run.started_at).count();
  if (seconds <= 0 || run.counts.read == 0) return;
  const double pace = static_cast<double>(run.counts.read) / seconds;
  const uint64_t left = run.rows_expected - std::min(run.rows_expected, run.counts.read);
  fields.push_back({"rows_per_s", static_cast<int64_t>(pace)});
  fields.push_back({"seconds_left", static_cast<int64_t>(static_cast<double>(left) / pace)});
}

// What is known of the file; a run that failed early knows little.
void AppendFile(const RunRecord& run, std::vector<LogField>& fields) {
  const std::pair<const char*, const std::string&> texts[] = {{"object", run.object},
                                                              {"sha256", run.sha256},
                                                              {"encoding", run.encoding},
                                                              {"delimiter", run.delimiter}};
  for (const auto& [name, text] : texts) {
    if (!text.empty()) fields.push_back({name, text});
  }
  if (run.bytes > 0) fields.push_back({"bytes", Signed(run.bytes)});
}

void AppendEnd(const RunRecord& run, std::vector<LogField>& fields) {
  fields.push_back({"status", std::string(RunStatusName(run.status))});
  fields.push_back({"outcome", std::string(OutcomeOf(run.status))});
  AppendFile(run, fields);
  AppendCounts(run.counts, fields);
  if (run.rows_short > 0) fields.push_back({"rows_short", Signed(run.rows_short)});
  const std::pair<const char*, uint64_t> few[] = {
      {"stale", run.stale}, {"gone", run.gone}, {"moments", run.moments}};
  for (const auto& [name, count] : few) {
    if (count > 0) fields.push_back({name, Signed(count)});
  }
  if (run.identical) fields.push_back({"identical", int64_t{1}});
  if (!run.reverts.empty()) fields.push_back({"reverts", ToText(run.reverts)});
  fields.push_back({"claims_found", Signed(run.claims_found)});
  fields.push_back({"sequence_from", Signed(run.sequence_from.value)});
  fields.push_back({"sequence_to", Signed(run.sequence_to.value)});
  fields.push_back({"attempts", int64_t{run.attempts}});
  fields.push_back({"started_by", run.started_by});
  fields.push_back({"dur_us", (run.finished_at - run.started_at).count()});
  if (!run.reason.empty()) fields.push_back({"reason", run.reason});
}

}  // namespace

void RunLog::Started(const RunRecord& run) {
  progress_at_ = clock_.Now();
  std::vector<LogField> fields = Names(run);
  fields.push_back({"attempts", int64_t{run.attempts}});
  fields.push_back({"started_by", run.started_by});
  logger_.Write({.event = "run.started",
                 .message = fmt::format("reading {} for feed {}", run.file, run.feed),
                 .fields = std::move(fields)});
}

void RunLog::Progress(const RunRecord& run) {
  const Timestamp now = clock_.Now();
  if (now - progress_at_ < kProgressEvery) return;
  progress_at_ = now;
  std::vector<LogField> fields = Names(run);
  fields.push_back({"rows_expected", Signed(run.rows_expected)});
  AppendCounts(run.counts, fields);
  AppendPace(run, now, fields);
  logger_.Write({.event = "run.progress",
                 .message = fmt::format("{} of {} rows", run.counts.read, run.rows_expected),
                 .fields = std::move(fields)});
}

void RunLog::Refused(const RunRecord& run, const ledger::Reject& reject) {
  if (++refused_[reject.number] > limits::kRowLogsPerCodeMax) return;
  std::vector<LogField> fields = Names(run);
  fields.push_back({"row", Signed(reject.record)});
  fields.push_back({"field", reject.column});
  fields.push_back({"outcome", std::string(RowOutcomeName(reject.outcome))});
  logger_.Write({.level = LogLevel::kDebug,
                 .event = "row.quarantined",
                 .message = fmt::format("row {} was not used: {}", reject.record, reject.reason),
                 .number = reject.number,
                 .fields = std::move(fields)});
}

void RunLog::Purchases(const RunRecord& run, const PurchaseCounts& counts) {
  std::vector<LogField> fields = Names(run);
  fields.push_back({"recorded", Signed(counts.recorded)});
  fields.push_back({"undated", Signed(counts.undated)});
  fields.push_back({"without_customer", Signed(counts.nobody)});
  fields.push_back({"refused", Signed(counts.refused)});
  logger_.Write({.event = "run.purchases",
                 .message = fmt::format("{} new moments of purchases", counts.recorded),
                 .fields = std::move(fields)});
}

void RunLog::Finished(const RunRecord& run) {
  if (run.status == RunStatus::kHeld) {
    logger_.Write({.level = LogLevel::kWarning,
                   .event = "run.held",
                   .message = run.reason,
                   .number = run.number,
                   .fields = Names(run)});
  }
  // No receipt names a file that came after the erasure.
  if (run.counts.suppressed > 0) {
    std::vector<LogField> fields = Names(run);
    fields.push_back({"rows_suppressed", Signed(run.counts.suppressed)});
    logger_.Write(
        {.level = LogLevel::kWarning,
         .event = "file.holds_erased",
         .message = fmt::format("{} holds {} rows of people who were erased; nothing of them was "
                                "taken in, but the archived file still has them: delete it",
                                run.file, run.counts.suppressed),
         .fields = std::move(fields)});
  }
  std::vector<LogField> fields = Names(run);
  AppendEnd(run, fields);
  logger_.Write({.level = run.status == RunStatus::kOk ? LogLevel::kInfo : LogLevel::kWarning,
                 .event = "run.finished",
                 .message = fmt::format("{}: {}, {} rows read", run.file, RunStatusName(run.status),
                                        run.counts.read),
                 .number = run.number,
                 .fields = std::move(fields)});
}

void RunLog::FileMoved(const RunRecord& run, std::string_view event) {
  logger_.Write({.event = std::string(event),
                 .message = fmt::format("{} of feed {} was moved", run.file, run.feed),
                 .fields = Names(run)});
}

void RunLog::Trouble(const RunRecord& run, std::string_view event, const Status& status) {
  logger_.Write({.level = LogLevel::kWarning,
                 .event = std::string(event),
                 .message = status.message(),
                 .number = status.number(),
                 .fields = Names(run)});
}

}  // namespace referrald::sync
