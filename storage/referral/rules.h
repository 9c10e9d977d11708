#pragma once

#include "storage/base/status.h"
#include "storage/referral/fact.h"

namespace referrald::referral {

// The people of a referral; 0 where nobody has said.
struct Parties {
  EntityId source, contact, rep;
};

// What `fact` says, completed by `known`.
Parties Completed(const Fact& fact, const Parties& known);

// The refusals that no path can bend: Decide applies them to wishes, Fold and TemperatureOf to what
// the log holds, so that a fact that came in some other way still makes nobody HOT.
// FailedPrecondition: RFD3002 self-referral, RFD3003 introduction without evidence, RFD3005
// automated platform request, RFD3006 implied.
Status CheckHonest(const Fact& fact, const Parties& parties);

// Whether `fact` has the members that its type needs, well formed.
// InvalidArgument: RFD3001 one is missing, RFD3009 not a type for this, RFD3011 malformed.
Status CheckComplete(const Fact& fact, const Parties& parties);

}  // namespace referrald::referral
