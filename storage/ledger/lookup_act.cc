// Look-ups of acts and of what they fold to.
#include <array>
#include <utility>

#include "storage/base/limits.h"
#include "storage/ledger/act_body.h"
#include "storage/ledger/envelope.h"
#include "storage/ledger/lookup.h"

namespace referrald::ledger {

Result<std::vector<practice::RecordedAct>> Lookup::NeedActs(
    std::span<const uint64_t> sequences) const {
  std::vector<practice::RecordedAct> acts;
  acts.reserve(sequences.size());
  for (const uint64_t number : sequences) {
    const Sequence sequence{number};
    const Result<std::optional<std::string>> bytes = from_.Get(keys::Event(sequence));
    if (!bytes) return bytes.error();
    if (!*bytes) return Damaged("event " + ToText(sequence) + " is missing: the log");
    Result<Envelope> envelope = DecodeEnvelope(sequence, **bytes);
    if (!envelope) return envelope.error();
    Result<practice::Act> act = DecodeAct(envelope->type, envelope->body);
    if (!act) return act.error();
    act->text.clear();
    const Status followed = Follow({&act->party, &act->rep, &act->other, &act->opportunity});
    if (!followed.ok()) return followed;
    acts.push_back({.sequence = sequence,
                    .occurred_at = envelope->occurred_at,
                    .recorded_at = envelope->recorded_at,
                    .actor = std::move(envelope->actor),
                    .act = *std::move(act)});
  }
  return acts;
}

Result<CustomerRecord> Lookup::FindCustomer(EntityId party) const {
  const Result<std::optional<std::string>> bytes =
      from_.Get(keys_.In(Space::kCustomer, party.value));
  if (!bytes) return bytes.error();
  if (*bytes) return DecodeCustomer(party, **bytes);
  CustomerRecord nothing;
  nothing.customer.party = party;
  return nothing;
}

Result<std::vector<referral::Referral>> Lookup::FoldedReferralsOf(Space role,
                                                                  EntityId person) const {
  const Result<std::vector<ReferralId>> ids =
      ReferralsOf(role, person, limits::kReferralsPerFoldMax);
  if (!ids) return ids.error();
  std::vector<referral::Referral> referrals;
  for (const ReferralId id : *ids) {
    Result<ReferralRecord> record = NeedReferral(id);
    if (!record) return record.error();
    referrals.push_back(std::move(record->referral));
  }
  return referrals;
}

Result<std::vector<referral::RecordedFact>> Lookup::RelationshipsOf(EntityId contact) const {
  const Result<std::vector<uint64_t>> numbers =
      NumbersBehind(keys_.In(Space::kRelationship, contact.value), limits::kChainEdgesMax);
  if (!numbers) return numbers.error();
  std::vector<Sequence> sequences;
  for (const uint64_t number : *numbers) sequences.push_back({number});
  Result<std::vector<referral::RecordedFact>> facts = NeedFacts(sequences);
  if (!facts) return facts.error();
  // The space also holds facts in which the person is the rep or the source.
  std::erase_if(*facts,
                [&](const referral::RecordedFact& fact) { return fact.fact.contact != contact; });
  return facts;
}

Result<CustomerRecord> Lookup::FoldParty(EntityId party) const {
  const Result<std::vector<uint64_t>> sequences =
      NumbersBehind(keys_.Acts(DerivedKeys::Topic::kParty, party.value), SIZE_MAX);
  if (!sequences) return sequences.error();
  const auto acts = NeedActs(*sequences);
  if (!acts) return acts.error();
  const auto as_source = FoldedReferralsOf(Space::kBySource, party);
  if (!as_source) return as_source.error();
  const auto as_contact = FoldedReferralsOf(Space::kByContact, party);
  if (!as_contact) return as_contact.error();
  CustomerRecord record;
  record.customer = practice::FoldCustomer(
      party, {.acts = *acts, .referrals = *as_source, .as_contact = *as_contact});
  record.prompts = practice::PromptsOf(record.customer,
                                       {.as_source = *as_source, .as_contact = *as_contact}, {});
  return record;
}

Result<std::optional<practice::Process>> Lookup::FindProcess(std::string_view version) const {
  const auto sequences = NumbersBehind(keys_.ActsNamed(version), limits::kActsPerPlanMax);
  if (!sequences) return sequences.error();
  for (const uint64_t sequence : *sequences) {
    const Result<Event> event = NeedEvent({sequence});
    if (!event) return event.error();
    const auto* const act = std::get_if<practice::Act>(&event->body);
    if (act == nullptr || act->type != practice::EventType::kProcessDefined) continue;
    Result<practice::Process> process = practice::ProcessFrom(act->name, act->text);
    if (!process) return process.error();
    return std::optional(*std::move(process));
  }
  return std::optional<practice::Process>{};
}

Result<std::string> Lookup::PlanOfReward(const practice::Act& act) const {
  if (!act.name.empty() || !act.about) return act.name;
  const Result<std::optional<std::string>> bytes = from_.Get(keys::Event(act.about));
  if (!bytes) return bytes.error();
  if (!*bytes || TypeIn(**bytes) != practice::EventType::kRewardProposed) return std::string();
  const auto proposal = NeedActs(std::array{act.about.value});
  if (!proposal) return proposal.error();
  return proposal->front().act.name;
}

Status Lookup::AddReferral(ReferralId id, RewardBook& book) const {
  if (book.referrals.contains(id)) return Status::Ok();
  const Result<std::optional<ReferralRecord>> record = FindReferral(id);
  if (!record) return record.error();
  if (!*record) return Status::Ok();
  book.referrals[id] = (*record)->referral;
  const auto acts = HoldActsOf(id);
  if (!acts) return acts.error();
  std::map<Sequence, Sequence> holds;
  for (const practice::RecordedAct& act : *acts) {
    if (act.act.type == practice::EventType::kReferralHeld) holds[act.sequence] = act.sequence;
    if (act.act.type == practice::EventType::kHoldReleased) holds.erase(act.act.about);
  }
  if (!holds.empty()) book.held[id] = holds.begin()->first;
  return Status::Ok();
}

Result<RewardBook> Lookup::FindRewards(std::string_view plan) const {
  const auto sequences = NumbersBehind(keys_.ActsNamed(plan), limits::kActsPerPlanMax);
  if (!sequences) return sequences.error();
  auto acts = NeedActs(*sequences);
  if (!acts) return acts.error();
  RewardBook book{.acts = *std::move(acts), .referrals = {}, .held = {}};
  for (const practice::RecordedAct& act : book.acts) {
    if (act.act.type != practice::EventType::kRewardProposed) continue;
    if (Status status = AddReferral(act.act.referral, book); !status.ok()) return status;
  }
  return book;
}

}  // namespace referrald::ledger
