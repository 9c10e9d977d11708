#pragma once

#include <string>

#include "storage/base/status.h"

namespace referrald::engine {

// The right to be the only process on a store. Held by the file OWNER in its folder, which names
// the holder; released by the destructor, and by the kernel when the process dies in any way.
class StoreLock {
 public:
  // Unavailable (RFD4001): somebody else holds it. IoError (RFD4005): the file cannot be used.
  static Result<StoreLock> Take(const std::string& store_path);

  StoreLock(StoreLock&& other) noexcept;
  StoreLock& operator=(StoreLock&&) = delete;
  ~StoreLock();

 private:
  explicit StoreLock(int file) : file_(file) {}

  int file_;
};

}  // namespace referrald::engine
