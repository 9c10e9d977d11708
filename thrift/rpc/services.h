#pragma once

#include <functional>
#include <string>
#include <vector>

#include "connectors/sync/sync.h"
#include "storage/base/status.h"
#include "storage/base/time.h"
#include "storage/engine/engine.h"
#include "storage/ledger/ledger.h"
#include "storage/upkeep/upkeep.h"

namespace referrald::rpc {

// What the handlers of all connections work on. Constant once the server listens.
struct Services {
  // Null while the store is sealed; then `sealed` says why, and answers every call.
  ledger::Ledger* ledger = nullptr;
  sync::SyncService* sync = nullptr;
  upkeep::Upkeep* upkeep = nullptr;
  Status sealed{};
  std::string version;
  std::string store_path;
  std::function<engine::Statistics()> store_statistics;
  Timestamp started_at{};
  std::vector<std::string> listen;
};

}  // namespace referrald::rpc
