#include "thrift/rpc/listener.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace referrald::rpc {
namespace {

constexpr int kBacklog = 512;

Status CannotListen(const Address& address, const std::string& what) {
  return Status::FailedPrecondition("cannot listen at " + ToText(address) + ": " + what, 5004);
}

// Ok where `path` is free, or was held by a socket that nobody answers at any more.
Status ClearStale(asio::io_context& io, const Address& address) {
  struct stat found{};
  if (lstat(address.path.c_str(), &found) != 0) return Status::Ok();  // bind says what is wrong.
  if (!S_ISSOCK(found.st_mode)) return CannotListen(address, "the file is not a socket; move it");
  asio::local::stream_protocol::socket probe(io);
  ErrorCode error;
  probe.connect(asio::local::stream_protocol::endpoint(address.path), error);
  if (error != asio::error::connection_refused) {
    return CannotListen(address, "another process answers there; is a second referrald running?");
  }
  if (unlink(address.path.c_str()) != 0) return CannotListen(address, std::strerror(errno));
  return Status::Ok();
}

}  // namespace

Result<Listener> Listener::Open(asio::io_context& io, const Address& wanted) {
  return wanted.is_unix() ? OpenUnix(io, wanted) : OpenTcp(io, wanted);
}

Result<Listener> Listener::OpenTcp(asio::io_context& io, const Address& wanted) {
  Tcp acceptor(io);
  ErrorCode error;
  const asio::ip::tcp::endpoint place(asio::ip::make_address(wanted.host), wanted.port);
  acceptor.open(place.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(place, error);
  if (!error) acceptor.listen(kBacklog, error);
  if (error == asio::error::address_in_use) {
    return CannotListen(wanted, "the port is in use by another process");
  }
  if (error) return CannotListen(wanted, error.message());
  Address real = wanted;
  real.port = acceptor.local_endpoint(error).port();
  return Listener(std::move(acceptor), std::move(real));
}

Result<Listener> Listener::OpenUnix(asio::io_context& io, const Address& wanted) {
  if (Status free = ClearStale(io, wanted); !free.ok()) return free;
  Unix acceptor(io);
  ErrorCode error;
  acceptor.open(asio::local::stream_protocol(), error);
  if (!error) acceptor.bind(asio::local::stream_protocol::endpoint(wanted.path), error);
  if (error) return CannotListen(wanted, error.message());
  Listener bound(std::move(acceptor), wanted);  // From here on the file is ours to remove.
  // Before listen, so that nobody connects under the mode that the umask left.
  if (chmod(wanted.path.c_str(), S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) != 0) {
    return CannotListen(wanted, std::strerror(errno));
  }
  std::get<Unix>(bound.acceptor_).listen(kBacklog, error);
  if (error) return CannotListen(wanted, error.message());
  return bound;
}

Listener::~Listener() { Close(); }

void Listener::Close() {
  ErrorCode ignored;
  std::visit(
      [&](auto& acceptor) {
        if (!acceptor.is_open()) return;
        acceptor.close(ignored);
        if (address_.is_unix()) unlink(address_.path.c_str());
      },
      acceptor_);
}

asio::awaitable<std::optional<Socket>> Listener::Accept(ErrorCode& error) {
  if (auto* const tcp = std::get_if<Tcp>(&acceptor_)) {
    asio::ip::tcp::socket socket = co_await tcp->async_accept(Into(error));
    if (error) co_return std::nullopt;
    ErrorCode ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    co_return Socket(std::move(socket));
  }
  asio::local::stream_protocol::socket socket =
      co_await std::get<Unix>(acceptor_).async_accept(Into(error));
  if (error) co_return std::nullopt;
  co_return Socket(std::move(socket));
}

Caller CallerOf(Socket& socket) {
  sockaddr_storage own{};
  socklen_t own_size = sizeof own;
  if (getsockname(socket.native_handle(), reinterpret_cast<sockaddr*>(&own), &own_size) != 0 ||
      own.ss_family != AF_UNIX) {
    return {};
  }
  ucred peer{};
  socklen_t peer_size = sizeof peer;
  // Without the kernel's word nobody is local: less is allowed, not more.
  if (getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &peer_size) != 0) {
    return {};
  }
  return {.local = true, .uid = peer.uid};
}

}  // namespace referrald::rpc
