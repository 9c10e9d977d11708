#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace referrald {

// Base 64 of RFC 4648, section 4, with its padding.
std::string ToBase64(std::string_view bytes);
// The bytes behind what ToBase64 wrote; nothing for any other text: no white space, no missing
// padding, no bits that are thrown away.
std::optional<std::string> FromBase64(std::string_view text);

}  // namespace referrald
