#pragma once

#include <compare>
#include <string>
#include <vector>

#include "storage/ledger/keys.h"
#include "storage/referral/entity.h"

namespace referrald::ledger {

// Something an entity can be found by: a folded e-mail, phone number, name or word of a name, or
// what it has in common with others (likeness.h).
struct Term {
  Space space = Space::kName;
  std::string text;

  friend auto operator<=>(const Term&, const Term&) = default;
};

// What the live rows of `entity` say (all rows where none is live). Sorted, each once.
std::vector<Term> TermsOf(const referral::Entity& entity);

// The e-mail of a row as it is compared; empty where it has none that looks like one.
std::string EmailOf(const referral::Fields& fields);

}  // namespace referrald::ledger
