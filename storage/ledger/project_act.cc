// What acts do to the read models, and what facts do to those of their source and contact.
#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "storage/base/limits.h"
#include "storage/ledger/projector.h"

namespace referrald::ledger {
namespace {

using practice::Act;
using Topic = DerivedKeys::Topic;

// Every index entry of an act.
std::vector<std::string> EntriesOf(const DerivedKeys& keys, const Act& act, Sequence sequence) {
  std::vector<std::string> entries;
  if (act.party) entries.push_back(keys.Act(Topic::kParty, act.party.value, sequence));
  if (act.other) entries.push_back(keys.Act(Topic::kOther, act.other.value, sequence));
  if (act.opportunity) {
    entries.push_back(keys.Act(Topic::kOpportunity, act.opportunity.value, sequence));
  }
  if (act.referral) entries.push_back(keys.Act(Topic::kReferral, act.referral.value, sequence));
  if (!act.name.empty()) entries.push_back(keys.ActNamed(act.name, sequence));
  const bool is_of_the_firm = act.type >= practice::EventType::kProcessDefined ||
                              act.type == practice::EventType::kRelationshipClaimed ||
                              act.type == practice::EventType::kRewardPlanSet;
  if (is_of_the_firm) {
    entries.push_back(keys.Act(Topic::kType, std::to_underlying(act.type), sequence));
  }
  return entries;
}

// In the queue of its rep, and in everybody's.
std::vector<std::string> EntriesOf(const DerivedKeys& keys, const practice::Prompt& prompt) {
  std::vector<EntityId> reps{EntityId{}};
  if (prompt.rep) reps.push_back(prompt.rep);
  std::vector<std::string> entries;
  for (const EntityId rep : reps) {
    std::string key = keys.Prompts(rep, practice::FindPromptRule(prompt.rule)->priority);
    AppendBigEndian64(key, static_cast<uint64_t>(std::max<int64_t>(0, ToMicros(prompt.due))));
    key.append(prompt.rule);
    AppendBigEndian64(key, prompt.about.value);
    AppendBigEndian64(key, prompt.party.value);
    entries.push_back(std::move(key));
  }
  return entries;
}

bool IsNothing(const CustomerRecord& record) {
  const practice::Customer& customer = record.customer;
  return !customer.first && record.prompts.empty() && customer.Covered() == 0;
}

}  // namespace

Status Projector::Apply(const Event& event, const Act& act) {
  for (std::string& key : EntriesOf(lookup_.keys(), act, event.sequence)) {
    to_.Put(std::move(key), {});
  }
  // What answers a proposal is found by the name of its plan, too.
  if (practice::IsRewardAct(act.type) && act.name.empty()) {
    const Result<std::string> plan = lookup_.PlanOfReward(act);
    if (!plan) return plan.error();
    if (!plan->empty()) to_.Put(lookup_.keys().ActNamed(*plan, event.sequence), {});
  }
  return RefoldCustomer(act.party);
}

Status Projector::RefoldCustomer(EntityId party) {
  if (!party) return Status::Ok();
  const Result<CustomerRecord> before = lookup_.FindCustomer(party);
  if (!before) return before.error();
  const Result<EntityRecord> entity = lookup_.NeedEntity(party);
  if (!entity) return entity.error();
  CustomerRecord after;
  after.customer.party = party;
  if (!entity->entity.erased && !entity->entity.merged_into) {
    Result<CustomerRecord> folded = lookup_.FoldParty(party);
    if (!folded) return folded.error();
    after = *std::move(folded);
  }
  PutCustomer(*before, after);
  return Status::Ok();
}

void Projector::PutCustomer(const CustomerRecord& before, const CustomerRecord& after) {
  if (before == after) return;
  const DerivedKeys& keys = lookup_.keys();
  for (const practice::Prompt& prompt : before.prompts) {
    for (std::string& key : EntriesOf(keys, prompt)) to_.Delete(std::move(key));
  }
  for (const practice::Prompt& prompt : after.prompts) {
    for (std::string& key : EntriesOf(keys, prompt)) to_.Put(std::move(key), {});
  }
  const uint64_t party = after.customer.party.value;
  if (after.customer.IsActive()) {
    to_.Put(keys.In(Space::kCoverage, party), Encode(CoverageOf(after.customer)));
  } else if (before.customer.IsActive()) {
    to_.Delete(keys.In(Space::kCoverage, party));
  }
  std::string key = keys.In(Space::kCustomer, party);
  if (IsNothing(after)) {
    to_.Delete(std::move(key));
  } else {
    to_.Put(std::move(key), Encode(after));
  }
}

Status Projector::MoveActs(EntityId from, EntityId to) {
  const DerivedKeys& keys = lookup_.keys();
  for (const Topic topic : {Topic::kParty, Topic::kOther, Topic::kOpportunity}) {
    const Result<std::vector<uint64_t>> sequences =
        lookup_.NumbersBehind(keys.Acts(topic, from.value), SIZE_MAX);
    if (!sequences) return sequences.error();
    for (const uint64_t sequence : *sequences) {
      to_.Delete(keys.Act(topic, from.value, {sequence}));
      to_.Put(keys.Act(topic, to.value, {sequence}), {});
    }
  }
  Status status = RefoldCustomer(from);
  if (status.ok()) status = RefoldCustomer(to);
  return status.ok() ? MovePrompts(from) : status;
}

// What waits for a rep who is somebody else now.
Status Projector::MovePrompts(EntityId rep) {
  std::string prefix = lookup_.keys().Prompts(rep, 0);
  prefix.pop_back();  // Of every priority.
  const Result<std::vector<uint64_t>> parties = lookup_.NumbersBehind(prefix, SIZE_MAX);
  if (!parties) return parties.error();
  for (const uint64_t party : std::set<uint64_t>(parties->begin(), parties->end())) {
    if (Status status = RefoldCustomer({party}); !status.ok()) return status;
  }
  return Status::Ok();
}

}  // namespace referrald::ledger
