#pragma once

#include <functional>
#include <string>
#include <vector>

#include "connectors/sync/sync.h"
#include "storage/base/time.h"
#include "storage/engine/engine.h"
#include "storage/ledger/ledger.h"

namespace referrald::rpc {

// What the handlers of all connections work on. Constant once the server listens.
struct Services {
  ledger::Ledger& ledger;
  sync::SyncService& sync;
  std::string version;
  std::string store_path;
  std::function<engine::Statistics()> store_statistics;
  Timestamp started_at{};
  std::vector<std::string> listen;
};

}  // namespace referrald::rpc
