#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "storage/base/status.h"

namespace referrald::engine {

// The disk under a head file: an edge, so that tests can tear, lose and refuse what is written.
// One thread at a time.
class HeadDisk {
 public:
  virtual ~HeadDisk() = default;

  // The file's bytes, but never more than `size_max`. IoError (RFD4013).
  virtual Result<std::string> Read(size_t size_max) = 0;
  // Puts `bytes` at `offset`, within the file: seen by every reader from now on, but a power cut
  // may lose or tear it. Unavailable (RFD4002): no space, and perhaps torn. IoError (RFD4013).
  virtual Status Write(uint64_t offset, std::string_view bytes) = 0;
  // What was written before is on the disk when this returns Ok. IoError (RFD4013): it may be lost,
  // and a second call would not tell.
  virtual Status Sync() = 0;
};

// The file at `path`. NotFound (RFD4011): there is none. IoError (RFD4013).
Result<std::unique_ptr<HeadDisk>> OpenHeadDisk(const std::string& path);

// Makes a file of `bytes` at `path`, for the owner alone, whole or not at all also after a power
// cut. AlreadyExists (RFD4013): there is one, which stays as it is. Unavailable (RFD4002): no
// space. IoError (RFD4013).
Status MakeHeadFile(const std::string& path, std::string_view bytes);

// Renames the file at `path` to `path`.refused, in place of an earlier one; Ok where there is none.
// IoError (RFD4013).
Status SetHeadFileAside(const std::string& path);

}  // namespace referrald::engine
