#pragma once

#include <rocksdb/listener.h>

#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include "storage/base/status.h"

namespace referrald::engine {

// Remembers what went wrong outside of a call, and after a failed write of the log.
//
// A full disk passes: RocksDB tries again by itself once there is space. Everything else is final
// for this process. Above all a failed sync, after which the kernel may have dropped the bytes
// that the next sync would report as written: only a restart, which reads the log from the disk,
// knows what is there. Any thread.
class BackgroundErrors final : public rocksdb::EventListener {
 public:
  // `on_full` is called, from a thread of RocksDB, when a flush or compaction meets a full disk.
  explicit BackgroundErrors(std::function<void()> on_full = {}) : on_full_(std::move(on_full)) {}

  // Ok, or why nothing may be written. Unavailable: the disk is full (RFD4002), or a write failed
  // (RFD4006). Corruption (RFD4003): damage was found.
  Status Check() const;
  // True while RocksDB waits for space.
  bool recovering() const;
  // True after a failure that only a restart can mend.
  bool failed() const;
  // Refuses everything from now on.
  void Fail(const rocksdb::Status& status);

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* status) override;
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason, rocksdb::Status status,
                            bool* auto_recovery) override;
  void OnErrorRecoveryEnd(const rocksdb::BackgroundErrorRecoveryInfo& info) override;

 private:
  enum class State : unsigned char { kGood, kRecovering, kFailed };

  const std::function<void()> on_full_;
  mutable std::mutex mutex_;
  // Guarded by mutex_.
  State state_ = State::kGood;
  Status refusal_;
};

}  // namespace referrald::engine
