#pragma once

#include <optional>
#include <string>
#include <variant>

#include "storage/base/status.h"
#include "thrift/rpc/address.h"
#include "thrift/rpc/asio.h"
#include "thrift/rpc/front.h"

namespace referrald::rpc {

// A socket that listens, of either kind. A unix socket's file is made with mode 0660 and removed
// again with the listener.
class Listener {
 public:
  using Tcp = asio::ip::tcp::acceptor;
  using Unix = asio::local::stream_protocol::acceptor;

  // FailedPrecondition (RFD5004): in use, or the file is not a socket. A socket file at which
  // nobody answers is left over from a crash and replaced.
  static Result<Listener> Open(asio::io_context& io, const Address& wanted);
  Listener(Listener&&) = default;
  Listener& operator=(Listener&&) = delete;
  ~Listener();

  const Address& address() const { return address_; }
  // Waits for the next connection; nothing on error.
  asio::awaitable<std::optional<Socket>> Accept(ErrorCode& error);
  void Close();

 private:
  Listener(std::variant<Tcp, Unix> acceptor, Address address)
      : acceptor_(std::move(acceptor)), address_(std::move(address)) {}
  static Result<Listener> OpenTcp(asio::io_context& io, const Address& wanted);
  static Result<Listener> OpenUnix(asio::io_context& io, const Address& wanted);

  std::variant<Tcp, Unix> acceptor_;
  Address address_;
};

// The kernel's word on who is at the other end.
Caller CallerOf(Socket& socket);

}  // namespace referrald::rpc
