#pragma once

#include <span>
#include <string>
#include <string_view>

#include "storage/referral/entity.h"

namespace referrald::referral {

// How a row found its entity. Stored; never renumber.
enum class MatchBasis : uint8_t { kNew = 0, kExternalRef = 1, kEmail = 2 };
std::string_view MatchBasisName(MatchBasis basis);  // "new", "external_id", "email"

// What to do with a row whose external ref is unknown, given the entities that hold its e-mail.
struct MatchDecision {
  enum class Action : uint8_t { kCreate, kJoin, kHold };
  Action action = Action::kCreate;
  EntityId entity;  // Joined.
  int number = 0;   // RFD22xx: why it is held, or created beside one with the same e-mail.
  std::string reason;
};

// Joins only where nothing speaks against it. Holders that are no live person do not count. Where
// none is left: kCreate. Where each holds another row of the same system and object: kCreate beside
// them, RFD2203 (two rows of one CRM are two people until the CRM says otherwise). Otherwise two or
// more holders: kHold, RFD2201. One, but the folded last names differ: kHold, RFD2202; where they
// agree or one is missing: kJoin. Never merges by name alone, and holders may come in any order.
MatchDecision DecideMatch(const ExternalRef& ref, const Fields& fields,
                          std::span<const Entity> holders);

}  // namespace referrald::referral
