#include "storage/practice/attribution.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "storage/referral/entity.h"

namespace referrald::practice {
namespace {

using referral::Referral;
using referral::State;
using referral::Step;

constexpr int kMalformed = 3011;
constexpr int kNotFound = 3021;

Status Malformed(std::string why) { return Status::InvalidArgument(std::move(why), kMalformed); }

// A referral with the introduction that counts for it.
struct Claim {
  const Referral* referral = nullptr;
  Sequence introduction;
  Timestamp at{};
  std::vector<Sequence> because;

  auto Order() const { return std::tuple(at, introduction, referral->id); }
};

struct Opening {
  Timestamp at{};
  Sequence because;
};

const Step* FirstStep(const Referral& referral, State state) {
  const auto step = std::ranges::find(referral.steps, state, &Step::state);
  return step == referral.steps.end() ? nullptr : &*step;
}

// Found: an introduction that the rules of evidence let stand.
bool IsSound(const Referral& referral) {
  return referral.introduction && !referral.rescued_by_introduction && !referral.denial &&
         !referral.late_evidence;
}

Opening OpeningOf(const AttributionFacts& facts) {
  if (facts.opened_at != Timestamp{}) return {.at = facts.opened_at, .because = facts.opened};
  Opening first;
  for (const Referral& referral : facts.referrals) {
    const Step* const step = FirstStep(referral, State::kQualified);
    if (step == nullptr || referral.opportunity != facts.opportunity) continue;
    const bool earlier =
        std::tuple(step->occurred_at, step->sequence) < std::tuple(first.at, first.because);
    if (!first.because || earlier) first = {.at = step->occurred_at, .because = step->sequence};
  }
  return first;
}

std::string Days(std::chrono::days days) { return std::to_string(days.count()) + " days"; }

class Judge {
 public:
  Judge(const AttributionRule& rule, const AttributionFacts& facts)
      : rule_(rule), facts_(facts), opening_(OpeningOf(facts)) {
    for (const Referral& referral : facts.referrals) by_id_.emplace(referral.id, &referral);
    for (const auto& [id, referral] : by_id_) inherited_[SurvivorOf(*referral)].push_back(referral);
  }

  Attribution Run() {
    Attribution result{.rule = rule_.version, .opportunity = facts_.opportunity};
    std::vector<Claim> claims;
    for (const auto& [id, referral] : by_id_) {
      if (std::optional<NoCredit> refusal = Refuse(*referral)) {
        result.others.push_back(*std::move(refusal));
        continue;
      }
      claims.push_back(ClaimOf(*referral));
    }
    if (!claims.empty()) Choose(std::move(claims), result);
    std::ranges::sort(result.others, {}, &NoCredit::referral);
    AddReferences(result.others);
    return result;
  }

 private:
  // The one that is kept in the end; 0 where that is not among those given, or in a circle.
  ReferralId SurvivorOf(const Referral& referral) const {
    const Referral* at = &referral;
    for (size_t hops = 0; hops <= by_id_.size(); ++hops) {
      if (at->state != State::kDuplicate) return at->id;
      const auto next = by_id_.find(at->survivor);
      if (next == by_id_.end()) return {};
      at = next->second;
    }
    return {};
  }

  // The first (or last) sound introduction of the referral and of its duplicates; none: without.
  Claim ClaimOf(const Referral& referral) const {
    Claim best{.referral = &referral, .introduction = {}, .because = {}};
    const auto same = inherited_.find(referral.id);
    if (same == inherited_.end()) return best;
    for (const Referral* const one : same->second) {
      if (!IsSound(*one)) continue;
      Claim claim{.referral = &referral,
                  .introduction = one->introduction,
                  .at = one->introduced_at,
                  .because = {one->introduction}};
      // Why another record's introduction is this one's.
      if (one != &referral) claim.because.push_back(one->steps.back().sequence);
      if (!best.introduction || IsBetter(claim, best)) best = std::move(claim);
    }
    return best;
  }

  // One that is in time stands before one that is not, whatever the rule's order.
  bool IsBetter(const Claim& left, const Claim& right) const {
    return IsInTime(left) != IsInTime(right) ? IsInTime(left) : Precedes(left, right);
  }

  bool IsInTime(const Claim& claim) const {
    if (opening_.at == Timestamp{}) return true;
    if (claim.at > opening_.at) return false;
    return rule_.window.count() == 0 || opening_.at - claim.at <= rule_.window;
  }

