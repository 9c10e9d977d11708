#include "connectors/sync/runner.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "connectors/format/table_file.h"
#include "connectors/sync/absence.h"
#include "connectors/sync/applier.h"
#include "connectors/sync/purchase.h"
#include "connectors/sync/unpack.h"
#include "storage/base/limits.h"

namespace referrald::sync {
namespace {

using ledger::Reject;
using ledger::RowOutcome;
using ledger::RunRecord;
using ledger::RunStatus;

constexpr size_t kRejectsPerPage = 1000;

// Nothing of a held run was written: what could have been waits for a person.
ledger::RowCounts HeldCounts(const CheckReport& report) {
  return {.read = report.rows,
          .duplicate = report.duplicates,
          .quarantined = report.bad,
          .held = report.rows - report.bad - report.duplicates};
}

std::string WhyText(const RunRecord& run) {
  return fmt::format(
      "{} was not imported.\n\nfeed:    {}\nrun:     {} ({})\nwhat:    {}\nexplain: referralctl "
      "explain RFD{:04}\nmore:    referralctl run show {}\n",
      run.file, run.feed, ToText(run.id), RunStatusName(run.status), run.reason, run.number,
      ToText(run.id));
}

// Refusals that only the store remembers: of an attempt before a crash, or of an answer that was
// lost. Settle lets those that were seen in this attempt win.
Status AddStored(const ledger::Reader& reader, const RunRecord& run, RejectList& rejects) {
  std::string cursor;
  do {
    const Result<ledger::Page<Reject>> page = reader.ListRejects(run.id, cursor, kRejectsPerPage);
    if (!page) return page.error();
    for (const Reject& reject : page->items) rejects.Add(reject);
    cursor = page->next;
  } while (!cursor.empty());
  return Status::Ok();
}

}  // namespace

Runner::Runner(const RunContext& context, RunRecord run, std::string path)
    : context_(context),
      folder_(context.feed.folder),
      store_(context.ledger, context.backoff, context.stop),
      log_(context.logger, context.clock),
      run_(std::move(run)),
      path_(std::move(path)) {}

RunEnd Runner::Execute() {
  // Before anything is parsed: a file that takes the process down is counted.
  log_.Started(run_);
  if (Status put = store_.PutRun(run_, {}); !put.ok()) return Postpone(put);
  context_.publish(run_);
  const Result<bool> archive = IsArchive();
  if (!archive) return Fail(archive.error());
  return *archive ? UnpackArchive() : Check();
}

Result<bool> Runner::IsArchive() const {
  const Result<std::unique_ptr<format::ByteSource>> file = format::OpenFile(path_);
  if (!file) return file.error();
  constexpr size_t kLookedAtBytes = 4096;
  std::string beginning(kLookedAtBytes, '\0');
  const Result<size_t> size = (*file)->Read(beginning);
  if (!size) return size.error();
  beginning.resize(*size);
  return format::ContainerOf(beginning) == format::Container::kZip;
}

RunEnd Runner::UnpackArchive() {
  const Result<Unpacked> unpacked =
      Unpack(path_, run_.file, context_.feed, context_.connector, folder_);
  if (!unpacked && unpacked.error().retriable()) return Postpone(unpacked.error());
  if (!unpacked) return Fail(unpacked.error());
  run_.object = "archive";
  run_.reason = TextOf(*unpacked);
  run_.status = RunStatus::kOk;
  return Close({});
}

RunEnd Runner::Check() {
  Result<CheckReport> report = CheckFile(path_, context_.feed, context_.connector,
                                         /*row_count_max=*/0, context_.stop);
  if (!report) {
    return report.error().code() == Code::kAborted ? Postpone(report.error())
                                                   : Fail(report.error());
  }
  if (Status same = Pin(*report); !same.ok()) return Fail(same);
  const bool passed_before = run_.rows_expected != 0;
  Describe(*report, run_);
  if (!passed_before && !run_.accepted) {
    const Result<FormerRuns> former = Former(*report);
    if (!former) return Postpone(former.error());
    if (IsIdentical(*report, *former)) return FinishIdentical(*report);
    const Result<Absence> absence = AbsenceOf(context_, *report);
    if (!absence) return Postpone(absence.error());
    const std::string lies_in = folder_.quarantine() + "/" + BaseName(path_);
    const Status stop = SafetyStop({.feed = context_.feed,
                                    .report = *report,
                                    .former = *former,
                                    .file = lies_in,
                                    .absence = *absence});
    if (!stop.ok()) return Hold(stop, *report);
  }
  run_.rows_expected = report->rows;
  if (Status put = store_.PutRun(run_, {}); !put.ok()) return Postpone(put);
  context_.publish(run_);
  return Apply(*report);
}

Status Runner::Pin(const CheckReport& report) {
  if (run_.sha256.empty() || run_.sha256 == report.sha256) return Status::Ok();
  return Status::InvalidArgument(
      "the file is not the one that this run began with; what was read of that one is counted. "
      "Give "
      "the whole file to the inbox again",
      2025);
}

Result<FormerRuns> Runner::Former(const CheckReport& report) const {
  const Result<std::unique_ptr<ledger::Reader>> reader = store_.Read();
  if (!reader) return reader.error();
  return FindFormerRuns(**reader, run_.feed, report.object);
}

// Every row is as the newest run left it.
RunEnd Runner::FinishIdentical(const CheckReport& report) {
  run_.identical = true;
  run_.rows_expected = report.rows;
  run_.counts = {.read = report.rows,
                 .unchanged = report.rows - report.duplicates,
                 .duplicate = report.duplicates};
  run_.status = RunStatus::kOk;
  return Close({});
}

RunEnd Runner::Apply(CheckReport& report) {
  RejectList rejects;
  Applier applier(
      {.path = path_,
       .feed = context_.feed,
       .connector = context_.connector,
       .survivors = report.survivors,
       .observe = [this](const ledger::ObserveRows& wish) { return store_.Observe(wish); },
       .on_stretch = [this](const Stretch& stretch,
                            const ledger::ObserveResult& result) { NoteStretch(stretch, result); },
       .stop = context_.stop});
  Status applied = applier.Apply(run_, rejects);
  if (applied.ok()) applied = Conclude(report);
  if (applied.ok()) return Finish(rejects);
  if (applied.retriable() || applied.code() == Code::kAborted) return Postpone(applied);
  return Fail(applied);
}

Status Runner::Conclude(CheckReport& report) {
  const Result<Absence> absence = AbsenceOf(context_, report);
  if (!absence) return absence.error();
  if (absence->gone > 0) {
    const AbsenceScope scope{.feed = context_.feed, .object = report.object, .seen = report.seen};
    if (Status deleted = DeleteGone(store_, scope, run_, context_.stop); !deleted.ok()) {
      return deleted;
    }
  }
  const ledger::RowCounts& counts = run_.counts;
  const bool changed = counts.created + counts.updated + counts.deleted + counts.merged > 0;
  if (!changed) return Status::Ok();
  const Result<PurchaseCounts> purchases =
      RecordPurchases(store_, context_.feed, context_.clock.Now(), context_.stop);
  if (!purchases) return purchases.error();
  run_.moments += purchases->recorded;
  if (*purchases != PurchaseCounts{}) log_.Purchases(run_, *purchases);
  return Status::Ok();
}

void Runner::NoteStretch(const Stretch& stretch, const ledger::ObserveResult& result) {
  for (const Reject& reject : stretch.wish().rejects) log_.Refused(run_, reject);
  for (size_t index = 0; index < result.rows.size(); ++index) {
    const ledger::RowResult& row = result.rows[index];
    if (row.outcome != RowOutcome::kHeld && row.outcome != RowOutcome::kQuarantined) continue;
    log_.Refused(run_, {.record = row.record,
                        .line = stretch.wish().rows[index].line,
                        .outcome = row.outcome,
                        .number = row.number,
                        .code = "",
                        .column = "",
                        .reason = row.reason});
  }
  log_.Progress(run_);
  context_.publish(run_);
}

RunEnd Runner::Finish(RejectList& rejects) {
  if (Status written = WriteRejects(rejects); !written.ok()) return Postpone(written);
  const uint64_t unused = run_.counts.quarantined + run_.counts.held;
  run_.status = unused > 0 ? RunStatus::kPartial : RunStatus::kOk;
  return Close({});
}

Status Runner::WriteRejects(RejectList& rejects) {
  const uint64_t unused = run_.counts.quarantined + run_.counts.held;
  rejects.Settle();
  if (rejects.size() < unused) {
    const Result<std::unique_ptr<ledger::Reader>> reader = store_.Read();
    if (!reader) return reader.error();
    if (Status added = AddStored(**reader, run_, rejects); !added.ok()) return added;
    rejects.Settle();
  }
  if (rejects.empty()) return Status::Ok();
  return WriteRejectsFile(path_, context_.feed, rejects,
                          folder_.quarantine() + "/" + RejectsFileName(run_));
}

RunEnd Runner::Hold(const Status& stop, const CheckReport& report) {
  run_.status = RunStatus::kHeld;
  run_.number = stop.number();
  run_.reason = stop.message();
  run_.counts = HeldCounts(report);
  for (const Reject& reject : report.rejects) log_.Refused(run_, reject);
  return Close(report.rejects);
}

RunEnd Runner::Fail(const Status& status) {
  run_.status = RunStatus::kFailed;
  run_.number = status.number();
  run_.reason = status.message();
  return Close({});
}

RunEnd Runner::Postpone(const Status& status) {
  if (!context_.stop.stop_requested()) {
    log_.Trouble(run_, "run.postponed",
                 status.Prefixed("the run waits for the next rescan; nothing is lost"));
    return RunEnd::kPostponed;
  }
  // An orderly stop is no crash and must not count as one. Where this cannot be stored either, the
  // next begin counts one too many, which three in a row would have to do.
  if (status.code() == Code::kAborted && run_.attempts > 0) {
    --run_.attempts;
    (void)context_.ledger.PutRun(run_, {},
                                 std::chrono::steady_clock::now() + limits::kImportDeadline);
  }
  return RunEnd::kStopped;
}

RunEnd Runner::Close(const std::vector<Reject>& rejects) {
  REFERRALD_CHECK(run_.counts.read == run_.counts.Sum());
  run_.finished_at = context_.clock.Now();
  if (Status put = store_.PutRun(run_, rejects); !put.ok()) {
    run_.status = RunStatus::kRunning;
    return Postpone(put);
  }
  const Status moved =
      path_.empty() ? Status::Ok() : PutAway(folder_, run_, path_, context_.clock.Now());
  if (!moved.ok()) {
    log_.Trouble(run_, "file.stuck", moved);
  } else if (!path_.empty()) {
    const bool used = run_.status == RunStatus::kOk || run_.status == RunStatus::kPartial;
    log_.FileMoved(run_, used ? "file.archived" : "file.quarantined");
  }
  context_.publish(run_);
  log_.Finished(run_);
  return RunEnd::kFinished;
}

Status PutAway(const DropFolder& folder, const RunRecord& run, const std::string& path,
               Timestamp now) {
  const bool used = run.status == RunStatus::kOk || run.status == RunStatus::kPartial;
  return StatusOf(used ? folder.Archive(path, now) : folder.Quarantine(path, WhyText(run)));
}

Result<Absence> AbsenceOf(const RunContext& context, CheckReport& report) {
  const bool whole = !report.mended && report.bad == 0 && !IsFromArchive(report.file);
  if (!context.feed.absent_is_gone || !whole) return Absence{};
  const AbsenceScope scope{.feed = context.feed, .object = report.object, .seen = report.seen};
  return CountGone(context.ledger, scope, context.stop);
}

void Describe(const CheckReport& report, RunRecord& run) {
  run.object = report.object;
  run.encoding = report.encoding;
  run.delimiter = report.delimiter;
  run.sha256 = report.sha256;
  run.bytes = report.bytes;
  run.rows_short = report.rows_short;
  run.newest_change = report.newest_change;
  run.file_time = report.file_time;
  run.mapping = report.mapping;
  run.unique_emails = PerMilleUnique(report);
}

}  // namespace referrald::sync
