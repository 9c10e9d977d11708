#include "storage/ledger/erase.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "storage/base/limits.h"
#include "storage/base/text.h"
#include "storage/ledger/instant.h"
#include "storage/ledger/party_finder.h"
#include "storage/ledger/row_history.h"
#include "storage/ledger/terms.h"

namespace referrald::ledger {
namespace {

using referral::Entity;
using referral::Link;

// A row that was gone before it was ever seen is sealed for the id that it would have got. 0: it
// was not.
Result<EntityId> GoneBefore(const Lookup& lookup, Sequence first_event) {
  const Result<std::optional<std::string>> bytes =
      lookup.from().Get(lookup.keys().In(Space::kGoneBefore, first_event.value));
  if (!bytes) return bytes.error();
  if (!*bytes) return EntityId{};
  const Result<uint64_t> id = DecodeNumber(**bytes);
  if (!id) return id.error();
  return EntityId{*id};
}

// Every other id for which something about this party is sealed: of those that were merged into it,
// and of rows that were gone before they were seen. A party's id is the event that first saw its
// first row, and rows move to the survivor with the event that first saw them.
Result<std::vector<EntityId>> MembersOf(const Lookup& lookup, const Entity& entity) {
  std::set<EntityId> members;
  for (const Link& link : entity.links) {
    const Result<EntityId> gone = GoneBefore(lookup, link.first_event);
    if (!gone) return gone.error();
    if (*gone) members.insert(*gone);
    const EntityId born{link.first_event.value};
    if (born == entity.id) continue;
    const Result<EntityId> survivor = lookup.Survivor(born);
    if (!survivor && survivor.error().code() == Code::kNotFound) continue;
    if (!survivor) return survivor.error();
    if (*survivor == entity.id) members.insert(born);
  }
  return std::vector<EntityId>(members.begin(), members.end());
}

// What was ever known of the party: addresses, and where it was read from.
struct Past {
  std::set<std::string> emails;  // Folded.
  std::set<std::tuple<std::string, RunId, uint64_t>> rows;
};
Result<Past> PastOf(const Lookup& lookup, const Entity& entity) {
  Past past;
  const Status scanned = ScanRowHistory(lookup, entity, [&past](const Event& event) {
    if (const auto* const gone = std::get_if<RowDeleted>(&event.body)) {
      past.rows.emplace(gone->feed, gone->run, gone->row);
    }
    const auto* const seen = std::get_if<RowSeen>(&event.body);
    if (seen == nullptr) return;
    past.rows.emplace(seen->feed, seen->run, seen->row);
    std::string email = EmailOf(seen->fields);
    if (email.empty() || past.emails.size() >= limits::kErasedEmailsMax) return;
    past.emails.insert(std::move(email));
  });
  if (!scanned.ok()) return scanned;
  return past;
}

// Earlier addresses count, too. One that somebody else has must not keep them out.
Result<std::vector<Hash128>> TombstonesOf(const CommandScope& scope, const Entity& entity,
                                          const Past& past) {
  std::set<Hash128> tombstones;
  for (const Link& link : entity.links) tombstones.insert(TombstoneOf(scope.vault(), link.ref));
  for (const std::string& email : past.emails) {
    const Result<std::vector<EntityId>> holders = scope.lookup().HoldersOf(email, 2);
    if (!holders) return holders.error();
    const bool is_theirs_alone =
        std::ranges::all_of(*holders, [&entity](EntityId holder) { return holder == entity.id; });
    if (is_theirs_alone) tombstones.insert(TombstoneOf(scope.vault(), email));
  }
  return std::vector<Hash128>(tombstones.begin(), tombstones.end());
}

ErasureReceipt ReceiptOf(const PartyErased& erased, Sequence sequence) {
  return {.sequence = sequence,
          .entity = erased.entity,
          .members = erased.members,
          .tombstones = erased.tombstones.size(),
          .rows = {},
          .log = {}};
}

// What was answered when the party was erased, but for the rows, which nobody knows any more.
Result<ErasureReceipt> ReceiptOfThen(const CommandScope& scope, EntityId entity) {
  const Lookup& lookup = scope.lookup();
  const Result<std::optional<std::string>> bytes =
      lookup.from().Get(lookup.keys().In(Space::kErased, entity.value));
  if (!bytes) return bytes.error();
  if (!*bytes) return Damaged("entity " + std::to_string(entity.value));
  const Result<uint64_t> sequence = DecodeNumber(**bytes);
  if (!sequence) return sequence.error();
  const Result<Event> event = lookup.NeedEvent({*sequence});
  if (!event) return event.error();
  const auto* const erased = std::get_if<PartyErased>(&event->body);
  if (erased == nullptr) return Damaged("event " + ToText(event->sequence));
  return ReceiptOf(*erased, event->sequence);
}

Status CheckForm(const EraseParty& wish) {
  if (wish.reason.size() <= limits::kFreeTextBytesMax) return Status::Ok();
  return Status::InvalidArgument("the reason is " + std::to_string(wish.reason.size()) +
                                     " bytes, limit " + std::to_string(limits::kFreeTextBytesMax),
                                 3023);
}

}  // namespace

Hash128 TombstoneOf(const vault::Vault& vault, const referral::ExternalRef& ref) {
  return vault.BlindIndex(vault::IndexKind::kTombstoneRef, ToText(ref));
}

Hash128 TombstoneOf(const vault::Vault& vault, std::string_view folded_email) {
  return vault.BlindIndex(vault::IndexKind::kTombstoneEmail, folded_email);
}

vault::Erasure ErasureOf(const PartyErased& erased, Timestamp at) {
  vault::Erasure erasure{
      .subjects = {erased.entity.value}, .tombstones = erased.tombstones, .at = at};
  for (const EntityId member : erased.members) erasure.subjects.push_back(member.value);
  return erasure;
}

Result<std::vector<Sequence>> ErasedParties(const StorePlace& place) {
  const Result<std::unique_ptr<Instant>> instant = Instant::Take(place);
  if (!instant) return instant.error();
  std::vector<Sequence> events;
  const engine::Range range = engine::PrefixRange((*instant)->keys().In(Space::kErased));
  Status damaged;
  const Status scanned = (*instant)->Scan(range, [&](std::string_view, std::string_view value) {
    const Result<uint64_t> sequence = DecodeNumber(value);
    if (sequence) events.push_back({*sequence});
    damaged = StatusOf(sequence);
    return damaged.ok();
  });
  if (!damaged.ok()) return damaged;
  if (!scanned.ok()) return scanned;
  return events;
}

Result<ErasureReceipt> DecideErase(CommandScope& scope, const EraseParty& wish) {
  if (Status form = CheckForm(wish); !form.ok()) return form;
  const Result<EntityId> found = FindParty(scope.lookup(), wish.party);
  if (!found) return found.error();
  const Result<EntityRecord> record = scope.lookup().NeedEntity(*found);
  if (!record) return record.error();
  if (record->entity.erased) return ReceiptOfThen(scope, *found);
  Result<std::vector<EntityId>> members = MembersOf(scope.lookup(), record->entity);
  if (!members) return members.error();
  const Result<Past> past = PastOf(scope.lookup(), record->entity);
  if (!past) return past.error();
  Result<std::vector<Hash128>> tombstones = TombstonesOf(scope, record->entity, *past);
  if (!tombstones) return tombstones.error();
  PartyErased erased{.entity = *found,
                     .members = *std::move(members),
                     .tombstones = *std::move(tombstones),
                     .reason = wish.reason};
  ErasureReceipt receipt = ReceiptOf(erased, scope.next());
  for (const auto& [feed, run, row] : past->rows) {
    receipt.rows.push_back({.feed = feed, .run = run, .row = row});
  }
  const Result<Sequence> appended = scope.Append({.sequence = {},
                                                  .occurred_at = scope.now(),
                                                  .recorded_at = {},
                                                  .actor = wish.actor,
                                                  .body = std::move(erased)});
  if (!appended) return appended.error();
  return receipt;
}

Result<bool> IsSuppressed(const CommandScope& scope, const Row& row) {
  const Lookup& lookup = scope.lookup();
  const auto has = [&lookup](const Hash128& tombstone) -> Result<bool> {
    const Result<std::optional<std::string>> found =
        lookup.from().Get(lookup.keys().In(Space::kTombstone, tombstone));
    if (!found) return found.error();
    return found->has_value();
  };
  Result<bool> suppressed = has(TombstoneOf(scope.vault(), row.ref));
  if (!suppressed || *suppressed || row.kind != referral::EntityKind::kPerson) return suppressed;
  const std::string email = EmailOf(row.fields);
  if (email.empty()) return false;
  return has(TombstoneOf(scope.vault(), email));
}

}  // namespace referrald::ledger
