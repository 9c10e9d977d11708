#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "storage/engine/engine.h"

// What every engine checks before it looks at its own state.
namespace referrald::engine {

// The refusal of a batch that breaks a limit of the contract; nothing where it keeps them all.
std::optional<CommitResult> RefuseTooLarge(const Batch& batch);

// InvalidArgument where the run breaks a limit of the contract, or its keys do not ascend.
Status CheckRun(std::span<const Derived> sorted_run);

// The keys and values of the run, in bytes.
size_t BytesOf(std::span<const Derived> sorted_run);

// The refusal of a batch that was decided at a version other than `current`.
CommitResult Conflict(Version current, Version expected);

// The least string above all that start with `prefix`; empty where there is none.
std::string AfterPrefix(std::string_view prefix);

// True where `range` cannot hold a key.
bool IsEmpty(const Range& range);

}  // namespace referrald::engine
