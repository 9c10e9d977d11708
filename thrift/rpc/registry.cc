#include "thrift/rpc/registry.h"

#include <algorithm>

#include "thrift/rpc/session.h"

namespace referrald::rpc {
namespace {

// What the log says of a connection that was past its deadline.
Refusal TooSlow(Phase phase) {
  if (phase == Phase::kFrame) return {"deadline", "a frame was begun and not finished in time"};
  return {"deadline", "an answer was not read in time"};
}

}  // namespace

FrontCounts Registry::counts() const {
  return {.connections = connections_,
          .accepted = accepted_,
          .requests = requests_,
          .overloaded = overloaded_,
          .refused = refused_,
          .evicted = evicted_};
}

void Registry::Add(Session& session) {
  session.place_ = In(Phase::kIdle).insert(In(Phase::kIdle).end(), &session);
  session.since_ = std::chrono::steady_clock::now();
  ++accepted_;
  ++connections_;
}

void Registry::Remove(Session& session) {
  if (session.phase_ != Phase::kClosing) --connections_;
  In(session.phase_).erase(session.place_);
}

void Registry::Enter(Session& session, Phase phase) {
  if (session.phase_ == Phase::kClosing) return;  // It was cut, and only has to notice.
  In(phase).splice(In(phase).end(), In(session.phase_), session.place_);
  session.phase_ = phase;
  session.since_ = std::chrono::steady_clock::now();
  if (phase == Phase::kWork) ++requests_;
  if (phase == Phase::kClosing) --connections_;
}

void Registry::Refuse(const Refusal& refusal, const Caller& caller) {
  log_.Write(refusal, caller);
  ++refused_;  // Last: who sees the count finds the record.
}

void Registry::Cut(Session& session) {
  Enter(session, Phase::kClosing);
  session.Cut();
}

bool Registry::MakeRoom() {
  if (connections_ < options_.connections_max) return true;
  if (In(Phase::kIdle).empty()) return false;
  ++evicted_;
  Cut(*In(Phase::kIdle).front());
  return true;
}

bool Registry::Reserve(Session& session, size_t bytes) {
  while (buffered_bytes_ + bytes > options_.buffered_bytes_max) {
    const Sessions& reading = In(Phase::kFrame);
    const auto oldest = std::ranges::find_if(
        reading, [&](const Session* each) { return each != &session && each->has_large_frame(); });
    if (oldest == reading.end()) return false;
    Session& victim = **oldest;
    Refuse({"memory", "its frame was the oldest unfinished one when memory ran out"},
           victim.caller());
    Cut(victim);
    victim.Shrink();
  }
  buffered_bytes_ += bytes;
  return true;
}

bool Registry::EnterFlight() {
  if (in_flight_ >= options_.requests_in_flight_max) {
    ++overloaded_;
    return false;
  }
  ++in_flight_;
  return true;
}

std::chrono::milliseconds Registry::DeadlineOf(Phase phase) const {
  switch (phase) {
    case Phase::kIdle: return options_.idle_deadline;
    case Phase::kFrame: return options_.frame_deadline;
    case Phase::kWrite: return options_.write_deadline;
    case Phase::kWork:
    case Phase::kClosing: break;
  }
  return std::chrono::milliseconds::max();  // The worker ends by itself; so does the coroutine.
}

void Registry::Sweep(Time now) {
  for (const Phase phase : {Phase::kIdle, Phase::kFrame, Phase::kWrite}) {
    while (!In(phase).empty() && now - In(phase).front()->since_ > DeadlineOf(phase)) {
      Session& session = *In(phase).front();
      if (phase != Phase::kIdle) Refuse(TooSlow(phase), session.caller());
      Cut(session);
    }
  }
}

void Registry::BeginStop() {
  stopping_ = true;
  CutPhase(Phase::kIdle);
  CutPhase(Phase::kFrame);
}

void Registry::CutAll() {
  for (const Phase phase : {Phase::kIdle, Phase::kFrame, Phase::kWork, Phase::kWrite}) {
    CutPhase(phase);
  }
}

void Registry::CutPhase(Phase phase) {
  while (!In(phase).empty()) Cut(*In(phase).front());
}

bool Registry::empty() const {
  return std::ranges::all_of(phases_, [](const Sessions& sessions) { return sessions.empty(); });
}

}  // namespace referrald::rpc
