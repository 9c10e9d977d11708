#include "thrift/rpc/server.h"

#include <atomic>
#include <utility>

#include "thrift/rpc/dispatch.h"
#include "thrift/rpc/services.h"

namespace referrald::rpc {

struct Server::State {
  Services services;
  // Set once `services.listen` is filled in: a call may come in before Start has returned.
  std::atomic<bool> ready = false;
  std::unique_ptr<Front> front;
};

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() { Stop(); }

Result<std::unique_ptr<Server>> Server::Start(const Backends& backends, const Logger& logger,
                                              const Clock& clock, ServerOptions options) {
  return Listen({.ledger = &backends.ledger,
                 .sync = &backends.sync,
                 .upkeep = &backends.upkeep,
                 .version = std::move(options.version),
                 .store_path = std::move(options.store_path),
                 .store_statistics = std::move(options.store_statistics),
                 .started_at = clock.Now(),
                 .listen = {}},
                options.front, logger, clock);
}

Result<std::unique_ptr<Server>> Server::StartSealed(const Status& why, const Logger& logger,
                                                    const Clock& clock, ServerOptions options) {
  return Listen({.sealed = Status::Unavailable("sealed: " + why.message(), why.number()),
                 .version = std::move(options.version),
                 .store_path = {},
                 .store_statistics = {},
                 .started_at = clock.Now(),
                 .listen = {}},
                options.front, logger, clock);
}

Result<std::unique_ptr<Server>> Server::Listen(Services services, const FrontOptions& options,
                                               const Logger& logger, const Clock& clock) {
  auto state = std::make_unique<State>();
  state->services = std::move(services);
  Greet greet = [state = state.get()](const Caller& caller) {
    state->ready.wait(false);
    return MakeConversation(state->services, caller);
  };
  Result<std::unique_ptr<Front>> front = Front::Start(options, std::move(greet), logger, clock);
  if (!front) return front.error();
  state->services.listen = (*front)->ListenAddresses();
  state->ready = true;
  state->ready.notify_all();
  state->front = std::move(*front);
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

std::vector<std::string> Server::ListenAddresses() const {
  return state_->front->ListenAddresses();
}

FrontCounts Server::Counts() const { return state_->front->Counts(); }

void Server::Stop() { state_->front->Stop(); }

}  // namespace referrald::rpc
