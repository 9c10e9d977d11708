#include "storage/practice/way_in.h"

#include <algorithm>
#include <deque>
#include <map>
#include <tuple>
#include <utility>

namespace referrald::practice {
namespace {

// How the search came to a person: from whom, nearer to the target, and by which tie.
struct Arrival {
  EntityId nearer;
  Tie tie;
  size_t hops = 0;  // To the target.
};

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
      : target_(target), search_(search), ties_(ties) {}

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
        if (!search_.rep || tie.person == search_.rep) AddWay(person, tie);
        continue;
      }
      if (hops + 1 >= search_.hops_max || arrivals_.contains(tie.person)) continue;
      if (arrivals_.size() >= search_.visited_max) {
        found_.truncated = true;
        return Status::Ok();
      }
      arrivals_[tie.person] = {.nearer = person, .tie = tie, .hops = hops + 1};
      next_.push_back(tie.person);
    }
    return Status::Ok();
  }

  void AddWay(EntityId person, const Tie& to_rep) {
    Ranked ranked;
    const auto add = [&ranked](EntityId from, EntityId to, const Tie& tie) {
      ranked.way.push_back({.from = from, .to = to, .kind = tie.kind, .because = tie.because});
      ranked.weakness += static_cast<uint32_t>(tie.kind);
      ranked.newest = std::max(ranked.newest, tie.at);
    };
    add(to_rep.person, person, to_rep);
    for (EntityId at = person; at != target_; at = arrivals_[at].nearer) {
      add(at, arrivals_[at].nearer, arrivals_[at].tie);
    }
    ranked.hops = ranked.way.size();
    ranked_.push_back(std::move(ranked));
  }

  const EntityId target_;
  const WaySearch& search_;
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
