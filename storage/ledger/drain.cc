#include "storage/ledger/drain.h"

#include <pthread.h>

#include <chrono>
#include <condition_variable>
#include <string>

#include "storage/base/limits.h"

namespace referrald::ledger {
namespace {

// After a failure: a full disk is asked again so often.
constexpr std::chrono::milliseconds kRetryAfter{500};

}  // namespace

Drain::Drain(const StorePlace& place, const Logger& logger)
    : place_(place), logger_(logger), thread_([this](const std::stop_token& stop) { Work(stop); }) {
  pthread_setname_np(thread_.native_handle(), "projector");
}

Drain::~Drain() = default;

void Drain::Work(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  while (!stop.stop_requested()) {
    place_.tail.AwaitWork(stop, limits::kDrainAge);
    RunOnce();
    if (!failing_) continue;
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, stop, kRetryAfter, [] { return false; });
  }
  while (RunOnce()) {
  }
}

bool Drain::RunOnce() {
  const std::lock_guard lock(run_mutex_);
  const Layers layers = place_.tail.Take();
  if (layers.empty()) return false;
  const Status moved = IngestDirectly(place_, *MergeLayers(layers));
  if (moved.ok()) {
    place_.tail.Retire();
  } else {
    place_.tail.Refuse(moved);
  }
  Report(moved);
  return moved.ok();
}

void Drain::Report(const Status& failure) {
  if (failure.ok() != failing_) return;
  failing_ = !failure.ok();
  logger_.Write({.level = failing_ ? LogLevel::kWarning : LogLevel::kInfo,
                 .event = failing_ ? "store.behind" : "store.caught_up",
                 .message = failing_ ? "Read models cannot be written (" + failure.message() +
                                           "); nothing acknowledged is lost, trying again."
                                     : "Read models are written again.",
                 .number = failure.number(),
                 .fields = {},
                 .at = {}});
}

}  // namespace referrald::ledger
