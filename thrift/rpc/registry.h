#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <list>

#include "thrift/rpc/front.h"
#include "thrift/rpc/refusal_log.h"

namespace referrald::rpc {

class Session;

// What a connection is doing, and so which deadline it is under.
enum class Phase : uint8_t { kIdle, kFrame, kWork, kWrite, kClosing };
inline constexpr size_t kPhaseCount = 5;

// The open connections by what they do, each list in order of how long they have been doing it: so
// the next deadline to pass, and the connection to close for room, are always in front.
// Owned by the I/O thread, but for counts().
class Registry {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Registry(const FrontOptions& options, const Logger& logger, const Clock& clock)
      : options_(options), log_(logger, clock) {}

  const FrontOptions& options() const { return options_; }
  FrontCounts counts() const;

  void Add(Session& session);
  void Remove(Session& session);
  void Enter(Session& session, Phase phase);

  // Counts and logs why a connection is closed.
  void Refuse(const Refusal& refusal, const Caller& caller);

  // True where one more connection fits, if need be in the place of the oldest idle one.
  bool MakeRoom();
  // Takes `bytes` from the budget all frames share. Over it, the connection that has been sending a
  // large frame for longest is cut; false where that is of no help.
  bool Reserve(Session& session, size_t bytes);
  void Release(size_t bytes) { buffered_bytes_ -= bytes; }

  // False where as many requests as may be are in flight already; otherwise Leave must follow.
  bool EnterFlight();
  void LeaveFlight() { --in_flight_; }

  // Cuts every connection that is past its deadline.
  void Sweep(Time now);
  // From now on a connection ends as soon as it has been answered.
  void BeginStop();
  void CutAll();
  bool stopping() const { return stopping_; }
  bool empty() const;

 private:
  using Sessions = std::list<Session*>;
  Sessions& In(Phase phase) { return phases_[static_cast<size_t>(phase)]; }
  std::chrono::milliseconds DeadlineOf(Phase phase) const;
  void Cut(Session& session);
  void CutPhase(Phase phase);

  const FrontOptions options_;
  RefusalLog log_;
  std::array<Sessions, kPhaseCount> phases_;
  size_t buffered_bytes_ = 0;
  size_t in_flight_ = 0;
  bool stopping_ = false;
  std::atomic<uint64_t> connections_ = 0, accepted_ = 0, requests_ = 0;
  std::atomic<uint64_t> overloaded_ = 0, refused_ = 0, evicted_ = 0;
};

}  // namespace referrald::rpc
