#include "thrift/rpc/sniff.h"

#include <algorithm>

namespace referrald::rpc {
namespace {

// A strict binary message has at least version, name length and sequence id, and an empty struct.
constexpr uint32_t kMessageBytesMin = 13;

struct Signature {
  std::string_view start;
  std::string_view reason;
  std::string_view message;
};

// What people point at a port by mistake, by its first bytes.
constexpr Signature kStarts[] = {
    {"GET ", "http", "looks like HTTP"},
    {"HEAD", "http", "looks like HTTP"},
    {"POST", "http", "looks like HTTP"},
    {"PUT ", "http", "looks like HTTP"},
    {"OPTI", "http", "looks like HTTP"},
    {"DELE", "http", "looks like HTTP"},
    {"PATC", "http", "looks like HTTP"},
    {"CONN", "http", "looks like HTTP"},
    {"PRI ", "http", "looks like HTTP/2"},
    {"SSH-", "ssh", "looks like SSH"},
    {"\x16\x03", "tls", "looks like TLS: this port speaks plain Thrift"},
    {"\x80\x01", "unframed", "unframed binary: use the framed transport"},
    {"\x82", "unframed", "unframed compact: use the framed transport and the binary protocol"},
    {"[1,\"", "json", "looks like Thrift JSON: use the framed transport and the binary protocol"},
    {"{", "json", "looks like JSON"},
};

// The same inside a frame, where the transport was right and the protocol was not.
constexpr Signature kBodies[] = {
    {"\x82", "protocol", "framed compact: use the binary protocol"},
    {"\x0f\xff", "protocol", "looks like THeader: use the framed transport, binary protocol"},
    {"[1,", "protocol", "framed JSON: use the binary protocol"},
    {std::string_view("\0\0\0", 3), "protocol", "framed binary without a version: use strict mode"},
};

template <size_t N>
const Signature* Match(const Signature (&signatures)[N], std::string_view bytes) {
  const auto* const found = std::ranges::find_if(
      signatures, [bytes](const Signature& each) { return bytes.starts_with(each.start); });
  return found == std::end(signatures) ? nullptr : found;
}

}  // namespace

uint32_t FrameLength(const std::array<uint8_t, 4>& bytes) {
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

std::optional<Refusal> SniffLength(const std::array<uint8_t, 4>& bytes, size_t frame_bytes_max) {
  const uint32_t length = FrameLength(bytes);
  if (length >= kMessageBytesMin && length <= frame_bytes_max) return std::nullopt;
  if (length < kMessageBytesMin) {
    return Refusal{"length", "length " + std::to_string(length) + " is too short for a call"};
  }
  const std::string beyond = "length " + std::to_string(length) + " exceeds the limit of " +
                             std::to_string(frame_bytes_max);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const Signature* const known = Match(kStarts, text);
  if (known == nullptr) return Refusal{"length", beyond};
  return Refusal{known->reason, std::string(known->message) + " (" + beyond + ")"};
}

std::optional<Refusal> SniffBody(std::string_view bytes) {
  constexpr std::string_view kStrictCall("\x80\x01\x00\x01", 4);
  constexpr std::string_view kStrictOneway("\x80\x01\x00\x04", 4);
  if (bytes.starts_with(kStrictCall) || bytes.starts_with(kStrictOneway)) return std::nullopt;
  if (bytes.starts_with("\x80\x01")) return Refusal{"protocol", "a message that is not a call"};
  const Signature* const known = Match(kBodies, bytes);
  if (known != nullptr) return Refusal{known->reason, std::string(known->message)};
  return Refusal{"protocol", "a frame that holds no strict binary call"};
}

}  // namespace referrald::rpc
