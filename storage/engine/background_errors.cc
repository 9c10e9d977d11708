#include "storage/engine/background_errors.h"

#include <fmt/format.h>

#include "storage/engine/numbers.h"

namespace referrald::engine {
namespace {

// In these two the log itself was being written.
bool IsOfTheLog(rocksdb::BackgroundErrorReason reason) {
  return reason == rocksdb::BackgroundErrorReason::kWriteCallback ||
         reason == rocksdb::BackgroundErrorReason::kMemTable;
}

}  // namespace

Status BackgroundErrors::Check() const {
  const std::lock_guard lock(mutex_);
  return refusal_;
}

bool BackgroundErrors::recovering() const {
  const std::lock_guard lock(mutex_);
  return state_ == State::kRecovering;
}

bool BackgroundErrors::failed() const {
  const std::lock_guard lock(mutex_);
  return state_ == State::kFailed;
}

void BackgroundErrors::Fail(const rocksdb::Status& status) {
  const std::lock_guard lock(mutex_);
  if (state_ == State::kFailed) return;  // The first failure is the one that explains.
  state_ = State::kFailed;
  const bool damaged = status.IsCorruption();
  refusal_ =
      Status(damaged ? Code::kCorruption : Code::kUnavailable,
             fmt::format("the store stopped taking writes: {}; check the disk, then restart: "
                         "what was acknowledged is safe",
                         status.ToString()),
             damaged ? kStoreDamaged : kStoreStopped);
}

void BackgroundErrors::OnBackgroundError(rocksdb::BackgroundErrorReason reason,
                                         rocksdb::Status* status) {
  if (!status->IsNoSpace() || IsOfTheLog(reason)) return Fail(*status);
  if (on_full_) on_full_();
  const std::lock_guard lock(mutex_);
  if (state_ == State::kFailed) return;
  state_ = State::kRecovering;
  refusal_ = Status::Unavailable(
      fmt::format("storage full: {}; free some space, writes resume by themselves",
                  status->ToString()),
      kStorageFull);
}

void BackgroundErrors::OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason /*reason*/,
                                            rocksdb::Status /*status*/, bool* auto_recovery) {
  const std::lock_guard lock(mutex_);
  *auto_recovery = state_ == State::kRecovering;
}

void BackgroundErrors::OnErrorRecoveryEnd(const rocksdb::BackgroundErrorRecoveryInfo& info) {
  const std::lock_guard lock(mutex_);
  if (state_ != State::kRecovering || !info.new_bg_error.ok()) return;
  state_ = State::kGood;
  refusal_ = Status::Ok();
}

}  // namespace referrald::engine
