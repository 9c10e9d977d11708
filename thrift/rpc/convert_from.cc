#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <vector>

#include "storage/base/limits.h"
#include "storage/base/text.h"
#include "thrift/rpc/convert.h"
#include "thrift/rpc/convert_members.h"

namespace referrald::rpc {
namespace {

constexpr size_t kClientNameBytesMax = 64;
constexpr std::string_view kAttributePrefix = "attr.";
constexpr std::string_view kPartySeen = "PartySeen";
constexpr std::array kFieldNames{
    referral::field::kDisplayName, referral::field::kFirstName, referral::field::kLastName,
    referral::field::kEmail,       referral::field::kPhone,     referral::field::kMobile,
    referral::field::kTitle,       referral::field::kCompany,   referral::field::kDomain,
    referral::field::kIndustry,    referral::field::kCity,      referral::field::kPostalCode,
    referral::field::kCountry,     referral::field::kOwner,     referral::field::kLeadSource,
    referral::field::kReferredBy,  referral::field::kStatus,    referral::field::kStage,
    referral::field::kAmount,      referral::field::kCurrency,  referral::field::kCloseDate,
    referral::field::kOutcome,
};

bool IsRecordable(referral::EventType type) {
  return referral::IsReferralEvent(type) || type == referral::EventType::kRelationshipConfirmed ||
         type == referral::EventType::kRelationshipDenied || practice::FindActRule(type) != nullptr;
}

// The event vocabulary as callers may use it.
const std::vector<std::string>& TypeNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> made{std::string(kPartySeen)};
    for (uint16_t number = 1; number <= 200; ++number) {
      const auto type = static_cast<referral::EventType>(number);
      const std::string name = referral::EventTypeName(type);
      if (IsRecordable(type) && referral::ParseEventType(name) == type) made.push_back(name);
    }
    return made;
  }();
  return names;
}

Result<referral::EventType> TypeFrom(const std::string& name) {
  if (name.empty()) return Invalid("type", "missing: say what happened, such as IntroductionMade");
  const referral::EventType type = referral::ParseEventType(name);
  if (IsRecordable(type)) return type;
  if (type != referral::EventType::kUnknown) {
    return Invalid("type", name + " comes from imports and cannot be recorded", 5021);
  }
  return UnknownName("type", name, {TypeNames().begin(), TypeNames().end()});
}

Result<referral::Evidence> EvidenceFrom(const idl::Evidence& evidence) {
  const Status text =
      CheckText("evidence.reference", evidence.reference, limits::kFreeTextBytesMax);
  if (!text.ok()) return text;
  const std::string sha256 = LowerAscii(evidence.sha256);
  const bool is_digest = sha256.size() == 64 && std::ranges::all_of(sha256, [](unsigned char c) {
                           return std::isxdigit(c) != 0;
                         });
  if (!sha256.empty() && !is_digest) {
    return Invalid("evidence.sha256",
                   "must be the 64 hexadecimal digits of the artefact's SHA-256");
  }
  return referral::Evidence{.reference = evidence.reference,
                            .sha256 = sha256,
                            .contact_expects = evidence.contact_expects};
}

Result<referral::ExternalRef> ExternalRefFrom(const idl::ExternalRef& ref,
                                              std::string_view member) {
  const referral::ExternalRef made{.system = ref.system, .object = ref.object, .id = ref.id};
  if (Status text = CheckText(member, made.id, limits::kExternalIdBytesMax); !text.ok()) {
    return text;
  }
  // The domain knows the form; it is the same one that people type.
  const Result<referral::ExternalRef> parsed = referral::ParseExternalRef(referral::ToText(made));
  if (!parsed || *parsed != made || made.id.empty()) {
    return Invalid(
        member, "system and object are letters, digits, '-', '_' or '.', and the id is not empty");
  }
  return made;
}

Status CheckFieldName(const std::string& name) {
  if (Status text = CheckText("party.fields", name, limits::kFieldNameBytesMax); !text.ok()) {
    return text;
  }
  const bool is_custom =
      name.starts_with(kAttributePrefix) && name.size() > kAttributePrefix.size();
  if (is_custom || std::ranges::find(kFieldNames, name) != kFieldNames.end()) return Status::Ok();
  if (name == "temperature") {
    return Invalid("party.fields", "temperature is never set: it follows from the facts", 5021);
  }
  return UnknownName("party.fields", name, {kFieldNames.begin(), kFieldNames.end()});
}

Result<referral::Fields> FieldsFrom(const std::vector<idl::FieldValue>& values) {
  if (values.size() > limits::kFieldCountMax) {
    return Invalid(
        "party.fields",
        std::to_string(values.size()) + " fields, limit " + std::to_string(limits::kFieldCountMax),
        5023);
  }
  referral::Fields fields;
  for (const idl::FieldValue& value : values) {
    if (Status name = CheckFieldName(value.name); !name.ok()) return name;
    const Status text =
        CheckText("party.fields." + value.name, value.value, limits::kFieldValueBytesMax);
    if (!text.ok()) return text;
    fields.push_back({value.name, value.value});
  }
  return referral::Normalised(std::move(fields));
}

