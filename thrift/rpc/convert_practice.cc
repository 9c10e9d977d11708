// What acts fold to, to the wire.
#include <algorithm>
#include <array>

#include "thrift/rpc/convert.h"

namespace referrald::rpc {
namespace {

namespace m = practice::member;

std::vector<std::string> Events(const std::vector<Sequence>& sequences) {
  std::vector<std::string> events;
  for (const Sequence sequence : sequences) events.push_back(ToText(sequence));
  return events;
}

// The member of EventInput that holds a member of an act.
struct MemberName {
  uint32_t bit;
  std::string_view name;
};
constexpr std::array kMembers = std::to_array<MemberName>({
    {m::kParty, "subject"},
    {m::kRep, "rep"},
    {m::kOther, "other"},
    {m::kOpportunity, "opportunity"},
    {m::kReferral, "referral"},
    {m::kAbout, "about"},
    {m::kCode, "code"},
    {m::kSlots, "slots"},
    {m::kNumbers, "numbers"},
    {m::kChannel, "channel"},
    {m::kAmount, "amount"},
    {m::kUntil, "until_at"},
    {m::kName, "name"},
    {m::kText, "text"},
});

std::vector<std::string> MemberNames(uint32_t members) {
  std::vector<std::string> names;
  for (const MemberName& member : kMembers) {
    if ((members & member.bit) != 0) names.emplace_back(member.name);
  }
  return names;
}

idl::Ask ToIdl(const practice::Ask& ask) {
  idl::Ask wire;
  wire.event = ToText(ask.sequence);
  wire.occurred_at = Micros(ask.at);
  wire.kind = practice::AskKindName(ask.kind);
  wire.slots = SlotNames(ask.slots);
  wire.rep = PersonText(ask.rep);
  wire.occasion = TextOrEmpty(ask.occasion);
  wire.with_incentive = ask.with_incentive;
  if (ask.outcome) wire.outcome = practice::AskOutcomeName(*ask.outcome);
  wire.answer = TextOrEmpty(ask.answer);
  wire.answered_at = Micros(ask.answered_at);
  wire.again_at = Micros(ask.again_at);
  wire.name_count = static_cast<int32_t>(ask.names);
  return wire;
}

idl::Reference ToIdl(const practice::Reference& reference) {
  idl::Reference wire;
  wire.event = ToText(reference.sequence);
  wire.occurred_at = Micros(reference.at);
  wire.prospect = PersonText(reference.prospect);
  wire.rep = PersonText(reference.rep);
  wire.insistence = practice::InsistenceName(reference.insistence);
  wire.state = practice::ReferenceStateName(reference.state);
  wire.because = TextOrEmpty(reference.because);
  if (reference.result) wire.result = practice::ReferenceResultName(*reference.result);
  return wire;
}

void AddSlots(const practice::Customer& customer, idl::Customer& wire) {
  for (size_t i = 0; i < practice::kSlotCount; ++i) {
    const practice::SourceSlot& slot = customer.slots[i];
    idl::SourceSlot& made = wire.slots.emplace_back();
    made.slot = practice::SlotName(static_cast<practice::Slot>(i));
    made.state = practice::SlotStateName(slot.state);
    made.because = TextOrEmpty(slot.because);
    made.ask_count = static_cast<int32_t>(slot.asks);
    made.introduction_count = static_cast<int32_t>(slot.introductions);
  }
}

}  // namespace

std::vector<std::string> SlotNames(practice::Slots slots) {
  std::vector<std::string> names;
  for (uint8_t number = 0; number < practice::kSlotCount; ++number) {
    const auto slot = static_cast<practice::Slot>(number);
    if (practice::Has(slots, slot)) names.emplace_back(practice::SlotName(slot));
  }
  return names;
}

idl::ActRule ToIdl(const practice::ActRule& rule) {
  idl::ActRule wire;
  wire.type = referral::EventTypeName(rule.type);
  wire.needs = MemberNames(rule.needs);
  wire.takes = MemberNames(rule.takes);
  for (uint32_t code = 1; code <= rule.code_max; ++code) {
    wire.codes.emplace_back(practice::CodeName(rule.type, code));
  }
  wire.says = rule.says;
  return wire;
}

idl::Customer ToIdl(const practice::Customer& customer) {
  idl::Customer wire;
  wire.id = PersonText(customer.party);
  wire.rep = PersonText(customer.rep);
  wire.is_customer = customer.IsCustomer();
  wire.is_active = customer.IsActive();
  for (const auto& [role, because] : customer.roles) {
    wire.roles.emplace_back(practice::RoleName(role));
  }
  AddSlots(customer, wire);
  for (const practice::Ask& ask : customer.asks) wire.asks.push_back(ToIdl(ask));
  for (const practice::Moment& moment : customer.moments) {
    idl::Moment& made = wire.moments.emplace_back();
    made.event = ToText(moment.sequence);
    made.type = referral::EventTypeName(moment.type);
    made.occurred_at = Micros(moment.at);
  }
  for (const practice::Reference& reference : customer.references) {
    wire.references.push_back(ToIdl(reference));
  }
  for (const practice::Touch& touch : customer.touches) {
    if (touch.counts) wire.last_touch_at = Micros(touch.at);
  }
  wire.cadence = customer.cadence;
  wire.suppressed = TextOrEmpty(customer.suppressed);
  for (const practice::UnappliedAct& unapplied : customer.unapplied) {
    idl::UnappliedEvent& made = wire.unapplied.emplace_back();
    made.event = ToText(unapplied.sequence);
    made.reason = unapplied.reason;
  }
  return wire;
}

idl::Prompt ToIdl(const practice::Prompt& prompt) {
  const practice::PromptRule& rule = *practice::FindPromptRule(prompt.rule);
  idl::Prompt wire;
  wire.id = practice::IdOf(prompt);
  wire.rule = prompt.rule;
  wire.action = practice::PromptActionName(rule.action);
  wire.party = PersonText(prompt.party);
  wire.rep = PersonText(prompt.rep);
  wire.referral = TextOrEmpty(prompt.referral);
  wire.about = TextOrEmpty(prompt.about);
  wire.due = Micros(prompt.due);
  if (rule.action == practice::PromptAction::kAsk) wire.kind = practice::AskKindName(prompt.kind);
  wire.slots = SlotNames(prompt.slots);
  wire.because = Events(prompt.because);
  wire.reason = rule.trigger;
  wire.advice = rule.advice;
  wire.script = rule.script;
  wire.snoozed_until = Micros(prompt.snoozed_until);
  return wire;
}

idl::Figure ToIdl(const practice::Figure& figure) {
  const practice::Metric& metric = *practice::FindMetric(figure.metric);
  idl::Figure wire;
  wire.metric = metric.id;
  wire.name = metric.name;
  wire.formula = metric.formula;
  wire.benchmark = metric.benchmark;
  wire.part = figure.part;
  wire.unit = practice::UnitName(figure.unit);
  wire.numerator = figure.numerator;
  wire.denominator = figure.denominator;
  wire.excluded = figure.excluded;
  wire.excluded_why = figure.excluded_why;
  if (figure.value) wire.__set_value(*figure.value);
  if (figure.interval) {
    wire.__set_low(figure.interval->low);
    wire.__set_high(figure.interval->high);
  }
  wire.because = Events(figure.because);
  return wire;
}

idl::Reward ToIdl(const practice::Reward& reward) {
  idl::Reward wire;
  wire.proposal = ToText(reward.proposal);
  wire.plan = reward.plan;
  wire.party = PersonText(reward.party);
  wire.referral = TextOrEmpty(reward.referral);
  wire.amount = ToIdl(reward.amount);
  wire.state = practice::RewardStateName(reward.state);
  wire.reason = reward.reason;
  wire.due = Micros(reward.due);
  wire.clawed_back = reward.clawed_back;
  wire.because = Events(reward.because);
  return wire;
}

}  // namespace referrald::rpc
