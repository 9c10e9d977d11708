#include "storage/practice/customer.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "storage/base/limits.h"
#include "storage/practice/cadence.h"

namespace referrald::practice {
namespace {

// A touch that is told later than this does not reset the clock: loyalty is not built retroactively
// (R34).
constexpr std::chrono::days kTouchGrace{7};
constexpr int kDoesNotFollow = 3014;

bool IsMoment(EventType type) {
  return type >= EventType::kFirstEngagement && type <= EventType::kComplaintClosed;
}

template <typename Items>
auto* FindIn(Items& items, Sequence sequence) {
  const auto found = std::ranges::find(items, sequence, [](auto& item) { return item.sequence; });
  return found == items.end() ? nullptr : &*found;
}

std::string NoSuch(std::string_view what, Sequence sequence) {
  return "there is no " + std::string(what) + " " + ToText(sequence) + " of this party";
}

// Why `act` does not follow from what is known; empty where it does. The one place that judges it,
// for wishes and for what the log holds.
std::string WhyNotAsk(const Customer& customer, const Act& act) {
  const Ask* const ask = FindIn(customer.asks, act.about);
  if (ask == nullptr) return NoSuch("ask", act.about);
  if (!ask->outcome) return {};
  const bool is_open = *ask->outcome == AskOutcome::kLater || *ask->outcome == AskOutcome::kSilent;
  if (is_open) return {};
  return "the ask was answered already: " + std::string(AskOutcomeName(*ask->outcome)) + " (" +
         ToText(ask->answer) + ")";
}

std::string WhyNotReference(const Customer& customer, const Act& act) {
  const Reference* const reference = FindIn(customer.references, act.about);
  if (reference == nullptr) return NoSuch("reference request", act.about);
  const bool ends =
      act.type == EventType::kReferenceCalled || act.type == EventType::kReferenceNotCalled;
  const ReferenceState needed = ends ? ReferenceState::kGiven : ReferenceState::kRequested;
  if (reference->state == needed) return {};
  return "the reference is " + std::string(ReferenceStateName(reference->state)) +
         ", it has to be " + std::string(ReferenceStateName(needed)) + " first";
}

std::string WhyNotClose(const Customer& customer, const Act& act) {
  for (size_t i = 0; i < kSlotCount; ++i) {
    const auto slot = static_cast<Slot>(i);
    if (!Has(act.slots, slot)) continue;
    if (customer.slots[i].state != SlotState::kYielded) continue;
    return "source slot " + std::string(SlotName(slot)) + " has yielded (" +
           ToText(customer.slots[i].because) + "); there is nothing to close";
  }
  return {};
}

std::string WhyNotPlan(const Act& act) {
  if (FindCadence(act.name) != nullptr) return {};
  std::string known;
  for (const CadencePlan& plan : CadencePlans()) {
    known += (known.empty() ? "" : ", ") + std::string(plan.name);
  }
  return "there is no cadence plan " + act.name + "; there are " + known;
}

std::string WhyNot(const Customer& customer, const Act& act) {
  switch (act.type) {
    case EventType::kAskAnswered: return WhyNotAsk(customer, act);
    case EventType::kReferenceGiven:
    case EventType::kReferenceRefused:
    case EventType::kReferenceCalled:
    case EventType::kReferenceNotCalled: return WhyNotReference(customer, act);
    case EventType::kSourceSlotClosed: return WhyNotClose(customer, act);
    case EventType::kComplaintClosed:
      return customer.complaint ? std::string() : "no complaint is open";
    case EventType::kSuppressionLifted:
      return customer.suppressed ? std::string() : "the party is not suppressed";
    case EventType::kRoleWithdrawn:
      return customer.roles.contains(static_cast<Role>(act.code))
                 ? std::string()
                 : "the party does not have that role";
    case EventType::kCadenceAssigned: return WhyNotPlan(act);
    default: return {};
  }
}

// Which groups an answer is about: those it names, or the one that was asked about. Where several
// were, nobody knows, and nothing is guessed.
Slots AnsweredSlots(const Act& answer, const Ask& ask) {
  if (answer.slots != 0) return answer.slots;
  const bool is_one = ask.slots != 0 && (ask.slots & (ask.slots - 1)) == 0;
  return is_one ? ask.slots : Slots{0};
}

class Folder {
 public:
  explicit Folder(EntityId party) { customer_.party = party; }