  bool Precedes(const Claim& left, const Claim& right) const {
    return rule_.basis == AttributionBasis::kFirstIntroduction ? left.Order() < right.Order()
                                                               : right.Order() < left.Order();
  }

  static NoCredit No(const Referral& referral, NoCreditReason reason, std::string why,
                     std::vector<Sequence> because) {
    std::erase(because, Sequence{});
    return {.referral = referral.id,
            .source = referral.source,
            .reason = reason,
            .why = std::move(why),
            .because = std::move(because)};
  }

  std::optional<NoCredit> Refuse(const Referral& referral) const {
    const Sequence last = referral.steps.empty() ? Sequence{} : referral.steps.back().sequence;
    if (referral.state == State::kDuplicate) {
      return No(referral, NoCreditReason::kDuplicate,
                "a duplicate: what it would be credited with goes to " + ToText(referral.survivor),
                {last});
    }
    if (referral.state == State::kVoided) {
      return No(referral, NoCreditReason::kVoided, "a reviewer voided it", {last});
    }
    if (referral.source == referral.contact || referral.source == referral.rep) {
      return No(referral, NoCreditReason::kSelfReferral,
                "a self-referral: the source is the contact or the rep", {referral.introduction});
    }
    if (referral.opportunity && referral.opportunity != facts_.opportunity) {
      const Step* const qualified = FirstStep(referral, State::kQualified);
      return No(referral, NoCreditReason::kOtherOpportunity,
                "it led to another deal, " +
                    ToText(referral::EntityKind::kOpportunity, referral.opportunity),
                {qualified == nullptr ? last : qualified->sequence});
    }
    if (std::optional<NoCredit> refusal = RefuseEvidence(referral)) return refusal;
    return RefuseTime(referral);
  }

  std::optional<NoCredit> RefuseEvidence(const Referral& referral) const {
    if (std::ranges::count(facts_.circles, referral.id) > 0) {
      return No(referral, NoCreditReason::kCircle,
                "the contact brought the source: a circle gives no credit",
                {referral.introduction});
    }
    if (ClaimOf(referral).introduction) return std::nullopt;
    if (!referral.introduction) {
      const Sequence first = referral.steps.empty() ? Sequence{} : referral.steps.front().sequence;
      return No(referral, NoCreditReason::kNoIntroduction,
                "nobody introduced anybody: a name is no referral", {first});
    }
    if (referral.rescued_by_introduction) {
      return No(referral, NoCreditReason::kAfterOutreach,
                "the introduction came after the first outreach: the record stays COLD",
                {referral.introduction, referral.earlier_outreach});
    }
    if (referral.denial) {
      return No(referral, NoCreditReason::kDenied,
                "somebody denied that the two know each other: the record stays COLD",
                {referral.introduction, referral.denial});
    }
    return No(referral, NoCreditReason::kLateEvidence,
              "the introduction was told too long after it happened", {referral.introduction});
  }

  std::optional<NoCredit> RefuseTime(const Referral& referral) const {
    const Claim claim = ClaimOf(referral);
    if (IsInTime(claim)) return std::nullopt;
    std::vector<Sequence> because = claim.because;
    because.push_back(opening_.because);
    if (claim.at > opening_.at) {
      return No(referral, NoCreditReason::kAfterOpening,
                "the deal was open before the introduction", std::move(because));
    }
    return No(referral, NoCreditReason::kOutsideWindow,
              "the deal opened more than " + Days(rule_.window) +
                  " after the introduction, the window of rule " + rule_.version,
              std::move(because));
  }

  void Choose(std::vector<Claim> claims, Attribution& result) const {
    std::ranges::sort(
        claims, [this](const Claim& left, const Claim& right) { return Precedes(left, right); });
    const bool first = rule_.basis == AttributionBasis::kFirstIntroduction;
    const Claim& chosen = claims.front();
    result.credit = Credit{.referral = chosen.referral->id,
                           .source = chosen.referral->source,
                           .introduction = chosen.introduction,
                           .introduced_at = chosen.at,
                           .why = Why(claims.size(), first),
                           .because = Because(chosen)};
    for (const Claim& other : std::span(claims).subspan(1)) {
      std::vector<Sequence> because = other.because;
      because.push_back(chosen.introduction);
      const std::string order = first ? " came first" : " came last";
      result.others.push_back(
          No(*other.referral, NoCreditReason::kNotTheOne,
             "introduced as well; the introduction of " + ToText(chosen.referral->id) + order,
             std::move(because)));
    }
  }

