// Whom to ask a customer about, out of the contacts we hold.
#include <algorithm>
#include <set>
#include <utility>

#include "storage/base/limits.h"
#include "storage/base/text.h"
#include "storage/ledger/likeness.h"
#include "storage/ledger/stored_reader.h"

namespace referrald::ledger {
namespace {

namespace field = referral::field;
using practice::Acquaintance;
using practice::AcquaintanceWord;
using practice::EventType;
using practice::Profile;
using practice::RecordedAct;
using practice::Supply;
using referral::Entity;
using referral::EntityKind;
using referral::Referral;
using referral::State;

// A RelationshipClaimed between two organisations that bears this name: the party supplies the
// other.
constexpr std::string_view kSupplies = "supplies";

const referral::Step* First(const Referral& referral, State state) {
  const auto step = std::ranges::find(referral.steps, state, &referral::Step::state);
  return step == referral.steps.end() ? nullptr : &*step;
}

// What came of a referral says whether its source and its contact know each other.
void AddWord(const Referral& referral, std::vector<Acquaintance>& words) {
  const auto add = [&](AcquaintanceWord word, Sequence because, Timestamp at) {
    words.push_back({.left = referral.source,
                     .right = referral.contact,
                     .word = word,
                     .because = because,
                     .at = at});
  };
  if (IntroductionOf(referral)) {
    add(AcquaintanceWord::kConfirmed, referral.introduction, referral.introduced_at);
  }
  if (const auto* const verified = First(referral, State::kVerified)) {
    add(AcquaintanceWord::kConfirmed, verified->sequence, verified->occurred_at);
  }
  if (const auto* const denied = First(referral, State::kNotAcquainted)) {
    add(AcquaintanceWord::kDenied, denied->sequence, denied->occurred_at);
  }
}

// Gathers what SuggestFor is told about one customer.
class Gathering {
 public:
  Gathering(const Lookup& lookup, const vault::Vault& vault) : lookup_(lookup), vault_(vault) {}

  Result<std::vector<practice::Suggestion>> Run(EntityId customer, size_t count_max) {
    const Result<CustomerRecord> known = lookup_.FindCustomer(customer);
    if (!known) return known.error();
    const Result<Profile> profile = ProfileOf(customer);
    if (!profile) return profile.error();
    Status status = AddAcquaintances(customer);
    if (status.ok()) status = AddSupplies(profile->organisation);
    if (status.ok()) status = AddColleagues(profile->organisation);
    if (status.ok()) status = AddAlike(*profile);
    if (!status.ok()) return status;
    std::vector<Profile> candidates;
    for (const EntityId id : people_) {
      Result<Profile> candidate = ProfileOf(id);
      if (!candidate) return candidate.error();
      candidates.push_back(*std::move(candidate));
    }
    return practice::SuggestFor({.customer = *profile,
                                 .candidates = candidates,
                                 .supplies = supplies_,
                                 .acquaintances = words_,
                                 .closed = ClosedOf(known->customer),
                                 .count_max = count_max});
  }

 private:
  static practice::Slots ClosedOf(const practice::Customer& customer) {
    practice::Slots closed = 0;
    for (size_t i = 0; i < practice::kSlotCount; ++i) {
      const practice::SlotState state = customer.slots[i].state;
      const bool is_closed =
          state == practice::SlotState::kNoneExists || state == practice::SlotState::kDeclined;
      if (is_closed) closed |= practice::In(static_cast<practice::Slot>(i));
    }
    return closed;
  }

  void AddPerson(EntityId id) {
    if (people_.size() < limits::kSuggestionCandidatesMax) people_.insert(id);
  }

  Result<std::vector<EntityId>> Alike(const std::string& likeness) const {
    std::vector<EntityId> ids;
    if (likeness.empty()) return ids;
    const Hash128 hash = vault_.BlindIndex(vault::IndexKind::kAlike, likeness);
    const Result<std::vector<uint64_t>> numbers =
        lookup_.NumbersBehind(lookup_.keys().In(Space::kAlike, hash), limits::kSuggestionsAlikeMax);
    if (!numbers) return numbers.error();
    for (const uint64_t number : *numbers) ids.push_back({number});
    return ids;
  }

  // The people of an organisation, by its rows and by its name.
  Status AddColleagues(EntityId organisation) {
    if (!organisation) return Status::Ok();
    const Result<EntityRecord> record = lookup_.NeedEntity(organisation);
    if (!record) return record.error();
    std::vector<std::string> likenesses{OfCompany(DisplayName(record->entity))};
    for (const referral::Link& link : record->entity.links) {
      likenesses.push_back(OfOrganisation(link.ref));
    }
    for (const std::string& likeness : likenesses) {
      const auto ids = Alike(likeness);
      if (!ids) return ids.error();
      for (const EntityId id : *ids) AddPerson(id);
    }
    return Status::Ok();
  }

  // Who, or whose organisation, is in the same industry or place.
  Status AddAlike(const Profile& profile) {
    for (const std::string& likeness :
         {OfIndustry(profile.industry), OfCity(profile.city), OfPostalArea(profile.postal_code)}) {
      const auto ids = Alike(likeness);
      if (!ids) return ids.error();
      for (const EntityId id : *ids) {
        const Result<EntityRecord> record = lookup_.NeedEntity(id);
        if (!record) return record.error();
        const bool is_person = record->entity.kind == EntityKind::kPerson;
        if (is_person) AddPerson(id);
        const Status added = is_person ? Status::Ok() : AddColleagues(id);
        if (!added.ok()) return added;
      }
    }
    return Status::Ok();
  }

