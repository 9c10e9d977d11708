#include "storage/ledger/projector.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "storage/ledger/email_index.h"
#include "storage/ledger/row_content.h"
#include "storage/ledger/terms.h"

namespace referrald::ledger {
namespace {

using referral::Entity;
using referral::EntityKind;
using referral::Link;

std::vector<Term> Without(const std::vector<Term>& terms, const std::vector<Term>& others) {
  std::vector<Term> left;
  std::ranges::set_difference(terms, others, std::back_inserter(left));
  return left;
}

vault::IndexKind IndexKindOf(Space space) {
  if (space == Space::kAlike) return vault::IndexKind::kAlike;
  return space == Space::kPhone ? vault::IndexKind::kPhone : vault::IndexKind::kName;
}

Link LinkOf(const Event& event, const RowSeen& row) {
  return {.ref = row.ref,
          .feed = row.feed,
          .priority = row.priority,
          .run = row.run,
          .row = row.row,
          .first_event = event.sequence,
          .event = event.sequence,
          .occurred_at = event.occurred_at,
          .recorded_at = event.recorded_at,
          .deleted = false,
          .fields = row.fields,
          .associations = row.associations};
}

void PutLink(Entity& entity, Link link) {
  if (Link* const known = FindRow(entity, link.ref)) {
    link.first_event = known->first_event;
    *known = std::move(link);
  } else {
    entity.links.push_back(std::move(link));
  }
}

void MarkDeleted(const Event& event, const RowDeleted& row, Entity& entity) {
  Link* known = FindRow(entity, row.ref);
  if (known == nullptr) {
    known = &entity.links.emplace_back();
    known->ref = row.ref;
    known->first_event = event.sequence;
  }
  known->feed = row.feed;
  known->run = row.run;
  known->row = row.row;
  known->event = event.sequence;
  known->occurred_at = event.occurred_at;
  known->recorded_at = event.recorded_at;
  known->deleted = true;
}

}  // namespace

Link* FindRow(Entity& entity, const referral::ExternalRef& ref) {
  const auto link = std::ranges::find(entity.links, ref, &Link::ref);
  return link == entity.links.end() ? nullptr : &*link;
}

Status Projector::Project(const Event& event) {
  KeepIdempotency(event);
  const Status status =
      std::visit([&](const auto& body) { return Apply(event, body); }, event.body);
  return status.Prefixed("event " + ToText(event.sequence));
}

Status Projector::Apply(const Event& event, const RowSeen& row) {
  EntityRecord after;
  const bool is_new = row.entity.value == event.sequence.value;
  if (is_new) {
    after.entity.id = row.entity;
    after.entity.kind = row.kind;
  } else {
    Result<EntityRecord> known = lookup_.NeedEntity(row.entity);
    if (!known) return known.error();
    after = std::move(*known);
  }
  const Entity before = after.entity;
  after.updated = event.sequence;
  // Of somebody who is erased later in the log, what the row said is gone already.
  if (!event.redacted) {
    const Status kept = KeepGoneBefore(row.ref, event.sequence);
    if (!kept.ok()) return kept;
    PutLink(after.entity, LinkOf(event, row));
    const Hash128 print = Fingerprint(vault_, row.kind, row.fields, row.associations);
    to_.Put(
        lookup_.LinkKey(row.ref),
        Encode(LinkRecord{.entity = row.entity, .fingerprint = print, .event = event.sequence}));
  }
  if (is_new) {
    const Status counted = Count(row.kind, +1);
    if (!counted.ok()) return counted;
  }
  return Save(before, std::move(after));
}

Status Projector::KeepGoneBefore(const referral::ExternalRef& ref, Sequence now) {
  const Result<std::optional<LinkRecord>> known = lookup_.FindLink(ref);
  if (!known) return known.error();
  if (*known && !(*known)->entity) {
    to_.Put(lookup_.keys().In(Space::kGoneBefore, now.value), EncodeNumber((*known)->event.value));
  }
  return Status::Ok();
}

Status Projector::Apply(const Event& event, const RowDeleted& row) {
  if (!event.redacted) {
    const Status kept = row.entity ? KeepGoneBefore(row.ref, event.sequence) : Status::Ok();
    if (!kept.ok()) return kept;
    to_.Put(
        lookup_.LinkKey(row.ref),
        Encode(LinkRecord{
            .entity = row.entity, .fingerprint = {}, .event = event.sequence, .deleted = true}));
  }
  if (!row.entity) return Status::Ok();
  Result<EntityRecord> after = lookup_.NeedEntity(row.entity);
  if (!after) return after.error();
  const Entity before = after->entity;
  after->updated = event.sequence;
  if (!event.redacted) MarkDeleted(event, row, after->entity);
  return Save(before, std::move(*after));
}

Status Projector::Save(const Entity& before, EntityRecord after) {
  const EntityId id = after.entity.id;
  Result<std::string> record = EncodeEntity(vault_, after);
  if (!record) return record.error();
  to_.Put(lookup_.keys().In(Space::kEntity, id.value), *std::move(record));
  if (after.entity.kind == EntityKind::kOpportunity) {
    std::string deal = lookup_.keys().In(Space::kDeal, id.value);
    if (after.entity.merged_into) {
      to_.Delete(std::move(deal));
    } else {
      to_.Put(std::move(deal), {});
    }
  }
  return SaveTerms(before, after.entity);
}

Status Projector::SaveTerms(const Entity& before, const Entity& after) {
  const std::vector<Term> old_terms = TermsOf(before);
  const std::vector<Term> new_terms = TermsOf(after);
  const DerivedKeys& keys = lookup_.keys();
  for (const Term& term : Without(old_terms, new_terms)) {
    if (term.space == Space::kEmail) {
      const Status status = RemoveEmailHolder(to_, lookup_.EmailKey(term.text), after.id);
      if (!status.ok()) return status;
      continue;
    }
    const Hash128 hash = vault_.BlindIndex(IndexKindOf(term.space), term.text);
    to_.Delete(keys.In(term.space, hash, after.id));
  }
  for (const Term& term : Without(new_terms, old_terms)) {
    if (term.space == Space::kEmail) {
      const Status status = AddEmailHolder(to_, lookup_.EmailKey(term.text), after.id);
      if (!status.ok()) return status;
      continue;
    }
    const Hash128 hash = vault_.BlindIndex(IndexKindOf(term.space), term.text);
    to_.Put(keys.In(term.space, hash, after.id), {});
  }
  return Status::Ok();
}

Status Projector::Count(EntityKind kind, int64_t change) {
  Result<Totals> totals = lookup_.FindTotals();
  if (!totals) return totals.error();
  uint64_t& count = kind == EntityKind::kPerson         ? totals->persons
                    : kind == EntityKind::kOrganisation ? totals->organisations
                                                        : totals->opportunities;
  count += static_cast<uint64_t>(change);
  to_.Put(lookup_.keys().In(Space::kTotals), Encode(*totals));
  return Status::Ok();
}

}  // namespace referrald::ledger
