#include "storage/practice/prompt.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "storage/practice/cadence.h"

namespace referrald::practice {
namespace {

using referral::Referral;
using referral::State;

constexpr std::chrono::days kYear{365};

// The newest fact that something came of an introduction; null where nothing did.
const referral::Step* NewestOutcome(const Referral& referral) {
  const referral::Step* newest = nullptr;
  if (IsJudged(referral)) return newest;
  for (const referral::Step& step : referral.steps) {
    const bool is_outcome = step.state == State::kMet || step.state == State::kQualified ||
                            step.state == State::kWon || step.state == State::kLost ||
                            step.state == State::kReversed || step.state == State::kNotAFit ||
                            step.state == State::kContactDeclined;
    if (is_outcome && referral.introduction) newest = &step;
  }
  return newest;
}

Slots LowestOf(Slots slots) { return static_cast<Slots>(slots & (~slots + 1)); }

class Rules {
 public:
  Rules(const Customer& customer, const PartyReferrals& referrals, const PromptPolicy& policy)
      : customer_(customer),
        referrals_(referrals),
        policy_(policy),
        uncovered_(static_cast<Slots>(kAllSlots & ~customer.Covered())) {}

  std::vector<Prompt> Run() {
    AskAtMoments();
    AskLoyal();
    AskAfterReferrals();
    if (!HasAsk()) AskNext();
    TellSources();
    CheckIn();
    WarnOfUsedNames();
    WarnOfEarlyReferences();
    KeepInTouch();
    std::ranges::sort(prompts_, {}, [](const Prompt& prompt) {
      return std::tuple(FindPromptRule(prompt.rule)->priority, prompt.due, prompt.rule,
                        prompt.about);
    });
    return std::move(prompts_);
  }

 private:
  const Moment* Newest(EventType type) const {
    const Moment* newest = nullptr;
    for (const Moment& moment : customer_.moments) {
      if (moment.type == type) newest = &moment;
    }
    return newest;
  }
  bool HappenedSince(EventType type, Timestamp at) const {
    const Moment* const newest = Newest(type);
    return newest != nullptr && newest->at >= at;
  }
  bool AskedSince(Timestamp at) const {
    return !customer_.asks.empty() && customer_.asks.back().at >= at;
  }
  bool AskedSince(AskKind kind, Timestamp at) const {
    return std::ranges::any_of(
        customer_.asks, [kind, at](const Ask& ask) { return ask.kind == kind && ask.at >= at; });
  }

  // Nobody is asked more often than they can bear: the earliest moment for the next ask.
  Timestamp EarliestAsk() const {
    const std::vector<Ask>& asks = customer_.asks;
    if (asks.empty()) return {};
    Timestamp earliest = asks.back().at + policy_.ask_gap;
    if (policy_.asks_per_year > 0 && asks.size() >= policy_.asks_per_year) {
      earliest = std::max(earliest, asks[asks.size() - policy_.asks_per_year].at + kYear);
    }
    return earliest;
  }

  bool HasAsk() const {
    return std::ranges::any_of(prompts_, [](const Prompt& prompt) {
      return FindPromptRule(prompt.rule)->action == PromptAction::kAsk;
    });
  }

  void AddAsk(std::string_view rule, AskKind kind, Sequence about, Timestamp due, Slots slots) {
    if (!customer_.IsActive() && rule != "P08" && rule != "P07") return;
    if (customer_.suppressed) return;
    Add({.rule = rule,
         .party = customer_.party,
         .rep = customer_.rep,
         .referral = {},
         .about = about,
         .due = std::max(due, EarliestAsk()),
         .kind = kind,
         .slots = slots,
         .because = {about}});
  }

  // Later than this nobody may put it off who did so at `at`.
  Timestamp PostponedTo(Timestamp until, Timestamp at) const {
    return std::min(until, at + policy_.postponed_max);
  }

  // With what somebody did with it: a prompt that is done is none. But that to ask at all, or about
  // the next group, is done by asking: called done without, it comes back (R14, no exceptions).
  void Add(Prompt prompt) {
    const bool returns = prompt.rule == "P04" || prompt.rule == "P05";
    for (const PromptMark& mark : customer_.marks) {
      if (mark.rule != prompt.rule || mark.about != prompt.about) continue;
      if (mark.until == Timestamp{} && !returns) return;
      prompt.snoozed_until = mark.until == Timestamp{} ? mark.at + policy_.next_slot_gap
                                                       : PostponedTo(mark.until, mark.at);
      prompt.due = std::max(prompt.due, prompt.snoozed_until);
      prompt.because.push_back(mark.because);
    }
    prompts_.push_back(std::move(prompt));
  }

