#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/limits.h"
#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/base/time.h"

namespace referrald::rpc {

// Who is at the other end of a connection.
struct Caller {
  bool local = false;  // Came over a unix socket: the file system's permissions let them in.
  uint32_t uid = 0;    // Of a local caller, by the kernel's word.
};

// One complete call, without its length.
struct Request {
  std::string_view frame;
  std::chrono::steady_clock::time_point deadline;  // An answer is of no use after it.
  bool overloaded = false;  // Too many are in flight: refuse at once, on the I/O thread.
};

struct Reply {
  std::string frame;    // Without its length; empty: no answer.
  bool close = false;   // The connection is of no use any more.
  std::string refusal;  // Why, for the log; never content of the call.
};

// One connection's side of the talk. Answer is called by one thread at a time, never by two, and
// must not throw.
class Conversation {
 public:
  virtual ~Conversation() = default;
  virtual Reply Answer(const Request& request) = 0;
};
using Greet = std::function<std::unique_ptr<Conversation>(const Caller&)>;

struct FrontOptions {
  // "unix:/path" (mode 0660) and numeric loopback addresses "127.0.0.1:7431"; port 0: any.
  std::vector<std::string> listen{};
  size_t workers = limits::kRpcWorkersDefault;  // Threads that answer: each may wait for the disk.
  // A connection that sends nothing for so long is closed.
  std::chrono::milliseconds idle_deadline = limits::kRpcIdleDeadline;
  // From the first byte of a frame to its last, however steadily they drip.
  std::chrono::milliseconds frame_deadline = limits::kRpcFrameDeadline;
  std::chrono::milliseconds write_deadline = limits::kRpcWriteDeadline;
  std::chrono::milliseconds request_deadline = limits::kRpcRequestDeadline;
  std::chrono::milliseconds stop_deadline = limits::kRpcStopDeadline;
  // One more closes the connection that has been idle for longest; where none is, it is refused.
  size_t connections_max = limits::kRpcConnectionsMax;
  size_t requests_in_flight_max = limits::kRpcRequestsInFlightMax;
  size_t frame_bytes_max = limits::kFrameBytesMax;
  size_t buffered_bytes_max = limits::kRpcBufferedBytesMax;
};

// What happened so far.
struct FrontCounts {
  uint64_t connections = 0;  // Open now.
  uint64_t accepted = 0;
  uint64_t requests = 0;
  uint64_t overloaded = 0;  // Requests that were refused because too many were in flight.
  uint64_t refused = 0;     // Connections closed for what they sent or did not send in time.
  uint64_t evicted = 0;     // Idle connections closed to make room.
};

// The sockets: listens, cuts the byte streams into frames under limits and absolute deadlines, and
// has each frame answered on a bounded pool of threads, the frames of one connection in order.
// Knows nothing of what a frame says. A closed connection for cause is logged as rpc.refused, some
// ten a minute.
//
// Any thread may call anything. Logger and clock must outlive it.
class Front {
 public:
  // Listens when it returns. InvalidArgument: RFD5001, RFD5002 as ParseAddress. FailedPrecondition:
  // RFD5004 the address or socket file is in use by somebody else, or the file is not a socket.
  static Result<std::unique_ptr<Front>> Start(const FrontOptions& options, Greet greet,
                                              const Logger& logger, const Clock& clock);
  ~Front();  // Stops.
  Front(const Front&) = delete;
  Front& operator=(const Front&) = delete;

  // Where it really listens: port 0 has become a number.
  std::vector<std::string> ListenAddresses() const;
  FrontCounts Counts() const;

  // Accepts nothing more, lets calls that were read whole be answered (for at most the stop
  // deadline; then their sockets are closed), closes everything and removes its socket files.
  // Blocks until the handlers have returned.
  void Stop();

 private:
  class State;
  explicit Front(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace referrald::rpc
