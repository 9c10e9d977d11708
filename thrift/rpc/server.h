#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "connectors/sync/sync.h"
#include "storage/base/log.h"
#include "storage/base/status.h"
#include "storage/base/time.h"
#include "storage/engine/engine.h"
#include "storage/ledger/ledger.h"
#include "storage/upkeep/upkeep.h"
#include "thrift/rpc/front.h"

namespace referrald::rpc {

struct Services;

struct ServerOptions {
  FrontOptions front;      // `front.listen` says where.
  std::string version;     // Of the product.
  std::string store_path;  // Told to local callers.
  // What the store says of itself; without one, getServerInfo leaves sizes at 0 and says that
  // writes are accepted.
  std::function<engine::Statistics()> store_statistics;
};

// What the services are about.
struct Backends {
  ledger::Ledger& ledger;
  sync::SyncService& sync;
  upkeep::Upkeep& upkeep;
};

// The Thrift services over these: ReferraldAdmin for callers on a unix
// socket, Referrald for all others.
//
// Any thread may call anything. The backends, logger and clock must outlive it.
class Server {
 public:
  // As Front::Start.
  static Result<std::unique_ptr<Server>> Start(const Backends& backends, const Logger& logger,
                                               const Clock& clock, ServerOptions options);
  // Listens there, too, but answers every call with Unavailable and the number and message of
  // `why`: the store is there and cannot be opened yet.
  static Result<std::unique_ptr<Server>> StartSealed(const Status& why, const Logger& logger,
                                                     const Clock& clock, ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::vector<std::string> ListenAddresses() const;
  FrontCounts Counts() const;
  // As Front::Stop.
  void Stop();

 private:
  struct State;
  static Result<std::unique_ptr<Server>> Listen(Services services, const FrontOptions& options,
                                                const Logger& logger, const Clock& clock);
  explicit Server(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace referrald::rpc
