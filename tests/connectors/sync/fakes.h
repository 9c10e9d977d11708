#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/base/log.h"
#include "storage/ledger/ledger.h"

namespace referrald::sync {

// Keeps what is logged, and lets a test wait for it.
class EventSink final : public LogSink {
 public:
  void Write(const LogRecord& record) override {
    const std::lock_guard lock(mutex_);
    records_.push_back(record);
    changed_.notify_all();
  }
  std::vector<LogRecord> All(std::string_view event) const {
    const std::lock_guard lock(mutex_);
    std::vector<LogRecord> found;
    for (const LogRecord& record : records_) {
      if (event.empty() || record.event == event) found.push_back(record);
    }
    return found;
  }
  // False: `count` records of `event` did not come within a minute.
  bool WaitFor(std::string_view event, size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::minutes{1}, [&] {
      return static_cast<size_t>(std::ranges::count(records_, event, &LogRecord::event)) >= count;
    });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<LogRecord> records_;  // Guarded by mutex_.
};

// The real ledger with a switch that ends the store's service at one stretch, as a crash would:
// before anything is written, or after it was written and the answer is lost.
class FaultyLedger final : public ledger::Ledger {
 public:
  // kLost: written, only this one answer is lost.
  enum class Fault { kNone, kBefore, kAfter, kLost };

  explicit FaultyLedger(ledger::Ledger& real) : real_(real) {}

  void FailAt(int stretch, Fault fault) {
    fail_at_ = stretch;
    fault_ = fault;
  }
  void Heal() {
    fault_ = Fault::kNone;
    dead_ = false;
  }
  void Die() { dead_ = true; }
  int stretches() const { return stretches_; }

  Result<ledger::Receipt> Record(ledger::RecordFact wish, Deadline deadline) override {
    return real_.Record(std::move(wish), deadline);
  }
  Result<ledger::Receipt> Record(ledger::RecordAct wish, Deadline deadline) override {
    return real_.Record(std::move(wish), deadline);
  }
  Result<ledger::Receipt> Observe(ledger::ObserveParty wish, Deadline deadline) override {
    return real_.Observe(std::move(wish), deadline);
  }
  Result<ledger::ObserveResult> Observe(ledger::ObserveRows wish, Deadline deadline) override {
    if (dead_) return Gone();
    const bool now = stretches_++ == fail_at_ && fault_ != Fault::kNone;
    if (now && fault_ == Fault::kBefore) {
      dead_ = true;
      return Gone();
    }
    Result<ledger::ObserveResult> result = real_.Observe(std::move(wish), deadline);
    if (!now) return result;
    dead_ = fault_ == Fault::kAfter;
    return Gone();
  }
  Status PutRun(ledger::RunRecord run, std::vector<ledger::Reject> rejects,
                Deadline deadline) override {
    if (dead_) return Gone();
    return real_.PutRun(std::move(run), std::move(rejects), deadline);
  }
  Result<std::unique_ptr<DryRun>> BeginDryRun() override { return real_.BeginDryRun(); }
  Result<std::unique_ptr<ledger::Reader>> Read() const override {
    if (dead_) return Gone();
    return real_.Read();
  }
  Result<ledger::ErasureReceipt> Erase(ledger::EraseParty wish, Deadline deadline) override {
    return real_.Erase(std::move(wish), deadline);
  }
  Result<ledger::VerifyReport> Verify(const Progress& progress,
                                      const ledger::VerifyScope& scope) override {
    return real_.Verify(progress, scope);
  }
  std::string PublicKey() const override { return real_.PublicKey(); }
  Result<std::string> SignedHead() const override { return real_.SignedHead(); }
  Result<std::string> ProveEvent(Sequence sequence) const override {
    return real_.ProveEvent(sequence);
  }
  Result<std::string> ProveGrowth(std::string_view older) const override {
    return real_.ProveGrowth(older);
  }
  Result<uint64_t> Rebuild(const Progress& progress) override { return real_.Rebuild(progress); }

 private:
  static Status Gone() { return Status::Unavailable("the test took the store away", 4002); }

  ledger::Ledger& real_;
  std::atomic<int> fail_at_ = -1;
  std::atomic<Fault> fault_ = Fault::kNone;
  std::atomic<bool> dead_ = false;
  std::atomic<int> stretches_ = 0;
};

}  // namespace referrald::sync
