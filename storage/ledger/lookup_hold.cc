// Which referrals wait for a reviewer: those held by hand, and those that a rule hits.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "storage/base/limits.h"
#include "storage/ledger/lookup.h"

namespace referrald::ledger {
namespace {

using practice::EventType;
using practice::RecordedAct;
using referral::Introduction;

// The introductions that a rule about `first` could look at: those of its source, and those that
// its contact led to, as far as a ring goes.
class Neighbourhood {
 public:
  explicit Neighbourhood(const Lookup& lookup) : lookup_(lookup) {}

  Result<std::vector<Introduction>> Around(const referral::Referral& first) {
    std::vector<EntityId> level{first.source, first.contact};
    for (size_t step = 0; step < practice::kRingPeopleMax && !level.empty(); ++step) {
      std::vector<EntityId> next;
      for (const EntityId person : level) {
        if (!seen_.insert(person).second) continue;
        if (Status status = AddFrom(person, next); !status.ok()) return status;
      }
      level = std::move(next);
    }
    return std::move(found_);
  }

 private:
  Status AddFrom(EntityId person, std::vector<EntityId>& next) {
    engine::Range range =
        engine::PrefixRange(lookup_.keys().In(Space::kIntroducedBy, person.value));
    range.row_count_max = limits::kReferralsPerFoldMax;
    Status damaged;
    const Status scanned =
        lookup_.from().Scan(range, [&](std::string_view key, std::string_view value) {
          const Result<IntroductionEnd> end = DecodeIntroductionEnd(value);
          damaged = StatusOf(end);
          if (!end) return false;
          next.push_back(end->person);
          found_.push_back({.source = person,
                            .contact = end->person,
                            .referral = {keys::LastNumber(key)},
                            .sequence = end->sequence,
                            .occurred_at = end->occurred_at});
          return found_.size() < limits::kChainEdgesMax;
        });
    return damaged.ok() ? scanned : damaged;
  }

  const Lookup& lookup_;
  std::set<EntityId> seen_;
  std::vector<Introduction> found_;
};

}  // namespace

Result<std::vector<RecordedAct>> Lookup::HoldActsOf(ReferralId id) const {
  const auto sequences =
      NumbersBehind(keys_.Acts(DerivedKeys::Topic::kReferral, id.value), limits::kActsPerPartyMax);
  if (!sequences) return sequences.error();
  auto acts = NeedActs(*sequences);
  if (!acts) return acts.error();
  std::erase_if(*acts, [](const RecordedAct& act) {
    return act.act.type != EventType::kReferralHeld && act.act.type != EventType::kHoldReleased;
  });
  return acts;
}

Result<bool> Lookup::IsReleased(const practice::HoldHit& hit) const {
  // By `because`, the last introduction closed it: its referral is what a reviewer names.
  const Result<Event> last = NeedEvent(hit.because.back());
  if (!last) return last.error();
  const auto* const fact = std::get_if<referral::Fact>(&last->body);
  if (fact == nullptr) return Damaged("introduction " + ToText(hit.because.back()));
  const auto acts = HoldActsOf(fact->referral);
  if (!acts) return acts.error();
  return std::ranges::any_of(*acts, [&hit](const RecordedAct& act) {
    return act.act.type == EventType::kHoldReleased && act.act.about == hit.because.back();
  });
}

Status Lookup::AddHits(ReferralId id, RewardBook& book) const {
  const auto known = book.referrals.find(id);
  if (known == book.referrals.end() || !IntroductionOf(known->second)) return Status::Ok();
  const auto introductions = Neighbourhood(*this).Around(known->second);
  if (!introductions) return introductions.error();
  const practice::HoldHits hits = practice::HitsOf(*introductions, practice::DefaultHoldPolicy());
  for (const practice::HoldHit& hit : hits.hits) {
    if (std::ranges::count(hit.referrals, id) == 0) continue;
    const Result<bool> released = IsReleased(hit);
    if (!released) return released.error();
    if (!*released) book.held.emplace(id, hit.because.back());
  }
  return Status::Ok();
}

}  // namespace referrald::ledger
