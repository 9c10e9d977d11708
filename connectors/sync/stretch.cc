#include "connectors/sync/stretch.h"

#include <pthread.h>

#include <utility>

#include "storage/base/limits.h"

namespace referrald::sync {

void Stretch::Add(ledger::Row row, size_t bytes) {
  cursor_ = row.record;
  bytes_ += bytes;
  wish_.rows.push_back(std::move(row));
}

void Stretch::Add(ledger::Reject reject) {
  cursor_ = reject.record;
  counts_.Add(reject.outcome);
  wish_.rejects.push_back(std::move(reject));
}

void Stretch::AddOutcome(ledger::RowOutcome outcome, uint64_t record) {
  cursor_ = record;
  counts_.Add(outcome);
}

bool Stretch::full() const {
  return wish_.rows.size() + wish_.rejects.size() >= limits::kImportRowsPerCommand ||
         bytes_ >= limits::kImportBytesPerCommand ||
         counts_.read >= limits::kImportRecordsPerCommand;
}

const ledger::ObserveRows& Stretch::WishOn(const ledger::RunRecord& run, uint32_t pass) {
  wish_.run = run;
  wish_.run.counts = run.counts + counts_;
  wish_.run.pass = pass;
  wish_.run.cursor_record = cursor_;
  // Progress: what crashes this file costs from here on are counted anew.
  wish_.run.attempts = 1;
  return wish_;
}

Committer::Committer(Observe observe)
    : observe_(std::move(observe)), thread_([this](const std::stop_token& stop) { Work(stop); }) {
  pthread_setname_np(thread_.native_handle(), "sync-commit");
}

void Committer::Start(const ledger::ObserveRows& wish) {
  REFERRALD_CHECK(!busy_);
  busy_ = true;
  const std::lock_guard lock(mutex_);
  wish_ = &wish;
  changed_.notify_all();
}

Result<ledger::ObserveResult> Committer::Wait() {
  REFERRALD_CHECK(busy_);
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return answer_.has_value(); });
  busy_ = false;
  Result<ledger::ObserveResult> answer = std::move(*answer_);
  answer_.reset();
  return answer;
}

void Committer::Work(const std::stop_token& stop) {
  for (;;) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, stop, [this] { return wish_ != nullptr; })) return;
    const ledger::ObserveRows& wish = *std::exchange(wish_, nullptr);
    lock.unlock();
    Result<ledger::ObserveResult> answer = observe_(wish);
    lock.lock();
    answer_ = std::move(answer);
    changed_.notify_all();
  }
}

}  // namespace referrald::sync