  void Apply(const RecordedAct& recorded) {
    const Act& act = recorded.act;
    if (!customer_.first) {
      customer_.first = recorded.sequence;
      customer_.first_at = recorded.occurred_at;
    }
    if (std::string why = WhyNot(customer_, act); !why.empty()) {
      customer_.unapplied.push_back({recorded.sequence, std::move(why)});
      return;
    }
    if (act.rep) customer_.rep = act.rep;
    if (IsMoment(act.type)) return ApplyMoment(recorded);
    if (act.type >= EventType::kAskPlanned && act.type <= EventType::kIncentiveOffered) {
      return ApplyAsking(recorded);
    }
    if (act.type >= EventType::kReferenceRequested && act.type <= EventType::kReferenceNotCalled) {
      return ApplyReference(recorded);
    }
    ApplyCare(recorded);
  }

  // An introduction or a name from one of the groups has yielded there, whoever noted the answer.
  void ApplyReferral(const referral::Referral& referral) {
    if (referral.source_slot == 0 || referral.source_slot > kSlotCount) return;
    if (IsJudged(referral)) return;
    SourceSlot& slot = customer_.slots[referral.source_slot - 1U];
    if (referral.introduction) ++slot.introductions;
    if (slot.state == SlotState::kYielded || referral.steps.empty()) return;
    slot.state = SlotState::kYielded;
    slot.because = referral.steps.front().sequence;
  }

  // Whoever declined is not pursued (T11).
  void ApplyDecline(const referral::Referral& referral) {
    if (referral.state != referral::State::kContactDeclined) return;
    const Sequence last = referral.steps.back().sequence;
    if (!customer_.suppressed && lifted_ < last) customer_.suppressed = last;
  }

  // What became of an introduction of the party themselves.
  void ApplyArrival(const referral::Referral& referral) {
    if (referral.steps.empty()) return;
    const Sequence last = referral.steps.back().sequence;
    switch (referral.state) {
      case referral::State::kWon:
        customer_.roles.try_emplace(Role::kCustomer, last);
        if (!customer_.first) {
          customer_.first = last;
          customer_.first_at = referral.steps.back().occurred_at;
        }
        break;
      case referral::State::kNotAFit:
        customer_.roles.try_emplace(Role::kReferralSource, last);
        break;
      case referral::State::kContactDeclined: ApplyDecline(referral); break;
      default: break;
    }
  }

  Customer Take() { return std::move(customer_); }

 private:
  void ApplyMoment(const RecordedAct& recorded) {
    const EventType type = recorded.act.type;
    customer_.moments.push_back({type, recorded.sequence, recorded.occurred_at});
    if (type == EventType::kComplaintOpened) customer_.complaint = recorded.sequence;
    if (type == EventType::kComplaintClosed) customer_.complaint = {};
  }

  void ApplyAsking(const RecordedAct& recorded) {
    const Act& act = recorded.act;
    switch (act.type) {
      case EventType::kAskPlanned:
        customer_.planned_ask = PlannedAsk{.sequence = recorded.sequence,
                                           .kind = static_cast<AskKind>(act.code),
                                           .slots = act.slots,
                                           .due = act.until,
                                           .at = recorded.occurred_at};
        break;
      case EventType::kAskMade: ApplyAsk(recorded); break;
      case EventType::kAskAnswered: ApplyAnswer(recorded); break;
      case EventType::kSourceSlotClosed: {
        const bool none = act.code == std::to_underlying(SlotClosing::kNoneExists);
        SetSlots(act.slots, none ? SlotState::kNoneExists : SlotState::kDeclined,
                 recorded.sequence);
        break;
      }
      case EventType::kPromptSnoozed:
      case EventType::kPromptDone:
        customer_.marks.push_back(
            {act.name, act.about, recorded.sequence, act.until, recorded.occurred_at});
        break;
      default: break;
    }
  }

