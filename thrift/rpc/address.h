#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/base/status.h"

namespace referrald::rpc {

// A place to listen on: a unix socket, or a loopback address with a port.
struct Address {
  std::string path;  // Of the unix socket; empty: TCP.
  std::string host;  // Numeric.
  uint16_t port = 0;

  bool is_unix() const { return !path.empty(); }
};

// Reads "unix:/path", "127.0.0.1:7431" or "[::1]:0"; "localhost" stands for 127.0.0.1.
// InvalidArgument: RFD5001 an address beyond loopback; RFD5002 anything else.
Result<Address> ParseAddress(std::string_view text);

// As ParseAddress reads it.
std::string ToText(const Address& address);

}  // namespace referrald::rpc
