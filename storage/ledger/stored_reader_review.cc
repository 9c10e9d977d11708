// What a reviewer asks: whose introduction a deal is put down to, and what waits for a look.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "storage/base/limits.h"
#include "storage/ledger/stored_reader.h"

namespace referrald::ledger {
namespace {

using practice::EventType;
using practice::RecordedAct;
using referral::Introduction;
using referral::Referral;

// "opp_44" of the last deal that was looked at.
Result<EntityId> DealBehind(std::string_view cursor) {
  if (cursor.empty()) return EntityId{};
  const Result<EntityId> deal = referral::ParseEntityId(cursor);
  if (!deal) return Status::InvalidArgument("malformed cursor: pass `next` back unchanged");
  return deal;
}

std::string CursorAt(EntityId deal) { return ToText(referral::EntityKind::kOpportunity, deal); }

bool SameCredit(const practice::Attribution& left, const practice::Attribution& right) {
  const auto referral_of = [](const practice::Attribution& one) {
    return one.credit ? one.credit->referral : ReferralId{};
  };
  return referral_of(left) == referral_of(right);
}

}  // namespace

Result<practice::AttributionRule> StoredReader::RuleOf(std::string_view version) const {
  const auto acts = ActsOfType(EventType::kAttributionRuleSet);
  if (!acts) return acts.error();
  return practice::FindAttributionRule(*acts, version);
}

Result<std::vector<EntityId>> StoredReader::DealsBehind(EntityId after, size_t count_max) const {
  engine::Range range = engine::PrefixRange(lookup_.keys().In(Space::kByOpportunity));
  range.begin = lookup_.keys().In(Space::kByOpportunity, after.value + 1);
  std::vector<EntityId> deals;
  const Status scanned = instant_->Scan(range, [&](std::string_view key, std::string_view) {
    key.remove_suffix(sizeof(uint64_t));  // The referral.
    const EntityId deal{keys::LastNumber(key)};
    if (!deals.empty() && deals.back() == deal) return true;
    if (deals.size() == count_max) return false;
    deals.push_back(deal);
    return true;
  });
  if (!scanned.ok()) return scanned;
  return deals;
}

Result<StoredReader::DealFacts> StoredReader::FactsOfDeal(EntityId deal) const {
  auto named = lookup_.FoldedReferralsOf(Space::kByOpportunity, deal);
  if (!named) return named.error();
  std::map<ReferralId, Referral> referrals;
  std::set<EntityId> contacts;
  for (Referral& referral : *named) {
    contacts.insert(referral.contact);
    referrals.emplace(referral.id, std::move(referral));
  }
  for (const EntityId contact : contacts) {
    auto theirs = lookup_.FoldedReferralsOf(Space::kByContact, contact);
    if (!theirs) return theirs.error();
    for (Referral& referral : *theirs) referrals.emplace(referral.id, std::move(referral));
  }
  DealFacts facts;
  for (auto& [id, referral] : referrals) {
    const Result<bool> circle =
        referral.introduction ? Brought(referral.contact, referral.source) : Result<bool>(false);
    if (!circle) return circle.error();
    if (*circle) facts.circles.push_back(id);
    facts.referrals.push_back(std::move(referral));
  }
  const auto acts = ActsOfOpportunity(deal);
  if (!acts) return acts.error();
  for (const RecordedAct& act : *acts) {
    if (act.act.type != EventType::kReferenceRequested) continue;
    facts.references.push_back({.account = act.act.party, .request = act.sequence});
  }
  return facts;
}

Result<bool> StoredReader::Brought(EntityId above, EntityId person) const {
  while (person && person != above) {
    const Result<ChainRecord> place = lookup_.FindChain(person);
    if (!place) return place.error();
    person = place->parent;
  }
  return person == above;
}

Result<Attributions> StoredReader::ListAttributions(const AttributionQuery& query,
                                                    size_t count_max) const {
  const auto rule = RuleOf(query.rule);
  if (!rule) return rule.error();
  const auto other = RuleOf(query.compare_with);
  if (!other) return other.error();
  const Result<EntityId> after = DealBehind(query.cursor);
  if (!after) return after.error();
  std::vector<EntityId> deals{query.opportunity};
  if (!query.opportunity) {
    auto some = DealsBehind(*after, count_max);
    if (!some) return some.error();
    deals = *std::move(some);
  }
  Attributions page;
  for (const EntityId deal : deals) {
    const Result<DealFacts> facts = FactsOfDeal(deal);
    if (!facts) return facts.error();
    const practice::AttributionFacts given{.opportunity = deal,
                                           .referrals = facts->referrals,
                                           .references = facts->references,
                                           .circles = facts->circles};
    practice::Attribution credited = Attribute(*rule, given);
    if (!query.compare_with.empty()) {
      practice::Attribution compared = Attribute(*other, given);
      if (SameCredit(credited, compared)) continue;
      page.compared.push_back(std::move(compared));
    }
    page.items.push_back(std::move(credited));
  }
  if (!query.opportunity && deals.size() == count_max) page.next = CursorAt(deals.back());
  return page;
}

Result<std::vector<HeldReferrals>> StoredReader::ListHolds(bool with_released) const {
  std::vector<HeldReferrals> holds;
  std::vector<Introduction> introductions;
  Status status = ScanReferrals([&introductions](const Referral& referral) {
    if (const auto introduction = IntroductionOf(referral)) introductions.push_back(*introduction);
    return true;
  });
  if (!status.ok()) return status;
  for (practice::HoldHit& hit :
       practice::HitsOf(introductions, practice::DefaultHoldPolicy()).hits) {
    const Result<bool> released = lookup_.IsReleased(hit);
    if (!released) return released.error();
    const Sequence about = hit.because.back();
    if (with_released || !*released) {
      holds.push_back({.hit = std::move(hit), .about = about, .released = *released});
    }
  }
  status = AddHoldsByHand(with_released, holds);
  if (!status.ok()) return status;
  return holds;
}

Status StoredReader::AddHoldsByHand(bool with_released, std::vector<HeldReferrals>& holds) const {
  const auto held = ActsOfType(EventType::kReferralHeld);
  if (!held) return held.error();
  const auto releases = ActsOfType(EventType::kHoldReleased);
  if (!releases) return releases.error();
  std::set<Sequence> released;
  for (const RecordedAct& release : *releases) released.insert(release.act.about);
  for (const RecordedAct& hold : *held) {
    const bool is_released = released.contains(hold.sequence);
    if (is_released && !with_released) continue;
    holds.push_back({.hit = {.rule = hold.act.name,
                             .referrals = {hold.act.referral},
                             .why = "somebody held it",
                             .because = {hold.sequence}},
                     .about = hold.sequence,
                     .released = is_released});
  }
  return Status::Ok();
}

}  // namespace referrald::ledger