  void ApplyAsk(const RecordedAct& recorded) {
    const Act& act = recorded.act;
    customer_.planned_ask.reset();
    customer_.asks.push_back({.sequence = recorded.sequence,
                              .at = recorded.occurred_at,
                              .kind = static_cast<AskKind>(act.code),
                              .slots = act.slots,
                              .rep = act.rep,
                              .occasion = act.about,
                              .with_incentive = !act.name.empty(),
                              .outcome = {},
                              .answer = {}});
    for (size_t i = 0; i < kSlotCount; ++i) {
      if (!Has(act.slots, static_cast<Slot>(i))) continue;
      SourceSlot& slot = customer_.slots[i];
      ++slot.asks;
      if (slot.state == SlotState::kYielded) continue;
      slot.state = SlotState::kAsked;
      slot.because = recorded.sequence;
    }
  }

  void ApplyAnswer(const RecordedAct& recorded) {
    const Act& act = recorded.act;
    Ask& ask = *FindIn(customer_.asks, act.about);
    ask.outcome = static_cast<AskOutcome>(act.code);
    ask.answer = recorded.sequence;
    ask.answered_at = recorded.occurred_at;
    ask.again_at = act.until;
    const bool gave_names = *ask.outcome == AskOutcome::kNamesGiven;
    if (gave_names && !act.numbers.empty()) ask.names = static_cast<uint32_t>(act.numbers[0]);
    const bool gave = gave_names || *ask.outcome == AskOutcome::kIntroGiven;
    if (gave) SetSlots(AnsweredSlots(act, ask), SlotState::kYielded, recorded.sequence);
    if (*ask.outcome == AskOutcome::kNo) {
      SetSlots(AnsweredSlots(act, ask), SlotState::kDeclined, recorded.sequence);
    }
  }

  void SetSlots(Slots slots, SlotState state, Sequence because) {
    for (size_t i = 0; i < kSlotCount; ++i) {
      if (!Has(slots, static_cast<Slot>(i))) continue;
      SourceSlot& slot = customer_.slots[i];
      if (slot.state == SlotState::kYielded) continue;
      slot.state = state;
      slot.because = because;
    }
  }

  void ApplyReference(const RecordedAct& recorded) {
    const Act& act = recorded.act;
    if (act.type == EventType::kReferenceRequested) {
      customer_.references.push_back({.sequence = recorded.sequence,
                                      .at = recorded.occurred_at,
                                      .prospect = act.other,
                                      .rep = act.rep,
                                      .opportunity = act.opportunity,
                                      .insistence = static_cast<Insistence>(act.code),
                                      .because = recorded.sequence,
                                      .result = {}});
      return;
    }
    Reference& reference = *FindIn(customer_.references, act.about);
    reference.because = recorded.sequence;
    switch (act.type) {
      case EventType::kReferenceGiven: reference.state = ReferenceState::kGiven; break;
      case EventType::kReferenceRefused: reference.state = ReferenceState::kRefused; break;
      case EventType::kReferenceNotCalled: reference.state = ReferenceState::kNotCalled; break;
      default:
        reference.state = ReferenceState::kCalled;
        reference.result = static_cast<ReferenceResult>(act.code);
        break;
    }
  }

