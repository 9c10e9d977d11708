#include "connectors/sync/revert.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "connectors/sync/fresh_reader.h"
#include "storage/base/limits.h"
#include "storage/ledger/account.h"

namespace referrald::sync {
namespace {

using ledger::Event;
using ledger::Reader;
using ledger::RowDeleted;
using ledger::RowOutcome;
using ledger::RowSeen;
using ledger::RunRecord;
using ledger::RunStatus;

constexpr size_t kEventsPerPage = 256;
constexpr uint32_t kOnlyPass = 1;

// What an event said of a row.
struct Said {
  referral::ExternalRef ref;
  referral::EntityKind kind = referral::EntityKind::kUnknown;
  Sequence previous;
};

// Nothing for an event that is not about a row of `run`.
std::optional<Said> SaidBy(const Event& event, const RunId& run) {
  if (const auto* seen = std::get_if<RowSeen>(&event.body); seen != nullptr && seen->run == run) {
    return Said{.ref = seen->ref, .kind = seen->kind, .previous = seen->previous};
  }
  const auto* gone = std::get_if<RowDeleted>(&event.body);
  if (gone == nullptr || gone->run != run) return std::nullopt;
  return Said{.ref = gone->ref, .previous = gone->previous};
}

bool IsMergeBy(const Event& event, const RunId& run) {
  const auto* merged = std::get_if<ledger::PartyMerged>(&event.body);
  return merged != nullptr && merged->run == run;
}

ledger::Reject Held(uint64_t record, std::string reason) {
  return {.record = record,
          .outcome = RowOutcome::kHeld,
          .number = 2131,
          .code = "R-CHANGED-SINCE",
          .column = {},
          .reason = std::move(reason)};
}

// Walks the events of a run and turns each into the row that undoes it.
class Undoing {
 public:
  using Observe = std::function<Result<ledger::ObserveResult>(const ledger::ObserveRows&)>;

  Undoing(const RunContext& context, const RunRecord& undone, RunRecord& run, Observe observe)
      : context_(context),
        undone_(undone),
        run_(run),
        observe_(std::move(observe)),
        reader_(context.ledger),
        next_(context.feed.priority) {}

  // A record of this run is an event of the undone one, counted from its first.
  Status Run() {
    if (Status taken = reader_.Renew(); !taken.ok()) return taken;
    Sequence last{undone_.sequence_from.value - 1 + run_.cursor_record};
    while (last < undone_.sequence_to) {
      if (context_.stop.stop_requested()) return Status::Aborted("stopped while taking back rows");
      const auto events = reader_.Ask(
          [last](const Reader& reader) { return reader.EventsAfter(last, kEventsPerPage); });
      if (!events) return events.error();
      if (events->empty()) break;
      for (const Event& event : *events) {
        if (event.sequence > undone_.sequence_to) break;
        if (Status taken = Take(event); !taken.ok()) return taken;
      }
      last = events->back().sequence;
    }
    return HandOver();
  }

 private:
  Status Take(const Event& event) {
    const uint64_t record = event.sequence.value - undone_.sequence_from.value + 1;
    if (IsMergeBy(event, undone_.id)) {
      next_.Add(Held(record, "the system had merged two contacts, which cannot be taken apart"));
    } else if (const std::optional<Said> said = SaidBy(event, undone_.id)) {
      const Status undone = event.redacted ? Suppress(record) : Undo(event, *said, record);
      if (!undone.ok()) return undone;
    }
    return next_.full() ? HandOver() : Status::Ok();
  }

  Status Suppress(uint64_t record) {
    next_.AddOutcome(RowOutcome::kSuppressed, record);
    return Status::Ok();
  }

  Status Undo(const Event& event, const Said& said, uint64_t record) {
    const Result<bool> newest = IsNewest(event, said);
    if (!newest) return newest.error();
    if (!*newest) {
      next_.Add(Held(record, "a later run, or somebody else, changed the row again"));
      return Status::Ok();
    }
    Result<ledger::Row> row = Before(said, record);
    if (!row) return row.error();
    const size_t bytes = BytesOf(*row);
    next_.Add(std::move(*row), bytes);
    return Status::Ok();
  }

  // True where the row still says what `event` said.
  Result<bool> IsNewest(const Event& event, const Said& said) {
    const auto entity = reader_.Ask([&said](const Reader& reader) -> Result<referral::Entity> {
      const Result<EntityId> id = reader.FindByRef(said.ref);
      return id ? reader.GetEntity(*id) : id.error();
    });
    if (!entity && entity.error().code() == Code::kNotFound) return true;  // Gone before it came.
    if (!entity) return entity.error();
    const auto link = std::ranges::find(entity->links, said.ref, &referral::Link::ref);
    return link != entity->links.end() && link->event == event.sequence;
  }

