#pragma once

#include <span>
#include <string_view>

#include "storage/ledger/command_scope.h"
#include "storage/ledger/ledger.h"

namespace referrald::ledger {

// Finds out whom a wish is about: the survivors of those it names, of the kind that the role needs,
// not erased. A rep who is named by a row that nobody has seen is registered by the same command.
class WishParties {
 public:
  WishParties(CommandScope& scope, std::string_view actor) : scope_(scope), actor_(actor) {}

  // Puts who `party` names into `into`, which holds an id already where `party` is empty. The
  // message of a failure begins with `role`. NotFound (RFD3021), FailedPrecondition (RFD3022,
  // RFD3031 erased), InvalidArgument (RFD3023: malformed, or not one of `kinds`).
  Status Set(std::string_view role, const PartyRef& party,
             std::span<const referral::EntityKind> kinds, EntityId& into);
  // As Set, for a rep; one who is not known yet stays 0 until Register.
  Status SetRep(const PartyRef& party, EntityId& into);
  // Appends the new rep, where there is one, once everything else is decided.
  Status Register(EntityId& rep);

 private:
  Status Check(std::string_view role, EntityId id, std::span<const referral::EntityKind> kinds,
               EntityId& into);
  Status NoteNewRep(const referral::ExternalRef& ref);

  CommandScope& scope_;
  const std::string_view actor_;
  std::optional<referral::ExternalRef> new_rep_;
};

// FailedPrecondition (RFD3031). `who`: an id, or words for one.
Status IsErased(std::string_view role, const std::string& who);

}  // namespace referrald::ledger
