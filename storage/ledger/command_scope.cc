#include "storage/ledger/command_scope.h"

#include <utility>

#include "storage/base/limits.h"
#include "storage/ledger/envelope.h"

namespace referrald::ledger {

Result<std::unique_ptr<CommandScope>> CommandScope::Open(KeyValues& below,
                                                         const vault::Vault& vault,
                                                         DerivedKeys keys, Timestamp now) {
  const Result<std::optional<std::string>> bytes = below.Get(keys::Head());
  if (!bytes) return bytes.error();
  const Result<Head> head = *bytes ? DecodeHead(**bytes) : Head{};
  if (!head) return head.error();
  return std::unique_ptr<CommandScope>(new CommandScope(below, vault, keys, now, head->last));
}

CommandScope::CommandScope(KeyValues& below, const vault::Vault& vault, DerivedKeys keys,
                           Timestamp now, Sequence last)
    : vault_(vault),
      now_(now),
      last_(last),
      changes_(below),
      lookup_(changes_, vault, keys),
      projector_(changes_, vault, keys) {}

Result<Sequence> CommandScope::Append(Event event) {
  event.sequence = next();
  event.recorded_at = now_;
  REFERRALD_CHECK(event.sequence.value <= limits::kSequenceMax);
  Result<std::string> bytes = EncodeEvent(vault_, event);
  if (!bytes) return bytes.error();
  if (bytes->size() > limits::kValueBytesMax) {
    return Status::InvalidArgument("event is " + std::to_string(bytes->size()) + " bytes, limit " +
                                       std::to_string(limits::kValueBytesMax),
                                   4204);
  }
  changes_.Put(keys::Event(event.sequence), *std::move(bytes));
  changes_.Put(keys::Head(), Encode(Head{.last = event.sequence}));
  last_ = event.sequence;
  const Status projected = projector_.Project(event);
  if (!projected.ok()) return projected;
  return event.sequence;
}

}  // namespace referrald::ledger
