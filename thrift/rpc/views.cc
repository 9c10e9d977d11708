#include "thrift/rpc/views.h"

#include <algorithm>

#include "storage/base/limits.h"
#include "storage/referral/chain.h"
#include "thrift/rpc/convert.h"

namespace referrald::rpc {
namespace {

constexpr size_t kReferralsOfContactMax = 100;

// HOT where any rep's is.
idl::Temperature::type Hottest(const std::vector<ledger::ContactHonesty>& honesty) {
  const bool hot = std::ranges::any_of(honesty, [](const ledger::ContactHonesty& each) {
    return each.honesty.temperature == referral::Temperature::kHot;
  });
  return hot ? idl::Temperature::HOT : idl::Temperature::COLD;
}

Status AddHonesty(const ledger::Reader& reader, EntityId id, idl::Contact& contact) {
  const Result<std::vector<ledger::ContactHonesty>> honesty = reader.HonestyOf(id);
  if (!honesty) return honesty.error();
  for (const ledger::ContactHonesty& each : *honesty) {
    Result<std::string> rep_name = NameOf(reader, each.rep);
    if (!rep_name) return rep_name.error();
    contact.honesty.push_back(ToIdl(each));
    contact.honesty.back().rep_name = std::move(*rep_name);
  }
  contact.temperature = Hottest(*honesty);
  return Status::Ok();
}

Status AddClaims(const ledger::Reader& reader, const referral::Entity& entity,
                 idl::Contact& contact) {
  for (const referral::Claim& claim : referral::ClaimsOf(entity)) {
    const Result<std::optional<EntityId>> person = reader.ResolveClaim(claim);
    if (!person) return person.error();
    idl::Claim& made = contact.claims.emplace_back();
    made.category = referral::ClaimCategoryName(claim.category);
    made.text = claim.text;
    made.external_ref = ToIdl(claim.link->ref);
    made.event = ToText(claim.link->event);
    if (*person) made.resolved_to = PersonText(**person);
  }
  return Status::Ok();
}

Result<std::vector<std::string>> ReferralsOf(const ledger::Reader& reader,
                                             const ledger::ReferralFilter& filter) {
  const auto page = reader.ListReferrals(filter, {}, kReferralsOfContactMax);
  if (!page) return page.error();
  std::vector<std::string> ids;
  for (const referral::Referral& each : page->items) ids.push_back(ToText(each.id));
  return ids;
}

Status AddReferrals(const ledger::Reader& reader, EntityId id, idl::Contact& contact) {
  auto as_contact = ReferralsOf(reader, {.state = {}, .source = {}, .contact = id});
  if (!as_contact) return as_contact.error();
  auto as_source = ReferralsOf(reader, {.state = {}, .source = id, .contact = {}});
  if (!as_source) return as_source.error();
  contact.referrals_as_contact = *std::move(as_contact);
  contact.referrals_as_source = *std::move(as_source);
  return Status::Ok();
}

Result<idl::ContactSummary> SummaryOf(const ledger::Reader& reader, EntityId id) {
  const Result<referral::Entity> entity = reader.GetEntity(id);
  if (!entity) return entity.error();
  const auto honesty = reader.HonestyOf(entity->id);
  if (!honesty) return honesty.error();
  idl::ContactSummary summary;
  summary.id = referral::ToText(entity->kind, entity->id);
  summary.kind = ToIdl(entity->kind);
  summary.display_name = referral::DisplayName(*entity);
  summary.organisation = referral::MergedValue(*entity, referral::field::kCompany);
  summary.temperature = Hottest(*honesty);
  summary.link_count = static_cast<int32_t>(entity->links.size());
  return summary;
}

idl::FieldProvenance ProvenanceOf(const referral::Entity& entity,
                                  const referral::MergedField& field) {
  idl::FieldProvenance made;
  made.name = field.name;
  made.value = field.value;
  if (field.from != nullptr) made.winner = ToIdl(*field.from, field.name);
  for (const referral::Link& link : entity.links) {
    const bool says_something = !referral::Find(link.fields, field.name).empty();
    if (&link != field.from && !link.deleted && says_something) {
      made.others.push_back(ToIdl(link, field.name));
    }
  }
  return made;
}

std::vector<idl::Money> AmountsOf(const ledger::Amounts& amounts) {
  std::vector<idl::Money> made;
  for (const auto& [currency, minor_units] : amounts) {
    made.push_back(ToIdl(referral::Money{.minor_units = minor_units, .currency = currency}));
  }
  return made;
}

idl::ChainNode BareNodeOf(const ledger::ChainMember& member) {
  const referral::ChainNode& node = member.node;
  idl::ChainNode made;
  made.person = PersonText(node.person);
  made.parent = PersonText(node.parent);
  made.depth = static_cast<int32_t>(node.depth);
  made.child_count = static_cast<int32_t>(node.child_count);
  made.reach = static_cast<int32_t>(node.reach);
  made.won = AmountsOf(member.won);
  made.won_below = AmountsOf(member.won_below);
  made.uncredited_count = static_cast<int32_t>(member.uncredited);
  made.referral = TextOrEmpty(node.referral);  // A root has none: nobody brought them.
  made.event = TextOrEmpty(node.sequence);
  return made;
}

Status AddDetails(const ledger::Reader& reader, const referral::ChainNode& node,
                  idl::ChainNode& made) {
  const Result<std::string> name = NameOf(reader, node.person);
  if (!name) return name.error();
  const auto honesty = reader.HonestyOf(node.person);
  if (!honesty) return honesty.error();
  made.display_name = *name;
  made.temperature = Hottest(*honesty);
  if (!node.referral) return Status::Ok();
  const Result<referral::Referral> referral = reader.GetReferral(node.referral);
  if (!referral) return referral.error();
  made.state = referral::StateName(referral->state);
  return Status::Ok();
}

Status AddNodes(const ledger::Reader& reader, const std::vector<ledger::ChainMember>& members,
                bool bare, idl::Chain& chain, std::vector<idl::ChainNode>& nodes) {
  for (const ledger::ChainMember& member : members) {
    idl::ChainNode node = BareNodeOf(member);
    const Status added = bare ? Status::Ok() : AddDetails(reader, member.node, node);
    if (!added.ok()) return added;
    chain.uncredited_count += node.uncredited_count;
    nodes.push_back(std::move(node));
  }
  return Status::Ok();
}

}  // namespace

Result<std::string> NameOf(const ledger::Reader& reader, EntityId id) {
  if (!id) return std::string();
  const Result<referral::Entity> entity = reader.GetEntity(id);
  if (!entity) return entity.error();
  return referral::DisplayName(*entity);
}

Result<EntityId> Resolve(const ledger::Reader& reader, const ledger::PartyRef& party) {
  if (party.ref) return reader.FindByRef(*party.ref);
  if (party.id) {
    const Result<referral::Entity> entity = reader.GetEntity(party.id);
    if (!entity) return entity.error();
    return entity->id;
  }
  const Result<std::vector<EntityId>> holders = reader.FindByEmail(party.email, 2);
  if (!holders) return holders.error();
  if (holders->empty()) return Status::NotFound("no contact has this e-mail address", 5027);
  if (holders->size() > 1) {
    return Status::InvalidArgument("several contacts have this e-mail address: name one by its id",
                                   5026);
  }
  return holders->front();
}

Result<idl::Contact> ContactView(const ledger::Reader& reader, EntityId id, EntityId asked_for) {
  const Result<referral::Entity> entity = reader.GetEntity(id);
  if (!entity) return entity.error();
  idl::Contact contact;
  contact.id = referral::ToText(entity->kind, entity->id);
  contact.kind = ToIdl(entity->kind);
  contact.display_name = referral::DisplayName(*entity);
  for (const referral::MergedField& field : referral::Merge(*entity)) {
    idl::FieldValue& made = contact.fields.emplace_back();
    made.name = field.name;
    made.value = field.value;
  }
  for (const referral::Link& link : entity->links) contact.links.push_back(ToIdl(link));
  contact.deleted = referral::IsDeleted(*entity);
  if (asked_for && asked_for != entity->id) {
    contact.asked_for = referral::ToText(entity->kind, asked_for);
  }
  if (Status added = AddClaims(reader, *entity, contact); !added.ok()) return added;
  if (Status added = AddHonesty(reader, entity->id, contact); !added.ok()) return added;
  if (Status added = AddReferrals(reader, entity->id, contact); !added.ok()) return added;
  return contact;
}

Result<idl::FindContactsResult> FindView(const ledger::Reader& reader, std::string_view query,
                                         size_t count_max) {
  const Result<std::vector<EntityId>> found = reader.Find(query, count_max + 1);
  if (!found) return found.error();
  idl::FindContactsResult answer;
  answer.more = found->size() > count_max;
  for (size_t i = 0; i < std::min(found->size(), count_max); ++i) {
    Result<idl::ContactSummary> summary = SummaryOf(reader, (*found)[i]);
    if (!summary) return summary.error();
    answer.contacts.push_back(*std::move(summary));
  }
  return answer;
}

Result<std::vector<idl::FieldProvenance>> ProvenanceView(const ledger::Reader& reader, EntityId id,
                                                         std::string_view field) {
  const Result<referral::Entity> entity = reader.GetEntity(id);
  if (!entity) return entity.error();
  std::vector<idl::FieldProvenance> answer;
  for (const referral::MergedField& merged : referral::Merge(*entity)) {
    if (field.empty() || merged.name == field) answer.push_back(ProvenanceOf(*entity, merged));
  }
  if (answer.empty() && !field.empty()) {
    return Status::NotFound("no row of " + referral::ToText(entity->kind, entity->id) +
                                " has the field that was asked for",
                            5027);
  }
  return answer;
}

Result<idl::Referral> ReferralView(const ledger::Reader& reader, const referral::Referral& referral,
                                   const ledger::AsOf& as_of) {
  idl::Referral answer = ToIdl(referral);
  const auto source = NameOf(reader, referral.source);
  if (!source) return source.error();
  const auto contact = NameOf(reader, referral.contact);
  if (!contact) return contact.error();
  const auto rep = NameOf(reader, referral.rep);
  if (!rep) return rep.error();
  answer.source_name = *source;
  answer.contact_name = *contact;
  answer.rep_name = *rep;
  const auto honesty = reader.HonestyOf(referral.contact, as_of);
  if (!honesty) return honesty.error();
  for (const ledger::ContactHonesty& each : *honesty) {
    if (each.rep == referral.rep) answer.honesty = ToIdl(each);
  }
  return answer;
}

Result<idl::Chain> ChainView(const ledger::Reader& reader, EntityId person,
                             const ledger::ChainScope& scope, bool bare) {
  const Result<ledger::Chain> found = reader.GetChain(person, scope);
  if (!found) return found.error();
  idl::Chain chain;
  chain.person = PersonText(found->descendants.front().node.person);
  chain.truncated = found->truncated;
  Status status = AddNodes(reader, found->ancestors, bare, chain, chain.ancestors);
  if (status.ok()) status = AddNodes(reader, found->descendants, bare, chain, chain.descendants);
  if (!status.ok()) return status;
  return chain;
}

}  // namespace referrald::rpc
