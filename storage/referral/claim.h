#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "storage/referral/entity.h"

namespace referrald::referral {

// What a pick list says about where a contact came from. Only the first four are claims that a
// person referred somebody; none of them is evidence (R04, R07).
enum class ClaimCategory : uint8_t {
  kCustomerReferral,  // "Referral", "Customer Referral", "External Referral", ...
  kEmployeeReferral,
  kPartnerReferral,
  kWordOfMouth,
  kNamedReferrer,  // A "Referred By" text or link.
};

std::string_view ClaimCategoryName(ClaimCategory category);  // "customer_referral", ...

// A reading of one row: somebody wrote that there was a referral. Borrows the entity's link.
struct Claim {
  ClaimCategory category = ClaimCategory::kCustomerReferral;
  std::string_view text;                // The pick-list value or the name, as it stands in the row.
  const Link* link = nullptr;           // Row and event that say so.
  std::optional<ExternalRef> referrer;  // Where the system holds a link to the referrer.
};

// The category of a lead-source value, compared without case, accents and punctuation, in the
// languages of the connectors; nothing for values that name no person. HubSpot's "Referrals" is web
// traffic and no claim: FORMATS section 3.
std::optional<ClaimCategory> ClassifyLeadSource(std::string_view value);

// The claims in the live links of `entity`, in link order.
std::vector<Claim> ClaimsOf(const Entity& entity);

}  // namespace referrald::referral
