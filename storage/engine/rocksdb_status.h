#pragma once

#include <string_view>

#include "storage/base/status.h"

namespace rocksdb {
class Status;
}

namespace referrald::engine {

// What RocksDB answered while `doing` something ("open store /var/lib/...", "read").
Status FromRocksDb(const rocksdb::Status& status, std::string_view doing);

}  // namespace referrald::engine
