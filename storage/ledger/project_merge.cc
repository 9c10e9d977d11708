// What a merge does to the read models.
#include <utility>

#include "storage/base/limits.h"
#include "storage/ledger/projector.h"

namespace referrald::ledger {

Status Projector::Apply(const Event& event, const PartyMerged& merged) {
  Result<EntityRecord> loser = lookup_.NeedEntity(merged.loser);
  if (!loser) return loser.error();
  Result<EntityRecord> winner = lookup_.NeedEntity(merged.winner);
  if (!winner) return winner.error();
  if (loser->entity.merged_into || winner->entity.merged_into || merged.loser == merged.winner) {
    return Damaged("merge of merged parties: the log");
  }
  const referral::Entity loser_before = loser->entity;
  const referral::Entity winner_before = winner->entity;
  loser->updated = event.sequence;
  winner->updated = event.sequence;
  loser->entity.merged_into = merged.winner;
  Status status = MoveLinks(*loser, *winner);
  if (status.ok()) status = Save(loser_before, std::move(*loser));
  if (status.ok()) status = Save(winner_before, std::move(*winner));
  if (status.ok()) status = Count(loser_before.kind, -1);
  if (status.ok()) status = MoveRelationships(merged.loser, merged.winner);
  if (status.ok()) status = MoveReferrals(merged.loser);
  if (status.ok()) status = MoveActs(merged.loser, merged.winner);
  return status;
}

Status Projector::MoveLinks(EntityRecord& from, EntityRecord& to) {
  for (referral::Link& link : from.entity.links) {
    Result<std::optional<LinkRecord>> record = lookup_.FindLink(link.ref);
    if (!record) return record.error();
    if (!*record) return Damaged("link of entity " + std::to_string(from.entity.id.value));
    (*record)->entity = to.entity.id;
    to_.Put(lookup_.LinkKey(link.ref), Encode(**record));
    to.entity.links.push_back(std::move(link));
  }
  from.entity.links.clear();
  return Status::Ok();
}

Status Projector::MoveRelationships(EntityId from, EntityId to) {
  const DerivedKeys& keys = lookup_.keys();
  const Result<std::vector<uint64_t>> sequences =
      lookup_.NumbersBehind(keys.In(Space::kRelationship, from.value), SIZE_MAX);
  if (!sequences) return sequences.error();
  for (const uint64_t sequence : *sequences) {
    to_.Delete(keys.In(Space::kRelationship, from.value, sequence));
    to_.Put(keys.In(Space::kRelationship, to.value, sequence), {});
  }
  return Status::Ok();
}

Status Projector::MoveReferrals(EntityId person) {
  for (const Space role :
       {Space::kBySource, Space::kByContact, Space::kByRep, Space::kByOpportunity}) {
    // Each refold moves the referral away from `person`, so the list is read once per role.
    const Result<std::vector<ReferralId>> ids = lookup_.ReferralsOf(role, person, SIZE_MAX);
    if (!ids) return ids.error();
    for (const ReferralId id : *ids) {
      Result<ReferralRecord> record = lookup_.NeedReferral(id);
      if (!record) return record.error();
      std::vector<Sequence> facts = record->facts;
      const Status status = Refold(id, std::move(*record), std::move(facts));
      if (!status.ok()) return status;
    }
  }
  return Status::Ok();
}

}  // namespace referrald::ledger
