#include "storage/ledger/chain_writer.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "storage/ledger/chain_walk.h"

namespace referrald::ledger {
namespace {

using referral::ChainNode;
using referral::Introduction;
using referral::Referral;

// It counts for what its contact is worth: a won referral, not merely a lead that came to buy.
bool IsWon(const Referral& referral) {
  return referral.state == referral::State::kWon && Stands(referral) &&
         referral.amount.minor_units != 0;
}

Amounts AmountOf(const Referral* referral) {
  if (referral == nullptr) return {};
  return {{referral->amount.currency, referral->amount.minor_units}};
}

using Places = std::map<EntityId, ChainRecord>;

// Without what was won.
Places PlacesOf(const referral::Forest& forest, std::span<const Introduction> edges) {
  Places places;
  for (const ChainNode& node : forest.nodes) {
    ChainRecord& place = places[node.person];
    place.parent = node.parent;
    place.referral = node.referral;
    place.sequence = node.sequence;
    place.reach = node.reach;
    if (node.parent) AddChild(places[node.parent], {node.sequence, node.person});
  }
  for (const Introduction& edge : edges) {
    ChainRecord& contact = places[edge.contact];
    ++contact.arrivals;
    if (contact.referral == edge.referral) contact.brought_at = edge.occurred_at;
  }
  return places;
}

// From the leaves upwards.
void SumBelow(const referral::Forest& forest, Places& places) {
  std::vector<const ChainNode*> upwards;
  for (const ChainNode& node : forest.nodes) upwards.push_back(&node);
  std::ranges::sort(upwards, std::greater(), &ChainNode::depth);
  for (const ChainNode* const node : upwards) {
    if (!node->parent) continue;
    Amounts& below = places[node->parent].won_below;
    Add(below, places[node->person].won);
    Add(below, places[node->person].won_below);
  }
}

}  // namespace

Status ChainWriter::Change(const Referral& before, const Referral& after) {
  const std::optional<Introduction> old_edge = IntroductionOf(before),
                                    new_edge = IntroductionOf(after);
  const Result<Amounts> old_won = WonBy(before);
  if (!old_won) return old_won.error();
  const Result<Amounts> new_won = WonBy(after);
  if (!new_won) return new_won.error();
  const bool same_won = *old_won == *new_won && before.contact == after.contact;
  if (old_edge == new_edge && same_won) return Status::Ok();
  if (Status status = AddWon(before.contact, *old_won, -1); !status.ok()) return status;
  if (old_edge != new_edge) {
    Result<bool> done = false;
    if (!old_edge) done = AddOne(*new_edge);
    if (!new_edge) done = TakeUncredited(*old_edge);
    if (!done) return done.error();
    std::vector<EntityId> around;
    for (const std::optional<Introduction>& edge : {old_edge, new_edge}) {
      if (edge) around.insert(around.end(), {edge->source, edge->contact});
    }
    if (!*done) {
      if (Status status = MakeAnew(around); !status.ok()) return status;
    }
  }
  return AddWon(after.contact, *new_won, 1);
}

Result<Amounts> ChainWriter::WonBy(const Referral& referral) const {
  if (!IsWon(referral)) return Amounts{};
  if (!referral.opportunity) return AmountOf(&referral);
  const auto named = lookup_.FoldedReferralsOf(Space::kByOpportunity, referral.opportunity);
  if (!named) return named.error();
  const Referral* first = nullptr;
  for (const Referral& other : *named) {
    if (other.id == referral.id || other.contact != referral.contact || !IsWon(other)) continue;
    if (first == nullptr || other.id < first->id) first = &other;
  }
  if (first != nullptr && first->id < referral.id) return Amounts{};
  Amounts more = AmountOf(&referral);
  Add(more, AmountOf(first), -1);
  return more;
}

Result<ChainRecord> ChainWriter::Find(EntityId person) const { return lookup_.FindChain(person); }

void ChainWriter::Put(EntityId person, const ChainRecord& record) {
  std::string key = lookup_.keys().In(Space::kChain, person.value);
  if (record.empty()) {
    to_.Delete(std::move(key));
  } else {
    to_.Put(std::move(key), Encode(record));
  }
}

Status ChainWriter::AddWon(EntityId person, const Amounts& won, int64_t times) {
  if (won.empty()) return Status::Ok();
  const Result<std::vector<EntityId>> line = LineOf(person);
  if (!line) return line.error();
  for (const EntityId each : *line) {
    Result<ChainRecord> record = Find(each);
    if (!record) return record.error();
    Add(each == person ? record->won : record->won_below, won, times);
    Put(each, *record);
  }
  return Status::Ok();
}

Result<std::vector<EntityId>> ChainWriter::LineOf(EntityId person) const {
  std::vector<EntityId> line;
  while (person) {
    line.push_back(person);
    const Result<ChainRecord> record = Find(person);
    if (!record) return record.error();
    person = record->parent;
  }
  return line;
}

Result<bool> ChainWriter::AddOne(const Introduction& edge) {
  Result<ChainRecord> contact = Find(edge.contact);
  if (!contact) return contact.error();
  const auto order = [](Timestamp at, Sequence sequence) { return std::tuple(at, sequence); };
  if (contact->parent &&
      order(contact->brought_at, contact->sequence) < order(edge.occurred_at, edge.sequence)) {
    ++contact->arrivals;  // Second, and without credit.
    Put(edge.contact, *contact);
    return true;
  }
  if (contact->arrivals > 0) return false;
  const Result<std::vector<EntityId>> line = LineOf(edge.source);
  if (!line) return line.error();
  // Whom nobody brought is a root, and was one all along: who descends from them now may not have
  // done so when this happened.
  if (line->back() == edge.contact) return false;
  if (Status status = Hang(edge, *std::move(contact), *line); !status.ok()) return status;
  return true;
}

Status ChainWriter::Hang(const Introduction& edge, ChainRecord contact,
                         std::span<const EntityId> line) {
  contact.parent = edge.source;
  contact.referral = edge.referral;
  contact.sequence = edge.sequence;
  contact.brought_at = edge.occurred_at;
  contact.arrivals = 1;
  Put(edge.contact, contact);
  to_.Put(lookup_.keys().In(Space::kChainChild, edge.source.value, edge.sequence.value),
          EncodeNumber(edge.contact.value));
  for (const EntityId ancestor : line) {
    Result<ChainRecord> record = Find(ancestor);
    if (!record) return record.error();
    if (ancestor == edge.source) AddChild(*record, {edge.sequence, edge.contact});
    record->reach += contact.reach + 1;
    Add(record->won_below, contact.won);
    Add(record->won_below, contact.won_below);
    Put(ancestor, *record);
  }
  return Status::Ok();
}

Result<bool> ChainWriter::TakeUncredited(const Introduction& edge) {
  Result<ChainRecord> contact = Find(edge.contact);
  if (!contact) return contact.error();
  if (contact->referral == edge.referral) return false;
  --contact->arrivals;
  Put(edge.contact, *contact);
  return true;
}

Status ChainWriter::MakeAnew(std::span<const EntityId> around) {
  const Result<std::vector<Introduction>> edges = IntroductionsAround(lookup_, around);
  if (!edges) return edges.error();
  const referral::Forest forest = BuildForest(*edges);
  Places after = PlacesOf(forest, *edges);
  for (const EntityId person : around) after[person];  // Whom no introduction names any more, too.
  Places before;
  for (auto& [person, place] : after) {
    Result<ChainRecord> record = Find(person);
    if (!record) return record.error();
    place.won = record->won;
    before[person] = *std::move(record);
  }
  SumBelow(forest, after);
  Replace(before, after);
  return Status::Ok();
}

void ChainWriter::Replace(const Places& before, const Places& after) {
  const auto key_of = [this](const ChainRecord& place) {
    return lookup_.keys().In(Space::kChainChild, place.parent.value, place.sequence.value);
  };
  for (const auto& [person, place] : before) {
    if (place.parent) to_.Delete(key_of(place));
  }
  for (const auto& [person, place] : after) {
    if (place.parent) to_.Put(key_of(place), EncodeNumber(person.value));
    if (place != before.at(person)) Put(person, place);
  }
}

}  // namespace referrald::ledger
