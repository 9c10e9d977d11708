#include "storage/ledger/record.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "storage/base/limits.h"
#include "storage/ledger/idempotency.h"
#include "storage/ledger/wish_parties.h"
#include "storage/referral/referral.h"

namespace referrald::ledger {
namespace {

using referral::EntityKind;
using referral::Fact;

constexpr int kMalformed = 3023;
constexpr int kStale = 3024;
constexpr int kNotNow = 3004;
constexpr size_t kSha256Digits = 64;

void PutRef(TaggedWriter& out, uint32_t tag, const PartyRef& party) {
  TaggedWriter element;
  element.Unsigned(1, party.id.value);
  if (party.ref) element.Bytes(2, ToText(*party.ref));
  element.Bytes(3, party.email);
  out.Element(tag, element.text());
}

// The wish itself, before anything is resolved: a repeat must be recognised even when what it names
// has been merged since.
Hash128 PayloadHash(const CommandScope& scope, const RecordFact& wish) {
  const Fact& fact = wish.fact;
  TaggedWriter out;
  out.Bytes(1, "fact");
  out.Unsigned(2, static_cast<uint64_t>(fact.type));
  out.Unsigned(3, fact.referral.value);
  for (const EntityId id : {fact.source, fact.contact, fact.rep, fact.opportunity}) {
    out.Element(4, EncodeNumber(id.value));
  }
  for (const PartyRef* party : {&wish.source, &wish.contact, &wish.rep, &wish.opportunity}) {
    PutRef(out, 5, *party);
  }
  out.Unsigned(6, static_cast<uint64_t>(fact.channel));
  out.Bytes(7, fact.reason);
  out.Bytes(8, fact.provenance);
  out.Bytes(9, fact.evidence.reference);
  out.Bytes(10, fact.evidence.sha256);
  out.Unsigned(11, fact.evidence.contact_expects ? 1 : 0);
  out.Signed(12, fact.amount.minor_units);
  out.Bytes(13, fact.amount.currency);
  out.Unsigned(14, fact.implied ? 1 : 0);
  out.Unsigned(15, fact.because.value);
  out.Signed(16, ToMicros(wish.occurred_at));
  out.Unsigned(17, wish.accept_out_of_order ? 1 : 0);
  if (wish.base) out.Unsigned(18, wish.base.value);
  out.Unsigned(19, fact.source_slot);
  out.Unsigned(20, fact.survivor.value);
  out.Unsigned(21, fact.reviewer.value);
  if (!wish.reviewer.empty()) PutRef(out, 22, wish.reviewer);
  out.Unsigned(23, fact.decision_maker ? 1 : 0);
  return scope.vault().BlindIndex(vault::IndexKind::kFingerprint, out.text());
}

Status Malformed(std::string message) {
  return Status::InvalidArgument(std::move(message), kMalformed);
}

bool IsHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

// The public part of an event takes numbers and codes only: free text must not slip into it.
Status CheckForm(const RecordFact& wish) {
  const Fact& fact = wish.fact;
  if (wish.occurred_at == Timestamp{}) {
    return Malformed("occurred_at is missing: a time is never invented");
  }
  for (const std::string* text : {&fact.reason, &fact.provenance, &fact.evidence.reference}) {
    if (text->size() <= limits::kFreeTextBytesMax) continue;
    return Malformed("a text is " + std::to_string(text->size()) + " bytes, limit " +
                     std::to_string(limits::kFreeTextBytesMax));
  }
  const std::string& sum = fact.evidence.sha256;
  if (!sum.empty() && (sum.size() != kSha256Digits || !std::ranges::all_of(sum, IsHex))) {
    return Malformed("evidence.sha256 is not 64 lower-case hexadecimal digits");
  }
  const std::string& currency = fact.amount.currency;
  if (!currency.empty() && !referral::IsCurrency(currency)) {
    return Malformed("currency is not an ISO 4217 code such as EUR");
  }
  return Status::Ok();
}

constexpr std::array kPeople = {EntityKind::kPerson};
constexpr std::array kDeals = {EntityKind::kOpportunity};

Status Resolve(WishParties& parties, const RecordFact& wish, Fact& fact) {
  Status status = parties.Set("source", wish.source, kPeople, fact.source);
  if (status.ok()) status = parties.Set("contact", wish.contact, kPeople, fact.contact);
  if (status.ok()) status = parties.SetRep(wish.rep, fact.rep);
  if (status.ok()) status = parties.Set("opportunity", wish.opportunity, kDeals, fact.opportunity);
  if (status.ok()) status = parties.Set("reviewer", wish.reviewer, kPeople, fact.reviewer);
  return status;
}

// The referral that the fact belongs to, and its facts so far; an id of 0: it opens one.
struct Target {
  ReferralId id;
  std::vector<Sequence> facts;
};

Result<Target> Load(const CommandScope& scope, ReferralId id) {
  Result<std::optional<ReferralRecord>> record = scope.lookup().FindReferral(id);
  if (!record) return record.error();
  if (!*record) return Status::NotFound("there is no referral " + ToText(id), 3021);
  return Target{.id = id, .facts = std::move((*record)->facts)};
}

// Who has no source to name (an outreach, a meeting) means the one referral there is.
Result<Target> FindByContact(const CommandScope& scope, const Fact& fact) {
  const Result<std::vector<ReferralId>> ids =
      scope.lookup().ReferralsOf(Space::kByContact, fact.contact, limits::kChainEdgesMax);
  if (!ids) return ids.error();
  ReferralId found;
  for (const ReferralId id : *ids) {
    const Result<ReferralRecord> record = scope.lookup().NeedReferral(id);
    if (!record) return record.error();
    if (fact.rep && record->referral.rep != fact.rep) continue;
    if (found) {
      return Malformed("the contact has several referrals (" + ToText(found) + ", " + ToText(id) +
                       "): name the referral or its source");
    }
    found = id;
  }
  return found ? Load(scope, found) : Result<Target>(Target{});
}

Result<Target> FindTarget(const CommandScope& scope, const Fact& fact) {
  if (!IsReferralEvent(fact.type)) return Target{};
  if (fact.referral) return Load(scope, fact.referral);
  if (fact.contact && !fact.source) return FindByContact(scope, fact);
  const Result<std::optional<std::string>> bytes =
      scope.lookup().from().Get(scope.lookup().keys().Triple(fact.source, fact.contact, fact.rep));
  if (!bytes) return bytes.error();
  if (!*bytes) return Target{};
  const Result<uint64_t> number = DecodeNumber(**bytes);
  if (!number) return number.error();
  return Load(scope, {*number});
}

// Somebody who decided on what the referral was must be told that it is something else now.
Status CheckBase(Sequence base, const Target& target) {
  if (!base) return Status::Ok();
  const Sequence newest = target.facts.empty() ? Sequence{} : target.facts.back();
  if (newest == base) return Status::Ok();
  if (!newest) {
    return Status::Aborted(
        "there is no referral yet that could have " + ToText(base) + ": leave out the base event",
        kStale);
  }
  return Status::Aborted(ToText(target.id) + " has " + ToText(newest) + ", not " + ToText(base) +
                             ", as its newest event: read it again, then decide again",
                         kStale);
}

// Parties that the wish leaves out are those of its referral. A source or rep who was erased stays
// what they were, without a name; of a contact who was, nothing more is recorded.
Status Complete(const CommandScope& scope, const referral::Referral& known, Fact& fact) {
  if (!fact.source) fact.source = known.source;
  if (!fact.rep) fact.rep = known.rep;
  if (fact.contact || !known.contact) return Status::Ok();
  const Result<EntityRecord> contact = scope.lookup().NeedEntity(known.contact);
  if (!contact) return contact.error();
  if (contact->entity.erased) {
    return IsErased("contact", ToText(contact->entity.kind, known.contact));
  }
  fact.contact = known.contact;
  return Status::Ok();
}

// What takes a referral's place must be able to: another record of the same contact that stands
// itself, and has an introduction where the duplicate has one.
Status CheckSurvivor(const CommandScope& scope, const referral::Referral& duplicate,
                     const Fact& fact) {
  if (fact.type != referral::EventType::kDuplicateOf) return Status::Ok();
  const auto refuse = [&](std::string why) {
    return Status::FailedPrecondition(
        ToText(fact.survivor) + " cannot take the place of " + ToText(duplicate.id) + ": " + why,
        kNotNow);
  };
  if (fact.survivor == duplicate.id) return refuse("they are one record; name the other one");
  const Result<std::optional<ReferralRecord>> found = scope.lookup().FindReferral(fact.survivor);
  if (!found) return found.error();
  if (!*found) return refuse("there is no such referral");
  const referral::Referral& survivor = (*found)->referral;
  if (IsJudged(survivor)) {
    return refuse("it is " + std::string(StateName(survivor.state)) + " itself; name the one kept");
  }
  if (survivor.contact != duplicate.contact) {
    return refuse("it is about another contact; merge the two contacts first, if they are one");
  }
  if (duplicate.introduction && !survivor.introduction) {
    return refuse("it has no introduction, and this one has; keep this one");
  }
  return Status::Ok();
}

Result<Receipt> AppendFact(CommandScope& scope, const RecordFact& wish, Fact fact,
                           const Target& target, const Idempotency& idempotency) {
  const bool opens = IsReferralEvent(fact.type) && !target.id;
  fact.referral = opens ? ReferralId{scope.next().value} : target.id;
  const Result<Sequence> sequence = scope.Append({.sequence = {},
                                                  .occurred_at = wish.occurred_at,
                                                  .recorded_at = {},
                                                  .actor = wish.actor,
                                                  .idempotency = idempotency.key,
                                                  .payload = idempotency.payload,
                                                  .body = fact});
  if (!sequence) return sequence.error();
  return Receipt{.sequence = *sequence, .referral = fact.referral, .entity = {}, .log = {}};
}

}  // namespace

Result<Receipt> DecideRecordFact(CommandScope& scope, const RecordFact& wish) {
  const Result<Idempotency> known =
      FindIdempotency(scope, wish.actor, wish.idempotency_key, PayloadHash(scope, wish));
  if (!known) return known.error();
  if (known->replayed) return *known->replayed;
  Status status = CheckForm(wish);
  if (!status.ok()) return status;
  Fact fact = wish.fact;
  WishParties parties(scope, wish.actor);
  status = Resolve(parties, wish, fact);
  if (status.ok()) status = parties.Register(fact.rep);
  if (!status.ok()) return status;
  const Result<Target> target = FindTarget(scope, fact);
  if (!target) return target.error();
  if (Status fresh = CheckBase(wish.base, *target); !fresh.ok()) return fresh;
  const Result<std::vector<referral::RecordedFact>> facts = scope.lookup().NeedFacts(target->facts);
  if (!facts) return facts.error();
  fact.referral = target->id;
  status = Decide(*facts, fact, wish.occurred_at,
                  {.now = scope.now(), .accept_out_of_order = wish.accept_out_of_order});
  if (!status.ok()) return status;
  if (target->id) {
    const referral::Referral before = Fold(target->id, *facts);
    status = CheckSurvivor(scope, before, fact);
    if (status.ok()) status = Complete(scope, before, fact);
  }
  if (!status.ok()) return status;
  return AppendFact(scope, wish, std::move(fact), *target, *known);
}

}  // namespace referrald::ledger
