#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/fuzz/exercise.h"

namespace {

// One a process, where there is memory for files.
const std::string kPath = "/dev/shm/referrald-fuzz-" + std::to_string(::getpid());

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  referrald::fuzz::ExerciseZip(bytes, kPath);
  return 0;
}
