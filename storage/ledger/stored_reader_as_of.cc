// What was known at some time, of what had happened at some time.
#include <algorithm>
#include <utility>

#include "storage/ledger/stored_reader.h"

namespace referrald::ledger {

Result<std::vector<referral::RecordedFact>> StoredReader::FactsAsOf(ReferralId id,
                                                                    const AsOf& as_of) const {
  auto facts = FactsOf(id);
  if (!facts) return facts.error();
  std::erase_if(*facts, [&as_of](const auto& fact) { return !as_of.Knows(fact); });
  return facts;
}

Result<referral::Referral> StoredReader::GetReferralAsOf(ReferralId id, const AsOf& as_of) const {
  const auto facts = FactsAsOf(id, as_of);
  if (!facts) return facts.error();
  if (facts->empty()) {
    return Status::NotFound("nothing was known of referral " + ToText(id) + " by then", 3021);
  }
  return referral::Fold(id, *facts);
}

Result<std::vector<referral::Referral>> StoredReader::ReferralsAsOf(Space role, EntityId person,
                                                                    const AsOf& as_of) const {
  const auto ids = lookup_.ReferralsOf(role, person, limits::kReferralsPerFoldMax);
  if (!ids) return ids.error();
  std::vector<referral::Referral> referrals;
  for (const ReferralId id : *ids) {
    const auto facts = FactsAsOf(id, as_of);
    if (!facts) return facts.error();
    if (!facts->empty()) referrals.push_back(referral::Fold(id, *facts));
  }
  return referrals;
}

Result<practice::Customer> StoredReader::GetCustomerAsOf(EntityId party, const AsOf& as_of) const {
  const Result<EntityId> survivor = lookup_.Survivor(party);
  if (!survivor) return survivor.error();
  auto acts = ActsAbout(*survivor);
  if (!acts) return acts.error();
  std::erase_if(*acts, [&as_of](const auto& act) { return !as_of.Knows(act); });
  const auto referrals = ReferralsAsOf(Space::kBySource, *survivor, as_of);
  if (!referrals) return referrals.error();
  return practice::FoldCustomer(*survivor, {.acts = *acts, .referrals = *referrals});
}

}  // namespace referrald::ledger
