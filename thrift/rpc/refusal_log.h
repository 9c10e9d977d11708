#pragma once

#include <cstdint>
#include <string>

#include "storage/base/log.h"
#include "storage/base/time.h"
#include "thrift/rpc/front.h"
#include "thrift/rpc/sniff.h"

namespace referrald::rpc {

// Writes rpc.refused records, at most limits::kRpcRefusalsLoggedPerMinute a minute: whoever sends
// garbage must not fill the journal. The first record of a later minute says how many were left
// out. Owned by the I/O thread.
class RefusalLog {
 public:
  RefusalLog(const Logger& logger, const Clock& clock) : logger_(logger), clock_(clock) {}

  void Write(const Refusal& refusal, const Caller& caller);

 private:
  const Logger& logger_;
  const Clock& clock_;
  Timestamp minute_{};
  uint64_t written_ = 0;
  int64_t left_out_ = 0;
};

}  // namespace referrald::rpc
