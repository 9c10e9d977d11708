// What an erasure does to the read models, and how a retried wish is known again.
#include <utility>

#include "storage/ledger/projector.h"

namespace referrald::ledger {
namespace {

// What the receipt of a wish said, told from its event.
struct Told {
  Sequence sequence;

  IdempotencyRecord operator()(const RowSeen& row) const { return About(row.entity); }
  IdempotencyRecord operator()(const RowDeleted& row) const { return About(row.entity); }
  IdempotencyRecord operator()(const PartyMerged& merged) const { return About(merged.winner); }
  IdempotencyRecord operator()(const PartyErased& erased) const { return About(erased.entity); }
  IdempotencyRecord operator()(const HeadAccepted&) const { return About({}); }
  IdempotencyRecord operator()(const NumberRetired&) const { return About({}); }
  IdempotencyRecord operator()(const CheckpointSigned&) const { return About({}); }
  IdempotencyRecord operator()(const SyncFinished&) const { return About({}); }
  IdempotencyRecord operator()(const WishAnswered& answered) const {
    return {
        .payload = {}, .sequence = answered.sequence, .referral = {}, .entity = answered.entity};
  }
  IdempotencyRecord operator()(const practice::Act& act) const { return About(act.party); }
  IdempotencyRecord operator()(const referral::Fact& fact) const {
    return {.payload = {}, .sequence = sequence, .referral = fact.referral, .entity = {}};
  }

  IdempotencyRecord About(EntityId entity) const {
    return {.payload = {}, .sequence = sequence, .referral = {}, .entity = entity};
  }
};

}  // namespace

void Projector::KeepIdempotency(const Event& event) {
  if (event.idempotency == Hash128{}) return;
  std::string key = lookup_.keys().In(Space::kIdempotency, event.idempotency);
  // Two events of one wish: the first one answers for it.
  const Result<std::optional<std::string>> known = to_.Get(key);
  if (known && *known) return;
  IdempotencyRecord record = std::visit(Told{event.sequence}, event.body);
  record.payload = event.payload;
  to_.Put(std::move(key), Encode(record));
}

Status Projector::Apply(const Event& event, const PartyErased& erased) {
  for (const Hash128& tombstone : erased.tombstones) {
    to_.Put(lookup_.keys().In(Space::kTombstone, tombstone), {});
  }
  if (erased.entity) {
    if (Status status = MakeNobody(event, erased.entity); !status.ok()) return status;
  }
  return CountErased();
}

Status Projector::MakeNobody(const Event& event, EntityId id) {
  const DerivedKeys& keys = lookup_.keys();
  Result<EntityRecord> record = lookup_.NeedEntity(id);
  if (!record) return record.error();
  const Status forgotten = Forget(record->entity);
  if (!forgotten.ok()) return forgotten;
  record->updated = event.sequence;
  record->entity.erased = true;
  record->entity.links.clear();
  const Result<std::string> bytes = EncodeEntity(vault_, *record);
  if (!bytes) return bytes.error();
  to_.Put(keys.In(Space::kEntity, id.value), *bytes);
  to_.Put(keys.In(Space::kErased, id.value), EncodeNumber(event.sequence.value));
  return RefoldCustomer(id);
}

Status Projector::Forget(const referral::Entity& entity) {
  for (const referral::Link& link : entity.links) {
    to_.Delete(lookup_.LinkKey(link.ref));
    to_.Delete(lookup_.keys().In(Space::kGoneBefore, link.first_event.value));
  }
  referral::Entity nobody = entity;
  nobody.links.clear();
  return SaveTerms(entity, nobody);
}

Status Projector::CountErased() {
  Result<Totals> totals = lookup_.FindTotals();
  if (!totals) return totals.error();
  ++totals->erased;
  to_.Put(lookup_.keys().In(Space::kTotals), Encode(*totals));
  return Status::Ok();
}

}  // namespace referrald::ledger
