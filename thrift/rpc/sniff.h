#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace referrald::rpc {

// Why a connection is closed. `reason` is one of a short list, fit for a counter's label; `message`
// says what the bytes looked like and what to do, and never repeats them.
struct Refusal {
  std::string_view reason;
  std::string message;
};

// Judges the four bytes that should be the length of a frame; nothing where they can be one.
std::optional<Refusal> SniffLength(const std::array<uint8_t, 4>& bytes, size_t frame_bytes_max);

// Judges the first bytes of a frame's body, four at least, which should begin a strict binary call;
// nothing where they do.
std::optional<Refusal> SniffBody(std::string_view bytes);

// The number that four bytes of length stand for.
uint32_t FrameLength(const std::array<uint8_t, 4>& bytes);

}  // namespace referrald::rpc
