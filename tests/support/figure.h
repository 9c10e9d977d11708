#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace referrald::support {

// How often a fault test tries: what `environment_variable` says, else `in_ci`. Printed, so that a
// log says how large a figure it shows (tests/README.md has the variables).
inline uint64_t Figure(const char* environment_variable, uint64_t in_ci) {
  const char* given = std::getenv(environment_variable);
  const uint64_t figure = given != nullptr ? std::strtoull(given, nullptr, 10) : in_ci;
  std::printf("%s=%llu\n", environment_variable, static_cast<unsigned long long>(figure));
  return figure;
}

}  // namespace referrald::support
