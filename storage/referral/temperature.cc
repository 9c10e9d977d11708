#include "storage/referral/temperature.h"

#include <algorithm>
#include <map>
#include <utility>

#include "storage/referral/rules.h"

namespace referrald::referral {
namespace {

constexpr int kNoTemperature = 3010;

// A moment in the log: the earlier occurrence first, the order of recording between equals.
struct Moment {
  Timestamp at = Timestamp::max();
  Sequence sequence;

  explicit operator bool() const { return static_cast<bool>(sequence); }
  friend auto operator<=>(const Moment&, const Moment&) = default;
};

// What happened after `now` is not known yet; without a `now` everything is.
bool IsKnownBy(Timestamp at, Timestamp now) { return now == Timestamp{} || at <= now; }

Moment FirstOutreach(const HonestyFacts& facts) {
  Moment first;
  for (const Referral& referral : facts.referrals) {
    if (!referral.first_outreach || !IsKnownBy(referral.first_outreach_at, facts.now)) continue;
    first = std::min(first, Moment{referral.first_outreach_at, referral.first_outreach});
  }
  return first;
}

bool IsAboutRepAndContact(EventType type) {
  return type == EventType::kRelationshipConfirmed || type == EventType::kRelationshipDenied;
}

// The newer of two words on it, where `word` is one that may be heard; null: none yet.
const RecordedFact* NewerWord(const RecordedFact* newest, const RecordedFact& word) {
  if (!IsAboutRepAndContact(word.fact.type)) return newest;
  if (!CheckHonest(word.fact, Completed(word.fact, {})).ok()) return newest;
  const auto when = [](const RecordedFact& fact) {
    return std::pair(fact.occurred_at, fact.sequence);
  };
  return newest == nullptr || when(word) > when(*newest) ? &word : newest;
}

// The newest word of a person on whether rep and contact know each other; null where it is no.
const RecordedFact* Acquaintance(const HonestyFacts& facts) {
  const RecordedFact* newest = nullptr;
  for (const RecordedFact& word : facts.relationships) {
    if (IsKnownBy(word.occurred_at, facts.now)) newest = NewerWord(newest, word);
  }
  const bool confirmed =
      newest != nullptr && newest->fact.type == EventType::kRelationshipConfirmed;
  return confirmed ? newest : nullptr;
}

bool ConcernsSourceOf(const Fact& denial, const Referral& referral) {
  if (denial.type != EventType::kAcquaintanceDenied) return false;
  if (denial.referral && denial.referral == referral.id) return true;
  return denial.source && denial.source == referral.source && denial.contact == referral.contact;
}

// Source and contact confirmed, after `at`, that they do know each other.
bool ConfirmedAfter(const Referral& referral, Timestamp at) {
  return std::ranges::any_of(referral.steps, [at](const Step& step) {
    return step.state == State::kVerified && step.occurred_at > at;
  });
}

// The referral is what a reviewer took out, for good or with the record that was kept in its place.
bool IsVoid(const Referral& referral, std::span<const Referral> others) {
  if (referral.state == State::kVoided) return true;
  if (referral.state != State::kDuplicate) return false;
  const auto survivor = std::ranges::find(others, referral.survivor, &Referral::id);
  return survivor != others.end() && survivor->state == State::kVoided;
}

// The first event by which somebody denied that source and contact know each other; 0 where nobody
// did.
Sequence DenialOf(const Referral& referral, const HonestyFacts& facts) {
  Moment first;
  for (const RecordedFact& denial : facts.relationships) {
    if (!ConcernsSourceOf(denial.fact, referral)) continue;
    if (!IsKnownBy(denial.occurred_at, facts.now)) continue;
    if (ConfirmedAfter(referral, denial.occurred_at)) continue;
    first = std::min(first, Moment{denial.occurred_at, denial.sequence});
  }
  for (const Step& step : referral.steps) {
    if (step.state != State::kNotAcquainted) continue;
    first = std::min(first, Moment{step.occurred_at, step.sequence});
  }
  return first.sequence;
}

// What the introductions and names to one contact amount to.
struct Findings {
  Moment introduction;          // The first that counts.
  Moment too_late;              // The first after the outreach.
  Sequence denied;              // An introduction whose people do not know each other ...
  Sequence denial;              // ... by this event; or a name denied, without an introduction.
  std::vector<Sequence> names;  // By which events they were named.
};

void Weigh(Findings& findings, const Referral& referral, const HonestyFacts& facts,
           Timestamp first_outreach_at) {
  if (referral.steps.empty() || !IsKnownBy(referral.steps.front().occurred_at, facts.now)) return;
  if (IsVoid(referral, facts.referrals)) return;
  const Sequence denial = DenialOf(referral, facts);
  const bool introduced = referral.introduction && IsKnownBy(referral.introduced_at, facts.now);
  const Moment introduction{referral.introduced_at, referral.introduction};
  if (denial) {
    findings.denial = denial;
    if (introduced) findings.denied = referral.introduction;
  } else if (!introduced) {
    findings.names.push_back(referral.steps.front().sequence);
  } else if (referral.introduced_at <= first_outreach_at) {
    findings.introduction = std::min(findings.introduction, introduction);
  } else {
    findings.too_late = std::min(findings.too_late, introduction);
  }
}

Honesty Hot(ReferralKind kind, std::string_view basis, Sequence because) {
  return {.temperature = Temperature::kHot, .kind = kind, .basis = basis, .because = {because}};
}

Honesty Cold(ReferralKind kind, std::string_view basis, std::vector<Sequence> because) {
  std::erase(because, Sequence{});
  return {.temperature = Temperature::kCold,
          .kind = kind,
          .basis = basis,
          .because = std::move(because)};
}

// Nothing made them HOT: the reason that helps most comes first.
Honesty ColdBecause(Findings findings, Sequence late_acquaintance, Moment outreach,
                    size_t claim_count) {
  const bool named = findings.too_late || findings.denial || !findings.names.empty();
  const bool claimed = named || claim_count > 0;
  const ReferralKind kind = claimed ? ReferralKind::kLead : ReferralKind::kListed;
  if (findings.denied) return Cold(kind, "DENIED", {findings.denial, findings.denied});
  if (findings.too_late) {
    return Cold(kind, "AFTER_OUTREACH", {outreach.sequence, findings.too_late.sequence});
  }
  if (late_acquaintance) {
    return Cold(kind, "AFTER_OUTREACH", {outreach.sequence, late_acquaintance});
  }
  if (!findings.names.empty()) {
    std::ranges::sort(findings.names);
    return Cold(kind, "NAME_ONLY", std::move(findings.names));
  }
  if (findings.denial) return Cold(kind, "DENIED", {findings.denial});
  if (claim_count > 0) return Cold(kind, "CLAIM_ONLY", {});
  return Cold(kind, "NO_CONTACT", {});
}

std::string Quoted(const std::vector<Sequence>& because) {
  std::string text;
  for (const Sequence sequence : because) text += (text.empty() ? " (" : ", ") + ToText(sequence);
  return text.empty() ? text : text + ")";
}

std::string_view Sentence(std::string_view basis) {
  if (basis == "INTRODUCTION") return "somebody introduced them";
  if (basis == "ALREADY_KNOWN") return "the rep already knew them";
  if (basis == "NAME_ONLY") return "somebody named them, but nobody introduced them";
  if (basis == "CLAIM_ONLY") return "a CRM claims a referral, but nobody introduced them";
  if (basis == "DENIED") return "source and contact do not know each other";
  if (basis == "AFTER_OUTREACH") return "the first outreach came before what would make it HOT";
  return "nobody named or introduced them";
}

}  // namespace

Result<Temperature> ParseTemperature(std::string_view name) {
  if (name == "COLD") return Temperature::kCold;
  if (name == "HOT") return Temperature::kHot;
  if (name == "WARM" || name == "warm" || name == "Warm") {
    return Status::InvalidArgument(
        "WARM is no temperature: a contact is HOT when somebody introduced them, with evidence, or "
        "the rep already knew them, and COLD otherwise, however good the research",
        kNoTemperature);
  }
  return Status::InvalidArgument("not a temperature: there are COLD and HOT", kNoTemperature);
}

std::string_view TemperatureName(Temperature temperature) {
  switch (temperature) {
    case Temperature::kCold: return "COLD";
    case Temperature::kHot: return "HOT";
  }
  return "COLD";  // What nothing speaks for is cold.
}

std::string_view ReferralKindName(ReferralKind kind) {
  switch (kind) {
    case ReferralKind::kListed: return "LISTED";
    case ReferralKind::kLead: return "LEAD";
    case ReferralKind::kReferral: return "REFERRAL";
    case ReferralKind::kKnown: return "KNOWN";
  }
  return "LISTED";
}

Honesty TemperatureOf(const HonestyFacts& facts) {
  const Moment outreach = FirstOutreach(facts);
  Findings findings;
  for (const Referral& referral : facts.referrals) Weigh(findings, referral, facts, outreach.at);
  const RecordedFact* acquaintance = Acquaintance(facts);
  // Recorded, not occurred: after a call it is too late to have known them all along.
  const bool in_time = acquaintance != nullptr && acquaintance->recorded_at < outreach.at;
  // Who was introduced first and became acquainted by it is a referral, not an old friend.
  const bool known_first =
      in_time && (!findings.introduction || acquaintance->occurred_at < findings.introduction.at);
  if (known_first) return Hot(ReferralKind::kKnown, "ALREADY_KNOWN", acquaintance->sequence);
  if (findings.introduction) {
    return Hot(ReferralKind::kReferral, "INTRODUCTION", findings.introduction.sequence);
  }
  return ColdBecause(std::move(findings),
                     acquaintance == nullptr ? Sequence{} : acquaintance->sequence, outreach,
                     facts.claim_count);
}

void Settle(std::span<Referral> referrals, std::span<const RecordedFact> relationships) {
  std::map<EntityId, Moment> outreach_of;  // By rep.
  for (const Referral& referral : referrals) {
    if (!referral.first_outreach) continue;
    Moment& first = outreach_of[referral.rep];
    first = std::min(first, Moment{referral.first_outreach_at, referral.first_outreach});
  }
  for (Referral& referral : referrals) {
    referral.rescued_by_introduction = false;
    referral.earlier_outreach = referral.acquaintance = referral.denial = {};
    const RecordedFact* known = nullptr;
    for (const RecordedFact& word : relationships) {
      if (word.fact.rep == referral.rep) known = NewerWord(known, word);
    }
    if (known != nullptr && known->fact.type == EventType::kRelationshipConfirmed) {
      referral.acquaintance = known->sequence;
    }
    if (!referral.introduction) continue;
    const auto outreach = outreach_of.find(referral.rep);
    if (outreach != outreach_of.end() && referral.introduced_at > outreach->second.at) {
      referral.rescued_by_introduction = true;
      referral.earlier_outreach = outreach->second.sequence;
    }
    referral.denial = DenialOf(referral, {.referrals = {}, .relationships = relationships});
  }
}

std::string Explain(const Honesty& honesty) {
  return std::string(TemperatureName(honesty.temperature)) + " because " +
         std::string(Sentence(honesty.basis)) + Quoted(honesty.because);
}

}  // namespace referrald::referral
