#include "storage/ledger/observe.h"

#include <algorithm>
#include <utility>

#include "storage/base/limits.h"
#include "storage/base/text.h"
#include "storage/ledger/erase.h"
#include "storage/ledger/row_content.h"
#include "storage/ledger/row_limits.h"
#include "storage/ledger/terms.h"

namespace referrald::ledger {
namespace {

using referral::Entity;
using referral::EntityKind;
using referral::Link;
using referral::MatchBasis;
using referral::MatchDecision;

// More holders than this cannot change what is decided for a row.
constexpr size_t kHoldersReadMax = 16;

RowResult ResultOf(const Row& row, RowOutcome outcome, EntityId entity) {
  RowResult result;
  result.record = row.record;
  result.outcome = outcome;
  result.entity = entity;
  return result;
}

std::vector<std::string> NamesOf(const referral::Fields& fields) {
  std::vector<std::string> names;
  for (const referral::Field& field : fields) names.push_back(field.name);
  return names;
}

// Names of the fields in which the row differs from what we last saw of it.
std::vector<std::string> Changes(const Link& before, const Row& row) {
  std::vector<std::string> names;
  for (const referral::Field& field : row.fields) {
    if (Find(before.fields, field.name) != field.value) names.push_back(field.name);
  }
  for (const referral::Field& field : before.fields) {
    if (Find(row.fields, field.name).empty()) names.push_back(field.name);
  }
  if (before.associations != row.associations) names.emplace_back("associations");
  if (before.deleted) names.emplace_back("deleted");
  std::ranges::sort(names);
  return names;
}

// The system itself says that it changed the row later than `row` knows: an older file.
bool IsStale(const Row& row, const Link& known, std::string_view feed) {
  const bool stamped = known.occurred_at != known.recorded_at;
  return row.occurred_at != Timestamp{} && stamped && known.feed == feed &&
         row.occurred_at < known.occurred_at;
}

// `row` with what it does not speak of as it was.
Row WithKnown(Row row, const Link& before) {
  const auto is_silent = [&row](std::string_view name) {
    return std::ranges::find(*row.silent, name) != row.silent->end();
  };
  for (const referral::Field& field : before.fields) {
    if (is_silent(field.name) && Find(row.fields, field.name).empty()) row.fields.push_back(field);
  }
  row.fields = referral::Normalised(std::move(row.fields));
  std::vector<referral::Association> spoken_before;
  std::vector<referral::Association> kept;
  for (const referral::Association& association : before.associations) {
    (is_silent(association.role) ? kept : spoken_before).push_back(association);
  }
  if (row.associations == spoken_before) {
    row.associations = before.associations;  // In the order in which they were.
  } else {
    row.associations.insert(row.associations.end(), kept.begin(), kept.end());
  }
  return row;
}

}  // namespace

RowResult Refused(const Row& row, RowOutcome outcome, int number, std::string reason) {
  RowResult result = ResultOf(row, outcome, EntityId{});
  result.number = number;
  result.reason = std::move(reason);
  return result;
}

Status RowDecider::Prefetch(std::span<const Row> rows) {
  const Lookup& lookup = scope_.lookup();
  std::vector<std::string> keys;
  for (const Row& row : rows) {
    keys.push_back(lookup.LinkKey(row.ref));
    if (row.merged_into) keys.push_back(lookup.LinkKey(*row.merged_into));
  }
  Status status = scope_.changes().Prefetch(keys);
  if (!status.ok()) return status;
  keys.clear();
  for (const Row& row : rows) {
    const Result<std::optional<LinkRecord>> link = lookup.FindLink(row.ref);
    if (!link) return link.error();
    if (*link && (*link)->entity) {
      const bool opened = (*link)->deleted || row.deleted || row.merged_into ||
                          (*link)->fingerprint !=
                              Fingerprint(scope_.vault(), row.kind, row.fields, row.associations);
      if (opened) keys.push_back(lookup.keys().In(Space::kEntity, (*link)->entity.value));
    } else if (row.kind == EntityKind::kPerson) {
      const std::string email = EmailOf(row.fields);
      if (!email.empty()) keys.push_back(lookup.EmailKey(email));
    }
  }
  return keys.empty() ? Status::Ok() : scope_.changes().Prefetch(keys);
}

Result<RowResult> RowDecider::Decide(const Row& row) {
  const Status usable = CheckRow(row);
  if (!usable.ok()) {
    return Refused(row, RowOutcome::kQuarantined, usable.number(), usable.message());
  }
  const Result<bool> about_erased = IsAboutErased(row);
  if (!about_erased) return about_erased.error();
  if (*about_erased) return ResultOf(row, RowOutcome::kSuppressed, EntityId{});
  const Result<std::optional<LinkRecord>> link = scope_.lookup().FindLink(row.ref);
  if (!link) return link.error();
  previous_ = *link ? (*link)->event : Sequence{};
  if (row.merged_into) return DecideMerge(row, *link);
  if (row.deleted) return DecideDeleted(row, *link);
  if (*link && (*link)->entity) return DecideKnown(row, **link);
  return DecideNew(row);
}

Result<bool> RowDecider::IsAboutErased(const Row& row) {
  if (!anybody_erased_) {
    const Result<Totals> totals = scope_.lookup().FindTotals();
    if (!totals) return totals.error();
    anybody_erased_ = totals->erased > 0;
  }
  return *anybody_erased_ ? IsSuppressed(scope_, row) : Result<bool>(false);
}

Result<RowResult> RowDecider::DecideKnown(const Row& row, const LinkRecord& link) {
  const Hash128 fingerprint = Fingerprint(scope_.vault(), row.kind, row.fields, row.associations);
  if (!link.deleted && link.fingerprint == fingerprint) {
    return ResultOf(row, RowOutcome::kUnchanged, link.entity);
  }
  Result<EntityRecord> known = scope_.lookup().NeedEntity(link.entity);
  if (!known) return known.error();
  if (known->entity.kind != row.kind) return OtherKind(row, known->entity);
  if (!HasRoomFor(known->entity, row)) return Full(row, known->entity);
  const Link* const before = FindRow(known->entity, row.ref);
  if (before == nullptr) return Damaged("link of entity " + std::to_string(link.entity.value));
  if (IsStale(row, *before, origin_.feed)) {
    RowResult result = ResultOf(row, RowOutcome::kUnchanged, link.entity);
    result.stale = true;
    return result;
  }
  return row.silent ? DecideChanged(WithKnown(row, *before), link, *before)
                    : DecideChanged(row, link, *before);
}

Result<RowResult> RowDecider::DecideChanged(const Row& row, const LinkRecord& link,
                                            const Link& before) {
  if (row.silent && !link.deleted &&
      link.fingerprint == Fingerprint(scope_.vault(), row.kind, row.fields, row.associations)) {
    return ResultOf(row, RowOutcome::kUnchanged, link.entity);
  }
  RowResult result = ResultOf(row, RowOutcome::kUpdated, link.entity);
  result.changed_fields = Changes(before, row);
  const Status status = AppendSeen(row, link.entity, MatchBasis::kExternalRef);
  if (!status.ok()) return status;
  return result;
}

Result<RowResult> RowDecider::DecideNew(const Row& row) {
  const Result<std::vector<Entity>> holders = HoldersOf(row);
  if (!holders) return holders.error();
  const MatchDecision decision = row.kind == EntityKind::kPerson
                                     ? DecideMatch(row.ref, row.fields, *holders)
                                     : MatchDecision{};
  switch (decision.action) {
    case MatchDecision::Action::kHold:
      return Refused(row, RowOutcome::kHeld, decision.number, decision.reason);
    case MatchDecision::Action::kJoin: return Join(row, decision.entity);
    case MatchDecision::Action::kCreate: break;
  }
  return Create(row, decision);
}

Result<std::vector<Entity>> RowDecider::HoldersOf(const Row& row) const {
  std::vector<Entity> holders;
  const std::string email = row.kind == EntityKind::kPerson ? EmailOf(row.fields) : std::string();
  if (email.empty()) return holders;
  const Result<std::vector<EntityId>> ids = scope_.lookup().HoldersOf(email, kHoldersReadMax);
  if (!ids) return ids.error();
  for (const EntityId id : *ids) {
    Result<EntityRecord> holder = scope_.lookup().NeedEntity(id);
    if (!holder) return holder.error();
    holders.push_back(std::move(holder->entity));
  }
  return holders;
}

Result<RowResult> RowDecider::Create(const Row& row, const MatchDecision& decision) {
  const EntityId entity{scope_.next().value};
  RowResult result = ResultOf(row, RowOutcome::kCreated, entity);
  result.basis = MatchBasis::kNew;
  result.changed_fields = NamesOf(row.fields);
  result.number = decision.number;
  result.reason = decision.reason;
  const Status status = AppendSeen(row, entity, MatchBasis::kNew);
  if (!status.ok()) return status;
  return result;
}

Result<RowResult> RowDecider::Join(const Row& row, EntityId entity) {
  Result<EntityRecord> known = scope_.lookup().NeedEntity(entity);
  if (!known) return known.error();
  if (!HasRoomFor(known->entity, row)) return Full(row, known->entity);
  RowResult result = ResultOf(row, RowOutcome::kUpdated, entity);
  result.basis = MatchBasis::kEmail;
  result.changed_fields = NamesOf(row.fields);
  const Status status = AppendSeen(row, entity, MatchBasis::kEmail);
  if (!status.ok()) return status;
  return result;
}

Result<RowResult> RowDecider::DecideDeleted(const Row& row, const std::optional<LinkRecord>& link) {
  const EntityId entity = link ? link->entity : EntityId{};
  if (link && link->deleted) return ResultOf(row, RowOutcome::kUnchanged, entity);
  // A row that was gone before we saw it creates nothing; the event keeps it known, so that the
  // next import can say "unchanged".
  const Status status = AppendDeleted(row, entity);
  if (!status.ok()) return status;
  return ResultOf(row, RowOutcome::kDeleted, entity);
}

Status RowDecider::AppendSeen(const Row& row, EntityId entity, MatchBasis basis) {
  return Append(row, RowSeen{.kind = row.kind,
                             .entity = entity,
                             .basis = basis,
                             .ref = row.ref,
                             .feed = origin_.feed,
                             .priority = origin_.priority,
                             .run = origin_.run,
                             .row = row.record,
                             .previous = previous_,
                             .fields = row.fields,
                             .associations = row.associations});
}

Status RowDecider::AppendDeleted(const Row& row, EntityId entity) {
  return Append(row, RowDeleted{.entity = entity,
                                .ref = row.ref,
                                .feed = origin_.feed,
                                .run = origin_.run,
                                .row = row.record,
                                .previous = previous_});
}

Status RowDecider::Append(const Row& row, decltype(Event::body) body) {
  return StatusOf(
      scope_.Append({.sequence = {},
                     .occurred_at = row.occurred_at == Timestamp{} ? scope_.now() : row.occurred_at,
                     .recorded_at = {},
                     .actor = origin_.actor,
                     .idempotency = origin_.idempotency,
                     .payload = origin_.payload,
                     .body = std::move(body)}));
}

}  // namespace referrald::ledger
