#include "storage/ledger/wish_parties.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "storage/ledger/erase.h"
#include "storage/ledger/party_finder.h"
#include "storage/ledger/row_limits.h"

namespace referrald::ledger {
namespace {

using referral::EntityKind;

constexpr int kMalformed = 3023;
constexpr std::array kPersonOnly = {EntityKind::kPerson};

}  // namespace

Status IsErased(std::string_view role, const std::string& who) {
  return Status::FailedPrecondition(
      std::string(role) + ": " + who +
          " was erased at their own wish; nothing more is recorded about them",
      3031);
}

Status WishParties::Set(std::string_view role, const PartyRef& party,
                        std::span<const EntityKind> kinds, EntityId& into) {
  const Result<EntityId> id = party.empty() ? into : FindParty(scope_.lookup(), party);
  if (!id) return id.error().Prefixed(role);
  return Check(role, *id, kinds, into);
}

Status WishParties::SetRep(const PartyRef& party, EntityId& into) {
  const Result<EntityId> id = party.empty() ? into : FindParty(scope_.lookup(), party);
  if (id) return Check("rep", *id, kPersonOnly, into);
  if (id.error().code() != Code::kNotFound || !party.ref) return id.error().Prefixed("rep");
  into = {};
  return NoteNewRep(*party.ref).Prefixed("rep");
}

Status WishParties::Check(std::string_view role, EntityId id, std::span<const EntityKind> kinds,
                          EntityId& into) {
  into = {};
  if (!id) return Status::Ok();
  const Result<EntityId> survivor = scope_.lookup().Survivor(id);
  if (!survivor) return survivor.error().Prefixed(role);
  const Result<EntityRecord> record = scope_.lookup().NeedEntity(*survivor);
  if (!record) return record.error();
  const EntityKind kind = record->entity.kind;
  if (record->entity.erased) return IsErased(role, ToText(kind, *survivor));
  if (std::ranges::count(kinds, kind) == 0) {
    return Status::InvalidArgument(std::string(role) + ": " + ToText(kind, *survivor) + " is no " +
                                       std::string(EntityKindName(kinds.front())),
                                   kMalformed);
  }
  into = *survivor;
  return Status::Ok();
}

Status WishParties::NoteNewRep(const referral::ExternalRef& ref) {
  Row row;
  row.kind = EntityKind::kPerson;
  row.ref = ref;
  const Status usable = CheckRow(row);
  if (!usable.ok()) return Status::InvalidArgument(usable.message(), kMalformed);
  const Result<bool> suppressed = IsSuppressed(scope_, row);
  if (!suppressed) return suppressed.error();
  if (*suppressed) return IsErased("rep", "who has that row");
  new_rep_ = ref;
  return Status::Ok();
}

Status WishParties::Register(EntityId& rep) {
  if (!new_rep_) return Status::Ok();
  rep = EntityId{scope_.next().value};
  return StatusOf(scope_.Append({.sequence = {},
                                 .occurred_at = scope_.now(),
                                 .recorded_at = {},
                                 .actor = std::string(actor_),
                                 .idempotency = {},
                                 .body = RowSeen{.kind = EntityKind::kPerson,
                                                 .entity = rep,
                                                 .ref = *new_rep_,
                                                 .feed = {},
                                                 .run = {},
                                                 .fields = {},
                                                 .associations = {}}}));
}

}  // namespace referrald::ledger