  void ApplyCare(const RecordedAct& recorded) {
    const Act& act = recorded.act;
    const Sequence sequence = recorded.sequence;
    switch (act.type) {
      case EventType::kRoleAsserted:
        customer_.roles[static_cast<Role>(act.code)] = sequence;
        if (!act.name.empty()) customer_.group = act.name;
        break;
      case EventType::kRoleWithdrawn: customer_.roles.erase(static_cast<Role>(act.code)); break;
      case EventType::kTouchMade: {
        const bool counts = recorded.recorded_at <= recorded.occurred_at + kTouchGrace;
        customer_.touches.push_back({sequence, recorded.occurred_at, counts});
        break;
      }
      case EventType::kCadenceAssigned:
        customer_.cadence = act.name;
        customer_.cadence_at = recorded.occurred_at;
        customer_.cadence_because = sequence;
        break;
      case EventType::kConsentGiven: customer_.consents[act.name] = sequence; break;
      case EventType::kConsentWithdrawn: customer_.consents.erase(act.name); break;
      case EventType::kSuppressed: customer_.suppressed = sequence; break;
      case EventType::kSuppressionLifted:
        customer_.suppressed = {};
        lifted_ = sequence;
        break;
      case EventType::kOutcomeReported:
        customer_.thanked[act.referral] = act.about ? act.about : sequence;
        break;
      case EventType::kSourceThanked:
        if (act.referral) customer_.thanked[act.referral] = sequence;
        break;
      default: break;
    }
  }

  Customer customer_;
  Sequence lifted_;  // The newest lifting of a suppression.
};

}  // namespace

std::string_view SlotStateName(SlotState state) {
  constexpr std::array<std::string_view, 5> kNames = {"UNASKED", "ASKED", "YIELDED", "NONE_EXISTS",
                                                      "DECLINED"};
  return std::to_underlying(state) < kNames.size() ? kNames[std::to_underlying(state)] : "UNKNOWN";
}

std::string_view ReferenceStateName(ReferenceState state) {
  switch (state) {
    case ReferenceState::kRequested: return "REQUESTED";
    case ReferenceState::kGiven: return "GIVEN";
    case ReferenceState::kRefused: return "REFUSED";
    case ReferenceState::kCalled: return "CALLED";
    case ReferenceState::kNotCalled: return "NOT_CALLED";
  }
  return "UNKNOWN";
}

Slots Customer::Covered() const {
  Slots covered = 0;
  for (size_t i = 0; i < kSlotCount; ++i) {
    if (slots[i].state != SlotState::kUnasked) covered |= In(static_cast<Slot>(i));
  }
  return covered;
}

bool Customer::IsCustomer() const {
  if (roles.contains(Role::kCustomer)) return true;
  return std::ranges::any_of(
      moments, [](const Moment& moment) { return moment.type == EventType::kOrderPlaced; });
}

bool Customer::IsActive() const {
  if (suppressed) return false;
  return IsCustomer() || roles.contains(Role::kProspect) || !moments.empty();
}

Customer FoldCustomer(EntityId party, const CustomerFacts& facts) {
  Folder folder(party);
  // Before the acts, so that one of them may lift what a decline suppressed.
  for (const referral::Referral& arrival : facts.as_contact) folder.ApplyDecline(arrival);
  for (const RecordedAct* const act : InOrderOfOccurrence(facts.acts)) folder.Apply(*act);
  std::vector<const referral::Referral*> referrals;
  for (const referral::Referral& referral : facts.referrals) referrals.push_back(&referral);
  std::ranges::sort(referrals, {}, [](const referral::Referral* one) { return one->id.value; });
  for (const referral::Referral* const referral : referrals) folder.ApplyReferral(*referral);
  for (const referral::Referral& arrival : facts.as_contact) folder.ApplyArrival(arrival);
  return folder.Take();
}

Status DecideForCustomer(const Customer& customer, const Act& wish, Timestamp occurred_at) {
  std::string why = WhyNot(customer, wish);
  if (!why.empty()) {
    return Status::FailedPrecondition(EventTypeName(wish.type) + ": " + why, kDoesNotFollow);
  }
  if (wish.type != EventType::kAskAnswered) return Status::Ok();
  const Ask& ask = *FindIn(customer.asks, wish.about);
  if (occurred_at >= ask.at) return Status::Ok();
  return Status::FailedPrecondition(
      "AskAnswered: before the ask was made, at " + FormatTimestamp(ask.at), kDoesNotFollow);
}

}  // namespace referrald::practice
