#include "thrift/rpc/errors.h"

#include "thrift/idl/referrald_types.h"

namespace referrald::rpc {
namespace {

constexpr int kRetryAfterMs = 250;

template <typename Exception>
Exception Make(const Status& status) {
  Exception exception;
  exception.code = status.number();
  exception.message = status.message();
  return exception;
}

[[noreturn]] void ThrowInvalid(const Status& status, std::string field) {
  auto invalid = Make<idl::InvalidRequest>(status);
  invalid.field = std::move(field);
  if (status.number() != 0) {
    invalid.hint = "referralctl explain RFD" + std::to_string(status.number());
  }
  throw invalid;
}

[[noreturn]] void ThrowUnavailable(const Status& status) {
  auto unavailable = Make<idl::Unavailable>(status);
  unavailable.retry_after_ms = kRetryAfterMs;
  throw unavailable;
}

}  // namespace

void Throw(const Status& status, std::string field) {
  switch (status.code()) {
    case Code::kInvalidArgument: ThrowInvalid(status, std::move(field));
    case Code::kNotFound: throw Make<idl::NotFound>(status);
    case Code::kFailedPrecondition: throw Make<idl::Refused>(status);
    case Code::kAlreadyExists: throw Make<idl::Conflict>(status);
    case Code::kPermissionDenied: throw Make<idl::PermissionDenied>(status);
    case Code::kAborted:
    case Code::kUnavailable:
    case Code::kDeadlineExceeded: ThrowUnavailable(status);
    case Code::kOk:
    case Code::kIoError:
    case Code::kCorruption:
    case Code::kInternal: break;
  }
  throw Make<idl::ServerError>(status);
}

}  // namespace referrald::rpc
