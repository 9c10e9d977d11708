#pragma once

#include <span>
#include <vector>

#include "storage/ledger/lookup.h"
#include "storage/referral/chain.h"

namespace referrald::ledger {

// Every introduction connected with one of `people`, over sources and contacts, by sequence. As
// much memory as there are.
Result<std::vector<referral::Introduction>> IntroductionsAround(const Lookup& lookup,
                                                                std::span<const EntityId> people);

}  // namespace referrald::ledger
