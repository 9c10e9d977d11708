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
  Result<std::optional<std::string>> bytes =
      scope.lookup().from().Get(scope.lookup().keys().In(Space::kIdempotency, found.key));
  if (bytes && !*bytes) bytes = scope.lookup().from().Get(keys::Idempotency(found.key));
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

void KeepWithoutEvent(CommandScope& scope, const Idempotency& idempotency, const Receipt& receipt) {
  if (idempotency.key == Hash128{}) return;
  scope.changes().Put(keys::Idempotency(idempotency.key),
                      Encode(IdempotencyRecord{.payload = idempotency.payload,
                                               .sequence = receipt.sequence,
                                               .referral = receipt.referral,
                                               .entity = receipt.entity}));
}

}  // namespace referrald::ledger