Result<referral::EntityKind> KindFrom(idl::EntityKind::type kind) {
  switch (static_cast<int>(kind)) {
    case idl::EntityKind::PERSON: return referral::EntityKind::kPerson;
    case idl::EntityKind::ORGANISATION: return referral::EntityKind::kOrganisation;
    case idl::EntityKind::OPPORTUNITY: return referral::EntityKind::kOpportunity;
    default: return Invalid("party.kind", "must be PERSON, ORGANISATION or OPPORTUNITY");
  }
}

// Reads the members that every event has; the rest differs.
Status CheckEvent(const idl::EventInput& event) {
  if (event.occurred_at == 0) {
    return Invalid("occurred_at", "missing: say when it happened; a time is never invented", 5022);
  }
  constexpr auto kMicrosMax = static_cast<int64_t>(limits::kSequenceMax);
  if (event.occurred_at < 0 || event.occurred_at > kMicrosMax) {
    return Invalid("occurred_at", "must be microseconds since 1970-01-01T00:00:00Z", 5022);
  }
  return CheckText("idempotency_key", event.idempotency_key, limits::kIdempotencyKeyBytesMax);
}

Result<Wish> PartyWish(const idl::EventInput& event, const std::string& actor) {
  const Result<referral::EntityKind> kind = KindFrom(event.party.kind);
  if (!kind) return kind.error();
  const Result<referral::ExternalRef> ref =
      ExternalRefFrom(event.party.external_ref, "party.external_ref");
  if (!ref) return ref.error();
  const Result<referral::Fields> fields = FieldsFrom(event.party.fields);
  if (!fields) return fields.error();
  ledger::ObserveParty wish;
  wish.row.kind = *kind;
  wish.row.ref = *ref;
  wish.row.fields = *fields;
  wish.row.occurred_at = FromMicros(event.occurred_at);
  wish.feed = "rpc";
  wish.idempotency_key = event.idempotency_key;
  wish.actor = actor;
  return Wish{std::move(wish)};
}

Status AddParties(const idl::EventInput& event, ledger::RecordFact& wish) {
  const auto source = OptionalParty(event.__isset.source, event.source, "source");
  const auto contact = OptionalParty(event.__isset.contact, event.contact, "contact");
  const auto rep = OptionalParty(event.__isset.rep, event.rep, "rep");
  const auto opportunity =
      OptionalParty(event.__isset.opportunity, event.opportunity, "opportunity");
  const auto reviewer = OptionalParty(event.__isset.reviewer, event.reviewer, "reviewer");
  for (const auto* party : {&source, &contact, &rep, &opportunity, &reviewer}) {
    if (!*party) return party->error();
  }
  wish.source = *source;
  wish.contact = *contact;
  wish.rep = *rep;
  wish.opportunity = *opportunity;
  wish.reviewer = *reviewer;
  return Status::Ok();
}

// What else the fact names: the ask it came of, the referral that is kept.
Status AddLinks(const idl::EventInput& event, referral::Fact& fact) {
  const auto because = OptionalEvent(event.because, "because");
  if (!because) return because.error();
  fact.because = *because;
  const auto survivor = OptionalReferral(event.survivor, "survivor");
  if (!survivor) return survivor.error();
  fact.survivor = *survivor;
  fact.decision_maker = event.decision_maker;
  if (event.source_slot.empty()) return Status::Ok();
  const Result<practice::Slots> slots = SlotsFrom({event.source_slot});
  if (!slots) return slots.error();
  fact.source_slot = static_cast<uint8_t>(std::bit_width(*slots));
  return Status::Ok();
}

Status AddDetails(const idl::EventInput& event, referral::Fact& fact) {
  const Result<referral::Channel> channel = ChannelFrom(event.channel);
  if (!channel) return channel.error();
  fact.channel = *channel;
  if (Status text = CheckText("reason", event.reason, limits::kFreeTextBytesMax); !text.ok()) {
    return text;
  }
  fact.reason = event.reason;
  const Status provenance = CheckText("provenance", event.provenance, limits::kFreeTextBytesMax);
  if (!provenance.ok()) return provenance;
  fact.provenance = event.provenance;
  const Result<referral::Evidence> evidence = EvidenceFrom(event.evidence);
  if (!evidence) return evidence.error();
  fact.evidence = *evidence;
  if (!event.__isset.amount) return Status::Ok();
  const Result<referral::Money> amount = MoneyFrom(event.amount);
  if (!amount) return amount.error();
  fact.amount = *amount;
  return Status::Ok();
}

}  // namespace

