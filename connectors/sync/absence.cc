#include "connectors/sync/absence.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "storage/base/limits.h"

namespace referrald::sync {
namespace {

using referral::Entity;
using referral::Link;

// After all rows (1) and those that merge (2).
constexpr uint32_t kAbsencePass = 3;

Status Stopped() { return Status::Aborted("stopped while looking for rows that are gone"); }

// Calls `sink` with every live row of the scope and its kind, until it says false.
template <typename Sink>
Status ScanLive(const ledger::Ledger& ledger, const AbsenceScope& scope,
                const std::stop_token& stop, const Sink& sink) {
  const Result<std::unique_ptr<ledger::Reader>> reader = ledger.Read();
  if (!reader) return reader.error();
  const auto belongs = [&scope](const Link& row) {
    return !row.deleted && row.feed == scope.feed.name && row.ref.object == scope.object;
  };
  const Status scanned = (*reader)->ScanEntities({}, [&](const Entity& entity) {
    if (stop.stop_requested()) return false;
    return std::ranges::all_of(
        entity.links, [&](const Link& row) { return !belongs(row) || sink(row, entity.kind); });
  });
  return stop.stop_requested() ? Stopped() : scanned;
}

// Deletes what it is told of, so many rows in one commit.
class Deleter {
 public:
  Deleter(const RunLedger& store, const FeedConfig& feed, ledger::RunRecord& run)
      : store_(store), feed_(feed), run_(run) {
    if (run_.pass != kAbsencePass) run_.cursor_record = 0;
    run_.pass = kAbsencePass;
  }

  bool Delete(const Link& row, referral::EntityKind kind) {
    wish_.rows.push_back({.record = run_.cursor_record + wish_.rows.size() + 1,
                          .kind = kind,
                          .ref = row.ref,
                          .fields = {},
                          .associations = {},
                          .occurred_at = {},
                          .deleted = true,
                          .merged_into = {}});
    if (wish_.rows.size() >= limits::kImportRowsPerCommand) status_ = Commit();
    return status_.ok();
  }

  Status Finish() {
    if (status_.ok() && !wish_.rows.empty()) status_ = Commit();
    return status_;
  }

 private:
  Status Commit() {
    wish_.priority = feed_.priority;
    wish_.absent = true;
    wish_.run = run_;
    wish_.run.cursor_record += wish_.rows.size();
    const Result<ledger::ObserveResult> result = store_.Observe(wish_);
    if (!result) return result.error();
    run_ = result->run;
    wish_ = {};
    return Status::Ok();
  }

  const RunLedger& store_;
  const FeedConfig& feed_;
  ledger::RunRecord& run_;
  ledger::ObserveRows wish_;
  Status status_;
};

}  // namespace

Result<Absence> CountGone(const ledger::Ledger& ledger, const AbsenceScope& scope,
                          const std::stop_token& stop) {
  Absence absence;
  const Status scanned = ScanLive(ledger, scope, stop, [&](const Link& row, referral::EntityKind) {
    ++absence.known;
    if (!scope.seen.HasSeen(row.ref)) ++absence.gone;
    return true;
  });
  if (!scanned.ok()) return scanned;
  return absence;
}

Status DeleteGone(const RunLedger& store, const AbsenceScope& scope, ledger::RunRecord& run,
                  const std::stop_token& stop) {
  Deleter deleter(store, scope.feed, run);
  const Status scanned =
      ScanLive(store.ledger(), scope, stop, [&](const Link& row, referral::EntityKind kind) {
        return scope.seen.HasSeen(row.ref) || deleter.Delete(row, kind);
      });
  const Status deleted = deleter.Finish();
  return deleted.ok() ? scanned : deleted;
}

}  // namespace referrald::sync
