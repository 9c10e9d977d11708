#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "storage/ledger/ledger.h"

namespace referrald::sync {

// Consecutive rows of one file that commit together, with the cursor behind them.
class Stretch {
 public:
  // `priority`: the feed's, which every row keeps.
  explicit Stretch(uint32_t priority) { wish_.priority = priority; }

  void Add(ledger::Row row, size_t bytes);
  void Add(ledger::Reject reject);
  void AddDuplicate(uint64_t record) { AddOutcome(ledger::RowOutcome::kDuplicate, record); }
  // A row whose end needs no deciding.
  void AddOutcome(ledger::RowOutcome outcome, uint64_t record);

  bool empty() const { return counts_.read == 0 && wish_.rows.empty(); }
  // True where a command takes no more: rows, bytes, or what a crash may cost to read again.
  bool full() const;

  // The wish on top of `run`, which holds everything before this stretch.
  const ledger::ObserveRows& WishOn(const ledger::RunRecord& run, uint32_t pass);

  const ledger::ObserveRows& wish() const { return wish_; }

 private:
  ledger::ObserveRows wish_;
  ledger::RowCounts counts_;  // Of the rows that need no deciding.
  uint64_t cursor_ = 0;
  size_t bytes_ = 0;
};

// Has one wish decided and committed on a thread of its own while the next one is prepared.
class Committer {
 public:
  using Observe = std::function<Result<ledger::ObserveResult>(const ledger::ObserveRows&)>;

  explicit Committer(Observe observe);
  // Waits for the wish that is under way.
  ~Committer() = default;

  // `wish` must stay as it is until Wait. Not while another one is under way.
  void Start(const ledger::ObserveRows& wish);
  bool busy() const { return busy_; }
  // The answer to what was started. Blocks.
  Result<ledger::ObserveResult> Wait();

 private:
  void Work(const std::stop_token& stop);

  const Observe observe_;
  bool busy_ = false;  // Of the caller's thread.
  std::mutex mutex_;
  std::condition_variable_any changed_;
  const ledger::ObserveRows* wish_ = nullptr;            // Guarded by mutex_.
  std::optional<Result<ledger::ObserveResult>> answer_;  // Guarded by mutex_.
  std::jthread thread_;                                  // Last: it stops before the rest goes.
};

}  // namespace referrald::sync
