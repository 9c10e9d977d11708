#include "thrift/rpc/convert.h"

#include "storage/base/limits.h"

namespace referrald::rpc {
namespace {

// What became of an event that was not recorded.
idl::RecordStatus::type RecordStatusOf(Code code) {
  switch (code) {
    case Code::kInvalidArgument: return idl::RecordStatus::INVALID;
    case Code::kNotFound: return idl::RecordStatus::NOT_FOUND;
    case Code::kAlreadyExists: return idl::RecordStatus::CONFLICT;
    case Code::kFailedPrecondition:
    case Code::kPermissionDenied: return idl::RecordStatus::REFUSED;
    case Code::kAborted: return idl::RecordStatus::STALE;
    case Code::kUnavailable:
    case Code::kDeadlineExceeded: return idl::RecordStatus::UNAVAILABLE;
    case Code::kOk:
    case Code::kIoError:
    case Code::kCorruption:
    case Code::kInternal: break;
  }
  return idl::RecordStatus::FAILED;
}

}  // namespace

std::string TextOrEmpty(Sequence sequence) { return sequence ? ToText(sequence) : std::string(); }
std::string TextOrEmpty(ReferralId id) { return id ? ToText(id) : std::string(); }
std::string TextOrEmpty(const RunId& run) { return run.empty() ? std::string() : ToText(run); }

std::string PersonText(EntityId id) {
  return id ? referral::ToText(referral::EntityKind::kPerson, id) : std::string();
}

int64_t Count(uint64_t number) {
  // Sizes of disks that are "not known" are UINT64_MAX.
  return static_cast<int64_t>(number > limits::kSequenceMax ? limits::kSequenceMax : number);
}

int64_t Micros(Timestamp at) { return ToMicros(at); }

idl::RecordResult ToIdl(const ledger::Receipt& receipt, referral::EntityKind kind) {
  idl::RecordResult result;
  result.status = receipt.replayed ? idl::RecordStatus::REPLAYED : idl::RecordStatus::RECORDED;
  result.event = TextOrEmpty(receipt.sequence);
  result.referral = TextOrEmpty(receipt.referral);
  if (receipt.entity) result.entity = referral::ToText(kind, receipt.entity);
  result.tree_size = Count(receipt.log.size);
  result.tree_root = ToHex(AsBytes(receipt.log.root));
  return result;
}

idl::RecordResult ToIdl(const Status& refusal) {
  idl::RecordResult result;
  result.status = RecordStatusOf(refusal.code());
  result.code = refusal.number();
  result.message = refusal.message();
  return result;
}

idl::ExternalRef ToIdl(const referral::ExternalRef& ref) {
  idl::ExternalRef wire;
  wire.__set_system(ref.system);
  wire.__set_object(ref.object);
  wire.__set_id(ref.id);
  return wire;
}

idl::EntityKind::type ToIdl(referral::EntityKind kind) {
  switch (kind) {
    case referral::EntityKind::kPerson: return idl::EntityKind::PERSON;
    case referral::EntityKind::kOrganisation: return idl::EntityKind::ORGANISATION;
    case referral::EntityKind::kOpportunity: return idl::EntityKind::OPPORTUNITY;
    case referral::EntityKind::kUnknown: break;
  }
  return idl::EntityKind::UNKNOWN;
}

idl::Temperature::type ToIdl(referral::Temperature temperature) {
  return temperature == referral::Temperature::kHot ? idl::Temperature::HOT
                                                    : idl::Temperature::COLD;
}

std::vector<idl::FieldValue> ToIdl(const referral::Fields& fields) {
  std::vector<idl::FieldValue> wire(fields.size());
  for (size_t i = 0; i < fields.size(); ++i) {
    wire[i].name = fields[i].name;
    wire[i].value = fields[i].value;
  }
  return wire;
}

idl::LinkInfo ToIdl(const referral::Link& link) {
  idl::LinkInfo wire;
  wire.external_ref = ToIdl(link.ref);
  wire.feed = link.feed;
  wire.run = TextOrEmpty(link.run);
  wire.row = Count(link.row);
  wire.first_event = TextOrEmpty(link.first_event);
  wire.event = TextOrEmpty(link.event);
  wire.occurred_at = Micros(link.occurred_at);
  wire.recorded_at = Micros(link.recorded_at);
  wire.deleted = link.deleted;
  wire.priority = static_cast<int32_t>(link.priority);
  return wire;
}

idl::FieldSource ToIdl(const referral::Link& link, std::string_view field) {
  idl::FieldSource wire;
  wire.value = referral::Find(link.fields, field);
  wire.external_ref = ToIdl(link.ref);
  wire.feed = link.feed;
  wire.run = TextOrEmpty(link.run);
  wire.row = Count(link.row);
  wire.event = TextOrEmpty(link.event);
  wire.occurred_at = Micros(link.occurred_at);
  wire.recorded_at = Micros(link.recorded_at);
  wire.priority = static_cast<int32_t>(link.priority);
  return wire;
}

idl::Honesty ToIdl(const ledger::ContactHonesty& honesty) {
  idl::Honesty wire;
  wire.rep = PersonText(honesty.rep);
  wire.temperature = ToIdl(honesty.honesty.temperature);
  wire.kind = referral::ReferralKindName(honesty.honesty.kind);
  wire.basis = honesty.honesty.basis;
  for (const Sequence event : honesty.honesty.because) wire.because.push_back(ToText(event));
  wire.explanation = referral::Explain(honesty.honesty);
  return wire;
}

idl::Money ToIdl(const referral::Money& money) {
  idl::Money wire;
  if (money.currency.empty()) return wire;
  wire.__set_minor_units(money.minor_units);
  wire.__set_currency(money.currency);
  return wire;
}

idl::ReferralEvent ToIdl(const referral::RecordedFact& fact) {
  idl::ReferralEvent wire;
  wire.event = TextOrEmpty(fact.sequence);
  wire.type = referral::EventTypeName(fact.fact.type);
  wire.occurred_at = Micros(fact.occurred_at);
  wire.recorded_at = Micros(fact.recorded_at);
  wire.actor = fact.actor;
  if (fact.fact.channel != referral::Channel::kUnknown) {
    wire.channel = referral::ChannelName(fact.fact.channel);
  }
  wire.reason = fact.fact.reason;
  if (!fact.fact.evidence.empty()) {
    wire.evidence.__set_reference(fact.fact.evidence.reference);
    wire.evidence.__set_sha256(fact.fact.evidence.sha256);
    wire.evidence.__set_contact_expects(fact.fact.evidence.contact_expects);
  }
  wire.amount = ToIdl(fact.fact.amount);
  wire.provenance = fact.fact.provenance;
  return wire;
}

idl::Transition ToIdl(const referral::Transition& line) {
  idl::Transition wire;
  wire.id = line.id;
  for (const referral::State state : line.from)
    wire.states.emplace_back(referral::StateName(state));
  wire.event = referral::EventTypeName(line.event);
  wire.to = referral::StateName(line.to);
  wire.needs = line.guard;
  return wire;
}

idl::Referral ToIdl(const referral::Referral& referral) {
  idl::Referral wire;
  wire.id = ToText(referral.id);
  wire.state = referral::StateName(referral.state);
  wire.source = PersonText(referral.source);
  wire.contact = PersonText(referral.contact);
  wire.rep = PersonText(referral.rep);
  if (referral.opportunity) {
    wire.opportunity = referral::ToText(referral::EntityKind::kOpportunity, referral.opportunity);
  }
  for (const referral::Step& step : referral.steps) {
    idl::ReferralStep& made = wire.steps.emplace_back();
    made.state = referral::StateName(step.state);
    made.event = TextOrEmpty(step.sequence);
    made.occurred_at = Micros(step.occurred_at);
  }
  for (const referral::Unapplied& unapplied : referral.unapplied) {
    idl::UnappliedEvent& made = wire.unapplied.emplace_back();
    made.event = TextOrEmpty(unapplied.sequence);
    made.reason = unapplied.reason;
  }
  wire.late_evidence = referral.late_evidence;
  wire.rescued_by_introduction = referral.rescued_by_introduction;
  wire.amount = ToIdl(referral.amount);
  return wire;
}

}  // namespace referrald::rpc
