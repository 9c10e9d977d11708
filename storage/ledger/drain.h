#pragma once

#include <mutex>
#include <thread>

#include "storage/base/log.h"
#include "storage/ledger/store_place.h"

namespace referrald::ledger {

// The projector thread: moves the tail into the engine in sorted runs, behind the back of those who
// wait for receipts. What it had not moved when the process died is projected anew at the next
// start.
//
// Any thread may call anything. The destructor moves what is left; everything in `place` and the
// logger must outlive it.
class Drain {
 public:
  Drain(const StorePlace& place, const Logger& logger);
  ~Drain();

  // While one of these lives the engine's read models stay as they are. Waits for a run that is
  // under way. The tail grows meanwhile: not for long.
  class Pause {
   public:
    explicit Pause(Drain& drain) : lock_(drain.run_mutex_) {}

   private:
    std::unique_lock<std::mutex> lock_;
  };

 private:
  void Work(const std::stop_token& stop);
  // Moves one run; false: nothing is left, or it could not.
  bool RunOnce();
  void Report(const Status& failure);

  const StorePlace place_;
  const Logger& logger_;
  std::mutex run_mutex_;  // Held over a run, on purpose: that is what a pause waits for.
  bool failing_ = false;  // Owned by the drain's thread.
  std::jthread thread_;   // Last: it uses all of the above.
};

}  // namespace referrald::ledger