  // What the row said before; a row that was not there is deleted.
  Result<ledger::Row> Before(const Said& said, uint64_t record) {
    ledger::Row row{.record = record,
                    .kind = said.kind,
                    .ref = said.ref,
                    .fields = {},
                    .associations = {},
                    .occurred_at = {},
                    .deleted = true,
                    .merged_into = {}};
    if (!said.previous) return row;
    const auto before =
        reader_.Ask([&said](const Reader& reader) { return reader.GetEvent(said.previous); });
    if (!before) return before.error();
    const auto* seen = std::get_if<RowSeen>(&before->body);
    if (seen == nullptr || before->redacted) return row;
    row.kind = seen->kind;
    row.fields = seen->fields;
    row.associations = seen->associations;
    row.deleted = false;
    return row;
  }

  Status HandOver() {
    if (next_.empty()) return Status::Ok();
    const Result<ledger::ObserveResult> result = observe_(next_.WishOn(run_, kOnlyPass));
    if (!result) return result.error();
    run_ = result->run;
    next_ = Stretch(context_.feed.priority);
    context_.publish(run_);
    return reader_.Renew();
  }

  const RunContext& context_;
  const RunRecord& undone_;
  RunRecord& run_;
  const Observe observe_;
  FreshReader reader_;
  Stretch next_;
};

Result<RunRecord> Undone(const RunContext& context, const RunRecord& run) {
  const Result<std::unique_ptr<Reader>> reader = context.ledger.Read();
  if (!reader) return reader.error();
  return (*reader)->GetRun(run.reverts);
}

RunStatus StatusAfter(const RunRecord& run) {
  return run.counts.quarantined + run.counts.held > 0 ? RunStatus::kPartial : RunStatus::kOk;
}

}  // namespace

Status CheckRevertible(const RunRecord& run) {
  const auto refuse = [&run](std::string_view why) {
    return Status::FailedPrecondition(
        fmt::format("run {} {}; there is nothing to take back", ToText(run.id), why), 2049);
  };
  if (run.status == RunStatus::kRunning) return refuse("has not ended");
  if (run.dry_run || !run.sequence_from) return refuse("wrote nothing");
  return Status::Ok();
}

Reverter::Reverter(const RunContext& context, RunRecord run)
    : context_(context),
      store_(context.ledger, context.backoff, context.stop),
      log_(context.logger, context.clock),
      run_(std::move(run)) {}

RunEnd Reverter::Execute() {
  log_.Started(run_);
  if (Status put = store_.PutRun(run_, {}); !put.ok()) return RunEnd::kPostponed;
  context_.publish(run_);
  const Result<RunRecord> undone = Undone(context_, run_);
  if (!undone) return Close(undone.error());
  Undoing undoing(context_, *undone, run_,
                  [this](const ledger::ObserveRows& wish) { return store_.Observe(wish); });
  return Close(undoing.Run());
}

RunEnd Reverter::Close(const Status& status) {
  if (status.code() == Code::kAborted && context_.stop.stop_requested()) return RunEnd::kStopped;
  if (status.retriable()) {
    log_.Trouble(run_, "run.postponed", status.Prefixed("taking back waits for the next rescan"));
    return RunEnd::kPostponed;
  }
  run_.status = status.ok() ? StatusAfter(run_) : RunStatus::kFailed;
  run_.number = status.number();
  run_.reason = status.message();
  REFERRALD_CHECK(run_.counts.read == run_.counts.Sum());
  run_.finished_at = context_.clock.Now();
  if (Status put = store_.PutRun(run_, {}); !put.ok()) {
    run_.status = RunStatus::kRunning;
    return RunEnd::kPostponed;
  }
  context_.publish(run_);
  log_.Finished(run_);
  return RunEnd::kFinished;
}

Result<RunRecord> PlanRevertRun(const RunContext& context, RunRecord run) {
  const Result<RunRecord> undone = Undone(context, run);
  if (!undone) return undone.error();
  Result<std::unique_ptr<ledger::Ledger::DryRun>> dry = context.ledger.BeginDryRun();
  if (!dry) return dry.error();
  Undoing undoing(context, *undone, run,
                  [&dry](const ledger::ObserveRows& wish) { return ObserveDry(**dry, wish); });
  if (Status planned = undoing.Run(); !planned.ok()) return planned;
  run.status = StatusAfter(run);
  run.finished_at = context.clock.Now();
  return run;
}

}  // namespace referrald::sync
