// Chains, as the forest that is kept has them.
#include <ranges>
#include <utility>

#include "storage/ledger/stored_reader.h"

namespace referrald::ledger {
namespace {

ChainMember MemberOf(EntityId person, ChainRecord record) {
  return {.node = {.person = person,
                   .parent = record.parent,
                   .referral = record.referral,
                   .sequence = record.sequence,
                   .depth = 0,
                   .child_count = static_cast<uint32_t>(record.child_count),
                   .reach = static_cast<uint32_t>(record.reach)},
          .uncredited = record.arrivals - (record.parent ? 1 : 0),
          .won = std::move(record.won),
          .won_below = std::move(record.won_below)};
}

class ChainRead {
 public:
  ChainRead(const Lookup& lookup, const ChainScope& scope) : lookup_(lookup), scope_(scope) {}

  Result<Chain> Run(EntityId person) {
    Status status = Descend(person);
    if (status.ok()) status = Ascend(chain_.descendants.front().node.parent);
    if (!status.ok()) return status;
    return std::move(chain_);
  }

 private:
  struct Waiting {
    EntityId person;
    uint32_t depth = 0;
  };

  Result<ChainMember> Read(EntityId person) const {
    Result<ChainRecord> record = lookup_.FindChain(person);
    if (!record) return record.error();
    return MemberOf(person, *std::move(record));
  }

  Status Descend(EntityId start) {
    std::vector<Waiting> waiting{{.person = start}};
    while (!waiting.empty()) {
      if (chain_.descendants.size() == scope_.count_max) {
        chain_.truncated = true;
        return Status::Ok();
      }
      const Waiting next = waiting.back();
      waiting.pop_back();
      Result<ChainRecord> record = lookup_.FindChain(next.person);
      if (!record) return record.error();
      const bool goes_on = next.depth < scope_.levels_max;
      Status added = goes_on ? AddChildren(next, *record, waiting) : Status::Ok();
      if (!added.ok()) return added;
      ChainMember& member =
          chain_.descendants.emplace_back(MemberOf(next.person, *std::move(record)));
      member.node.depth = next.depth;
    }
    return Status::Ok();
  }

  Status AddChildren(const Waiting& parent, const ChainRecord& record,
                     std::vector<Waiting>& waiting) {
    std::vector<EntityId> children;
    for (const ChainChild& child : record.children) children.push_back(child.person);
    if (record.child_count > record.children.size()) {
      Result<std::vector<EntityId>> found = ChildrenOf(parent.person);
      if (!found) return found.error();
      children = *std::move(found);
    }
    // The last is the next seen.
    for (const EntityId child : std::views::reverse(children)) {
      waiting.push_back({.person = child, .depth = parent.depth + 1});
    }
    return Status::Ok();
  }

  // No more of them than the answer has room for.
  Result<std::vector<EntityId>> ChildrenOf(EntityId parent) const {
    engine::Range range = engine::PrefixRange(lookup_.keys().In(Space::kChainChild, parent.value));
    range.row_count_max = scope_.count_max - chain_.descendants.size() + 1;
    std::vector<EntityId> children;
    Status damaged;
    const Status scanned =
        lookup_.from().Scan(range, [&](std::string_view, std::string_view value) {
          const Result<uint64_t> child = DecodeNumber(value);
          if (child) children.push_back({*child});
          damaged = StatusOf(child);
          return damaged.ok();
        });
    if (!damaged.ok()) return damaged;
    if (!scanned.ok()) return scanned;
    return children;
  }

  Status Ascend(EntityId person) {
    for (; person; person = chain_.ancestors.back().node.parent) {
      if (chain_.ancestors.size() == scope_.count_max) {
        chain_.truncated = true;
        break;
      }
      Result<ChainMember> member = Read(person);
      if (!member) return member.error();
      chain_.ancestors.push_back(*std::move(member));
    }
    auto depth = static_cast<uint32_t>(chain_.ancestors.size());
    for (ChainMember& member : chain_.ancestors) member.node.depth = --depth;
    return Status::Ok();
  }

  const Lookup& lookup_;
  const ChainScope& scope_;
  Chain chain_;
};

}  // namespace

Result<Chain> StoredReader::GetChain(EntityId person, const ChainScope& scope) const {
  const Result<EntityId> survivor = lookup_.Survivor(person);
  if (!survivor) return survivor.error();
  return ChainRead(lookup_, scope).Run(*survivor);
}

}  // namespace referrald::ledger
