#include "plugin/daemon/config_units.h"

#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "storage/base/text.h"

namespace referrald::daemon {
namespace {

constexpr int kBadUnit = 1006;

struct Unit {
  std::string_view name;
  uint64_t factor;
};

constexpr Unit kByteUnits[] = {
    {"B", 1},      {"KiB", 1u << 10}, {"MiB", 1u << 20},     {"GiB", 1u << 30},
    {"kB", 1'000}, {"MB", 1'000'000}, {"GB", 1'000'000'000},
};
constexpr Unit kTimeUnits[] = {
    {"ms", 1}, {"s", 1'000}, {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000},
};

// A whole number and its unit, multiplied out; nothing where either is wrong or it overflows.
template <size_t N>
std::optional<uint64_t> Multiply(std::string_view text, const Unit (&units)[N]) {
  text = Trim(text);
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  const std::string_view name = Trim(text.substr(static_cast<size_t>(end - text.data())));
  for (const Unit& unit : units) {
    if (unit.name != name) continue;
    uint64_t product = 0;
    if (__builtin_mul_overflow(number, unit.factor, &product)) return std::nullopt;
    return product;
  }
  return std::nullopt;
}

}  // namespace

Result<uint64_t> ParseBytes(std::string_view text) {
  if (const auto bytes = Multiply(text, kByteUnits)) return *bytes;
  return Status::InvalidArgument("expected a size with its unit: \"512 KiB\", \"1 MiB\", \"2 GiB\"",
                                 kBadUnit);
}

Result<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  const auto count = Multiply(text, kTimeUnits);
  if (count && std::in_range<int64_t>(*count)) {
    return std::chrono::milliseconds{static_cast<int64_t>(*count)};
  }
  return Status::InvalidArgument(
      "expected a duration with its unit: \"250 ms\", \"2 s\", \"5 min\", \"1 h\"", kBadUnit);
}

Result<double> ParseRatio(std::string_view text) {
  const Status refusal =
      Status::InvalidArgument("expected a share from 0 % to 100 %: \"5 %\"", kBadUnit);
  text = Trim(text);
  if (!text.ends_with('%')) return refusal;
  text = Trim(text.substr(0, text.size() - 1));
  double percent = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), percent, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size()) return refusal;
  if (!(percent >= 0 && percent <= 100)) return refusal;
  return percent / 100;
}

}  // namespace referrald::daemon
