#include "storage/ledger/command_scope.h"

#include <utility>

#include "storage/base/limits.h"
#include "storage/ledger/envelope.h"
#include "storage/ledger/log_tree.h"

namespace referrald::ledger {

CommandScope::CommandScope(KeyValues& below, const vault::Vault& vault, DerivedKeys keys,
                           Timestamp now, const Head& end)
    : vault_(vault),
      now_(now),
      end_(end),
      changes_(below),
      lookup_(changes_, vault, keys),
      projector_(changes_, vault, keys) {}

Result<Sequence> CommandScope::Append(Event event) {
  event.sequence = next();
  event.recorded_at = now_;
  REFERRALD_CHECK(event.sequence.value <= limits::kSequenceMax);
  const Result<std::string> bytes = EncodeEvent(vault_, end_.chain, event);
  if (!bytes) return bytes.error();
  if (bytes->size() > limits::kValueBytesMax) {
    return Status::InvalidArgument("event is " + std::to_string(bytes->size()) + " bytes, limit " +
                                       std::to_string(limits::kValueBytesMax),
                                   4204);
  }
  changes_.Put(keys::Event(event.sequence), *bytes);
  end_.last = event.sequence;
  end_.chain = event.chain;
  GrowTree(end_.tree, *bytes, lookup_.keys(), changes_);
  const Status projected = projector_.Project(event);
  if (!projected.ok()) return projected;
  return event.sequence;
}

}  // namespace referrald::ledger
