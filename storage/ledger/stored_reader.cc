#include "storage/ledger/stored_reader.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <utility>

#include "storage/base/limits.h"
#include "storage/ledger/envelope.h"
#include "storage/ledger/row_history.h"

namespace referrald::ledger {
namespace {

using referral::Introduction;
using referral::RecordedFact;
using referral::Referral;

Status NoSuch(std::string_view what, const std::string& name) {
  return Status::NotFound("there is no " + std::string(what) + " " + name, 3021);
}

// Walks the introductions around a person in both directions, nearest first.
class Surroundings {
 public:
  explicit Surroundings(const Lookup& lookup) : lookup_(lookup) {}

  Result<Reader::Connected> Walk(EntityId start) {
    Visit(start);
    while (!waiting_.empty() && !found_.truncated) {
      const EntityId person = waiting_.front();
      waiting_.pop_front();
      Status status = Follow(Space::kIntroducedBy, person);
      if (status.ok()) status = Follow(Space::kIntroducedTo, person);
      if (!status.ok()) return status;
    }
    std::ranges::sort(found_.introductions, {}, &Introduction::sequence);
    return std::move(found_);
  }

 private:
  void Visit(EntityId person) {
    if (people_.insert(person).second) waiting_.push_back(person);
  }

  Status Follow(Space direction, EntityId person) {
    const DerivedKeys& keys = lookup_.keys();
    Status damaged;
    const engine::Range range = engine::PrefixRange(keys.In(direction, person.value));
    const Status scanned =
        lookup_.from().Scan(range, [&](std::string_view key, std::string_view value) {
          const Result<IntroductionEnd> end = DecodeIntroductionEnd(value);
          if (!end) damaged = end.error();
          if (!end) return false;
          Add(direction, person, {keys::LastNumber(key)}, *end);
          return !found_.truncated;
        });
    return damaged.ok() ? scanned : damaged;
  }

  void Add(Space direction, EntityId person, ReferralId referral, const IntroductionEnd& end) {
    if (edges_.contains(referral)) return;
    if (edges_.size() == limits::kChainEdgesMax) {
      found_.truncated = true;
      return;
    }
    edges_.insert(referral);
    const bool outward = direction == Space::kIntroducedBy;
    found_.introductions.push_back({.source = outward ? person : end.person,
                                    .contact = outward ? end.person : person,
                                    .referral = referral,
                                    .sequence = end.sequence,
                                    .occurred_at = end.occurred_at});
    Visit(end.person);
  }

  const Lookup& lookup_;
  Reader::Connected found_;
  std::deque<EntityId> waiting_;
  std::set<EntityId> people_;
  std::set<ReferralId> edges_;
};

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
  const Result<std::vector<uint64_t>> numbers = lookup_.NumbersBehind(
      lookup_.keys().In(Space::kRelationship, contact.value), limits::kChainEdgesMax);
  if (!numbers) return numbers.error();
  std::vector<Sequence> sequences;
  for (const uint64_t number : *numbers) sequences.push_back({number});
  Result<std::vector<RecordedFact>> facts = lookup_.NeedFacts(sequences);
  if (!facts) return facts.error();
  // The space also holds facts in which the person is the rep or the source.
  std::erase_if(*facts, [&](const RecordedFact& fact) { return fact.fact.contact != contact; });
  return facts;
}

Result<std::vector<ContactHonesty>> StoredReader::HonestyOf(EntityId contact) const {
  const Result<referral::Entity> entity = GetEntity(contact);
  if (!entity) return entity.error();
  const Result<std::vector<RecordedFact>> relationships = RelationshipsOf(entity->id);
  if (!relationships) return relationships.error();
  const Result<std::vector<ReferralId>> ids =
      lookup_.ReferralsOf(Space::kByContact, entity->id, limits::kChainEdgesMax);
  if (!ids) return ids.error();
  std::map<EntityId, std::vector<Referral>> by_rep;
  for (const ReferralId id : *ids) {
    Result<ReferralRecord> record = lookup_.NeedReferral(id);
    if (!record) return record.error();
    by_rep[record->referral.rep].push_back(std::move(record->referral));
  }
  for (const RecordedFact& fact : *relationships) {
    if (!IsReferralEvent(fact.fact.type)) by_rep[fact.fact.rep];
  }
  if (by_rep.empty()) by_rep[EntityId{}];
  const size_t claim_count = ClaimsOf(*entity).size();
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
                                                           .now = clock_.Now()})});
  }
  return answers;
}

Result<Reader::Connected> StoredReader::IntroductionsAround(EntityId person) const {
  const Result<EntityId> survivor = lookup_.Survivor(person);
  if (!survivor) return survivor.error();
  return Surroundings(lookup_).Walk(*survivor);
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
