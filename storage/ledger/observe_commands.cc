// Whole commands about rows: stretches of a file, single parties, runs.
#include <tuple>
#include <utility>

#include "storage/base/limits.h"
#include "storage/ledger/account.h"
#include "storage/ledger/idempotency.h"
#include "storage/ledger/observe.h"
#include "storage/ledger/row_content.h"
#include "storage/ledger/run_digest.h"

namespace referrald::ledger {
namespace {

Status StandsFurther(const RunRecord& stored) {
  if (stored.status != RunStatus::kRunning) {
    return Status::Aborted("run " + ToText(stored.id) + " has ended; start another one", 4205);
  }
  return Status::Aborted("run " + ToText(stored.id) + " already stands at record " +
                             std::to_string(stored.cursor_record) + " of pass " +
                             std::to_string(stored.pass) + "; read it and go on behind that",
                         4205);
}

// A stretch that is stored already would be counted twice.
Status CheckCursor(const CommandScope& scope, const ObserveRows& wish) {
  if (wish.rows.empty()) return Status::Ok();
  const Result<std::optional<std::string>> bytes =
      scope.lookup().from().Get(keys::Run(wish.run.id));
  if (!bytes) return bytes.error();
  if (!*bytes) return Status::Ok();
  const Result<RunRecord> stored = DecodeRun(wish.run.id, **bytes);
  if (!stored) return stored.error();
  if (std::tie(stored->pass, stored->cursor_record) <
      std::tie(wish.run.pass, wish.run.cursor_record)) {
    return Status::Ok();
  }
  return StandsFurther(*stored);
}

Hash128 PayloadHash(const CommandScope& scope, const ObserveParty& wish) {
  const Row& row = wish.row;
  TaggedWriter out;
  out.Bytes(1, "party");
  out.Bytes(2, wish.feed);
  out.Unsigned(3, static_cast<uint64_t>(row.kind));
  out.Bytes(4, ToText(row.ref));
  out.Bytes(5, EncodeRowContent({}, row.fields, row.associations));
  out.Signed(6, ToMicros(row.occurred_at));
  out.Unsigned(7, row.deleted ? 1 : 0);
  if (row.merged_into) out.Bytes(8, ToText(*row.merged_into));
  return scope.vault().BlindIndex(vault::IndexKind::kFingerprint, out.text());
}

// The event that says what the row now says.
Result<Sequence> EventOf(const CommandScope& scope, const Row& row) {
  const Result<std::optional<LinkRecord>> link = scope.lookup().FindLink(row.ref);
  if (!link) return link.error();
  return *link ? (*link)->event : Sequence{};
}

}  // namespace

Result<std::vector<RowResult>> DecideRows(CommandScope& scope, const ObserveRows& wish) {
  if (wish.rows.size() > limits::kImportRowsPerCommand) {
    return Status::InvalidArgument("command has " + std::to_string(wish.rows.size()) +
                                       " rows, limit " +
                                       std::to_string(limits::kImportRowsPerCommand),
                                   4204);
  }
  RowDecider decider(scope, {.feed = wish.run.feed,
                             .run = wish.run.id,
                             .priority = wish.priority,
                             .actor = wish.actor,
                             .idempotency = {},
                             .payload = {}});
  const Status fetched = decider.Prefetch(wish.rows);
  if (!fetched.ok()) return fetched;
  std::vector<RowResult> results;
  results.reserve(wish.rows.size());
  for (const Row& row : wish.rows) {
    Result<RowResult> result = decider.Decide(row);
    if (!result) return result.error();
    results.push_back(std::move(*result));
  }
  return results;
}

Result<ObserveResult> DecideObserveRows(CommandScope& scope, const ObserveRows& wish) {
  const Status cursor = CheckCursor(scope, wish);
  if (!cursor.ok()) return cursor;
  const Sequence first = scope.next();
  Result<std::vector<RowResult>> rows = DecideRows(scope, wish);
  if (!rows) return rows.error();
  ObserveResult result{.rows = std::move(*rows), .run = wish.run};
  std::vector<Reject> rejects = wish.rejects;
  for (size_t i = 0; i < wish.rows.size(); ++i) {
    if (wish.absent) {
      CountAbsent(result.rows[i], result.run);
      continue;
    }
    CountRow(wish.rows[i], result.rows[i], result.run);
    if (IsRefused(result.rows[i])) rejects.push_back(RejectOf(wish.rows[i], result.rows[i]));
  }
  if (scope.next() != first) {
    if (!result.run.sequence_from) result.run.sequence_from = first;
    result.run.sequence_to = {scope.next().value - 1};
  }
  const Status put = DecidePutRun(scope, result.run, rejects);
  if (!put.ok()) return put;
  return result;
}

Result<Receipt> DecideObserveParty(CommandScope& scope, const ObserveParty& wish) {
  const Result<Idempotency> known =
      FindIdempotency(scope, wish.actor, wish.idempotency_key, PayloadHash(scope, wish));
  if (!known) return known.error();
  if (known->replayed) return *known->replayed;
  RowDecider decider(scope, {.feed = wish.feed,
                             .run = {},
                             .priority = 0,
                             .actor = wish.actor,
                             .idempotency = known->key,
                             .payload = known->payload});
  const Sequence first = scope.next();
  const Result<RowResult> result = decider.Decide(wish.row);
  if (!result) return result.error();
  if (result->outcome == RowOutcome::kHeld) {
    return Status::FailedPrecondition(result->reason, result->number);
  }
  if (result->outcome == RowOutcome::kSuppressed) {
    return Status::FailedPrecondition(
        "this person was erased at their own wish and is not recorded again", 3031);
  }
  if (result->outcome == RowOutcome::kQuarantined) {
    return Status::InvalidArgument(result->reason, result->number);
  }
  if (scope.next() != first) {
    return Receipt{.sequence = first, .referral = {}, .entity = result->entity, .log = {}};
  }
  const Result<Sequence> event = EventOf(scope, wish.row);
  if (!event) return event.error();
  const Receipt receipt{.sequence = *event, .referral = {}, .entity = result->entity, .log = {}};
  if (Status kept = KeepAnswer(scope, wish.actor, *known, receipt); !kept.ok()) return kept;
  return receipt;
}

namespace {

// The record of the run as it is stored; nothing for a new one.
Result<std::optional<RunRecord>> StoredRun(const CommandScope& scope, const RunId& run) {
  const Result<std::optional<std::string>> bytes = scope.lookup().from().Get(keys::Run(run));
  if (!bytes) return bytes.error();
  if (!*bytes) return std::optional<RunRecord>{};
  Result<RunRecord> stored = DecodeRun(run, **bytes);
  if (!stored) return stored.error();
  return std::optional(*std::move(stored));
}

// A stretch whose answer was given up may have landed since: what it stored is not set back. What
// has ended stays as it was told.
bool IsBehind(const RunRecord& run, const RunRecord& stored) {
  if (stored.status != RunStatus::kRunning) return true;
  return std::tie(stored.pass, stored.cursor_record) > std::tie(run.pass, run.cursor_record);
}

void KeepRejects(CommandScope& scope, const RunRecord& run, const std::vector<Reject>& rejects) {
  if (run.counts.quarantined + run.counts.held > limits::kRejectsPerRunMax) return;
  for (const Reject& reject : rejects) {
    scope.changes().Put(keys::Reject(run.id, reject.record), Encode(reject));
  }
}

// Ties the record of a run that has ended, and its rejects, to the log.
Status AppendFinished(CommandScope& scope, const RunRecord& run) {
  const Result<RunDigest> digest =
      DigestOf(scope.vault(), run.id, Encode(run),
               [&scope](const engine::Range& range, const engine::Sink& sink) {
                 return scope.changes().Scan(range, sink);
               });
  if (!digest) return digest.error();
  return StatusOf(scope.Append({.sequence = {},
                                .occurred_at = run.finished_at,
                                .recorded_at = {},
                                .actor = "feed:" + run.feed,
                                .body = SyncFinished{.run = run.id, .digest = digest->hash}}));
}

}  // namespace

Status DecidePutRun(CommandScope& scope, const RunRecord& run, const std::vector<Reject>& rejects) {
  // Nothing that was read may be lost on the way: a bug of ours otherwise.
  REFERRALD_CHECK(run.counts.read == run.counts.Sum());
  REFERRALD_CHECK(!run.id.empty());
  const Result<std::optional<RunRecord>> stored = StoredRun(scope, run.id);
  if (!stored) return stored.error();
  if (*stored && **stored == run && run.status != RunStatus::kRunning) return Status::Ok();
  if (*stored && IsBehind(run, **stored)) return StandsFurther(**stored);
  scope.changes().Put(keys::Run(run.id), Encode(run));
  scope.changes().Put(keys::RunOfFeed(run.feed, run.id), {});
  KeepRejects(scope, run, rejects);
  return run.status == RunStatus::kRunning ? Status::Ok() : AppendFinished(scope, run);
}

}  // namespace referrald::ledger
