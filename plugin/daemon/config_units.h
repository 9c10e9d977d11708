#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "storage/base/status.h"

// Values that carry their unit: a bare number never means anything by itself. A space before the
// unit is optional. InvalidArgument (RFD1006) names what is expected; each says what it accepts.
namespace referrald::daemon {

// "512 B", "4 KiB", "1 MiB", "2 GiB", and the decimal kB, MB, GB.
Result<uint64_t> ParseBytes(std::string_view text);

// "250 ms", "2 s", "5 min", "1 h", "7 d".
Result<std::chrono::milliseconds> ParseDuration(std::string_view text);

// "5 %", "2.5 %" -> 0.05, 0.025. From 0 to 100 %.
Result<double> ParseRatio(std::string_view text);

}  // namespace referrald::daemon
