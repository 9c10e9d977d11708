#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "storage/base/status.h"
#include "storage/base/time.h"

namespace referrald {

// Everything that a fact brings into being is named by the sequence of that fact: a contact by the
// event that first saw it, a referral by the event that opened it. Such names are dense, short
// enough to type, the same in a rebuilt store, and say nothing about a person.
template <typename Tag>
struct Id {
  uint64_t value = 0;  // 0: none.

  constexpr explicit operator bool() const { return value != 0; }
  friend constexpr auto operator<=>(Id, Id) = default;
};

using Sequence = Id<struct SequenceTag>;  // Place of an event in the log; the first is 1.
using EntityId = Id<struct EntityTag>;    // Person, organisation or opportunity.
using ReferralId = Id<struct ReferralTag>;

// As people see and type them: "e_45", "r_44".
std::string ToText(Sequence sequence);
std::string ToText(ReferralId referral);

// InvalidArgument: not "e_" (or "r_") and a decimal number from 1 to 2^53 - 1.
Result<Sequence> ParseSequence(std::string_view text);
Result<ReferralId> ParseReferralId(std::string_view text);

// Name of a sync run: a ULID (48-bit milliseconds, 80 random bits), which sorts by time.
struct RunId {
  std::array<uint8_t, 16> bytes{};

  bool empty() const { return bytes == std::array<uint8_t, 16>{}; }
  friend auto operator<=>(const RunId&, const RunId&) = default;

  // `entropy`: 16 random bytes, of which the last ten are used.
  static RunId Make(Timestamp now, const std::array<uint8_t, 16>& entropy);
};

// 26 characters of Crockford base 32.
std::string ToText(const RunId& run);

// Accepts either case. InvalidArgument: not 26 such characters, or more than 128 bits.
Result<RunId> ParseRunId(std::string_view text);

}  // namespace referrald

template <typename Tag>
struct std::hash<referrald::Id<Tag>> {
  size_t operator()(referrald::Id<Tag> id) const noexcept {
    return std::hash<uint64_t>{}(id.value);
  }
};