  // P01 to P03 and P07: the customer's purchase, not our pipeline (R15).
  void AskAtMoments() {
    if (const Moment* const first = Newest(EventType::kFirstEngagement);
        first != nullptr && !AskedSince(first->at) &&
        !HappenedSince(EventType::kDealLost, first->at) &&
        !HappenedSince(EventType::kOrderPlaced, first->at)) {
      AddAsk("P01", AskKind::kPrime, first->sequence, first->at + policy_.prime_within, 0);
    }
    if (const Moment* const excited = Newest(EventType::kCustomerExcited);
        excited != nullptr && !AskedSince(AskKind::kSoft, {}) &&
        !HappenedSince(EventType::kOrderPlaced, excited->at)) {
      AddAsk("P02", AskKind::kSoft, excited->sequence, excited->at, 0);
    }
    if (const Moment* const order = Newest(EventType::kOrderPlaced);
        order != nullptr && !AskedSince(AskKind::kFull, order->at) && uncovered_ != 0 &&
        !customer_.complaint) {
      AddAsk("P03", AskKind::kFull, order->sequence, order->at, uncovered_);
    }
    if (const Moment* const lost = Newest(EventType::kDealLost);
        lost != nullptr && !AskedSince(AskKind::kLostDeal, lost->at)) {
      AddAsk("P07", AskKind::kLostDeal, lost->sequence, lost->at, 0);
    }
  }

  // P06: the lowest-hanging fruit (R24).
  void AskLoyal() {
    for (const EventType signal :
         {EventType::kReferenceVolunteered, EventType::kAdversitySurvived}) {
      const Moment* const moment = Newest(signal);
      if (moment == nullptr || AskedSince(AskKind::kLoyal, moment->at)) continue;
      const Timestamp last = customer_.asks.empty() ? Timestamp{} : customer_.asks.back().at;
      const Timestamp free = last == Timestamp{} ? Timestamp{} : last + policy_.loyal_gap;
      AddAsk("P06", AskKind::kLoyal, moment->sequence, std::max(moment->at, free), uncovered_);
    }
  }

  // P07 to P09: lost, not a fit and won are where the next ask starts (R11, R12, R28).
  void AskAfterReferrals() {
    for (const Referral& referral : referrals_.as_contact) {
      if (referral.state == State::kContactDeclined) return;  // Not pursued any more (R41).
    }
    for (const Referral& referral : referrals_.as_contact) {
      AskAfter(referral, State::kLost, "P07", AskKind::kLostDeal);
      AskAfter(referral, State::kNotAFit, "P08", AskKind::kNotAFit);
      AskAfter(referral, State::kWon, "P09", AskKind::kReferredCustomer);
    }
  }
  void AskAfter(const Referral& referral, State state, std::string_view rule, AskKind kind) {
    if (referral.state != state) return;
    const referral::Step& step = referral.steps.back();
    if (AskedSince(kind, step.occurred_at) || customer_.suppressed) return;
    Add({.rule = rule,
         .party = customer_.party,
         .rep = referral.rep,
         .referral = referral.id,
         .about = step.sequence,
         .due = std::max(step.occurred_at, EarliestAsk()),
         .kind = kind,
         .slots = uncovered_,
         .because = {step.sequence}});
  }

  // P04 and P05: every customer, and every group.
  void AskNext() {
    if (customer_.planned_ask) {
      const PlannedAsk& plan = *customer_.planned_ask;
      return AddAsk("P04", plan.kind, plan.sequence, PostponedTo(plan.due, plan.at),
                    plan.slots != 0 ? plan.slots : uncovered_);
    }
    if (customer_.asks.empty()) {
      return AddAsk("P04", AskKind::kFull, customer_.first, customer_.first_at, uncovered_);
    }
    const Ask& last = customer_.asks.back();
    // Both go back to what they were before: to be asked.
    if (last.outcome == AskOutcome::kLater || last.outcome == AskOutcome::kSilent) {
      const Timestamp again = last.again_at == Timestamp{}
                                  ? last.answered_at + policy_.next_slot_gap
                                  : PostponedTo(last.again_at, last.answered_at);
      return AddAsk("P05", last.kind, last.answer, again, last.slots);
    }
    if (uncovered_ == 0) return;
    AddAsk("P05", AskKind::kFull, last.sequence, last.at + policy_.next_slot_gap,
           LowestOf(uncovered_));
  }

