#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/fuzz/exercise.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  referrald::fuzz::ExerciseVcard(bytes, /*chunk_bytes=*/0);
  referrald::fuzz::ExerciseVcard(bytes, /*chunk_bytes=*/3);
  return 0;
}