Result<Wish> WishFrom(const idl::EventInput& event, const std::string& actor) {
  if (event.type == kPartySeen) {
    const Status checked = CheckEvent(event);
    return checked.ok() ? PartyWish(event, actor) : Result<Wish>(checked);
  }
  const Result<referral::EventType> type = TypeFrom(event.type);
  if (!type) return type.error();
  if (Status checked = CheckEvent(event); !checked.ok()) return checked;
  if (practice::FindActRule(*type) != nullptr) return ActFrom(*type, event, actor);
  ledger::RecordFact wish;
  wish.fact.type = *type;
  const auto referral = OptionalReferral(event.referral, "referral");
  if (!referral) return referral.error();
  wish.fact.referral = *referral;
  const auto base = OptionalEvent(event.base_event, "base_event");
  if (!base) return base.error();
  wish.base = *base;
  if (Status parties = AddParties(event, wish); !parties.ok()) return parties;
  if (Status links = AddLinks(event, wish.fact); !links.ok()) return links;
  if (Status details = AddDetails(event, wish.fact); !details.ok()) return details;
  wish.fact.implied = event.implied;
  wish.accept_out_of_order = event.keep_out_of_order;
  wish.occurred_at = FromMicros(event.occurred_at);
  wish.idempotency_key = event.idempotency_key;
  wish.actor = actor;
  return Wish{std::move(wish)};
}

Result<ledger::PartyRef> PartyRefFrom(const idl::PartyRef& party, std::string_view member) {
  const int ways =
      int{!party.id.empty()} + int{party.__isset.external_ref} + int{!party.email.empty()};
  if (ways != 1) {
    return Invalid(member, "name the party in one way: by id, external_ref or email", 5025);
  }
  if (!party.id.empty()) {
    const Result<EntityId> id = referral::ParseEntityId(party.id);
    if (!id) return id.error().Prefixed(member);
    return ledger::PartyRef{.id = *id, .ref = {}, .email = {}};
  }
  if (!party.email.empty()) {
    std::string email = FoldEmail(party.email);
    if (!IsPlausibleEmail(email)) return Invalid(member, "not an e-mail address");
    return ledger::PartyRef{.id = {}, .ref = {}, .email = std::move(email)};
  }
  const auto ref = ExternalRefFrom(party.external_ref, std::string(member) + ".external_ref");
  if (!ref) return ref.error();
  return ledger::PartyRef{.id = {}, .ref = *ref, .email = {}};
}

Result<ledger::ReferralFilter> FilterFrom(const idl::ListReferralsRequest& request) {
  ledger::ReferralFilter filter;
  if (!request.state.empty()) {
    const referral::State state = referral::ParseState(request.state);
    if (state == referral::State::kNone) {
      std::vector<std::string_view> known;
      for (uint8_t number = 1; number <= 28; ++number) {
        known.push_back(referral::StateName(static_cast<referral::State>(number)));
      }
      return UnknownName("state", request.state, known);
    }
    filter.state = state;
  }
  for (const auto& [text, id, member] :
       {std::tuple{&request.source, &filter.source, "source"},
        std::tuple{&request.contact, &filter.contact, "contact"}}) {
    if (text->empty()) continue;
    const Result<EntityId> parsed = referral::ParseEntityId(*text);
    if (!parsed) return parsed.error().Prefixed(member);
    *id = *parsed;
  }
  return filter;
}

Result<sync::StartOptions> StartOptionsFrom(const idl::StartSyncRequest& request,
                                            const Caller& caller) {
  if (!request.path.empty() && !caller.local) {
    return Status::PermissionDenied(
        "path: files are named over the unix socket only; put the file into the feed's inbox",
        5003);
  }
  if (request.accept && !caller.local) {
    return Status::PermissionDenied(
        "accept: a safety stop is passed over the unix socket only, by somebody who has looked",
        5003);
  }
  if (!request.path.empty() && !request.path.starts_with('/')) {
    return Invalid("path", "must be absolute: the daemon has a working folder of its own");
  }
  return sync::StartOptions{.path = request.path,
                            .accept = request.accept,
                            .row_count_max = 0,
                            .started_by = caller.local ? "ctl" : "rpc"};
}

Result<std::string> ActorFrom(const Caller& caller, const std::string& client_name) {
  if (caller.local) return "uid:" + std::to_string(caller.uid);
  if (client_name.empty()) return std::string("rpc:anonymous");
  const bool is_plain = std::ranges::all_of(client_name, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
  });
  if (!is_plain || client_name.size() > kClientNameBytesMax) {
    return Invalid("client_name", "at most " + std::to_string(kClientNameBytesMax) +
                                      " letters, digits, '-', '_' or '.': a service, not a person");
  }
  return "rpc:" + client_name;
}

}  // namespace referrald::rpc
