#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/referral/claim.h"
#include "storage/referral/referral.h"

namespace referrald::referral {

// There are two. WARM is not a value (R05). Stored; never renumber.
enum class Temperature : uint8_t { kCold = 1, kHot = 2 };
// InvalidArgument (RFD3010) for anything but COLD and HOT; for WARM the message explains why.
Result<Temperature> ParseTemperature(std::string_view name);
std::string_view TemperatureName(Temperature temperature);  // "COLD", "HOT"

// What the relation is, by the facts. Never editable (domain.md, section 3). Stored; never
// renumber.
enum class ReferralKind : uint8_t {
  kListed = 1,    // Only a list or a network did: nobody named them.
  kLead = 2,      // Somebody named them.
  kReferral = 3,  // An introduction, with evidence, before the first outreach.
  kKnown = 4,     // The rep already knew them.
};
std::string_view ReferralKindName(ReferralKind kind);  // "LISTED", "LEAD", "REFERRAL", "KNOWN"

// What there is to know about a contact and a rep.
struct HonestyFacts {
  std::span<const Referral> referrals;          // With this contact and rep, folded.
  std::span<const RecordedFact> relationships;  // RelationshipConfirmed/Denied of rep and contact,
                                                // and AcquaintanceDenied of a source and contact.
  size_t claim_count = 0;                       // Claims found in rows: they make a LEAD at most.
  Timestamp now{};
};

struct Honesty {
  Temperature temperature = Temperature::kCold;
  ReferralKind kind = ReferralKind::kListed;
  std::string_view basis;         // "INTRODUCTION", "ALREADY_KNOWN", "NAME_ONLY", "CLAIM_ONLY",
                                  // "DENIED", "AFTER_OUTREACH", "NO_CONTACT".
  std::vector<Sequence> because;  // The events it stands on.
};

// The honesty gate: a pure function of the log. Only IntroductionMade with evidence, at or before
// the first outreach and not denied, or a relationship confirmed by a person before it, is HOT.
Honesty TemperatureOf(const HonestyFacts& facts);

// Brings what each of `referrals`, all there are of one contact, says of its introduction
// (rescued_by_introduction, earlier_outreach, acquaintance, denial) up to what the others and
// `relationships`, as in HonestyFacts, say: a rep's outreach in one record comes before the
// introduction in another.
void Settle(std::span<Referral> referrals, std::span<const RecordedFact> relationships);

// "HOT because somebody introduced them (e_12)": one sentence, without names.
std::string Explain(const Honesty& honesty);

}  // namespace referrald::referral
