#include "storage/practice/way_in.h"

#include <algorithm>
#include <deque>
#include <map>
#include <tuple>
#include <utility>

namespace referrald::practice {
namespace {

// A step on the way to the target, from somebody to somebody nearer.
struct Nearer {
  EntityId person;
  Tie tie;
};

// A person the search came to: how far from the target, and by everybody who is one step nearer.
struct Arrival {
  size_t hops = 0;
  std::vector<Nearer> nearer;
};

// Ways that are put together before the best are chosen.
constexpr size_t kWaysTriedMax = 2000;

// A way and what it is ranked by.
struct Ranked {
  size_t hops = 0;
  uint32_t weakness = 0;  // The sum of the kinds: less is stronger.
  Timestamp newest{};
  Way way;

  auto Key() const { return std::tuple(hops, weakness, -ToMicros(newest), way.front().from); }
};

class Search {
 public:
  Search(EntityId target, const WaySearch& search, const TiesOf& ties)
      : target_(target),
        search_(search),
        hops_max_(std::clamp<size_t>(search.hops_max, 1, kWayHopsMax)),
        ties_(ties) {}

  Result<WaysIn> Run() {
    arrivals_[target_] = {};
    next_.push_back(target_);
    while (!next_.empty() && !found_.truncated) {
      const EntityId person = next_.front();
      next_.pop_front();
      if (Status status = Visit(person); !status.ok()) return status;
    }
    std::ranges::sort(ranked_, {}, &Ranked::Key);
    for (Ranked& one : ranked_) {
      if (found_.ways.size() == search_.way_count_max) {
        found_.truncated = true;
        break;
      }
      found_.ways.push_back(std::move(one.way));
    }
    return std::move(found_);
  }

 private:
  Status Visit(EntityId person) {
    Result<std::vector<Tie>> ties = ties_(person);
    if (!ties) return ties.error();
    // The strongest tie to each first, so that it is the one a way goes over.
    std::ranges::sort(*ties, {}, [](const Tie& tie) {
      return std::tuple(tie.kind, -ToMicros(tie.at), tie.person, tie.because);
    });
    std::map<EntityId, bool> seen_reps;
    const size_t hops = arrivals_[person].hops;
    for (const Tie& tie : *ties) {
      if (tie.is_rep) {
        if (!seen_reps.emplace(tie.person, true).second) continue;
        if (!search_.rep || tie.person == search_.rep) AddWays(person, tie);
        continue;
      }
      if (hops + 1 < hops_max_) Arrive(person, tie, hops + 1);
    }
    return Status::Ok();
  }

  // Over the strongest tie between the two; `ties` come in that order.
  void Arrive(EntityId person, const Tie& tie, size_t hops) {
    const auto found = arrivals_.find(tie.person);
    if (found == arrivals_.end()) {
      if (arrivals_.size() >= search_.visited_max) {
        found_.truncated = true;
        return;
      }
      arrivals_[tie.person] = {.hops = hops, .nearer = {{.person = person, .tie = tie}}};
      next_.push_back(tie.person);
      return;
    }
    Arrival& known = found->second;
    const bool is_new =
        std::ranges::find(known.nearer, person, &Nearer::person) == known.nearer.end();
    if (known.hops == hops && is_new) known.nearer.push_back({.person = person, .tie = tie});
  }

  // Every way from a rep who knows `person`, over whom there are equally few steps.
  void AddWays(EntityId person, const Tie& to_rep) {
    Ranked ranked;
    Add(ranked, to_rep.person, person, to_rep);
    Follow(person, ranked);
  }

  static void Add(Ranked& ranked, EntityId from, EntityId to, const Tie& tie) {
    ranked.way.push_back({.from = from, .to = to, .kind = tie.kind, .because = tie.because});
    ranked.weakness += static_cast<uint32_t>(tie.kind);
    ranked.newest = std::max(ranked.newest, tie.at);
  }

  // At most hops_max_ deep.
  void Follow(EntityId person, const Ranked& so_far) {
    if (ranked_.size() >= kWaysTriedMax) {
      found_.truncated = true;
      return;
    }
    if (person == target_) {
      ranked_.push_back(so_far);
      ranked_.back().hops = so_far.way.size();
      return;
    }
    for (const Nearer& step : arrivals_[person].nearer) {
      Ranked longer = so_far;
      Add(longer, person, step.person, step.tie);
      Follow(step.person, longer);
    }
  }

  const EntityId target_;
  const WaySearch& search_;
  const size_t hops_max_;
  const TiesOf& ties_;
  std::map<EntityId, Arrival> arrivals_;
  std::deque<EntityId> next_;
  std::vector<Ranked> ranked_;
  WaysIn found_;
};

}  // namespace

std::string_view TieKindName(TieKind kind) {
  return kind == TieKind::kIntroduced ? "introduced" : "confirmed";
}

Result<WaysIn> FindWaysIn(EntityId target, const WaySearch& search, const TiesOf& ties) {
  return Search(target, search, ties).Run();
}

}  // namespace referrald::practice
