#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace referrald {

// What went wrong, in the twelve words every floor shares. Stored nowhere; mapped to RPC exceptions
// in thrift/rpc/convert.cc and to exit codes in plugin/ctl.
enum class Code : unsigned char {
  kOk,
  kInvalidArgument,     // The caller must change the request.
  kNotFound,            // The thing named does not exist.
  kAlreadyExists,       // The same key was used for something else (conflict).
  kFailedPrecondition,  // The request is well formed, but the rules refuse it now.
  kAborted,             // Somebody else was faster; read again and decide again.
  kPermissionDenied,
  kUnavailable,       // Retriable: overloaded, storage full, shutting down.
  kDeadlineExceeded,  // Retriable: not done in time; it may still happen.
  kIoError,
  kCorruption,  // Stored bytes are not what was written. Never repaired in silence.
  kInternal,    // A bug of ours.
};

// "invalid argument", "not found", ...
std::string_view CodeName(Code code);

// The outcome of something that can fail: Ok, or a code with a message for a person.
//
// A message names the thing, the place and the limit, in lower case and without a full stop, and
// never holds personal data. `number` is the stable RFDnnnn under which documentation explains the
// failure; 0 where none has been assigned. A value: copy it freely.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Code code, std::string message, int number = 0)
      : code_(code), number_(number), message_(std::move(message)) {}

  static Status Ok() { return {}; }
  static Status InvalidArgument(std::string message, int number = 0);
  static Status NotFound(std::string message, int number = 0);
  static Status AlreadyExists(std::string message, int number = 0);
  static Status FailedPrecondition(std::string message, int number = 0);
  static Status Aborted(std::string message, int number = 0);
  static Status PermissionDenied(std::string message, int number = 0);
  static Status Unavailable(std::string message, int number = 0);
  static Status DeadlineExceeded(std::string message, int number = 0);
  static Status IoError(std::string message, int number = 0);
  static Status Corruption(std::string message, int number = 0);
  static Status Internal(std::string message, int number = 0);

  bool ok() const { return code_ == Code::kOk; }
  Code code() const { return code_; }
  int number() const { return number_; }
  const std::string& message() const { return message_; }

  // True where trying the same again later can succeed.
  bool retriable() const { return code_ == Code::kUnavailable || code_ == Code::kDeadlineExceeded; }

  // The same failure with the place in front: "feed hubspot-eu: <message>". Ok stays Ok.
  Status Prefixed(std::string_view place) const;

  // "RFD3002 failed precondition: <message>", or without the number where there is none.
  std::string ToString() const;

  friend bool operator==(const Status&, const Status&) = default;

 private:
  Code code_ = Code::kOk;
  int number_ = 0;
  std::string message_;
};

// A value or the Status that explains its absence. `return Status::NotFound(...)` works in a
// function that returns Result<T>; so does `return value`.
template <typename T>
class [[nodiscard]] Result : public std::expected<T, Status> {
 public:
  using std::expected<T, Status>::expected;
  Result(Status status)  // NOLINT(google-explicit-constructor): that is its purpose.
      : std::expected<T, Status>(std::unexpect, std::move(status)) {}

  // Declared here because std::expected's own comparison, on a derived class, asks for itself.
  friend bool operator==(const Result& left, const Result& right) {
    if (left.has_value() != right.has_value()) return false;
    return left.has_value() ? *left == *right : left.error() == right.error();
  }
};

// The Status of either, for code that only wants to pass a failure on.
template <typename T>
Status StatusOf(const Result<T>& result) {
  return result ? Status::Ok() : result.error();
}

// Ends the process with the place and `what`: for our own bugs only, never for files, rows,
// requests or the disk.
[[noreturn]] void Die(const char* file, int line, const char* what);

}  // namespace referrald

// Stays on in release. A macro, because only a macro knows the text and place of its condition.
#define REFERRALD_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::referrald::Die(__FILE__, __LINE__, #condition))
