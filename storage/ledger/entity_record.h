#pragma once

#include <string>
#include <string_view>

#include "storage/base/ids.h"
#include "storage/base/status.h"
#include "storage/referral/entity.h"
#include "storage/vault/vault.h"

namespace referrald::ledger {

// An entity as it is stored: its public part in the open, what its rows say sealed under its key.
struct EntityRecord {
  referral::Entity entity;
  Sequence updated;  // The event that last changed the record; part of the seal's context.

  friend bool operator==(const EntityRecord&, const EntityRecord&) = default;
};
// FailedPrecondition (RFD4106): it was erased, and has rows all the same.
Result<std::string> EncodeEntity(const vault::Vault& vault, const EntityRecord& record);
// Corruption (RFD4203, RFD4104).
Result<EntityRecord> DecodeEntity(const vault::Vault& vault, EntityId id, std::string_view bytes);

// Who it was merged into; 0: nobody. Opens nothing.
Result<EntityId> MergedInto(std::string_view bytes);

}  // namespace referrald::ledger
