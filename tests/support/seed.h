#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace referrald::support {

// The seed of a random test: REFERRALD_SEED where it is set, a fresh one otherwise. Printed, and
// kept in the test's record, so that a failure can be run again.
inline uint64_t TestSeed() {
  const char* given = std::getenv("REFERRALD_SEED");
  const uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  ::testing::Test::RecordProperty("seed", std::to_string(seed));
  std::printf("REFERRALD_SEED=%s\n", std::to_string(seed).c_str());
  return seed;
}

}  // namespace referrald::support
