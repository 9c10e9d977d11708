#include "storage/ledger/party_finder.h"

#include "storage/base/text.h"

namespace referrald::ledger {
namespace {

Result<EntityId> FindByRef(const Lookup& lookup, const referral::ExternalRef& ref) {
  const Result<std::optional<LinkRecord>> link = lookup.FindLink(ref);
  if (!link) return link.error();
  if (*link && (*link)->entity) return (*link)->entity;
  return Status::NotFound(
      "no imported row of " + ref.system + " " + ref.object + " has this id; import it first",
      3021);
}

Result<EntityId> FindByEmail(const Lookup& lookup, const std::string& email) {
  const Result<std::vector<EntityId>> holders = lookup.HoldersOf(FoldEmail(email), 2);
  if (!holders) return holders.error();
  if (holders->empty()) {
    return Status::NotFound("nobody has this e-mail address; import the contact first", 3021);
  }
  if (holders->size() > 1) {
    return Status::FailedPrecondition(
        "several people have this e-mail address; name one by id (referralctl contact find)", 3022);
  }
  return holders->front();
}

}  // namespace

Result<EntityId> FindParty(const Lookup& lookup, const PartyRef& party) {
  if ((party.id ? 1 : 0) + (party.ref ? 1 : 0) + (party.email.empty() ? 0 : 1) != 1) {
    return Status::InvalidArgument("give exactly one of id, external ref and e-mail", 3023);
  }
  Result<EntityId> found = party.id;
  if (party.ref) found = FindByRef(lookup, *party.ref);
  if (!party.email.empty()) found = FindByEmail(lookup, party.email);
  if (!found) return found;
  return lookup.Survivor(*found);
}

}  // namespace referrald::ledger
