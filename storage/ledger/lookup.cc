#include "storage/ledger/lookup.h"

#include <algorithm>
#include <utility>

#include "storage/base/limits.h"
#include "storage/ledger/email_index.h"
#include "storage/ledger/envelope.h"

namespace referrald::ledger {

using vault::IndexKind;

std::string Lookup::LinkKey(const referral::ExternalRef& ref) const {
  return keys_.In(Space::kLink, vault_.BlindIndex(IndexKind::kExternalRef, ToText(ref)));
}

std::string Lookup::EmailKey(std::string_view folded) const {
  return keys_.In(Space::kEmail, vault_.BlindIndex(IndexKind::kEmail, folded));
}

Result<std::optional<LinkRecord>> Lookup::FindLink(const referral::ExternalRef& ref) const {
  const Result<std::optional<std::string>> bytes = from_.Get(LinkKey(ref));
  if (!bytes) return bytes.error();
  if (!*bytes) return std::optional<LinkRecord>{};
  Result<LinkRecord> link = DecodeLink(**bytes);
  if (!link) return link.error();
  return std::optional<LinkRecord>{*link};
}

Result<std::optional<EntityRecord>> Lookup::FindEntity(EntityId id) const {
  const Result<std::optional<std::string>> bytes = from_.Get(keys_.In(Space::kEntity, id.value));
  if (!bytes) return bytes.error();
  if (!*bytes) return std::optional<EntityRecord>{};
  Result<EntityRecord> record = DecodeEntity(vault_, id, **bytes);
  if (!record) return record.error();
  return std::optional<EntityRecord>{std::move(*record)};
}

Result<EntityRecord> Lookup::NeedEntity(EntityId id) const {
  Result<std::optional<EntityRecord>> record = FindEntity(id);
  if (!record) return record.error();
  if (!*record) return Damaged("entity " + std::to_string(id.value) + " is missing: the store");
  return std::move(**record);
}

Result<EntityId> Lookup::Survivor(EntityId id) const {
  // Every merge brings the survivor at least one row, so a longer chain cannot have been written.
  for (size_t hops = 0; hops <= limits::kLinksPerEntityMax; ++hops) {
    const Result<std::optional<std::string>> bytes = from_.Get(keys_.In(Space::kEntity, id.value));
    if (!bytes) return bytes.error();
    if (!*bytes) {
      return Status::NotFound("there is no entity " + std::to_string(id.value), 3021);
    }
    const Result<EntityId> into = MergedInto(**bytes);
    if (!into) return into.error();
    if (!*into) return id;
    id = *into;
  }
  return Damaged("chain of merges of entity " + std::to_string(id.value));
}

Result<std::vector<EntityId>> Lookup::HoldersOf(std::string_view folded_email,
                                                size_t count_max) const {
  return EmailHolders(from_, EmailKey(folded_email), count_max);
}

Result<std::optional<ReferralRecord>> Lookup::FindReferral(ReferralId id) const {
  const Result<std::optional<std::string>> bytes = from_.Get(keys_.In(Space::kReferral, id.value));
  if (!bytes) return bytes.error();
  if (!*bytes) return std::optional<ReferralRecord>{};
  Result<ReferralRecord> record = DecodeReferral(id, **bytes);
  if (!record) return record.error();
  return std::optional<ReferralRecord>{std::move(*record)};
}

Result<ReferralRecord> Lookup::NeedReferral(ReferralId id) const {
  Result<std::optional<ReferralRecord>> record = FindReferral(id);
  if (!record) return record.error();
  if (!*record) return Damaged("referral " + ToText(id) + " is missing: the store");
  return std::move(**record);
}

Result<std::vector<ReferralId>> Lookup::ReferralsOf(Space role, EntityId person,
                                                    size_t count_max) const {
  const Result<std::vector<uint64_t>> numbers =
      NumbersBehind(keys_.In(role, person.value), count_max);
  if (!numbers) return numbers.error();
  std::vector<ReferralId> ids;
  for (const uint64_t number : *numbers) ids.push_back({number});
  return ids;
}

Status Lookup::Follow(referral::Fact& fact) const {
  return Follow({&fact.source, &fact.contact, &fact.rep, &fact.opportunity});
}

Status Lookup::Follow(std::initializer_list<EntityId*> ids) const {
  for (EntityId* const id : ids) {
    if (!*id) continue;
    const Result<EntityId> survivor = Survivor(*id);
    if (!survivor) return survivor.error();
    *id = *survivor;
  }
  return Status::Ok();
}

Result<std::vector<referral::RecordedFact>> Lookup::NeedFacts(
    std::span<const Sequence> sequences) const {
  std::vector<referral::RecordedFact> facts;
  facts.reserve(sequences.size());
  for (const Sequence sequence : sequences) {
    Result<Event> event = NeedEvent(sequence);
    if (!event) return event.error();
    auto* const fact = std::get_if<referral::Fact>(&event->body);
    if (fact == nullptr) return Damaged("list of facts, at event " + ToText(sequence) + ",");
    const Status followed = Follow(*fact);
    if (!followed.ok()) return followed;
    facts.push_back({.sequence = sequence,
                     .occurred_at = event->occurred_at,
                     .recorded_at = event->recorded_at,
                     .actor = std::move(event->actor),
                     .fact = std::move(*fact)});
  }
  return facts;
}

Result<ChainRecord> Lookup::FindChain(EntityId person) const {
  const Result<std::optional<std::string>> bytes = from_.Get(keys_.In(Space::kChain, person.value));
  if (!bytes) return bytes.error();
  return *bytes ? DecodeChain(**bytes) : ChainRecord{};
}

Result<Event> Lookup::NeedEvent(Sequence sequence) const {
  const Result<std::optional<std::string>> bytes = from_.Get(keys::Event(sequence));
  if (!bytes) return bytes.error();
  if (!*bytes) return Damaged("event " + ToText(sequence) + " is missing: the log");
  return DecodeEvent(vault_, sequence, **bytes);
}

Result<Totals> Lookup::FindTotals() const {
  const Result<std::optional<std::string>> bytes = from_.Get(keys_.In(Space::kTotals));
  if (!bytes) return bytes.error();
  if (!*bytes) return Totals{};
  return DecodeTotals(**bytes);
}

Result<std::vector<uint64_t>> Lookup::NumbersBehind(std::string_view prefix,
                                                    size_t count_max) const {
  engine::Range range = engine::PrefixRange(prefix);
  range.row_count_max = count_max;
  std::vector<uint64_t> numbers;
  const Status status = from_.Scan(range, [&](std::string_view key, std::string_view) {
    numbers.push_back(keys::LastNumber(key));
    return true;
  });
  if (!status.ok()) return status;
  return numbers;
}

}  // namespace referrald::ledger
