#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stop_token>

#include "storage/base/status.h"
#include "storage/ledger/layer.h"

namespace referrald::ledger {

// The newest changes of the read models: their events are durable in the log, they themselves are
// not in the engine yet. Readers and the writer see them on top of the engine (Instant), so that
// everybody reads what was acknowledged; the drain moves them down.
//
// Any thread.
class Tail {
 public:
  struct State {
    Layers layers;
    Sequence last;  // The last event that the engine and these layers account for.
  };

  State Read() const;

  // Before anybody else has it: the engine's read models go up to `last`.
  void StartAt(Sequence last) { last_ = last; }

  // Puts `layer` on top. For the writer, once the events are durable and before anybody is told.
  void Publish(LayerPointer layer);

  // Waits while more than limits::kTailBytesMax are in it. Not Ok: why it does not get smaller.
  Status AwaitRoom();

  // The drain's side. Waits until there is enough to make a run of, or something at all for
  // `age_max`; or until somebody wants it empty, or `stop`.
  void AwaitWork(const std::stop_token& stop, std::chrono::milliseconds age_max);
  // The oldest layers, as many as make one run; they stay in the tail until Retire. Empty: nothing
  // to do. One taking at a time.
  Layers Take();
  // What was taken last is in the engine.
  void Retire();
  // It could not be written: `why` is told to whoever waits, until something can be again.
  void Refuse(const Status& why);

  // Waits until it is empty. Not Ok: why it does not get there.
  Status AwaitEmpty();

 private:
  // Merges layers of like size, so that few are looked through and none is copied often.
  void Settle();

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  // Guarded by mutex_.
  Layers layers_;
  Sequence last_;
  size_t bytes_ = 0;
  size_t taken_ = 0;         // So many of the oldest are being written: they are not merged.
  size_t empty_wanted_ = 0;  // Threads in AwaitEmpty.
  Status refusal_;
};

}  // namespace referrald::ledger
