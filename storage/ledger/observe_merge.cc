// Rows that say they became another row (MasterRecordId).
#include <array>
#include <utility>

#include "storage/base/limits.h"
#include "storage/ledger/observe.h"
#include "storage/ledger/row_limits.h"

namespace referrald::ledger {
namespace {

constexpr size_t kRelationshipsMax = 1000;

RowResult Merged(const Row& row, EntityId winner, RowOutcome outcome) {
  RowResult result;
  result.record = row.record;
  result.outcome = outcome;
  result.entity = winner;
  return result;
}

RowResult UnknownWinner(const Row& row) {
  return Refused(row, RowOutcome::kQuarantined, 2204,
                 "the row says it was merged into a row that was never imported; import that one "
                 "first, then this file again");
}

RowResult TooMuch(const Row& row, EntityId loser) {
  return Refused(row, RowOutcome::kQuarantined, 2301,
                 "the merge would move more than " + std::to_string(limits::kMergeReferralsMax) +
                     " referrals of entity " + std::to_string(loser.value) + " in one commit");
}

RowResult Circle(const Row& row) {
  return Refused(row, RowOutcome::kQuarantined, 2305,
                 "the row says it was merged into itself, directly or through other rows");
}

bool RefersToSelf(const referral::Referral& referral, EntityId loser, EntityId winner) {
  std::array parties = {referral.source, referral.contact, referral.rep};
  for (EntityId& party : parties) {
    if (party == loser) party = winner;
  }
  const auto same = [&](size_t left, size_t right) {
    return parties[left] && parties[left] == parties[right];
  };
  return same(0, 1) || same(0, 2) || same(1, 2);
}

}  // namespace

Result<RowResult> RowDecider::DecideMerge(const Row& row, const std::optional<LinkRecord>& link) {
  if (row.ref == *row.merged_into) return Circle(row);
  const Result<std::optional<LinkRecord>> winner = scope_.lookup().FindLink(*row.merged_into);
  if (!winner) return winner.error();
  if (!*winner || !(*winner)->entity) return UnknownWinner(row);
  const EntityId entity = (*winner)->entity;
  // The winner is gone because it was merged into this row before; both cannot be.
  if ((*winner)->deleted && link && !link->deleted && link->entity == entity) return Circle(row);
  if (!link || !link->entity) return Alias(row, entity);
  return Unite(row, *link, entity);
}

Result<RowResult> RowDecider::Alias(const Row& row, EntityId winner) {
  const Result<EntityRecord> known = scope_.lookup().NeedEntity(winner);
  if (!known) return known.error();
  if (known->entity.kind != row.kind) return OtherKind(row, known->entity);
  if (!HasRoomFor(known->entity, row)) return Full(row, known->entity);
  // What the row said is history; its name must keep leading to the survivor.
  const Status status = AppendDeleted(row, winner);
  if (!status.ok()) return status;
  return Merged(row, winner, RowOutcome::kMerged);
}

Result<RowResult> RowDecider::Unite(const Row& row, const LinkRecord& link, EntityId winner) {
  const bool is_news = link.entity != winner;
  const bool is_gone_now = row.deleted && !link.deleted;
  if (!is_news && !is_gone_now) return Merged(row, winner, RowOutcome::kUnchanged);
  if (is_news) {
    Result<std::optional<RowResult>> refused = RefuseUnion(row, link.entity, winner);
    if (!refused) return refused.error();
    if (*refused) return std::move(**refused);
    const Status status = Append(row, PartyMerged{.loser = link.entity,
                                                  .winner = winner,
                                                  .feed = origin_.feed,
                                                  .run = origin_.run,
                                                  .row = row.record});
    if (!status.ok()) return status;
  }
  if (is_gone_now) {
    const Status status = AppendDeleted(row, winner);
    if (!status.ok()) return status;
  }
  return Merged(row, winner, RowOutcome::kMerged);
}

Result<std::optional<RowResult>> RowDecider::RefuseUnion(const Row& row, EntityId loser,
                                                         EntityId winner) {
  const Result<EntityRecord> losing = scope_.lookup().NeedEntity(loser);
  if (!losing) return losing.error();
  const Result<EntityRecord> winning = scope_.lookup().NeedEntity(winner);
  if (!winning) return winning.error();
  if (losing->entity.kind != winning->entity.kind) {
    return std::optional(OtherKind(row, winning->entity));
  }
  if (!HasRoomFor(winning->entity, losing->entity)) {
    return std::optional(Full(row, winning->entity));
  }
  return RefuseReferrals(row, loser, winner);
}

Result<std::optional<RowResult>> RowDecider::RefuseReferrals(const Row& row, EntityId loser,
                                                             EntityId winner) {
  const Lookup& lookup = scope_.lookup();
  size_t count = 0;
  for (const Space role : {Space::kBySource, Space::kByContact, Space::kByRep}) {
    const Result<std::vector<ReferralId>> ids =
        lookup.ReferralsOf(role, loser, limits::kMergeReferralsMax + 1);
    if (!ids) return ids.error();
    count += ids->size();
    if (count > limits::kMergeReferralsMax) return std::optional(TooMuch(row, loser));
    for (const ReferralId id : *ids) {
      const Result<ReferralRecord> record = lookup.NeedReferral(id);
      if (!record) return record.error();
      if (!RefersToSelf(record->referral, loser, winner)) continue;
      return std::optional(Refused(row, RowOutcome::kHeld, 3002,
                                   "the merge would make referral " + ToText(id) +
                                       " a self-referral; a person must say which is right"));
    }
  }
  const Result<std::vector<uint64_t>> relationships = lookup.NumbersBehind(
      lookup.keys().In(Space::kRelationship, loser.value), kRelationshipsMax + 1);
  if (!relationships) return relationships.error();
  if (relationships->size() > kRelationshipsMax) return std::optional(TooMuch(row, loser));
  return std::optional<RowResult>{};
}

}  // namespace referrald::ledger
