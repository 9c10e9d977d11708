// What a run would do: the same reading, sorting and applying, into a dry run of the ledger.
#include <algorithm>
#include <map>
#include <utility>

#include "connectors/sync/applier.h"
#include "connectors/sync/runner.h"
#include "storage/base/limits.h"
#include "storage/ledger/account.h"

namespace referrald::sync {
namespace {

using ledger::RowOutcome;

// The stop a real run would meet, noted; the rows are planned all the same, so that a person sees
// what --accept would do.
Status NoteStop(const RunContext& context, CheckReport& report, const std::string& path,
                ledger::RunRecord& run) {
  const Result<std::unique_ptr<ledger::Reader>> reader = context.ledger.Read();
  if (!reader) return reader.error();
  const Result<FormerRuns> former = FindFormerRuns(**reader, run.feed, report.object);
  if (!former) return former.error();
  const Result<Absence> absence = AbsenceOf(context, report);
  if (!absence) return absence.error();
  run.gone = absence->gone;
  const Status stop = SafetyStop({.feed = context.feed,
                                  .report = report,
                                  .former = *former,
                                  .file = path,
                                  .absence = *absence});
  run.number = stop.number();
  run.reason = stop.message();
  return Status::Ok();
}

ledger::RunStatus StatusOf(const ledger::RunRecord& run) {
  if (run.number != 0) return ledger::RunStatus::kHeld;
  const bool unused = run.counts.quarantined + run.counts.held > 0;
  return unused ? ledger::RunStatus::kPartial : ledger::RunStatus::kOk;
}

Preview PreviewOf(const CheckReport& report, const ledger::RunRecord& run) {
  return {.file = run.file,
          .bytes = report.bytes,
          .connector = run.connector,
          .object = report.object,
          .encoding = report.encoding,
          .delimiter = report.delimiter,
          .mapped = report.mapped,
          .ignored = report.ignored,
          .rows = {}};
}

}  // namespace

Result<ledger::ObserveResult> ObserveDry(ledger::Ledger::DryRun& dry,
                                         const ledger::ObserveRows& wish) {
  Result<std::vector<ledger::RowResult>> rows = dry.Observe(wish);
  if (!rows) return rows.error();
  ledger::ObserveResult result{.rows = std::move(*rows), .run = wish.run};
  REFERRALD_CHECK(result.rows.size() == wish.rows.size());
  for (size_t index = 0; index < result.rows.size(); ++index) {
    CountRow(wish.rows[index], result.rows[index], result.run);
  }
  return result;
}

Result<Plan> PlanRun(const RunContext& context, ledger::RunRecord run, const std::string& path,
                     uint64_t row_count_max) {
  Result<CheckReport> report =
      CheckFile(path, context.feed, context.connector, row_count_max, context.stop);
  if (!report) return report.error();
  Describe(*report, run);
  run.rows_expected = report->rows;
  if (row_count_max == 0 && !run.accepted) {
    if (Status noted = NoteStop(context, *report, path, run); !noted.ok()) return noted;
  }
  Result<std::unique_ptr<ledger::Ledger::DryRun>> dry = context.ledger.BeginDryRun();
  if (!dry) return dry.error();
  Plan plan;
  std::map<std::string, uint64_t> changed;
  const auto note = [&changed](const Stretch&, const ledger::ObserveResult& result) {
    for (const ledger::RowResult& row : result.rows) {
      if (row.outcome != RowOutcome::kUpdated) continue;
      for (const std::string& field : row.changed_fields) ++changed[field];
    }
  };
  Applier applier(
      {.path = path,
       .feed = context.feed,
       .connector = context.connector,
       .survivors = report->survivors,
       .observe = [&dry](const ledger::ObserveRows& wish) { return ObserveDry(**dry, wish); },
       .on_stretch = note,
       .stop = context.stop,
       .row_count_max = row_count_max});
  RejectList rejects;
  if (Status applied = applier.Apply(run, rejects); !applied.ok()) return applied;
  REFERRALD_CHECK(run.counts.read == run.counts.Sum());
  rejects.Settle();
  for (size_t i = 0; i < std::min(rejects.size(), limits::kPlanRejectsMax); ++i) {
    plan.rejects.push_back(rejects.at(i));
  }
  run.status = StatusOf(run);
  run.finished_at = context.clock.Now();
  plan.fields_changed.assign(changed.begin(), changed.end());
  plan.preview = PreviewOf(*report, run);
  plan.run = std::move(run);
  return plan;
}

}  // namespace referrald::sync
