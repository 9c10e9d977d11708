#include "thrift/rpc/refusal_log.h"

#include "storage/base/limits.h"

namespace referrald::rpc {

void RefusalLog::Write(const Refusal& refusal, const Caller& caller) {
  const Timestamp now = clock_.Now();
  if (now - minute_ >= std::chrono::minutes(1) || now < minute_) {
    minute_ = now;
    written_ = 0;
  }
  if (written_ == limits::kRpcRefusalsLoggedPerMinute) {
    ++left_out_;
    return;
  }
  ++written_;
  LogRecord record{.level = LogLevel::kWarning,
                   .event = "rpc.refused",
                   .message = "closed a connection: " + refusal.message,
                   .number = 5005,
                   .fields = {{"reason", std::string(refusal.reason)}}};
  if (caller.local) {
    record.fields.push_back({"caller", "uid:" + std::to_string(caller.uid)});
  } else {
    record.fields.push_back({"caller", "tcp"});
  }
  if (left_out_ > 0) record.fields.push_back({"left_out", left_out_});
  left_out_ = 0;
  logger_.Write(std::move(record));
}

}  // namespace referrald::rpc
