#pragma once

#include <map>
#include <span>
#include <vector>

#include "storage/ledger/chain_record.h"
#include "storage/ledger/lookup.h"
#include "storage/ledger/transaction.h"
#include "storage/referral/chain.h"
#include "storage/referral/referral.h"

namespace referrald::ledger {

// Keeps the attribution forest with every change of a referral, equal to what BuildForest makes of
// all introductions (storage/referral/chain.h).
//
// An introduction of somebody whom nobody brought before, or who was brought earlier, changes one
// line of the forest: a write for each ancestor. Anything else (the first introduction of somebody
// is told late, taken back, or would close a circle) may change who is credited anywhere around it:
// then the forest of everybody connected is made anew, in memory. Borrows both.
class ChainWriter {
 public:
  ChainWriter(Transaction& to, const Lookup& lookup) : to_(to), lookup_(lookup) {}

  // The indexes of introductions must say `after` already.
  Status Change(const referral::Referral& before, const referral::Referral& after);

 private:
  using Places = std::map<EntityId, ChainRecord>;

  // What the deal of `referral` adds to what its contact is worth. Two introductions may lead to
  // one deal, which is worth what the older record says, once.
  Result<Amounts> WonBy(const referral::Referral& referral) const;
  Result<ChainRecord> Find(EntityId person) const;
  void Put(EntityId person, const ChainRecord& record);
  Status AddWon(EntityId person, const Amounts& won, int64_t times);
  // True: done. False: more than one line of the forest changes by it.
  Result<bool> AddOne(const referral::Introduction& edge);
  Result<bool> TakeUncredited(const referral::Introduction& edge);
  Status Hang(const referral::Introduction& edge, ChainRecord contact,
              std::span<const EntityId> line);
  Status MakeAnew(std::span<const EntityId> around);
  void Replace(const Places& before, const Places& after);
  // From `person` up to the root, `person` first.
  Result<std::vector<EntityId>> LineOf(EntityId person) const;

  Transaction& to_;
  const Lookup& lookup_;
};

}  // namespace referrald::ledger
