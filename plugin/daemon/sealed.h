#pragma once

#include <functional>

#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/base/time.h"
#include "thrift/rpc/server.h"

namespace referrald::daemon {

// True where `failure` says that a store is there and its key is not (RFD4101).
bool IsSealed(const Status& failure);

struct SealedParts {
  rpc::ServerOptions server;
  const Logger& logger;
  const Clock& clock;
};

// Waits for the key of a sealed store: answers every call with `why`, tells the service manager
// that we are not ready, and opens the store with `open` once a second until it is not sealed any
// more. Returns what `open` then said. Aborted: SIGTERM or SIGINT came first. Else as
// Server::Start. Blocks; for the main thread.
Status AwaitKey(const Status& why, const std::function<Status()>& open, const SealedParts& parts);

}  // namespace referrald::daemon
