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

size_t BytesOf(std::span<const Derived> sorted_run) {
  size_t bytes = 0;
  for (const Derived& derived : sorted_run) bytes += derived.key.size() + derived.value.size();
  return bytes;
}

Status CheckRun(std::span<const Derived> sorted_run) {
  const auto refuse = [](std::string_view what, size_t is, size_t limit) {
    return Status::InvalidArgument(fmt::format("{} is {}, limit {}", what, is, limit));
  };
  if (sorted_run.size() > limits::kIngestOperationsMax) {
    return refuse("number of keys of the run", sorted_run.size(), limits::kIngestOperationsMax);
  }
  if (const size_t bytes = BytesOf(sorted_run); bytes > limits::kIngestBytesMax) {
    return refuse("size of the run in bytes", bytes, limits::kIngestBytesMax);
  }
  for (size_t i = 0; i < sorted_run.size(); ++i) {
    const Derived& derived = sorted_run[i];
    if (derived.key.size() > limits::kKeyBytesMax) {
      return refuse("size of a key in bytes", derived.key.size(), limits::kKeyBytesMax);
    }
    if (derived.value.size() > limits::kValueBytesMax) {
      return refuse("size of a value in bytes", derived.value.size(), limits::kValueBytesMax);
    }
    if (i > 0 && sorted_run[i - 1].key >= derived.key) {
      return Status::InvalidArgument(
          fmt::format("key {} of a sorted run is not above the one before it", i));
    }
  }
  return Status::Ok();
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
