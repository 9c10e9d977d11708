#pragma once

#include <string>
#include <utility>

#include "storage/base/status.h"

// Thrift's way to fail is an exception; here, and only in handlers, a Status becomes one.
namespace referrald::rpc {

// Throws the exception of the IDL for who must act: the caller (InvalidRequest with `field`,
// NotFound, Refused, Conflict, PermissionDenied), time (Unavailable), or the operator
// (ServerError).
[[noreturn]] void Throw(const Status& status, std::string field = {});

template <typename T>
T OrThrow(Result<T> result, std::string field = {}) {
  if (!result) Throw(result.error(), std::move(field));
  return *std::move(result);
}

inline void OrThrow(const Status& status, std::string field = {}) {
  if (!status.ok()) Throw(status, std::move(field));
}

}  // namespace referrald::rpc
