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

Result<std::optional<referral::Referral>> StoredReader::FoldAsOf(ReferralId id,
                                                                 const AsOf& as_of) const {
  const auto facts = FactsAsOf(id, as_of);
  if (!facts) return facts.error();
  if (facts->empty()) return std::optional<referral::Referral>();
  std::vector<referral::Referral> all{referral::Fold(id, *facts)};
  const EntityId contact = all.front().contact;
  if (!contact) return std::optional(std::move(all.front()));
  const auto ids = lookup_.ReferralsOf(Space::kByContact, contact, limits::kReferralsPerFoldMax);
  if (!ids) return ids.error();
  for (const ReferralId other : *ids) {
    if (other == id) continue;
    const auto theirs = FactsAsOf(other, as_of);
    if (!theirs) return theirs.error();
    if (!theirs->empty()) all.push_back(referral::Fold(other, *theirs));
  }
  auto relationships = RelationshipsOf(contact);
  if (!relationships) return relationships.error();
  std::erase_if(*relationships, [&as_of](const auto& fact) { return !as_of.Knows(fact); });
  referral::Settle(all, *relationships);
  return std::optional(std::move(all.front()));
}

Result<referral::Referral> StoredReader::GetReferralAsOf(ReferralId id, const AsOf& as_of) const {
  auto referral = FoldAsOf(id, as_of);
  if (!referral) return referral.error();
  if (!*referral) {
    return Status::NotFound("nothing was known of referral " + ToText(id) + " by then", 3021);
  }
  return **std::move(referral);
}

Result<std::vector<referral::Referral>> StoredReader::ReferralsAsOf(Space role, EntityId person,
                                                                    const AsOf& as_of) const {
  const auto ids = lookup_.ReferralsOf(role, person, limits::kReferralsPerFoldMax);
  if (!ids) return ids.error();
  std::vector<referral::Referral> referrals;
  for (const ReferralId id : *ids) {
    auto referral = FoldAsOf(id, as_of);
    if (!referral) return referral.error();
    if (*referral) referrals.push_back(**std::move(referral));
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
  const auto arrivals = ReferralsAsOf(Space::kByContact, *survivor, as_of);
  if (!arrivals) return arrivals.error();
  return practice::FoldCustomer(*survivor,
                                {.acts = *acts, .referrals = *referrals, .as_contact = *arrivals});
}

}  // namespace referrald::ledger
