#pragma once

#include <optional>
#include <string_view>

#include "storage/ledger/command_scope.h"
#include "storage/ledger/ledger.h"

namespace referrald::ledger {

// What is known of a caller's idempotency key.
struct Idempotency {
  Hash128 key{};  // Zero: the caller gave none.
  Hash128 payload{};
  std::optional<Receipt> replayed;  // The same key and payload were recorded before.
};

// AlreadyExists (RFD3020): the key was used for another payload. InvalidArgument (RFD3023): too
// long.
Result<Idempotency> FindIdempotency(const CommandScope& scope, std::string_view actor,
                                    std::string_view key, const Hash128& payload);
// Appends WishAnswered, which keeps the key for ever and answers `receipt` to a retry, where a wish
// led to no other event: what a service told was known already. Nothing without a key.
Status KeepAnswer(CommandScope& scope, std::string_view actor, const Idempotency& idempotency,
                  const Receipt& receipt);

}  // namespace referrald::ledger
