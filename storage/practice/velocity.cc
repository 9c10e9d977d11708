#include "storage/practice/velocity.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "storage/referral/entity.h"

namespace referrald::practice {
namespace {

using referral::Introduction;
using Edges = std::vector<const Introduction*>;

auto OrderOf(const Introduction& edge) { return std::tuple(edge.occurred_at, edge.sequence); }

Edges InOrderOfOccurrence(std::span<const Introduction> introductions) {
  Edges edges;
  for (const Introduction& edge : introductions) {
    if (edge.source && edge.contact && edge.source != edge.contact) edges.push_back(&edge);
  }
  std::ranges::sort(edges, {}, [](const Introduction* edge) { return OrderOf(*edge); });
  const auto repeats = std::ranges::unique(edges, {}, &Introduction::sequence);
  edges.erase(repeats.begin(), repeats.end());
  return edges;
}

std::string Person(EntityId id) { return ToText(referral::EntityKind::kPerson, id); }

std::string Within(const HoldRule& rule) {
  return " within " + std::to_string(rule.window.count()) + " days";
}

HoldHit HitOn(const HoldRule& rule, Edges edges, std::string why) {
  std::ranges::sort(edges, {}, [](const Introduction* edge) { return OrderOf(*edge); });
  HoldHit hit{.rule = rule.name, .referrals = {}, .why = std::move(why), .because = {}};
  for (const Introduction* const edge : edges) {
    hit.referrals.push_back(edge->referral);
    hit.because.push_back(edge->sequence);
  }
  std::ranges::sort(hit.referrals);
  const auto repeats = std::ranges::unique(hit.referrals);
  hit.referrals.erase(repeats.begin(), repeats.end());
  return hit;
}

// Hits of one rule, to be put in the order of their last introduction.
class Found {
 public:
  bool Full() const { return hits_.size() >= kHoldHitsMax; }
  void Add(const Introduction& last, HoldHit hit) {
    hits_.emplace_back(OrderOf(last), std::move(hit));
  }
  void MoveTo(HoldHits& all) {
    std::ranges::sort(hits_, {},
                      [](const auto& hit) { return std::tie(hit.first, hit.second.because); });
    for (auto& [order, hit] : hits_) {
      if (all.hits.size() >= kHoldHitsMax) {
        all.truncated = true;
        return;
      }
      all.hits.push_back(std::move(hit));
    }
  }

 private:
  std::vector<std::pair<std::tuple<Timestamp, Sequence>, HoldHit>> hits_;
};

// A run of windows that overlap and are each too full.
struct Burst {
  size_t begin = 0, end = 0;  // Of the source's edges.
  size_t peak = 0;            // In the fullest window.
};

std::vector<Burst> BurstsIn(const Edges& edges, const HoldRule& rule) {
  std::vector<Burst> bursts;
  size_t begin = 0;
  for (size_t i = 0; i < edges.size(); ++i) {
    while (edges[i]->occurred_at - edges[begin]->occurred_at > rule.window) ++begin;
    const size_t count = i + 1 - begin;
    if (count <= rule.count_max) continue;
    if (bursts.empty() || begin >= bursts.back().end) bursts.push_back({.begin = begin});
    bursts.back().end = i + 1;
    bursts.back().peak = std::max(bursts.back().peak, count);
  }
  return bursts;
}

void FindBursts(const Edges& edges, const HoldRule& rule, HoldHits& all) {
  std::map<EntityId, Edges> by_source;
  for (const Introduction* const edge : edges) by_source[edge->source].push_back(edge);
  Found found;
  for (const auto& [source, own] : by_source) {
    for (const Burst& burst : BurstsIn(own, rule)) {
      found.Add(
          *own[burst.end - 1],
          HitOn(rule,
                Edges(own.begin() + static_cast<ptrdiff_t>(burst.begin),
                      own.begin() + static_cast<ptrdiff_t>(burst.end)),
                Person(source) + " made " + std::to_string(burst.peak) + " introductions" +
                    Within(rule) + ", a look is due above " + std::to_string(rule.count_max)));
    }
  }
  found.MoveTo(all);
}

// Walks from the contact of an introduction back to its source, over older ones. Each circle has
// one newest edge, so that none is found twice.
class RingSearch {
 public:
  RingSearch(const Edges& edges, const HoldRule& rule)
      : rule_(rule), people_max_(std::min(rule.count_max, kRingPeopleMax)) {
    for (const Introduction* const edge : edges) out_[edge->source][edge->contact].push_back(edge);
  }

