// Look-ups of acts and of what they fold to.
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
  record.customer = practice::FoldCustomer(party, {.acts = *acts, .referrals = *as_source});
  record.prompts = practice::PromptsOf(record.customer,
                                       {.as_source = *as_source, .as_contact = *as_contact}, {});
  return record;
}

}  // namespace referrald::ledger
