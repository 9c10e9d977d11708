#pragma once

#include "storage/ledger/command_scope.h"
#include "storage/ledger/ledger.h"
#include "storage/ledger/store_place.h"

namespace referrald::ledger {

// Appends the PartyErased that `wish` asks for. The keys are destroyed by the caller, once the
// event and what it changes are durable. A party that was erased before gives the receipt of then.
Result<ErasureReceipt> DecideErase(CommandScope& scope, const EraseParty& wish);

// What the vault is to destroy for the event.
vault::Erasure ErasureOf(const PartyErased& erased, Timestamp at);

// The PartyErased of every party that is erased, by party.
Result<std::vector<Sequence>> ErasedParties(const StorePlace& place);

// Blind indexes by which a row is known as one about somebody who was erased.
Hash128 TombstoneOf(const vault::Vault& vault, const referral::ExternalRef& ref);
Hash128 TombstoneOf(const vault::Vault& vault, std::string_view folded_email);

// True where the row is about somebody who was erased.
Result<bool> IsSuppressed(const CommandScope& scope, const Row& row);

}  // namespace referrald::ledger