  std::string Why(size_t count, bool first) const {
    std::string why = count == 1 ? std::string("the only introduction that counts")
                                 : std::string(first ? "the first of " : "the last of ") +
                                       std::to_string(count) + " introductions that count";
    if (rule_.window.count() != 0) why += ", within " + Days(rule_.window) + " of the deal";
    return why + ": rule " + rule_.version;
  }

  std::vector<Sequence> Because(const Claim& claim) const {
    std::vector<Sequence> because = claim.because;
    because.push_back(opening_.because);
    because.push_back(rule_.because);
    std::erase(because, Sequence{});
    return because;
  }

  void AddReferences(std::vector<NoCredit>& others) const {
    std::vector<NamedReference> references(facts_.references.begin(), facts_.references.end());
    std::ranges::sort(references, {}, &NamedReference::request);
    for (const NamedReference& reference : references) {
      others.push_back({.referral = {},
                        .source = reference.account,
                        .reason = NoCreditReason::kReference,
                        .why = "a reference: the prospect asked for it, nobody introduced us",
                        .because = {reference.request}});
    }
  }

  const AttributionRule& rule_;
  const AttributionFacts& facts_;
  const Opening opening_;
  std::map<ReferralId, const Referral*> by_id_;
  std::map<ReferralId, std::vector<const Referral*>> inherited_;  // By who is kept, itself too.
};

}  // namespace

std::string_view AttributionBasisName(AttributionBasis basis) {
  switch (basis) {
    case AttributionBasis::kFirstIntroduction: return "first_introduction";
    case AttributionBasis::kLastIntroduction: return "last_introduction";
  }
  return {};
}

std::string_view NoCreditReasonName(NoCreditReason reason) {
  switch (reason) {
    case NoCreditReason::kReference: return "reference";
    case NoCreditReason::kDuplicate: return "duplicate";
    case NoCreditReason::kVoided: return "voided";
    case NoCreditReason::kSelfReferral: return "self_referral";
    case NoCreditReason::kOtherOpportunity: return "other_opportunity";
    case NoCreditReason::kNoIntroduction: return "no_introduction";
    case NoCreditReason::kAfterOutreach: return "after_outreach";
    case NoCreditReason::kLateEvidence: return "late_evidence";
    case NoCreditReason::kAfterOpening: return "after_opening";
    case NoCreditReason::kOutsideWindow: return "outside_window";
    case NoCreditReason::kDenied: return "denied";
    case NoCreditReason::kCircle: return "circle";
    case NoCreditReason::kNotTheOne: return "not_the_one";
  }
  return {};
}

Result<AttributionRule> AttributionRuleOf(const RecordedAct& act) {
  if (act.act.type != EventType::kAttributionRuleSet) {
    return Malformed(referral::EventTypeName(act.act.type) + " sets no attribution rule");
  }
  if (act.act.name.empty() || act.act.name == kDefaultAttributionRule) {
    return Malformed("version is empty or " + std::string(kDefaultAttributionRule) +
                     ", which is built in");
  }
  const std::vector<int64_t>& numbers = act.act.numbers;
  if (numbers.size() != 2 || numbers[0] < 1 || numbers[0] > 2 || numbers[1] < 0 ||
      numbers[1] > kAttributionDaysMax) {
    return Malformed("numbers are 1 or 2 (first or last introduction) and 0 to " +
                     std::to_string(kAttributionDaysMax) + " days");
  }
  return AttributionRule{.version = act.act.name,
                         .basis = static_cast<AttributionBasis>(numbers[0]),
                         .window = std::chrono::days(numbers[1]),
                         .because = act.sequence};
}

Result<AttributionRule> FindAttributionRule(std::span<const RecordedAct> acts,
                                            std::string_view version) {
  std::optional<AttributionRule> found;
  if (version.empty() || version == kDefaultAttributionRule) found = AttributionRule{};
  for (const RecordedAct& act : acts) {
    const Result<AttributionRule> rule = AttributionRuleOf(act);
    if (!rule || (!version.empty() && rule->version != version)) continue;
    if (!found || found->because < rule->because) found = *rule;
  }
  if (found) return *std::move(found);
  return Status::NotFound("no attribution rule " + std::string(version), kNotFound);
}

Attribution Attribute(const AttributionRule& rule, const AttributionFacts& facts) {
  return Judge(rule, facts).Run();
}

}  // namespace referrald::practice
