#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "storage/base/bytes.h"
#include "storage/base/status.h"

namespace referrald::support {

// A frame as the wire has it: its length in four bytes, then `body`.
inline std::string Framed(std::string_view body) {
  std::string bytes;
  AppendBigEndian32(bytes, static_cast<uint32_t>(body.size()));
  return bytes + std::string(body);
}

// A client that sends what it is told to, sense or nonsense. No call waits for more than
// `kPatience`, which only a failing test spends; a loaded machine may need some of it.
class RawConnection {
 public:
  static constexpr std::chrono::milliseconds kPatience{60'000};

  // `address` as in FrontOptions::listen, with a real port. A failure to connect is a bug of the
  // test.
  explicit RawConnection(const std::string& address) {
    if (address.starts_with("unix:")) {
      ConnectUnix(address.substr(5));
    } else {
      ConnectLoopback(static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    }
  }
  RawConnection(RawConnection&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  RawConnection& operator=(RawConnection&&) = delete;
  ~RawConnection() {
    if (socket_ >= 0) close(socket_);
  }

  // False where the other side has closed.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  // The body of the next frame; nothing where the other side closes or says nothing in time.
  std::optional<std::string> ReadFrame() {
    const std::optional<std::string> length = Read(4);
    if (!length) return std::nullopt;
    return Read(ReadBigEndian32(*length));
  }

  // True where the other side closes within `patience` without saying anything.
  bool IsClosedWithin(std::chrono::milliseconds patience) {
    if (!WaitForNews(patience)) return false;
    char byte = 0;
    return recv(socket_, &byte, 1, 0) <= 0;
  }

  bool IsClosed() { return IsClosedWithin(kPatience); }

  // True where nothing has come and nothing has closed.
  bool IsQuiet() { return !WaitForNews(std::chrono::milliseconds(0)); }

 private:
  bool WaitForNews(std::chrono::milliseconds patience) {
    pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
    return poll(&waiting, 1, static_cast<int>(patience.count())) > 0;
  }

  std::optional<std::string> Read(size_t size) {
    std::string bytes(size, '\0');
    size_t have = 0;
    while (have < size) {
      if (!WaitForNews(kPatience)) return std::nullopt;
      const ssize_t got = recv(socket_, bytes.data() + have, size - have, 0);
      if (got <= 0) return std::nullopt;
      have += static_cast<size_t>(got);
    }
    return bytes;
  }

  void ConnectUnix(const std::string& path) {
    socket_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un place{};
    place.sun_family = AF_UNIX;
    std::memcpy(place.sun_path, path.data(), path.size());
    REFERRALD_CHECK(connect(socket_, reinterpret_cast<sockaddr*>(&place), sizeof place) == 0);
  }

  void ConnectLoopback(uint16_t port) {
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(port);
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REFERRALD_CHECK(connect(socket_, reinterpret_cast<sockaddr*>(&place), sizeof place) == 0);
  }

  int socket_ = -1;
};

}  // namespace referrald::support
