#include <utility>

#include "thrift/rpc/address.h"

#include <sys/un.h>

#include <boost/asio/ip/address.hpp>
#include <charconv>

namespace referrald::rpc {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";
constexpr std::string_view kForms = R"(write "unix:/path", "127.0.0.1:7431" or "[::1]:7431")";

Status Malformed(std::string_view text, std::string_view what) {
  return Status::InvalidArgument(
      "listen address \"" + std::string(text) + "\": " + std::string(what), 5002);
}

Result<Address> ParseUnix(std::string_view text) {
  const std::string_view path = text.substr(kUnixPrefix.size());
  if (!path.starts_with('/')) return Malformed(text, "the path of a unix socket starts with \"/\"");
  const size_t bytes_max = sizeof(sockaddr_un::sun_path) - 1;
  if (path.size() > bytes_max) {
    return Malformed(text, "the path is " + std::to_string(path.size()) + " bytes, limit " +
                               std::to_string(bytes_max));
  }
  return Address{.path = std::string(path), .host = {}, .port = 0};
}

Result<uint16_t> ParsePort(std::string_view text, std::string_view digits) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    return Malformed(text, "a port is a number from 0 to 65535");
  }
  return port;
}

}  // namespace

Result<Address> ParseAddress(std::string_view text) {
  if (text.starts_with(kUnixPrefix)) return ParseUnix(text);
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return Malformed(text, kForms);
  const Result<uint16_t> port = ParsePort(text, text.substr(colon + 1));
  if (!port) return port.error();
  std::string host(text.substr(0, colon));
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  boost::system::error_code error;
  const auto ip = boost::asio::ip::make_address(host, error);
  if (error) return Malformed(text, kForms);
  if (!ip.is_loopback()) {
    return Status::InvalidArgument(
        "listen address \"" + std::string(text) +
            "\" reaches beyond this machine, and referrald does not speak TLS yet: listen on "
            "127.0.0.1 and let a TLS proxy or \"ssh -L\" on this machine carry the calls",
        5001);
  }
  return Address{.path = {}, .host = host, .port = *port};
}

std::string ToText(const Address& address) {
  if (address.is_unix()) return std::string(kUnixPrefix) + address.path;
  const bool is_v6 = address.host.find(':') != std::string::npos;
  const std::string host = is_v6 ? "[" + address.host + "]" : address.host;
  return host + ":" + std::to_string(address.port);
}

}  // namespace referrald::rpc
