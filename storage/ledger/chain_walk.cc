#include "storage/ledger/chain_walk.h"

#include <algorithm>
#include <deque>
#include <set>
#include <utility>

namespace referrald::ledger {
namespace {

using referral::Introduction;

// Walks the introductions around some people in both directions, nearest first.
class Surroundings {
 public:
  explicit Surroundings(const Lookup& lookup) : lookup_(lookup) {}

  Result<std::vector<Introduction>> Walk(std::span<const EntityId> starts) {
    for (const EntityId start : starts) Visit(start);
    while (!waiting_.empty()) {
      const EntityId person = waiting_.front();
      waiting_.pop_front();
      Status status = Follow(Space::kIntroducedBy, person);
      if (status.ok()) status = Follow(Space::kIntroducedTo, person);
      if (!status.ok()) return status;
    }
    std::ranges::sort(found_, {}, &Introduction::sequence);
    return std::move(found_);
  }

 private:
  void Visit(EntityId person) {
    if (people_.insert(person).second) waiting_.push_back(person);
  }

  Status Follow(Space direction, EntityId person) {
    Status damaged;
    const engine::Range range = engine::PrefixRange(lookup_.keys().In(direction, person.value));
    const Status scanned =
        lookup_.from().Scan(range, [&](std::string_view key, std::string_view value) {
          const Result<IntroductionEnd> end = DecodeIntroductionEnd(value);
          if (!end) damaged = end.error();
          if (end) Add(direction, person, {keys::LastNumber(key)}, *end);
          return damaged.ok();
        });
    return damaged.ok() ? scanned : damaged;
  }

  void Add(Space direction, EntityId person, ReferralId referral, const IntroductionEnd& end) {
    Visit(end.person);
    if (!edges_.insert(referral).second) return;
    const bool outward = direction == Space::kIntroducedBy;
    found_.push_back({.source = outward ? person : end.person,
                      .contact = outward ? end.person : person,
                      .referral = referral,
                      .sequence = end.sequence,
                      .occurred_at = end.occurred_at});
  }

  const Lookup& lookup_;
  std::vector<Introduction> found_;
  std::deque<EntityId> waiting_;
  std::set<EntityId> people_;
  std::set<ReferralId> edges_;
};

}  // namespace

Result<std::vector<Introduction>> IntroductionsAround(const Lookup& lookup,
                                                      std::span<const EntityId> people) {
  return Surroundings(lookup).Walk(people);
}

}  // namespace referrald::ledger
