#include "storage/base/ids.h"

#include <fmt/format.h>

#include <charconv>

#include "storage/base/limits.h"

namespace referrald {
namespace {

constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr size_t kRunIdTextSize = 26;

Result<uint64_t> ParseNumbered(std::string_view text, std::string_view prefix,
                               std::string_view what) {
  const auto malformed = [&] {
    return Status::InvalidArgument(
        fmt::format("not {}: write \"{}\" and a number, as in {}42", what, prefix, prefix));
  };
  if (!text.starts_with(prefix)) return malformed();
  text.remove_prefix(prefix.size());
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return malformed();
  if (value == 0 || value > limits::kSequenceMax || text.front() == '0') return malformed();
  return value;
}

// Crockford base 32 reads I and L as 1 and O as 0.
int DigitOf(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'I' || c == 'L') c = '1';
  if (c == 'O') c = '0';
  const size_t at = kCrockford.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

std::string ToText(Sequence sequence) { return fmt::format("e_{}", sequence.value); }
std::string ToText(ReferralId referral) { return fmt::format("r_{}", referral.value); }

Result<Sequence> ParseSequence(std::string_view text) {
  const Result<uint64_t> value = ParseNumbered(text, "e_", "an event id");
  if (!value) return value.error();
  return Sequence{*value};
}

Result<ReferralId> ParseReferralId(std::string_view text) {
  const Result<uint64_t> value = ParseNumbered(text, "r_", "a referral id");
  if (!value) return value.error();
  return ReferralId{*value};
}

RunId RunId::Make(Timestamp now, const std::array<uint8_t, 16>& entropy) {
  RunId run;
  run.bytes = entropy;
  const auto millis = static_cast<uint64_t>(ToMicros(now) / 1000);
  for (size_t i = 0; i < 6; ++i) {
    run.bytes[i] = static_cast<uint8_t>(millis >> (8 * (5 - i)));
  }
  return run;
}

std::string ToText(const RunId& run) {
  // 128 bits are 26 digits of five bits; the first digit carries the top three.
  std::string text(kRunIdTextSize, '0');
  for (size_t digit = 0; digit < kRunIdTextSize; ++digit) {
    unsigned value = 0;
    for (size_t bit = 0; bit < 5; ++bit) {
      const size_t position = digit * 5 + bit;  // Counted from two zero bits in front.
      value <<= 1;
      if (position < 2) continue;
      const size_t at = position - 2;
      value |= (run.bytes[at / 8] >> (7 - at % 8)) & 1u;
    }
    text[digit] = kCrockford[value];
  }
  return text;
}

Result<RunId> ParseRunId(std::string_view text) {
  const auto malformed = [] {
    return Status::InvalidArgument("not a run id: write its 26 letters and digits");
  };
  if (text.size() != kRunIdTextSize) return malformed();
  RunId run;
  for (size_t digit = 0; digit < kRunIdTextSize; ++digit) {
    const int value = DigitOf(text[digit]);
    if (value < 0 || (digit == 0 && value > 7)) return malformed();
    for (size_t bit = 0; bit < 5; ++bit) {
      const size_t position = digit * 5 + bit;
      if (position < 2) continue;
      const size_t at = position - 2;
      const auto set = static_cast<unsigned>(value >> (4 - bit)) & 1u;
      run.bytes[at / 8] = static_cast<uint8_t>(run.bytes[at / 8] | (set << (7 - at % 8)));
    }
  }
  return run;
}

}  // namespace referrald
