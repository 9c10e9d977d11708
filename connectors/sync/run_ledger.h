#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "storage/ledger/ledger.h"

namespace referrald::sync {

// The ledger as a run sees it: asks again, a few times, while the store is busy or full, and finds
// out what became of a wish whose answer was lost. Any thread; the ledger must outlive it.
class RunLedger {
 public:
  // Waits `backoff` before asking again, twice as long each time; not at all once `stop` is
  // requested.
  RunLedger(ledger::Ledger& ledger, std::chrono::milliseconds backoff, std::stop_token stop)
      : ledger_(ledger), backoff_(backoff), stop_(std::move(stop)) {}

  // As Ledger::Observe. `rows` of the result is empty where only the record tells that the wish had
  // been done. Unavailable or DeadlineExceeded: given up for now.
  Result<ledger::ObserveResult> Observe(const ledger::ObserveRows& wish) const;
  Status PutRun(const ledger::RunRecord& run, const std::vector<ledger::Reject>& rejects) const;
  // A fact or an act with an idempotency key, so that asking again records nothing twice.
  Result<ledger::Receipt> Record(const ledger::RecordFact& wish) const;
  Result<ledger::Receipt> Record(const ledger::RecordAct& wish) const;
  Result<std::unique_ptr<ledger::Reader>> Read() const { return ledger_.Read(); }
  const ledger::Ledger& ledger() const { return ledger_; }

 private:
  Result<std::optional<ledger::ObserveResult>> FindDone(const ledger::ObserveRows& wish) const;
  template <typename Wish>
  Result<ledger::Receipt> RecordAgain(const Wish& wish) const;
  // False: no more attempts.
  bool WaitBefore(int retry) const;

  ledger::Ledger& ledger_;
  const std::chrono::milliseconds backoff_;
  const std::stop_token stop_;
};

// True where the stored run stands at the wish's cursor or behind it: the wish was done.
bool Covers(const ledger::RunRecord& stored, const ledger::RunRecord& wish);

}  // namespace referrald::sync
