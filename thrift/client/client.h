#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "storage/base/status.h"

// Generated: "thrift/idl/ReferraldAdmin.h". Callers that make calls include it; this header needs
// the name only.
namespace referrald::idl {
class ReferraldAdminClient;
}  // namespace referrald::idl

namespace referrald::client {

// A connection to a running referrald, for referralctl and tests: framed strict binary over a unix
// socket or TCP, with a deadline on every read and write, and failures as Status.
//
// One thread at a time. After a failed call the next one connects anew.
class Client {
 public:
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  // The generated client, for calls inside `Call`.
  idl::ReferraldAdminClient& raw();

  // Runs `call`, which may use raw(), and says who must act:
  //   InvalidArgument, NotFound, FailedPrecondition, AlreadyExists, PermissionDenied: the caller;
  //   Unavailable: overloaded, stopping, or RFD5010 nobody answers;  DeadlineExceeded: RFD5012;
  //   Corruption: the server's operator;  Internal: RFD5011 the two do not understand each other.
  // Nothing is tried twice.
  Status Call(const std::function<void()>& call);

  // One call with an answer: client.Ask(&idl::ReferraldAdminClient::getRun, id). Methods that
  // return by value (rebuild) go through Call.
  template <typename Interface, typename Answer, typename... Parameters, typename... Arguments>
  Result<Answer> Ask(void (Interface::*method)(Answer&, Parameters...), Arguments&&... arguments) {
    Answer answer{};
    Interface& interface = raw();
    const Status status = Call([&] { (interface.*method)(answer, arguments...); });
    if (!status.ok()) return status;
    return answer;
  }

 private:
  friend Result<Client> Connect(std::string_view address, std::chrono::milliseconds timeout);
  struct State;
  explicit Client(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

// Connects to "unix:/path", "127.0.0.1:7431" or "[::1]:7431". `timeout` bounds each wait for bytes.
// InvalidArgument: a malformed address. Unavailable (RFD5010): nobody answers there.
// PermissionDenied (RFD5013): the socket's permissions do not let this user in.
Result<Client> Connect(std::string_view address, std::chrono::milliseconds timeout);

}  // namespace referrald::client
