#include "thrift/client/client.h"

#include <thrift/TApplicationException.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TSocket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <mutex>
#include <optional>

#include "storage/base/limits.h"
#include "thrift/idl/ReferraldAdmin.h"

namespace referrald::client {
namespace {

using apache::thrift::TApplicationException;
using apache::thrift::TConfiguration;
using apache::thrift::transport::TFramedTransport;
using apache::thrift::transport::TSocket;
using apache::thrift::transport::TTransport;
using apache::thrift::transport::TTransportException;
using Protocol = apache::thrift::protocol::TBinaryProtocol;

constexpr std::string_view kUnixPrefix = "unix:";

// The library writes what fails to standard error as well; the caller gets a Status.
void SilenceLibrary() {
  static std::once_flag once;
  std::call_once(once, [] { apache::thrift::GlobalOutput.setOutputFunction([](const char*) {}); });
}

// A framed transport whose message size starts anew with each message: the library's adds up over
// the life of a connection and ends it after 100 MiB (reliability.md, E13).
class Frames final : public TFramedTransport {
 public:
  using TFramedTransport::TFramedTransport;

  uint32_t readEnd() override {
    const uint32_t size = TFramedTransport::readEnd();
    resetConsumedMessageSize();
    return size;
  }
};

struct Place {
  std::string path;  // Empty: TCP.
  std::string host;
  int port = 0;
};

std::optional<Place> ParsePlace(std::string_view address) {
  if (address.starts_with(kUnixPrefix)) {
    const std::string_view path = address.substr(kUnixPrefix.size());
    if (path.empty()) return std::nullopt;
    return Place{.path = std::string(path), .host = {}, .port = 0};
  }
  const size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  const std::string_view digits = address.substr(colon + 1);
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  std::string host(address.substr(0, colon));
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return Place{.path = {}, .host = std::move(host), .port = port};
}

std::shared_ptr<TSocket> MakeSocket(const Place& place, std::chrono::milliseconds timeout) {
  auto socket = place.path.empty() ? std::make_shared<TSocket>(place.host, place.port)
                                   : std::make_shared<TSocket>(place.path);
  const auto milliseconds = static_cast<int>(timeout.count());
  socket->setConnTimeout(milliseconds);
  socket->setRecvTimeout(milliseconds);
  socket->setSendTimeout(milliseconds);
  return socket;
}

// The library keeps errno to itself, so the socket file is asked again.
Status CannotConnect(const std::string& address) {
  const std::string path =
      address.starts_with(kUnixPrefix) ? address.substr(kUnixPrefix.size()) : "";
  if (!path.empty() && access(path.c_str(), W_OK) != 0 && errno == EACCES) {
    return Status::PermissionDenied(
        "no permission to use " + address + ": add this user to the group of the socket", 5013);
  }
  return Status::Unavailable(
      "referrald does not answer at " + address + ": is it running? systemctl status referrald",
      5010);
}

Status FromTransport(const TTransportException& failure, const std::string& address) {
  if (failure.getType() == TTransportException::TIMED_OUT) {
    return Status::DeadlineExceeded(
        "no answer from " + address + " in time: it may still happen; raise --timeout", 5012);
  }
  return Status::Unavailable("the server at " + address +
                                 " closed the connection: it is stopping, or refused the call "
                                 "(its log says why under rpc.refused), or is no referrald",
                             5011);
}

Status FromApplication(const TApplicationException& failure) {
  const std::string what = failure.what();
  // Over TCP there is no administration; the message says so, and where it is.
  constexpr std::string_view kNotHere = "RFD5003: ";
  if (what.starts_with(kNotHere)) {
    return Status::PermissionDenied(what.substr(kNotHere.size()), 5003);
  }
  if (failure.getType() == TApplicationException::UNKNOWN_METHOD) {
    return Status::FailedPrecondition("the server does not know this call: " + what, 5011);
  }
  return Status::Internal("the server could not answer: " + what, 5011);
}

template <typename Exception>
Status From(Code code, const Exception& exception) {
  return {code, exception.message, exception.code};
}

}  // namespace

struct Client::State {
  std::string address;
  std::shared_ptr<TTransport> transport;
  std::unique_ptr<idl::ReferraldAdminClient> client;

  // Forgets a connection on which nobody knows any more what comes next.
  void Drop() {
    try {
      transport->close();
    } catch (const apache::thrift::TException&) {  // It is gone, one way or the other.
    }
  }
};

Client::Client(std::unique_ptr<State> state) : state_(std::move(state)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

idl::ReferraldAdminClient& Client::raw() { return *state_->client; }

Status Client::Call(const std::function<void()>& call) {
  bool connected = false;
  try {
    if (!state_->transport->isOpen()) state_->transport->open();
    connected = true;
    call();
    return Status::Ok();
  } catch (const idl::InvalidRequest& refusal) {
    return From(Code::kInvalidArgument, refusal);
  } catch (const idl::NotFound& refusal) {
    return From(Code::kNotFound, refusal);
  } catch (const idl::Refused& refusal) {
    return From(Code::kFailedPrecondition, refusal);
  } catch (const idl::Conflict& refusal) {
    return From(Code::kAlreadyExists, refusal);
  } catch (const idl::PermissionDenied& refusal) {
    return From(Code::kPermissionDenied, refusal);
  } catch (const idl::Unavailable& refusal) {
    return From(Code::kUnavailable, refusal);
  } catch (const idl::ServerError& failure) {
    return From(Code::kCorruption, failure);
  } catch (const TApplicationException& failure) {
    return FromApplication(failure);
  } catch (const TTransportException& failure) {
    state_->Drop();
    if (!connected) return CannotConnect(state_->address);
    return FromTransport(failure, state_->address);
  } catch (const std::exception&) {
    state_->Drop();
    return Status::Internal("the server at " + state_->address +
                                " does not speak framed binary Thrift; is it a referrald?",
                            5011);
  }
}

Result<Client> Connect(std::string_view address, std::chrono::milliseconds timeout) {
  const std::optional<Place> place = ParsePlace(address);
  if (!place) {
    return Status::InvalidArgument(
        "address \"" + std::string(address) + R"(": write "unix:/path" or "127.0.0.1:7431")", 5002);
  }
  SilenceLibrary();
  auto state = std::make_unique<Client::State>();
  state->address = address;
  const auto configuration = std::make_shared<TConfiguration>(
      static_cast<int>(limits::kRpcAnswerBytesMax) + 1024,
      static_cast<int>(limits::kRpcAnswerBytesMax) + 1024, limits::kRpcDepthMax);
  state->transport = std::make_shared<Frames>(MakeSocket(*place, timeout), configuration);
  state->client =
      std::make_unique<idl::ReferraldAdminClient>(std::make_shared<Protocol>(state->transport));
  Client client(std::move(state));
  const Status connected = client.Call([] {});
  if (!connected.ok()) return connected;
  return client;
}

}  // namespace referrald::client