  // P10: people enjoy the status of connecting two businesses; tell them what came of it (R42).
  void TellSources() {
    for (const Referral& referral : referrals_.as_source) {
      const referral::Step* const outcome = NewestOutcome(referral);
      if (outcome == nullptr || customer_.suppressed) continue;
      const auto told = customer_.thanked.find(referral.id);
      if (told != customer_.thanked.end() && told->second >= outcome->sequence) continue;
      AddAbout("P10", referral, *outcome, outcome->occurred_at);
    }
  }

  // P12: a request that stands still.
  void CheckIn() {
    for (const Referral& referral : referrals_.as_source) {
      const bool waits = referral.state == State::kRequested || referral.state == State::kPromised;
      if (!waits || customer_.suppressed) continue;
      const referral::Step& step = referral.steps.back();
      AddAbout("P12", referral, step, step.occurred_at + policy_.request_idle);
    }
  }

  // P11: the rep approached whom the source named, without the four steps. A name is no
  // introduction, unless rep and contact knew each other already.
  void WarnOfUsedNames() {
    for (const Referral& referral : referrals_.as_source) {
      const bool used = referral.first_outreach && !referral.introduction &&
                        !referral.acquaintance && !IsJudged(referral);
      if (!used || customer_.suppressed) continue;
      Add({.rule = "P11",
           .party = customer_.party,
           .rep = referral.rep,
           .referral = referral.id,
           .about = referral.first_outreach,
           .due = referral.first_outreach_at,
           .because = {referral.first_outreach}});
    }
  }

  void AddAbout(std::string_view rule, const Referral& referral, const referral::Step& step,
                Timestamp due) {
    Add({.rule = rule,
         .party = customer_.party,
         .rep = referral.rep,
         .referral = referral.id,
         .about = step.sequence,
         .due = due,
         .because = {step.sequence}});
  }

  // How often the account was named to prospects before `at`, within the window: those events.
  std::vector<Sequence> GivenBefore(Timestamp at) const {
    std::vector<Sequence> given;
    for (const Reference& reference : customer_.references) {
      const bool was_named = reference.state == ReferenceState::kGiven ||
                             reference.state == ReferenceState::kCalled ||
                             reference.state == ReferenceState::kNotCalled;
      if (was_named && reference.at <= at && reference.at + policy_.references_window > at) {
        given.push_back(reference.sequence);
      }
    }
    return given;
  }

  // P17: a reference belongs to the end, at the prospect's insistence (R03); and whoever vouches
  // too often will not do so much longer.
  void WarnOfEarlyReferences() {
    for (const Reference& reference : customer_.references) {
      const bool is_early = !reference.opportunity;
      if (reference.state != ReferenceState::kRequested) continue;
      std::vector<Sequence> because = GivenBefore(reference.at);
      if (because.size() < policy_.references_max) because.clear();
      if (!is_early && reference.insistence == Insistence::kProspect && because.empty()) continue;
      because.insert(because.begin(), reference.sequence);
      Add({.rule = "P17",
           .party = customer_.party,
           .rep = reference.rep,
           .referral = {},
           .about = reference.sequence,
           .due = reference.at,
           .because = std::move(because)});
    }
  }

  // P13: a touch when the plan says so, and not above its ceiling. Only where a plan was assigned:
  // whether somebody is one of few or one of many (R32) is the firm's to say, and not guessed.
  void KeepInTouch() {
    if (customer_.cadence.empty() || customer_.suppressed) return;
    const CadenceState state = CadenceOf(customer_, Timestamp::max());
    Add({.rule = "P13",
         .party = customer_.party,
         .rep = customer_.rep,
         .referral = {},
         .about = state.because.front(),
         .due = std::max(state.due, CeilingEnd(*state.plan)),
         .because = state.because});
  }
  // When the touches so far leave room for another one.
  Timestamp CeilingEnd(const CadencePlan& plan) const {
    const std::vector<Touch>& touches = customer_.touches;
    if (touches.size() < plan.touches_max) return {};
    return touches[touches.size() - plan.touches_max].at + plan.window;
  }

  const Customer& customer_;
  const PartyReferrals& referrals_;
  const PromptPolicy& policy_;
  const Slots uncovered_;
  std::vector<Prompt> prompts_;
};

}  // namespace

std::string IdOf(const Prompt& prompt) {
  return std::string(prompt.rule) + ":" + ToText(prompt.about) + ":" +
         std::to_string(prompt.party.value);
}

std::vector<Prompt> PromptsOf(const Customer& customer, const PartyReferrals& referrals,
                              const PromptPolicy& policy) {
  return Rules(customer, referrals, policy).Run();
}

}  // namespace referrald::practice
