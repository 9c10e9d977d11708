#include "storage/ledger/stored_reader.h"

#include <algorithm>
#include <map>
#include <utility>

#include "storage/base/limits.h"
#include "storage/ledger/envelope.h"
#include "storage/ledger/row_history.h"

namespace referrald::ledger {
namespace {

using referral::RecordedFact;
using referral::Referral;

Status NoSuch(std::string_view what, const std::string& name) {
  return Status::NotFound("there is no " + std::string(what) + " " + name, 3021);
}

}  // namespace

StoredReader::StoredReader(const StorePlace& place, const Clock& clock,
                           std::unique_ptr<Instant> instant)
    : place_(place),
      clock_(clock),
      instant_(std::move(instant)),
      lookup_(*instant_, place.vault, instant_->keys()) {}

Result<std::unique_ptr<Reader>> OpenReader(const StorePlace& place, const Clock& clock) {
  Result<std::unique_ptr<Instant>> instant = Instant::Take(place);
  if (!instant) return instant.error();
  return std::unique_ptr<Reader>(new StoredReader(place, clock, *std::move(instant)));
}

Result<referral::Entity> StoredReader::GetEntity(EntityId id) const {
  const Result<EntityId> survivor = lookup_.Survivor(id);
  if (!survivor) return survivor.error();
  Result<EntityRecord> record = lookup_.NeedEntity(*survivor);
  if (!record) return record.error();
  return std::move(record->entity);
}

Result<std::vector<referral::Fields>> StoredReader::FormerFields(EntityId id) const {
  const Result<referral::Entity> entity = GetEntity(id);
  if (!entity) return entity.error();
  std::vector<referral::Fields> former;
  const Status scanned = ScanRowHistory(lookup_, *entity, [&former](const Event& event) {
    const auto* const seen = std::get_if<RowSeen>(&event.body);
    if (seen != nullptr) former.push_back(seen->fields);
  });
  if (!scanned.ok()) return scanned;
  return former;
}

Result<Referral> StoredReader::GetReferral(ReferralId id) const {
  Result<std::optional<ReferralRecord>> record = lookup_.FindReferral(id);
  if (!record) return record.error();
  if (!*record) return NoSuch("referral", ToText(id));
  return std::move((*record)->referral);
}

Result<std::vector<RecordedFact>> StoredReader::FactsOf(ReferralId id) const {
  const Result<std::optional<ReferralRecord>> record = lookup_.FindReferral(id);
  if (!record) return record.error();
  if (!*record) return NoSuch("referral", ToText(id));
  return lookup_.NeedFacts((*record)->facts);
}

Result<std::vector<RecordedFact>> StoredReader::RelationshipsOf(EntityId contact) const {
  return lookup_.RelationshipsOf(contact);
}

Result<std::vector<ContactHonesty>> StoredReader::HonestyOf(EntityId contact,
                                                            const AsOf& as_of) const {
  const Result<referral::Entity> entity = GetEntity(contact);
  if (!entity) return entity.error();
  Result<std::vector<RecordedFact>> relationships = RelationshipsOf(entity->id);
  if (!relationships) return relationships.error();
  std::erase_if(*relationships, [&as_of](const RecordedFact& fact) { return !as_of.Knows(fact); });
  auto all = as_of.empty() ? lookup_.FoldedReferralsOf(Space::kByContact, entity->id)
                           : ReferralsAsOf(Space::kByContact, entity->id, as_of);
  if (!all) return all.error();
  std::map<EntityId, std::vector<Referral>> by_rep;
  for (Referral& referral : *all) by_rep[referral.rep].push_back(std::move(referral));
  for (const RecordedFact& fact : *relationships) {
    if (!IsReferralEvent(fact.fact.type)) by_rep[fact.fact.rep];
  }
  if (by_rep.empty()) by_rep[EntityId{}];
  const size_t claim_count = ClaimsOf(*entity).size();
  const Timestamp now = as_of.occurred == Timestamp{} ? clock_.Now() : as_of.occurred;
  std::vector<ContactHonesty> answers;
  for (const auto& [rep, referrals] : by_rep) {
    std::vector<RecordedFact> theirs = *relationships;
    std::erase_if(theirs, [other_than = rep](const RecordedFact& fact) {
      return !IsReferralEvent(fact.fact.type) && fact.fact.rep != other_than;
    });
    answers.push_back({.rep = rep,
                       .honesty = referral::TemperatureOf({.referrals = referrals,
                                                           .relationships = theirs,
                                                           .claim_count = claim_count,
                                                           .now = now})});
  }
  return answers;
}

Result<Event> StoredReader::GetEvent(Sequence sequence) const {
  const Result<std::optional<std::string>> bytes = instant_->Get(keys::Event(sequence));
  if (!bytes) return bytes.error();
  if (!*bytes || sequence > head()) return NoSuch("event", ToText(sequence));
  return DecodeEvent(place_.vault, sequence, **bytes);
}

Result<Totals> StoredReader::GetTotals() const {
  Result<Totals> totals = lookup_.FindTotals();
  if (totals) totals->events = head().value;
  return totals;
}

}  // namespace referrald::ledger
