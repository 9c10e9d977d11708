#include "storage/referral/rules.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "storage/base/limits.h"
#include "storage/base/text.h"

namespace referrald::referral {
namespace {

constexpr int kMemberMissing = 3001;
constexpr int kSelfReferral = 3002;
constexpr int kNoEvidence = 3003;
constexpr int kPlatformRequest = 3005;
constexpr int kNeverImplied = 3006;
constexpr int kNoReferralFact = 3009;
constexpr int kMalformedMember = 3011;
constexpr int kNotReviewer = 3015;
constexpr uint8_t kSourceSlots = 5;  // R13.

// What a fact of one type needs. Evidence is not among it: its absence is not a gap in the request
// but the very thing the store exists to refuse (RFD3003).
enum Need : unsigned {
  kSource = 1U << 0U,  // The people may be named here or by an earlier fact of the referral.
  kContact = 1U << 1U,
  kRep = 1U << 2U,
  kChannel = 1U << 3U,
  kReason = 1U << 4U,
  kProvenance = 1U << 5U,
  kOpportunity = 1U << 6U,
  kAmount = 1U << 7U,
  kByAPerson = 1U << 8U,  // A network's automated request does not count (R09, R10).
  kMayBeImplied = 1U << 9U,
  kReviewer = 1U << 10U,
  kSurvivor = 1U << 11U,
};
constexpr unsigned kTwo = kContact | kRep;
constexpr unsigned kThree = kSource | kTwo;

struct Rule {
  EventType type;
  unsigned needs;

