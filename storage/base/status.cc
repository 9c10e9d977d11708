#include "storage/base/status.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace referrald {

std::string_view CodeName(Code code) {
  switch (code) {
    case Code::kOk: return "ok";
    case Code::kInvalidArgument: return "invalid argument";
    case Code::kNotFound: return "not found";
    case Code::kAlreadyExists: return "already exists";
    case Code::kFailedPrecondition: return "failed precondition";
    case Code::kAborted: return "aborted";
    case Code::kPermissionDenied: return "permission denied";
    case Code::kUnavailable: return "unavailable";
    case Code::kDeadlineExceeded: return "deadline exceeded";
    case Code::kIoError: return "i/o error";
    case Code::kCorruption: return "corruption";
    case Code::kInternal: return "internal error";
  }
  return "unknown code";
}

Status Status::InvalidArgument(std::string message, int number) {
  return {Code::kInvalidArgument, std::move(message), number};
}
Status Status::NotFound(std::string message, int number) {
  return {Code::kNotFound, std::move(message), number};
}
Status Status::AlreadyExists(std::string message, int number) {
  return {Code::kAlreadyExists, std::move(message), number};
}
Status Status::FailedPrecondition(std::string message, int number) {
  return {Code::kFailedPrecondition, std::move(message), number};
}
Status Status::Aborted(std::string message, int number) {
  return {Code::kAborted, std::move(message), number};
}
Status Status::PermissionDenied(std::string message, int number) {
  return {Code::kPermissionDenied, std::move(message), number};
}
Status Status::Unavailable(std::string message, int number) {
  return {Code::kUnavailable, std::move(message), number};
}
Status Status::DeadlineExceeded(std::string message, int number) {
  return {Code::kDeadlineExceeded, std::move(message), number};
}
Status Status::IoError(std::string message, int number) {
  return {Code::kIoError, std::move(message), number};
}
Status Status::Corruption(std::string message, int number) {
  return {Code::kCorruption, std::move(message), number};
}
Status Status::Internal(std::string message, int number) {
  return {Code::kInternal, std::move(message), number};
}

Status Status::Prefixed(std::string_view place) const {
  if (ok()) return *this;
  return {code_, fmt::format("{}: {}", place, message_), number_};
}

std::string Status::ToString() const {
  if (ok()) return "ok";
  if (number_ == 0) return fmt::format("{}: {}", CodeName(code_), message_);
  return fmt::format("RFD{:04} {}: {}", number_, CodeName(code_), message_);
}

void Die(const char* file, int line, const char* what) {
  std::fprintf(stderr, "referrald: %s:%d: broken invariant: %s\n", file, line, what);
  std::abort();
}

}  // namespace referrald
