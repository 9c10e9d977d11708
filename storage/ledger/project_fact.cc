// What facts about referrals and relationships do to the read models.
#include <algorithm>
#include <map>
#include <utility>

#include "storage/base/limits.h"
#include "storage/ledger/chain_writer.h"
#include "storage/ledger/projector.h"
#include "storage/referral/temperature.h"

namespace referrald::ledger {
namespace {

using referral::EventType;
using referral::Referral;

// Who the read model of relationships should answer for (domain.md, section 3).
std::vector<EntityId> Acquainted(const referral::Fact& fact) {
  std::vector<EntityId> people;
  switch (fact.type) {
    case EventType::kRelationshipConfirmed:
    case EventType::kRelationshipDenied: people = {fact.contact, fact.rep}; break;
    case EventType::kAcquaintanceDenied: people = {fact.contact, fact.source}; break;
    default: break;
  }
  std::erase(people, EntityId{});
  return people;
}

// Every index entry of a referral, but for the triple, which several may share.
std::map<std::string, std::string> EntriesOf(const DerivedKeys& keys, const Referral& referral) {
  std::map<std::string, std::string> entries;
  if (referral.state == referral::State::kNone && !referral.contact) return entries;
  const uint64_t id = referral.id.value;
  if (referral.source) entries[keys.In(Space::kBySource, referral.source.value, id)];
  if (referral.contact) entries[keys.In(Space::kByContact, referral.contact.value, id)];
  if (referral.rep) entries[keys.In(Space::kByRep, referral.rep.value, id)];
  if (referral.opportunity) {
    entries[keys.In(Space::kByOpportunity, referral.opportunity.value, id)];
  }
  std::string by_state = keys.In(Space::kByState);
  by_state.push_back(static_cast<char>(referral.state));
  entries[by_state.append(EncodeNumber(id))];
  if (!IntroductionOf(referral)) return entries;
  entries[keys.In(Space::kIntroducedBy, referral.source.value, id)] =
      Encode(IntroductionEnd{.person = referral.contact,
                             .sequence = referral.introduction,
                             .occurred_at = referral.introduced_at});
  entries[keys.In(Space::kIntroducedTo, referral.contact.value, id)] =
      Encode(IntroductionEnd{.person = referral.source,
                             .sequence = referral.introduction,
                             .occurred_at = referral.introduced_at});
  return entries;
}

bool SameParties(const Referral& left, const Referral& right) {
  return left.source == right.source && left.contact == right.contact && left.rep == right.rep;
}

}  // namespace

Status Projector::Apply(const Event& event, const referral::Fact& fact) {
  for (const EntityId person : Acquainted(fact)) {
    to_.Put(lookup_.keys().In(Space::kRelationship, person.value, event.sequence.value), {});
  }
  if (!IsReferralEvent(fact.type)) return Settle(fact.contact, nullptr);
  Result<std::optional<ReferralRecord>> before = lookup_.FindReferral(fact.referral);
  if (!before) return before.error();
  std::vector<Sequence> facts = *before ? (*before)->facts : std::vector<Sequence>{};
  facts.push_back(event.sequence);
  return Refold(fact.referral, *before, std::move(facts));
}

Status Projector::Refold(ReferralId id, const std::optional<ReferralRecord>& before,
                         std::vector<Sequence> facts) {
  const Result<std::vector<referral::RecordedFact>> recorded = lookup_.NeedFacts(facts);
  if (!recorded) return recorded.error();
  ReferralRecord after{.referral = Fold(id, *recorded), .facts = std::move(facts)};
  Referral old;
  old.id = id;
  if (before) old = before->referral;
  const Status settled = Settle(after.referral.contact, &after);
  return settled.ok() ? Save(old, after, /*is_new=*/!before) : settled;
}

Status Projector::Settle(EntityId contact, ReferralRecord* changed) {
  if (!contact) return Status::Ok();
  const auto ids = lookup_.ReferralsOf(Space::kByContact, contact, limits::kReferralsPerFoldMax);
  if (!ids) return ids.error();
  std::vector<ReferralRecord> records;
  std::vector<Referral> all;
  for (const ReferralId id : *ids) {
    if (changed != nullptr && id == changed->referral.id) continue;
    Result<ReferralRecord> other = lookup_.NeedReferral(id);
    if (!other) return other.error();
    all.push_back(other->referral);
    records.push_back(*std::move(other));
  }
  if (changed != nullptr) all.push_back(changed->referral);
  const auto relationships = lookup_.RelationshipsOf(contact);
  if (!relationships) return relationships.error();
  referral::Settle(all, *relationships);
  if (changed != nullptr) changed->referral = all.back();
  for (size_t i = 0; i < records.size(); ++i) {
    if (records[i].referral == all[i]) continue;
    const Referral before = std::exchange(records[i].referral, all[i]);
    if (Status status = Save(before, records[i], /*is_new=*/false); !status.ok()) return status;
  }
  return Status::Ok();
}

Status Projector::Save(const Referral& old, const ReferralRecord& after, bool is_new) {
  to_.Put(lookup_.keys().In(Space::kReferral, after.referral.id.value), Encode(after));
  Status status = SaveIndexes(old, after.referral);
  if (status.ok()) status = SaveTriple(old, after.referral);
  if (status.ok()) status = CountReferral(old, after.referral, is_new);
  if (status.ok()) status = ChainWriter(to_, lookup_).Change(old, after.referral);
  // What is asked of the people in it follows from what it is now.
  for (const EntityId person : {after.referral.source, after.referral.contact}) {
    if (status.ok()) status = RefoldCustomer(person);
  }
  return status;
}

Status Projector::SaveIndexes(const Referral& before, const Referral& after) {
  const auto old_entries = EntriesOf(lookup_.keys(), before);
  const auto new_entries = EntriesOf(lookup_.keys(), after);
  for (const auto& [key, value] : old_entries) {
    if (!new_entries.contains(key)) to_.Delete(key);
  }
  for (const auto& [key, value] : new_entries) {
    const auto old = old_entries.find(key);
    if (old == old_entries.end() || old->second != value) to_.Put(key, value);
  }
  return Status::Ok();
}

Status Projector::SaveTriple(const Referral& before, const Referral& after) {
  const auto key_of = [this](const Referral& referral) {
    return lookup_.keys().Triple(referral.source, referral.contact, referral.rep);
  };
  const auto holder_of = [this](const std::string& key) -> Result<uint64_t> {
    const Result<std::optional<std::string>> bytes = to_.Get(key);
    if (!bytes) return bytes.error();
    return *bytes ? DecodeNumber(**bytes) : Result<uint64_t>(0);
  };
  if (before.contact && !SameParties(before, after)) {
    const Result<uint64_t> holder = holder_of(key_of(before));
    if (!holder) return holder.error();
    if (*holder == before.id.value) to_.Delete(key_of(before));
  }
  const Result<uint64_t> holder = holder_of(key_of(after));
  if (!holder) return holder.error();
  // Two referrals of merged people may share a triple: new facts go to the older one.
  if (*holder == 0 || *holder > after.id.value) {
    to_.Put(key_of(after), EncodeNumber(after.id.value));
  }
  return Status::Ok();
}

Status Projector::CountReferral(const Referral& before, const Referral& after, bool is_new) {
  Result<Totals> totals = lookup_.FindTotals();
  if (!totals) return totals.error();
  if (is_new) ++totals->referrals;
  const bool is_introduced = IntroductionOf(after).has_value();
  const bool was_introduced = IntroductionOf(before).has_value();
  if (is_introduced && !was_introduced) ++totals->introductions;
  if (!is_introduced && was_introduced) --totals->introductions;
  to_.Put(lookup_.keys().In(Space::kTotals), Encode(*totals));
  return Status::Ok();
}

}  // namespace referrald::ledger
