#include "connectors/sync/run_ledger.h"

#include <condition_variable>
#include <mutex>
#include <tuple>
#include <utility>

#include "storage/base/limits.h"

namespace referrald::sync {
namespace {

ledger::Ledger::Deadline DeadlineFromNow() {
  return std::chrono::steady_clock::now() + limits::kImportDeadline;
}

}  // namespace

Result<ledger::ObserveResult> RunLedger::Observe(const ledger::ObserveRows& wish) const {
  for (int retry = 0;; ++retry) {
    Result<ledger::ObserveResult> result = ledger_.Observe(wish, DeadlineFromNow());
    if (result) return result;
    // Aborted: the store already stands behind this wish, so an earlier answer was lost.
    const bool done_before = result.error().code() == Code::kAborted;
    if (!done_before && !(result.error().retriable() && WaitBefore(retry))) return result;
    Result<std::optional<ledger::ObserveResult>> stored = FindDone(wish);
    if (!stored) return stored.error();
    if (*stored) return std::move(**stored);
    if (done_before) return result;
  }
}

// The record in the store knows, because it was written together with the rows.
Result<std::optional<ledger::ObserveResult>> RunLedger::FindDone(
    const ledger::ObserveRows& wish) const {
  const Result<std::unique_ptr<ledger::Reader>> reader = ledger_.Read();
  if (!reader) return reader.error();
  Result<ledger::RunRecord> stored = (*reader)->GetRun(wish.run.id);
  if (!stored || !Covers(*stored, wish.run)) return std::nullopt;
  return ledger::ObserveResult{.rows = {}, .run = std::move(*stored)};
}

Status RunLedger::PutRun(const ledger::RunRecord& run,
                         const std::vector<ledger::Reject>& rejects) const {
  for (int retry = 0;; ++retry) {
    Status put = ledger_.PutRun(run, rejects, DeadlineFromNow());
    if (!put.retriable() || !WaitBefore(retry)) return put;
  }
}

template <typename Wish>
Result<ledger::Receipt> RunLedger::RecordAgain(const Wish& wish) const {
  REFERRALD_CHECK(!wish.idempotency_key.empty());
  for (int retry = 0;; ++retry) {
    Result<ledger::Receipt> receipt = ledger_.Record(wish, DeadlineFromNow());
    if (receipt || !receipt.error().retriable() || !WaitBefore(retry)) return receipt;
  }
}

Result<ledger::Receipt> RunLedger::Record(const ledger::RecordFact& wish) const {
  return RecordAgain(wish);
}

Result<ledger::Receipt> RunLedger::Record(const ledger::RecordAct& wish) const {
  return RecordAgain(wish);
}

bool RunLedger::WaitBefore(int retry) const {
  if (retry >= limits::kStoreRetriesMax) return false;
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_for(lock, stop_, backoff_ * (1 << retry), [] { return false; });
  return !stop_.stop_requested();
}

bool Covers(const ledger::RunRecord& stored, const ledger::RunRecord& wish) {
  return std::tie(stored.pass, stored.cursor_record) >= std::tie(wish.pass, wish.cursor_record);
}

}  // namespace referrald::sync
