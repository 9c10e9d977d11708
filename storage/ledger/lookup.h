#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/ledger/chain_record.h"
#include "storage/ledger/customer_record.h"
#include "storage/ledger/entity_record.h"
#include "storage/ledger/event.h"
#include "storage/ledger/keys.h"
#include "storage/ledger/records.h"
#include "storage/ledger/transaction.h"
#include "storage/practice/process.h"
#include "storage/practice/reward.h"
#include "storage/practice/velocity.h"
#include "storage/vault/vault.h"

namespace referrald::ledger {

// What practice::RewardFacts borrows: everything about one reward plan.
struct RewardBook {
  std::vector<practice::RecordedAct> acts;
  std::map<ReferralId, referral::Referral> referrals;
  std::map<ReferralId, Sequence> held;

  practice::RewardFacts At(Timestamp now) const {
    return {.acts = acts, .referrals = referrals, .held = held, .now = now};
  }
};

// Typed look-ups in one generation: what decisions, projections and readers have in common. Borrows
// everything it is given; a value otherwise.
//
// Need...: the log or another record says that it exists, so its absence is Corruption (RFD4203).
class Lookup {
 public:
  Lookup(const KeyValues& from, const vault::Vault& vault, DerivedKeys keys)
      : from_(from), vault_(vault), keys_(keys) {}

  const DerivedKeys& keys() const { return keys_; }
  const KeyValues& from() const { return from_; }

  std::string LinkKey(const referral::ExternalRef& ref) const;
  std::string EmailKey(std::string_view folded) const;

  Result<std::optional<LinkRecord>> FindLink(const referral::ExternalRef& ref) const;
  // As stored: a merged one is not followed.
  Result<std::optional<EntityRecord>> FindEntity(EntityId id) const;
  Result<EntityRecord> NeedEntity(EntityId id) const;
  // Who `id` is now, through any chain of merges. NotFound: nobody ever had that id.
  Result<EntityId> Survivor(EntityId id) const;
  // Who holds the e-mail; at most `count_max`, ascending.
  Result<std::vector<EntityId>> HoldersOf(std::string_view folded_email, size_t count_max) const;

  Result<std::optional<ReferralRecord>> FindReferral(ReferralId id) const;
  Result<ReferralRecord> NeedReferral(ReferralId id) const;
  // Referrals in which `person` is the source, the contact or the rep, as `role` says; at most
  // `count_max`.
  Result<std::vector<ReferralId>> ReferralsOf(Space role, EntityId person, size_t count_max) const;
  // The facts, with every id that of a survivor.
  Result<std::vector<referral::RecordedFact>> NeedFacts(std::span<const Sequence> sequences) const;

  // Acts without their texts, which nothing that is decided or derived depends on; every id that of
  // a survivor.
  Result<std::vector<practice::RecordedAct>> NeedActs(std::span<const uint64_t> sequences) const;
  // The referrals of one in a role, folded; at most limits::kReferralsPerFoldMax, the oldest.
  Result<std::vector<referral::Referral>> FoldedReferralsOf(Space role, EntityId person) const;
  // A person's place in the chains; empty where no introduction names them.
  Result<ChainRecord> FindChain(EntityId person) const;
  // What a party folded to, as stored; nothing known: with the party's id alone.
  Result<CustomerRecord> FindCustomer(EntityId party) const;
  // A version of the sales process, as it was defined.
  Result<std::optional<practice::Process>> FindProcess(std::string_view version) const;
  // The plan that a reward act is about: it names it, or the proposal that it answers does. Empty:
  // no such proposal.
  Result<std::string> PlanOfReward(const practice::Act& act) const;
  Result<RewardBook> FindRewards(std::string_view plan) const;
  // Adds a referral that a proposal is to name, where there is such a one, and whether it is held.
  Status AddReferral(ReferralId id, RewardBook& book) const;
  // ReferralHeld and HoldReleased of one referral.
  Result<std::vector<practice::RecordedAct>> HoldActsOf(ReferralId id) const;
  // Whether a reviewer let go what a rule hit: a HoldReleased about its last introduction.
  Result<bool> IsReleased(const practice::HoldHit& hit) const;
  // Holds a referral of the book that a rule hits (practice/velocity.h), unless it was released.
  Status AddHits(ReferralId id, RewardBook& book) const;
  // The same, folded now from the acts and referrals.
  Result<CustomerRecord> FoldParty(EntityId party) const;

  Result<Event> NeedEvent(Sequence sequence) const;
  // Facts on whether the contact, a rep and a source know each other, with every id that of a
  // survivor.
  Result<std::vector<referral::RecordedFact>> RelationshipsOf(EntityId contact) const;
  Result<Totals> FindTotals() const;

  // The numbers that end the keys with `prefix`; at most `count_max`, ascending.
  Result<std::vector<uint64_t>> NumbersBehind(std::string_view prefix, size_t count_max) const;

 private:
  Status Follow(referral::Fact& fact) const;
  Status Follow(std::initializer_list<EntityId*> ids) const;

  const KeyValues& from_;
  const vault::Vault& vault_;
  DerivedKeys keys_;
};

}  // namespace referrald::ledger
