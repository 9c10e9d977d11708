#include "storage/referral/chain.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "storage/referral/referral.h"

namespace referrald::referral {
namespace {

using Place = uint32_t;  // In Forest::nodes.

// Who belongs to whose tree. A contact is always a root when they are joined, so the source's root
// stays the root; halving the paths keeps the walk short.
class Trees {
 public:
  explicit Trees(size_t count) : up_(count) {
    for (Place place = 0; place < count; ++place) up_[place] = place;
  }

  Place RootOf(Place place) {
    while (up_[place] != place) {
      up_[place] = up_[up_[place]];
      place = up_[place];
    }
    return place;
  }
  void Hang(Place root, Place under) { up_[root] = under; }

 private:
  std::vector<Place> up_;
};

std::vector<Introduction> InOrderOfOccurrence(std::span<const Introduction> introductions) {
  std::vector<Introduction> order(introductions.begin(), introductions.end());
  std::ranges::sort(order, {}, [](const Introduction& edge) {
    return std::tuple(edge.occurred_at, edge.sequence, edge.contact, edge.source, edge.referral);
  });
  return order;
}

std::vector<ChainNode> Strangers(std::span<const Introduction> introductions) {
  std::vector<EntityId> people;
  people.reserve(introductions.size() * 2);
  for (const Introduction& edge : introductions) {
    if (edge.source) people.push_back(edge.source);
    if (edge.contact) people.push_back(edge.contact);
  }
  std::ranges::sort(people);
  const auto repeats = std::ranges::unique(people);
  people.erase(repeats.begin(), repeats.end());
  std::vector<ChainNode> nodes(people.size());
  for (size_t i = 0; i < people.size(); ++i) nodes[i].person = people[i];
  return nodes;
}

std::optional<Place> PlaceOf(std::span<const ChainNode> nodes, EntityId person) {
  const auto found = std::ranges::lower_bound(nodes, person, {}, &ChainNode::person);
  if (found == nodes.end() || found->person != person) return std::nullopt;
  return static_cast<Place>(found - nodes.begin());
}

// Gives the contact to the source, unless somebody else came first or a circle would close.
bool Credit(Forest& forest, Trees& trees, const Introduction& edge) {
  const std::optional<Place> source = PlaceOf(forest.nodes, edge.source);
  const std::optional<Place> contact = PlaceOf(forest.nodes, edge.contact);
  if (!source || !contact) return false;
  ChainNode& node = forest.nodes[*contact];
  if (node.parent || trees.RootOf(*source) == *contact) return false;
  trees.Hang(*contact, *source);
  node.parent = edge.source;
  node.referral = edge.referral;
  node.sequence = edge.sequence;
  ++forest.nodes[*source].child_count;
  return true;
}

// Returns the number of roots, which come first: their parent is 0.
Place SortByParent(Forest& forest) {
  forest.by_parent.resize(forest.nodes.size());
  for (Place place = 0; place < forest.by_parent.size(); ++place) forest.by_parent[place] = place;
  std::ranges::sort(forest.by_parent, {}, [&forest](Place place) {
    const ChainNode& node = forest.nodes[place];
    return std::tuple(node.parent, node.sequence, node.person);
  });
  // Nodes are sorted by person and by_parent by parent: the families stand in the same order.
  auto next = static_cast<Place>(std::ranges::count(forest.nodes, EntityId{}, &ChainNode::parent));
  const Place root_count = next;
  forest.first_child.reserve(forest.nodes.size());
  for (const ChainNode& node : forest.nodes) {
    forest.first_child.push_back(next);
    next += node.child_count;
  }
  return root_count;
}

// By sequence.
std::span<const Place> ChildrenOf(const Forest& forest, Place place) {
  return std::span(forest.by_parent)
      .subspan(forest.first_child[place], forest.nodes[place].child_count);
}

// Downwards for the depth, then the same way back up for the reach.
void Measure(Forest& forest, Place root_count) {
  std::vector<Place> downwards(forest.by_parent.begin(), forest.by_parent.begin() + root_count);
  downwards.reserve(forest.nodes.size());
  std::vector<Place> parents(root_count);
  parents.reserve(forest.nodes.size());
  for (size_t i = 0; i < downwards.size(); ++i) {
    for (const Place child : ChildrenOf(forest, downwards[i])) {
      forest.nodes[child].depth = forest.nodes[downwards[i]].depth + 1;
      parents.push_back(downwards[i]);
      downwards.push_back(child);
    }
  }
  for (size_t i = downwards.size(); i-- > root_count;) {
    forest.nodes[parents[i]].reach += forest.nodes[downwards[i]].reach + 1;
  }
}

}  // namespace

std::optional<Introduction> IntroductionOf(const Referral& referral) {
  if (!referral.introduction || IsJudged(referral)) return std::nullopt;
  if (!referral.source || !referral.contact) return std::nullopt;
  return Introduction{.source = referral.source,
                      .contact = referral.contact,
                      .referral = referral.id,
                      .sequence = referral.introduction,
                      .occurred_at = referral.introduced_at};
}

const ChainNode* Forest::Find(EntityId person) const {
  const std::optional<Place> place = PlaceOf(nodes, person);
  return place ? &nodes[*place] : nullptr;
}

Forest BuildForest(std::span<const Introduction> introductions) {
  Forest forest;
  forest.nodes = Strangers(introductions);
  Trees trees(forest.nodes.size());
  for (const Introduction& edge : InOrderOfOccurrence(introductions)) {
    if (!Credit(forest, trees, edge)) forest.uncredited.push_back(edge);
  }
  Measure(forest, SortByParent(forest));
  return forest;
}

std::vector<ChainNode> Ancestors(const Forest& forest, EntityId person) {
  std::vector<ChainNode> line;
  for (const ChainNode* node = forest.Find(person); node != nullptr;
       node = forest.Find(node->parent)) {
    line.push_back(*node);
  }
  return line;
}

std::vector<ChainNode> Descendants(const Forest& forest, EntityId person, uint32_t depth_max) {
  std::vector<ChainNode> found;
  const std::optional<Place> start = PlaceOf(forest.nodes, person);
  if (!start) return found;
  const uint32_t depth_of_start = forest.nodes[*start].depth;
  std::vector<Place> waiting{*start};
  while (!waiting.empty()) {
    const Place place = waiting.back();
    waiting.pop_back();
    ChainNode& node = found.emplace_back(forest.nodes[place]);
    node.depth -= depth_of_start;
    if (node.depth >= depth_max) continue;
    const std::span<const Place> children = ChildrenOf(forest, place);
    // The last pushed is the next seen.
    waiting.insert(waiting.end(), children.rbegin(), children.rend());
  }
  return found;
}

}  // namespace referrald::referral
