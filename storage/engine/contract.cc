#include "storage/engine/contract.h"

#include <fmt/format.h>

#include "storage/base/limits.h"

namespace referrald::engine {

std::optional<CommitResult> RefuseTooLarge(const Batch& batch) {
  const auto refuse = [](std::string_view what, size_t is, size_t limit) {
    return CommitResult{.outcome = Outcome::kTooLarge,
                        .version = 0,
                        .detail = fmt::format("{} is {}, limit {}", what, is, limit)};
  };
  if (batch.size() > limits::kBatchOperationsMax) {
    return refuse("number of operations of the batch", batch.size(), limits::kBatchOperationsMax);
  }
  if (batch.bytes() > limits::kBatchBytesMax) {
    return refuse("size of the batch in bytes", batch.bytes(), limits::kBatchBytesMax);
  }
  for (size_t i = 0; i < batch.size(); ++i) {
    const Batch::Operation operation = batch.at(i);
    if (operation.key.size() > limits::kKeyBytesMax) {
      return refuse("size of a key in bytes", operation.key.size(), limits::kKeyBytesMax);
    }
    if (operation.value.size() > limits::kValueBytesMax) {
      return refuse("size of a value in bytes", operation.value.size(), limits::kValueBytesMax);
    }
  }
  return std::nullopt;
}

CommitResult Conflict(Version current, Version expected) {
  return {.outcome = Outcome::kConflict,
          .version = current,
          .detail = fmt::format("the partition is at version {}, the batch was decided at {}",
                                current, expected)};
}

std::string AfterPrefix(std::string_view prefix) {
  std::string after(prefix);
  while (!after.empty() && after.back() == '\xff') after.pop_back();
  if (!after.empty()) after.back() = static_cast<char>(after.back() + 1);
  return after;
}

bool IsEmpty(const Range& range) { return !range.end.empty() && range.begin >= range.end; }

Range PrefixRange(std::string_view prefix) {
  return {.begin = std::string(prefix), .end = AfterPrefix(prefix)};
}

}  // namespace referrald::engine
