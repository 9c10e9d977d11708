// The ties between people, as the log has them.
#include <algorithm>
#include <map>
#include <utility>

#include "storage/ledger/stored_reader.h"

namespace referrald::ledger {
namespace {

using practice::Tie;
using practice::TieKind;
using referral::Referral;
using referral::State;

// Judged by a reviewer, or the source said that they do not know each other.
bool SaysNothing(const Referral& referral) {
  return IsJudged(referral) || referral.denial || referral.state == State::kNotAcquainted;
}

void AddReferral(const Referral& referral, EntityId other, std::vector<Tie>& ties) {
  if (SaysNothing(referral)) return;
  if (referral.introduction) {
    ties.push_back({.person = other,
                    .kind = TieKind::kIntroduced,
                    .because = referral.introduction,
                    .at = referral.introduced_at});
    // Whoever introduced, or was introduced, is known to the rep by that.
    ties.push_back({.person = referral.rep,
                    .is_rep = true,
                    .kind = TieKind::kIntroduced,
                    .because = referral.introduction,
                    .at = referral.introduced_at});
    return;
  }
  const auto verified = std::ranges::find(referral.steps, State::kVerified, &referral::Step::state);
  if (verified == referral.steps.end()) return;
  ties.push_back({.person = other,
                  .kind = TieKind::kConfirmed,
                  .because = verified->sequence,
                  .at = verified->occurred_at});
}

// The newest word of each rep: confirmed adds a tie, denied takes every one to that rep.
void AddRelationships(const std::vector<referral::RecordedFact>& facts, std::vector<Tie>& ties) {
  std::map<EntityId, const referral::RecordedFact*> newest;
  for (const referral::RecordedFact& fact : facts) {
    if (IsReferralEvent(fact.fact.type)) continue;
    const referral::RecordedFact*& known = newest[fact.fact.rep];
    const bool is_newer = known == nullptr || std::pair(known->occurred_at, known->sequence) <
                                                  std::pair(fact.occurred_at, fact.sequence);
    if (is_newer) known = &fact;
  }
  for (const auto& [rep, fact] : newest) {
    if (fact->fact.type == referral::EventType::kRelationshipDenied) {
      std::erase_if(ties, [who = rep](const Tie& tie) { return tie.is_rep && tie.person == who; });
      continue;
    }
    ties.push_back({.person = rep,
                    .is_rep = true,
                    .kind = TieKind::kConfirmed,
                    .because = fact->sequence,
                    .at = fact->occurred_at});
  }
}

}  // namespace

Result<std::vector<practice::Tie>> StoredReader::TiesOf(EntityId person) const {
  std::vector<Tie> ties;
  const Result<EntityRecord> entity = lookup_.NeedEntity(person);
  if (!entity) return entity.error();
  if (entity->entity.erased) return ties;
  const Result<CustomerRecord> customer = lookup_.FindCustomer(person);
  if (!customer) return customer.error();
  if (customer->customer.suppressed) return ties;
  for (const Space role : {Space::kBySource, Space::kByContact}) {
    const auto referrals = lookup_.FoldedReferralsOf(role, person);
    if (!referrals) return referrals.error();
    for (const Referral& referral : *referrals) {
      const EntityId other = role == Space::kBySource ? referral.contact : referral.source;
      AddReferral(referral, other, ties);
    }
  }
  const auto relationships = RelationshipsOf(person);
  if (!relationships) return relationships.error();
  AddRelationships(*relationships, ties);
  return ties;
}

Result<practice::WaysIn> StoredReader::FindWaysIn(EntityId target,
                                                  const practice::WaySearch& search) const {
  const Result<EntityId> survivor = lookup_.Survivor(target);
  if (!survivor) return survivor.error();
  return practice::FindWaysIn(*survivor, search,
                              [this](EntityId person) { return TiesOf(person); });
}

}  // namespace referrald::ledger