  void Run(const Edges& edges, HoldHits& all) {
    for (const Introduction* const edge : edges) {
      if (found_.Full() || steps_ >= kRingStepsMax) break;
      path_ = {edge};
      Walk(edge->contact);
    }
    all.truncated = all.truncated || found_.Full() || steps_ >= kRingStepsMax;
    found_.MoveTo(all);
  }

 private:
  void Walk(EntityId at) {
    const auto onward = out_.find(at);
    if (onward == out_.end() || path_.size() >= people_max_) return;
    const Introduction& closing = *path_.front();
    for (const auto& [contact, edges] : onward->second) {
      if (found_.Full() || ++steps_ >= kRingStepsMax) return;
      const Introduction* const edge = NewestBefore(edges, closing);
      if (edge == nullptr || (contact != closing.source && IsOnPath(contact))) continue;
      path_.push_back(edge);
      if (contact == closing.source) {
        Note(closing);
      } else {
        Walk(contact);
      }
      path_.pop_back();
    }
  }

  const Introduction* NewestBefore(const Edges& edges, const Introduction& closing) const {
    const auto after = std::ranges::lower_bound(
        edges, OrderOf(closing), {}, [](const Introduction* edge) { return OrderOf(*edge); });
    if (after == edges.begin()) return nullptr;
    const Introduction* const newest = *std::prev(after);
    return closing.occurred_at - newest->occurred_at <= rule_.window ? newest : nullptr;
  }

  bool IsOnPath(EntityId person) const {
    return std::ranges::any_of(
        path_, [person](const Introduction* edge) { return edge->contact == person; });
  }

  void Note(const Introduction& closing) {
    std::string why = Person(closing.source);
    for (const Introduction* const edge : path_)
      why += " brought " + Person(edge->contact) + ", who";
    // The last one closes the circle: nothing is told of them any more.
    why.resize(why.size() - std::string_view(", who").size());
    found_.Add(closing, HitOn(rule_, path_, std::move(why) + Within(rule_)));
  }

  const HoldRule& rule_;
  const size_t people_max_;
  std::map<EntityId, std::map<EntityId, Edges>> out_;
  Edges path_;
  size_t steps_ = 0;
  Found found_;
};

}  // namespace

std::string_view HoldRuleKindName(HoldRuleKind kind) {
  switch (kind) {
    case HoldRuleKind::kVelocity: return "velocity";
    case HoldRuleKind::kRing: return "ring";
  }
  return {};
}

HoldPolicy DefaultHoldPolicy() {
  return {{.name = "velocity",
           .kind = HoldRuleKind::kVelocity,
           .count_max = 10,
           .window = std::chrono::days(7)},
          {.name = "ring",
           .kind = HoldRuleKind::kRing,
           .count_max = kRingPeopleMax,
           .window = std::chrono::days(90)}};
}

HoldHits HitsOf(std::span<const Introduction> introductions, const HoldPolicy& policy) {
  HoldHits all;
  const Edges edges = InOrderOfOccurrence(introductions);
  for (const HoldRule& rule : policy) {
    switch (rule.kind) {
      case HoldRuleKind::kVelocity: FindBursts(edges, rule, all); break;
      case HoldRuleKind::kRing: RingSearch(edges, rule).Run(edges, all); break;
    }
  }
  return all;
}

}  // namespace referrald::practice