  bool Needs(Need need) const { return (needs & need) != 0; }
};

constexpr std::array kRules = std::to_array<Rule>({
    {EventType::kRelationshipConfirmed, kTwo | kChannel | kByAPerson},
    {EventType::kRelationshipDenied, kTwo | kByAPerson},
    {EventType::kNameReceived, kThree | kProvenance},
    {EventType::kSourceContacted, kThree | kChannel | kByAPerson},
    {EventType::kAcquaintanceConfirmed, kThree | kChannel | kByAPerson},
    {EventType::kAcquaintanceDenied, kThree},
    {EventType::kIntroductionRequested, kThree | kChannel | kReason | kByAPerson},
    {EventType::kIntroductionPromised, kThree},
    {EventType::kIntroductionMade, kThree | kChannel | kByAPerson},
    {EventType::kSourceDeclined, kThree},
    {EventType::kOutreachMade, kTwo},  // A rep can call somebody nobody named.
    {EventType::kMeetingHeld, kThree | kMayBeImplied},
    {EventType::kContactDeclined, kThree},
    {EventType::kNotAFit, kThree},
    {EventType::kQualified, kThree | kOpportunity | kMayBeImplied},
    {EventType::kOpportunityWon, kThree | kAmount},
    {EventType::kOpportunityLost, kThree},
    {EventType::kOpportunityReopened, kThree},
    {EventType::kOpportunityReversed, kThree},
    {EventType::kInactivityElapsed, kThree},
    {EventType::kDuplicateOf, kThree | kReviewer | kSurvivor},
    {EventType::kDuplicateCleared, kThree | kReviewer},
    {EventType::kVoided, kThree | kReviewer | kReason},
    {EventType::kVoidReverted, kThree | kReviewer | kReason},
});

const Rule* FindRule(EventType type) {
  const auto* rule = std::ranges::find(kRules, type, &Rule::type);
  return rule == kRules.end() ? nullptr : rule;
}

bool IsBlank(std::string_view text) { return Trim(text).empty(); }

bool HasEvidence(const Evidence& evidence) {
  return !IsBlank(evidence.reference) || !IsBlank(evidence.sha256);
}

bool IsSha256(std::string_view text) {
  return text.size() == 64 &&
         text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::string_view MissingMember(const Fact& fact, const Rule& rule, const Parties& parties) {
  if (rule.Needs(kSource) && !parties.source) return "source";
  if (rule.Needs(kContact) && !parties.contact) return "contact";
  if (rule.Needs(kRep) && !parties.rep) return "rep";
  if (rule.Needs(kChannel) && fact.channel == Channel::kUnknown) return "channel";
  if (rule.Needs(kReason) && IsBlank(fact.reason)) return "reason";
  if (rule.Needs(kProvenance) && IsBlank(fact.provenance)) return "provenance";
  if (rule.Needs(kOpportunity) && !fact.opportunity) return "opportunity";
  if (rule.Needs(kAmount) && fact.amount.currency.empty()) return "amount with its currency";
  if (rule.Needs(kReviewer) && !fact.reviewer) return "reviewer";
  if (rule.Needs(kSurvivor) && !fact.survivor) return "survivor (the referral that is kept)";
  if (fact.implied && !fact.because) return "because (the event that implies it)";
  return {};
}

Status CheckLength(std::string_view member, std::string_view text) {
  if (text.size() <= limits::kFreeTextBytesMax) return Status::Ok();
  return Status::InvalidArgument(std::string(member) + " is " + std::to_string(text.size()) +
                                     " bytes, limit " + std::to_string(limits::kFreeTextBytesMax),
                                 kMalformedMember);
}

Status CheckForm(const Fact& fact) {
  for (const auto& [member, text] :
       {std::pair<std::string_view, std::string_view>{"reason", fact.reason},
        {"provenance", fact.provenance},
        {"evidence reference", fact.evidence.reference}}) {
    if (const Status status = CheckLength(member, text); !status.ok()) return status;
  }
  if (!fact.evidence.sha256.empty() && !IsSha256(fact.evidence.sha256)) {
    return Status::InvalidArgument("evidence sha256 is not 64 hexadecimal digits",
                                   kMalformedMember);
  }
  if (!fact.amount.currency.empty() && !IsCurrency(fact.amount.currency)) {
    return Status::InvalidArgument("currency is not three capital letters, as in EUR",
                                   kMalformedMember);
  }
  if (fact.decision_maker && fact.type != EventType::kMeetingHeld) {
    return Status::InvalidArgument("only a MeetingHeld is with a decision-maker", kMalformedMember);
  }
  if (fact.source_slot > kSourceSlots) {
    return Status::InvalidArgument("source slot is 1 to 5", kMalformedMember);
  }
  if (fact.amount.minor_units < 0) {
    return Status::InvalidArgument("amount is negative", kMalformedMember);
  }
  return Status::Ok();
}

// Everybody named must be somebody else: nobody introduces themselves, or a rep to the rep (F24).
Status CheckNotSelf(const Parties& parties) {
  const auto same = [](EntityId left, EntityId right) { return left && left == right; };
  std::string_view who;
  if (same(parties.source, parties.contact)) who = "the source and the contact";
  if (same(parties.source, parties.rep)) who = "the source and the rep";
  if (same(parties.contact, parties.rep)) who = "the contact and the rep";
  if (who.empty()) return Status::Ok();
  return Status::FailedPrecondition(
      "self-referral: " + std::string(who) + " are the same person; a referral takes three",
      kSelfReferral);
}

// Who may gain by a referral does not judge its record (T21).
Status CheckReviewer(const Fact& fact, const Parties& parties) {
  if (!fact.reviewer) return Status::Ok();
  const bool is_party = fact.reviewer == parties.source || fact.reviewer == parties.contact ||
                        fact.reviewer == parties.rep;
  if (!is_party) return Status::Ok();
  return Status::FailedPrecondition(
      "the reviewer is one of the people of this referral; somebody else has to judge it",
      kNotReviewer);
}

}  // namespace

Parties Completed(const Fact& fact, const Parties& known) {
  return {.source = fact.source ? fact.source : known.source,
          .contact = fact.contact ? fact.contact : known.contact,
          .rep = fact.rep ? fact.rep : known.rep};
}

Status CheckHonest(const Fact& fact, const Parties& parties) {
  if (const Status status = CheckNotSelf(parties); !status.ok()) return status;
  if (const Status status = CheckReviewer(fact, parties); !status.ok()) return status;
  const std::string type = EventTypeName(fact.type);
  const Rule* rule = FindRule(fact.type);
  if (rule != nullptr && rule->Needs(kByAPerson) && fact.channel == Channel::kPlatformRequest) {
    return Status::FailedPrecondition(
        type +
            " over platform_request: a network's automated request is no contact with a person; "
            "talk to them, then record that channel",
        kPlatformRequest);
  }
  if (fact.implied && (rule == nullptr || !rule->Needs(kMayBeImplied))) {
    return Status::FailedPrecondition(
        type + " is never implied: only MeetingHeld and Qualified may follow from another event",
        kNeverImplied);
  }
  if (fact.type == EventType::kIntroductionMade && !HasEvidence(fact.evidence)) {
    return Status::FailedPrecondition(
        "IntroductionMade without evidence: say where it can be found (message id, calendar entry, "
        "document) or give the artefact's sha256; a name alone is NameReceived",
        kNoEvidence);
  }
  return Status::Ok();
}

Status CheckComplete(const Fact& fact, const Parties& parties) {
  const std::string type = EventTypeName(fact.type);
  const Rule* rule = FindRule(fact.type);
  if (rule == nullptr) {
    return Status::InvalidArgument(type + " is no fact about a referral or a relationship",
                                   kNoReferralFact);
  }
  if (const std::string_view member = MissingMember(fact, *rule, parties); !member.empty()) {
    return Status::InvalidArgument(type + " needs " + std::string(member), kMemberMissing);
  }
  return CheckForm(fact).Prefixed(type);
}

}  // namespace referrald::referral
