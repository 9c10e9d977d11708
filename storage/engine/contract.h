#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/engine/engine.h"

// What every engine checks before it looks at its own state.
namespace referrald::engine {

// The refusal of a batch that breaks a limit of the contract; nothing where it keeps them all.
std::optional<CommitResult> RefuseTooLarge(const Batch& batch);

// The refusal of a batch that was decided at a version other than `current`.
CommitResult Conflict(Version current, Version expected);

// The least string above all that start with `prefix`; empty where there is none.
std::string AfterPrefix(std::string_view prefix);

// True where `range` cannot hold a key.
bool IsEmpty(const Range& range);

}  // namespace referrald::engine
