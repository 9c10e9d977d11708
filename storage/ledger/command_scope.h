#pragma once

#include "storage/base/time.h"
#include "storage/ledger/event.h"
#include "storage/ledger/lookup.h"
#include "storage/ledger/projector.h"
#include "storage/ledger/transaction.h"
#include "storage/vault/vault.h"

namespace referrald::ledger {

// What one command decides on: all that is stored, what earlier commands of its group have changed,
// and its own changes so far. A command that is refused is forgotten with its scope.
//
// Belongs to the writer thread (or to one dry run). Borrows everything.
class CommandScope {
 public:
  // `end`: where the log ends so far.
  CommandScope(KeyValues& below, const vault::Vault& vault, DerivedKeys keys, Timestamp now,
               const Head& end);

  const Lookup& lookup() const { return lookup_; }
  const vault::Vault& vault() const { return vault_; }
  Timestamp now() const { return now_; }
  // The sequence that Append gives next: the id of an entity or referral that it brings.
  Sequence next() const { return {end_.last.value + 1}; }
  // Where the log ends with what was appended here.
  const Head& end() const { return end_; }

  // Puts `event` at the end of the log, with its sequence and time of recording, and projects it.
  Result<Sequence> Append(Event event);

  Transaction& changes() { return changes_; }

 private:
  const vault::Vault& vault_;
  const Timestamp now_;
  Head end_;
  Transaction changes_;
  Lookup lookup_;
  Projector projector_;
};

}  // namespace referrald::ledger
