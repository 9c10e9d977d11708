#include <cstddef>
#include <cstdint>

#include "tests/fuzz/exercise.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  referrald::fuzz::Exercise(bytes, /*chunk_bytes=*/0, /*map_rows=*/false);
  referrald::fuzz::Exercise(bytes, /*chunk_bytes=*/3, /*map_rows=*/false);
  return 0;
}
