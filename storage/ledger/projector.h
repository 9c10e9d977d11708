#pragma once

#include <optional>
#include <vector>

#include "storage/ledger/customer_record.h"
#include "storage/ledger/event.h"
#include "storage/ledger/keys.h"
#include "storage/ledger/lookup.h"
#include "storage/ledger/transaction.h"
#include "storage/vault/vault.h"

namespace referrald::ledger {

// Turns one event into changes of the read models of one generation. The only code that writes
// them: live, in verify and in rebuild alike, which is why a rebuilt store equals a live one.
//
// The event itself must already be readable through `to`. Borrows both.
class Projector {
 public:
  Projector(Transaction& to, const vault::Vault& vault, DerivedKeys keys)
      : to_(to), vault_(vault), lookup_(to, vault, keys) {}

  // Corruption: the event does not fit what earlier events led to.
  Status Project(const Event& event);

 private:
  // projector.cc: rows.
  Status Apply(const Event& event, const RowSeen& row);
  Status Apply(const Event& event, const RowDeleted& row);
  // Remembers, for a row that `now` sees for the first time, the event that told that it was gone.
  Status KeepGoneBefore(const referral::ExternalRef& ref, Sequence now);
  // Writes `after` and what it is found by, in place of `before`.
  Status Save(const referral::Entity& before, EntityRecord after);
  Status SaveTerms(const referral::Entity& before, const referral::Entity& after);
  Status Count(referral::EntityKind kind, int64_t change);

  // project_merge.cc
  Status Apply(const Event& event, const PartyMerged& merged);
  Status MoveLinks(EntityRecord& from, EntityRecord& to);
  Status MoveRelationships(EntityId from, EntityId to);
  Status MoveReferrals(EntityId person);

  // project_erase.cc
  Status Apply(const Event& event, const PartyErased& erased);
  Status MakeNobody(const Event& event, EntityId id);
  // Takes out what `entity` is found by: its rows and its terms.
  Status Forget(const referral::Entity& entity);
  Status CountErased();
  Status Apply(const Event&, const HeadAccepted&) { return Status::Ok(); }
  Status Apply(const Event&, const NumberRetired&) { return Status::Ok(); }
  Status Apply(const Event&, const WishAnswered&) { return Status::Ok(); }
  Status Apply(const Event&, const CheckpointSigned&) { return Status::Ok(); }
  Status Apply(const Event&, const SyncFinished&) { return Status::Ok(); }

  // project_act.cc
  Status Apply(const Event& event, const practice::Act& act);
  // Folds what is known of a party as a customer anew; 0: nobody.
  Status RefoldCustomer(EntityId party);
  Status MoveActs(EntityId from, EntityId to);
  Status MovePrompts(EntityId rep);
  void PutCustomer(const CustomerRecord& before, const CustomerRecord& after);
  void KeepIdempotency(const Event& event);

  // project_fact.cc: facts about referrals and relationships.
  Status Apply(const Event& event, const referral::Fact& fact);
  Status Refold(ReferralId id, const std::optional<ReferralRecord>& before,
                std::vector<Sequence> facts);
  Status Save(const referral::Referral& before, const ReferralRecord& after, bool is_new);
  // Brings the referrals of `contact` up to what each says of the others; `changed`, which may be
  // null, is one of them and not saved yet.
  Status Settle(EntityId contact, ReferralRecord* changed);
  Status SaveIndexes(const referral::Referral& before, const referral::Referral& after);
  Status SaveTriple(const referral::Referral& before, const referral::Referral& after);
  Status CountReferral(const referral::Referral& before, const referral::Referral& after,
                       bool is_new);

  Transaction& to_;
  const vault::Vault& vault_;
  Lookup lookup_;
};

// The rows of `entity` that `ref` names, or null.
referral::Link* FindRow(referral::Entity& entity, const referral::ExternalRef& ref);

}  // namespace referrald::ledger
