#include "storage/ledger/record_act.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "storage/base/limits.h"
#include "storage/ledger/act_body.h"
#include "storage/ledger/idempotency.h"
#include "storage/ledger/wish_parties.h"
#include "storage/practice/customer.h"
#include "storage/practice/process.h"
#include "storage/practice/survey.h"

namespace referrald::ledger {
namespace {

using practice::Act;
using referral::EntityKind;

constexpr int kNotFound = 3021;
constexpr int kTooManyActs = 3013;
constexpr int kDoneAlready = 3014;
constexpr int kNotReviewer = 3015;
constexpr int kNoReward = 3016;
constexpr std::array kParties = {EntityKind::kPerson, EntityKind::kOrganisation};
constexpr std::array kDeals = {EntityKind::kOpportunity};

// The wish itself, before anything is resolved: a repeat must be recognised even when what it names
// has been merged since.
Hash128 PayloadHash(const CommandScope& scope, const RecordAct& wish) {
  TaggedWriter out;
  out.Bytes(1, "act");
  out.Unsigned(2, static_cast<uint64_t>(wish.act.type));
  out.Bytes(3, EncodeAct(wish.act));
  out.Bytes(4, wish.act.text);
  for (const PartyRef* party : {&wish.party, &wish.rep, &wish.other, &wish.opportunity}) {
    TaggedWriter element;
    element.Unsigned(1, party->id.value);
    if (party->ref) element.Bytes(2, ToText(*party->ref));
    element.Bytes(3, party->email);
    out.Element(5, element.text());
  }
  out.Signed(6, ToMicros(wish.occurred_at));
  return scope.vault().BlindIndex(vault::IndexKind::kFingerprint, out.text());
}

Status Resolve(WishParties& parties, const RecordAct& wish, Act& act) {
  Status status = parties.Set("party", wish.party, kParties, act.party);
  if (status.ok()) status = parties.Set("other", wish.other, kParties, act.other);
  if (status.ok()) status = parties.Set("opportunity", wish.opportunity, kDeals, act.opportunity);
  if (status.ok()) status = parties.SetRep(wish.rep, act.rep);
  return status;
}

// What an act points to must be there.
Status CheckTargets(const CommandScope& scope, const Act& act) {
  if (act.referral) {
    const Result<std::optional<ReferralRecord>> known = scope.lookup().FindReferral(act.referral);
    if (!known) return known.error();
    if (!*known) return Status::NotFound("there is no referral " + ToText(act.referral), kNotFound);
  }
  if (act.about >= scope.next()) {
    return Status::NotFound("there is no event " + ToText(act.about), kNotFound);
  }
  return Status::Ok();
}

Status CheckNotSelf(const Act& act) {
  const auto same = [](EntityId left, EntityId right) { return left && left == right; };
  if (!same(act.party, act.other) && !same(act.party, act.rep)) return Status::Ok();
  if (act.type == practice::EventType::kQuizTaken) return Status::Ok();
  return Status::FailedPrecondition(EventTypeName(act.type) + ": the party and the " +
                                        std::string(same(act.party, act.other) ? "other" : "rep") +
                                        " are the same person",
                                    3002);
}

Status CheckFollows(const CommandScope& scope, const Act& act, Timestamp occurred_at) {
  if (!act.party) return Status::Ok();
  const Result<std::vector<uint64_t>> acts = scope.lookup().NumbersBehind(
      scope.lookup().keys().Acts(DerivedKeys::Topic::kParty, act.party.value),
      limits::kActsPerPartyMax);
  if (!acts) return acts.error();
  if (acts->size() >= limits::kActsPerPartyMax) {
    return Status::FailedPrecondition("the party has " + std::to_string(acts->size()) +
                                          " acts, limit " +
                                          std::to_string(limits::kActsPerPartyMax),
                                      kTooManyActs);
  }
  const Result<CustomerRecord> known = scope.lookup().FindCustomer(act.party);
  if (!known) return known.error();
  return DecideForCustomer(known->customer, act, occurred_at);
}

// A hold is let go by somebody who gains nothing by it: one that was put by hand, or one of a rule,
// named by the introduction that it hit.
Status CheckRelease(const CommandScope& scope, const Act& act) {
  if (act.type != practice::EventType::kHoldReleased) return Status::Ok();
  const Result<ReferralRecord> record = scope.lookup().NeedReferral(act.referral);
  if (!record) return record.error();
  const referral::Referral& referral = record->referral;
  if (act.rep == referral.source || act.rep == referral.contact || act.rep == referral.rep) {
    return Status::FailedPrecondition(
        "the reviewer is one of the people of this referral; somebody else has to judge it",
        kNotReviewer);
  }
  const auto holds = scope.lookup().HoldActsOf(act.referral);
  if (!holds) return holds.error();
  const bool by_hand = std::ranges::any_of(*holds, [&act](const practice::RecordedAct& hold) {
    return hold.sequence == act.about && hold.act.type == practice::EventType::kReferralHeld;
  });
  if (by_hand || act.about == referral.introduction) return Status::Ok();
  return Status::FailedPrecondition(
      ToText(act.about) + " holds nothing of " + ToText(act.referral) +
          "; about is the ReferralHeld, or the introduction that a rule hit",
      kDoneAlready);
}

// A version is defined once: what was measured by it stays what it was.
Status CheckProcess(const CommandScope& scope, const Act& act) {
  if (act.type == practice::EventType::kProcessDefined) {
    const Result<std::optional<practice::Process>> known = scope.lookup().FindProcess(act.name);
    if (!known) return known.error();
    if (*known) {
      return Status::FailedPrecondition(
          "process " + act.name + " is defined already; define another version", kDoneAlready);
    }
    return StatusOf(practice::ProcessFrom(act.name, act.text));
  }
  if (act.type != practice::EventType::kStepDone && act.type != practice::EventType::kStepSkipped) {
    return Status::Ok();
  }
  const std::string version = act.name.substr(0, act.name.rfind(':'));
  const Result<std::optional<practice::Process>> process = scope.lookup().FindProcess(version);
  if (!process) return process.error();
  if (!*process) {
    return Status::NotFound("there is no process " + version + "; record ProcessDefined first",
                            kNotFound);
  }
  const auto sequences = scope.lookup().NumbersBehind(
      scope.lookup().keys().Acts(DerivedKeys::Topic::kOpportunity, act.opportunity.value),
      limits::kActsPerPartyMax);
  if (!sequences) return sequences.error();
  const auto acts = scope.lookup().NeedActs(*sequences);
  if (!acts) return acts.error();
  return DecideStep(**process, FoldSteps(**process, *acts), act, !act.text.empty());
}

// A plan with a segment in its name is for those whom a RoleAsserted put there.
Status CheckSegment(const CommandScope& scope, const Act& act) {
  const size_t colon = act.name.rfind(':');
  if (act.type != practice::EventType::kRewardProposed || colon == std::string::npos) {
    return Status::Ok();
  }
  const Result<CustomerRecord> beneficiary = scope.lookup().FindCustomer(act.party);
  if (!beneficiary) return beneficiary.error();
  const std::string segment = act.name.substr(colon + 1);
  if (beneficiary->customer.group == segment) return Status::Ok();
  return Status::FailedPrecondition(
      "the plan " + act.name + " is for the segment " + segment +
          ", in which the beneficiary is not; a RoleAsserted with that name says who is",
      kNoReward);
}

ReferralId ReferralOfProposal(const RewardBook& book, Sequence proposal) {
  const auto found = std::ranges::find(book.acts, proposal, &practice::RecordedAct::sequence);
  return found == book.acts.end() ? ReferralId{} : found->act.referral;
}

// Everything about the plan is read for each act: one writer decides, so no cap is ever exceeded.
Status CheckReward(const CommandScope& scope, const Act& act, Timestamp occurred_at) {
  if (!practice::IsRewardAct(act.type)) return Status::Ok();
  if (Status status = CheckSegment(scope, act); !status.ok()) return status;
  const Result<std::string> plan = scope.lookup().PlanOfReward(act);
  if (!plan) return plan.error();
  Result<RewardBook> book = scope.lookup().FindRewards(*plan);
  if (!book) return book.error();
  if (book->acts.size() >= limits::kActsPerPlanMax) {
    return Status::FailedPrecondition(
        "the plan has " + std::to_string(book->acts.size()) + " acts, limit " +
            std::to_string(limits::kActsPerPlanMax) + "; go on with another plan",
        kTooManyActs);
  }
  const ReferralId subject = act.referral ? act.referral : ReferralOfProposal(*book, act.about);
  Status status = scope.lookup().AddReferral(subject, *book);
  if (status.ok()) status = scope.lookup().AddHits(subject, *book);
  if (!status.ok()) return status;
  return DecideReward(book->At(scope.now()), act, occurred_at);
}

}  // namespace

Result<Receipt> DecideRecordAct(CommandScope& scope, const RecordAct& wish) {
  const Result<Idempotency> known =
      FindIdempotency(scope, wish.actor, wish.idempotency_key, PayloadHash(scope, wish));
  if (!known) return known.error();
  if (known->replayed) return *known->replayed;
  Act act = wish.act;
  WishParties parties(scope, wish.actor);
  Status status = Resolve(parties, wish, act);
  if (status.ok()) status = CheckTargets(scope, act);
  if (status.ok()) status = parties.Register(act.rep);
  if (status.ok()) status = CheckAct(act, wish.occurred_at, scope.now());
  if (status.ok()) status = CheckNotSelf(act);
  if (status.ok()) status = CheckFollows(scope, act, wish.occurred_at);
  if (status.ok()) status = DecideSurvey(act);
  if (status.ok()) status = CheckProcess(scope, act);
  if (status.ok()) status = CheckRelease(scope, act);
  if (status.ok()) status = CheckReward(scope, act, wish.occurred_at);
  if (!status.ok()) return status;
  const EntityId party = act.party;
  const ReferralId referral = act.referral;
  const Result<Sequence> sequence = scope.Append({.sequence = {},
                                                  .occurred_at = wish.occurred_at,
                                                  .recorded_at = {},
                                                  .actor = wish.actor,
                                                  .idempotency = known->key,
                                                  .payload = known->payload,
                                                  .body = std::move(act)});
  if (!sequence) return sequence.error();
  return Receipt{.sequence = *sequence, .referral = referral, .entity = party, .log = {}};
}

}  // namespace referrald::ledger