  Status AddAcquaintances(EntityId customer) {
    for (const Space role : {Space::kBySource, Space::kByContact}) {
      const auto referrals = lookup_.FoldedReferralsOf(role, customer);
      if (!referrals) return referrals.error();
      for (const Referral& referral : *referrals) {
        AddWord(referral, words_);
        AddPerson(role == Space::kBySource ? referral.contact : referral.source);
      }
    }
    const auto claims = ClaimsOf(customer);
    if (!claims) return claims.error();
    for (const RecordedAct& claim : *claims) {
      if (claim.act.name == kSupplies) continue;
      words_.push_back({.left = claim.act.party,
                        .right = claim.act.other,
                        .word = AcquaintanceWord::kClaimed,
                        .because = claim.sequence,
                        .at = claim.occurred_at});
      AddPerson(claim.act.party == customer ? claim.act.other : claim.act.party);
    }
    return Status::Ok();
  }

  Status AddSupplies(EntityId organisation) {
    if (!organisation) return Status::Ok();
    const auto claims = ClaimsOf(organisation);
    if (!claims) return claims.error();
    for (const RecordedAct& claim : *claims) {
      if (claim.act.name != kSupplies) continue;
      supplies_.push_back(
          {.supplier = claim.act.party, .buyer = claim.act.other, .because = claim.sequence});
      const bool is_ours = claim.act.party == organisation;
      const Status added = AddColleagues(is_ours ? claim.act.other : claim.act.party);
      if (!added.ok()) return added;
    }
    return Status::Ok();
  }

  // RelationshipClaimed with `id` on either side.
  Result<std::vector<RecordedAct>> ClaimsOf(EntityId id) const {
    using Topic = DerivedKeys::Topic;
    std::vector<RecordedAct> claims;
    for (const Topic topic : {Topic::kParty, Topic::kOther}) {
      const auto sequences =
          lookup_.NumbersBehind(lookup_.keys().Acts(topic, id.value), limits::kActsPerPartyMax);
      if (!sequences) return sequences.error();
      const auto acts = lookup_.NeedActs(*sequences);
      if (!acts) return acts.error();
      for (const RecordedAct& act : *acts) {
        if (act.act.type == EventType::kRelationshipClaimed) claims.push_back(act);
      }
    }
    return claims;
  }

  // The organisation that a person's rows point to; else the only one of the name they give.
  Result<EntityId> OrganisationOf(const Entity& person) const {
    if (person.kind == EntityKind::kOrganisation) return person.id;
    for (const referral::Link& link : person.links) {
      for (const referral::Association& association : link.associations) {
        if (association.role != "organisation" || link.deleted) continue;
        const auto record = lookup_.FindLink(association.ref);
        if (!record) return record.error();
        if (*record && (*record)->entity) return lookup_.Survivor((*record)->entity);
      }
    }
    return OrganisationNamed(FoldName(MergedValue(person, field::kCompany)));
  }

  Result<EntityId> OrganisationNamed(const std::string& folded) const {
    constexpr size_t kNamesakesMax = 20;
    if (folded.empty()) return EntityId{};
    const Hash128 hash = vault_.BlindIndex(vault::IndexKind::kName, folded);
    const auto numbers =
        lookup_.NumbersBehind(lookup_.keys().In(Space::kName, hash), kNamesakesMax);
    if (!numbers) return numbers.error();
    EntityId only;
    for (const uint64_t number : *numbers) {
      const Result<EntityRecord> record = lookup_.NeedEntity({number});
      if (!record) return record.error();
      const Entity& entity = record->entity;
      if (entity.kind != EntityKind::kOrganisation || FoldName(DisplayName(entity)) != folded) {
        continue;
      }
      if (only) return EntityId{};
      only = entity.id;
    }
    return only;
  }

  Result<Profile> ProfileOf(EntityId id) const {
    const Result<EntityRecord> record = lookup_.NeedEntity(id);
    if (!record) return record.error();
    const Result<CustomerRecord> customer = lookup_.FindCustomer(id);
    if (!customer) return customer.error();
    const Entity& person = record->entity;
    const Result<EntityId> organisation = OrganisationOf(person);
    if (!organisation) return organisation.error();
    Entity firm;
    if (*organisation && *organisation != id) {
      Result<EntityRecord> found = lookup_.NeedEntity(*organisation);
      if (!found) return found.error();
      firm = std::move(found->entity);
    }
    const auto value = [&](std::string_view name) {
      std::string own = MergedValue(person, name);
      return own.empty() ? MergedValue(firm, name) : own;
    };
    return Profile{.id = id,
                   .organisation = *organisation,
                   .title = MergedValue(person, field::kTitle),
                   .industry = value(field::kIndustry),
                   .city = value(field::kCity),
                   .postal_code = value(field::kPostalCode),
                   .country = value(field::kCountry),
                   .hidden = person.erased || person.merged_into || IsDeleted(person) ||
                             customer->customer.suppressed ||
                             customer->customer.roles.contains(practice::Role::kRep)};
  }

  const Lookup& lookup_;
  const vault::Vault& vault_;
  std::set<EntityId> people_;
  std::vector<Acquaintance> words_;
  std::vector<Supply> supplies_;
};

}  // namespace

Result<std::vector<practice::Suggestion>> StoredReader::SuggestPeople(EntityId customer,
                                                                      size_t count_max) const {
  const Result<EntityId> survivor = lookup_.Survivor(customer);
  if (!survivor) return survivor.error();
  return Gathering(lookup_, place_.vault).Run(*survivor, count_max);
}

}  // namespace referrald::ledger
