#include "storage/ledger/restored_log.h"

#include <memory>
#include <set>
#include <utility>

#include "storage/base/limits.h"
#include "storage/ledger/instant.h"
#include "storage/ledger/lookup.h"

namespace referrald::ledger {
namespace {

constexpr std::string_view kReason = "erased before; an older copy of the log was put back since";
constexpr std::string_view kActor = "referrald";

// Whether the read models know all of `erasure`: a party that they have is erased, and each
// tombstone is there.
Result<bool> IsKnown(const Lookup& lookup, const vault::Erasure& erasure) {
  for (const Hash128& tombstone : erasure.tombstones) {
    const auto found = lookup.from().Get(lookup.keys().In(Space::kTombstone, tombstone));
    if (!found) return found.error();
    if (!*found) return false;
  }
  for (const uint64_t subject : erasure.subjects) {
    const Result<std::optional<EntityRecord>> record = lookup.FindEntity({subject});
    if (!record) return record.error();
    if (!*record) continue;
    const referral::Entity& entity = (*record)->entity;
    if (!entity.merged_into && !entity.erased) return false;
  }
  return true;
}

Result<Sequence> Append(CommandScope& scope, PartyErased erased, Timestamp at) {
  return scope.Append({.sequence = {},
                       .occurred_at = at,
                       .recorded_at = {},
                       .actor = std::string(kActor),
                       .body = std::move(erased)});
}

// Those of `subjects` that this log knows as parties of their own, merged ones followed.
Result<std::set<EntityId>> PartiesOf(const Lookup& lookup, std::span<const uint64_t> subjects) {
  std::set<EntityId> parties;
  for (const uint64_t subject : subjects) {
    const Result<EntityId> party = lookup.Survivor({subject});
    if (party) parties.insert(*party);
    if (!party && party.error().code() != Code::kNotFound) return party.error();
  }
  return parties;
}

// Those of `subjects` that went into `party`, or that this log only knows as the number of a row:
// what was sealed for them cannot be read any more, either.
Result<std::vector<EntityId>> MembersOf(const CommandScope& scope, EntityId party,
                                        std::span<const uint64_t> subjects) {
  std::vector<EntityId> members;
  for (const uint64_t subject : subjects) {
    if (subject == party.value || subject >= scope.next().value) continue;
    const Result<EntityId> survivor = scope.lookup().Survivor({subject});
    const bool is_nobody = !survivor && survivor.error().code() == Code::kNotFound;
    if (!survivor && !is_nobody) return survivor.error();
    if (is_nobody || *survivor == party) members.push_back({subject});
  }
  return members;
}

}  // namespace

Result<std::vector<vault::Erasure>> ForgottenErasures(const StorePlace& place,
                                                      const DerivedKeys& keys) {
  Result<std::unique_ptr<engine::View>> view = place.engine.Read(place.partition);
  if (!view) return view.error();
  const Instant stored(*std::move(view), Layers{}, keys, {});
  const Lookup lookup(stored, place.vault, keys);
  std::vector<vault::Erasure> forgotten;
  for (vault::Erasure& erasure : place.vault.Erasures()) {
    const Result<bool> known = IsKnown(lookup, erasure);
    if (!known) return known.error();
    if (!*known) forgotten.push_back(std::move(erasure));
  }
  return forgotten;
}

Result<Receipt> DecideEraseAgain(CommandScope& scope, const EraseAgain& wish) {
  const vault::Erasure& erasure = wish.erasure;
  Result<std::set<EntityId>> parties = PartiesOf(scope.lookup(), erasure.subjects);
  if (!parties) return parties.error();
  Receipt receipt;
  for (const EntityId party : *parties) {
    const Result<EntityRecord> record = scope.lookup().NeedEntity(party);
    if (!record) return record.error();
    if (record->entity.erased) continue;
    Result<std::vector<EntityId>> members = MembersOf(scope, party, erasure.subjects);
    if (!members) return members.error();
    const auto appended = Append(scope,
                                 {.entity = party,
                                  .members = *std::move(members),
                                  .tombstones = erasure.tombstones,
                                  .reason = std::string(kReason)},
                                 erasure.at);
    if (!appended) return appended.error();
    receipt.sequence = *appended;
  }
  if (receipt.sequence) return receipt;
  const auto appended = Append(scope,
                               {.entity = {},
                                .members = {},
                                .tombstones = erasure.tombstones,
                                .reason = std::string(kReason)},
                               erasure.at);
  if (!appended) return appended.error();
  receipt.sequence = *appended;
  return receipt;
}

Result<Receipt> DecideRetireNumbers(CommandScope& scope, const RetireNumbers& wish) {
  Receipt receipt;
  for (size_t count = 0; count < limits::kRetiredPerCommitMax; ++count) {
    if (scope.next() > wish.through) break;
    const auto appended = scope.Append({.sequence = {},
                                        .occurred_at = scope.now(),
                                        .recorded_at = {},
                                        .actor = std::string(kActor),
                                        .body = NumberRetired{}});
    if (!appended) return appended.error();
    receipt.sequence = *appended;
  }
  return receipt;
}

}  // namespace referrald::ledger
