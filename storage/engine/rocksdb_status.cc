#include "storage/engine/rocksdb_status.h"

#include <fmt/format.h>
#include <rocksdb/status.h>

#include "storage/engine/numbers.h"

namespace referrald::engine {

Status FromRocksDb(const rocksdb::Status& status, std::string_view doing) {
  if (status.ok()) return Status::Ok();
  const std::string what = fmt::format("{}: {}", doing, status.ToString());
  if (status.IsCorruption()) {
    return Status::Corruption(
        what + "; stop, keep a copy of the folder, and run `referralctl verify`", kStoreDamaged);
  }
  if (status.IsNoSpace()) {
    return Status::Unavailable(what + "; free some space, then try again", kStorageFull);
  }
  if (status.IsIOError()) return Status::IoError(what, kStoreUnusable);
  if (status.IsBusy() || status.IsTimedOut() || status.IsShutdownInProgress()) {
    return Status::Unavailable(what);
  }
  return Status::Internal(what);
}

}  // namespace referrald::engine
