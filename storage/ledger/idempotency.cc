#include "storage/ledger/idempotency.h"

#include <string>

#include "storage/base/limits.h"

namespace referrald::ledger {

Result<Idempotency> FindIdempotency(const CommandScope& scope, std::string_view actor,
                                    std::string_view key, const Hash128& payload) {
  if (key.empty()) return Idempotency{};
  if (key.size() > limits::kIdempotencyKeyBytesMax) {
    return Status::InvalidArgument("idempotency_key is " + std::to_string(key.size()) +
                                       " bytes, limit " +
                                       std::to_string(limits::kIdempotencyKeyBytesMax),
                                   3023);
  }
  std::string text(actor);
  text.push_back('\0');
  text.append(key);
  Idempotency found{.key = scope.vault().BlindIndex(vault::IndexKind::kIdempotencyKey, text),
                    .payload = payload,
                    .replayed = {}};
  const Result<std::optional<std::string>> bytes =
      scope.lookup().from().Get(scope.lookup().keys().In(Space::kIdempotency, found.key));
  if (!bytes) return bytes.error();
  if (!*bytes) return found;
  const Result<IdempotencyRecord> record = DecodeIdempotency(**bytes);
  if (!record) return record.error();
  if (record->payload != payload) {
    return Status::AlreadyExists("the idempotency key was used for something else (event " +
                                     ToText(record->sequence) + "); use a new key for a new wish",
                                 3020);
  }
  found.replayed = Receipt{.sequence = record->sequence,
                           .referral = record->referral,
                           .entity = record->entity,
                           .replayed = true,
                           .log = {}};
  return found;
}

Status KeepAnswer(CommandScope& scope, std::string_view actor, const Idempotency& idempotency,
                  const Receipt& receipt) {
  if (idempotency.key == Hash128{}) return Status::Ok();
  return StatusOf(
      scope.Append({.sequence = {},
                    .occurred_at = scope.now(),
                    .recorded_at = {},
                    .actor = std::string(actor),
                    .idempotency = idempotency.key,
                    .payload = idempotency.payload,
                    .body = WishAnswered{.sequence = receipt.sequence, .entity = receipt.entity}}));
}

}  // namespace referrald::ledger
