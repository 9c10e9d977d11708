#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "storage/base/status.h"

namespace referrald::format {

// Where a file's bytes come from: the seam at which tests cut reads short and fail them.
// One thread at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // Fills the front of `buffer` and returns how many bytes; 0 at the end, and only there. Blocks.
  // IoError: the disk failed; nothing can be read after that.
  virtual Result<size_t> Read(std::span<char> buffer) = 0;
};

// A regular file, read from its beginning. Symbolic links are not followed.
// NotFound; PermissionDenied; InvalidArgument: not a regular file; IoError.
Result<std::unique_ptr<ByteSource>> OpenFile(const std::string& path);

// Bytes in memory, which must outlive it; at most `chunk_bytes_max` a Read (0: no limit).
std::unique_ptr<ByteSource> MakeMemorySource(std::string_view bytes, size_t chunk_bytes_max = 0);

}  // namespace referrald::format
