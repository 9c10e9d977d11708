#include <algorithm>
#include <string>

#include "storage/base/limits.h"
#include "storage/referral/referral.h"
#include "storage/referral/rules.h"

namespace referrald::referral {
namespace {

constexpr int kMemberMissing = 3001;
constexpr int kNotPossible = 3004;
constexpr int kInFuture = 3007;
constexpr int kOtherParty = 3008;
constexpr int kTooManyFacts = 3013;

Status CheckTime(Timestamp occurred_at, Timestamp now) {
  if (occurred_at == Timestamp{}) {
    return Status::InvalidArgument("occurred_at is missing: a time is never invented",
                                   kMemberMissing);
  }
  if (occurred_at > now) {
    return Status::FailedPrecondition("occurred_at " + FormatTimestamp(occurred_at) +
                                          " is in the future, it is " + FormatTimestamp(now) +
                                          " now: record what has happened",
                                      kInFuture);
  }
  return Status::Ok();
}

// Evidence about one person must not make another one HOT.
Status CheckSameParties(const Fact& wish, const Referral& referral) {
  const auto differ = [](EntityId named, EntityId known) {
    return named && known && named != known;
  };
  std::string_view who;
  if (differ(wish.rep, referral.rep)) who = "rep";
  if (differ(wish.contact, referral.contact)) who = "contact";
  if (differ(wish.source, referral.source)) who = "source";
  if (who.empty()) return Status::Ok();
  return Status::InvalidArgument("the " + std::string(who) + " is not the one of this referral; " +
                                     "leave the referral out to record it for these people",
                                 kOtherParty);
}

// The wish as if it were the newest event of the log.
RecordedFact Imagined(std::span<const RecordedFact> facts, const Fact& wish, Timestamp occurred_at,
                      Timestamp now) {
  Sequence last;
  for (const RecordedFact& fact : facts) last = std::max(last, fact.sequence);
  return {.sequence = Sequence{last.value + 1},
          .occurred_at = occurred_at,
          .recorded_at = now,
          .actor = {},
          .fact = wish};
}

Status CheckPossible(std::span<const RecordedFact> facts, const Referral& before,
                     const RecordedFact& imagined) {
  std::vector<RecordedFact> all(facts.begin(), facts.end());
  all.push_back(imagined);
  const Referral after = Fold(before.id, all);
  const auto found = std::ranges::find(after.unapplied, imagined.sequence, &Unapplied::sequence);
  if (found == after.unapplied.end()) return Status::Ok();
  std::string why = found->reason;
  // A wish from the past was judged by the state of that time, which the caller may not see.
  if (!before.steps.empty() && imagined.occurred_at < before.steps.back().occurred_at) {
    why += " (as of " + FormatTimestamp(imagined.occurred_at) + "; it is " +
           std::string(StateName(before.state)) + " by now)";
  }
  return Status::FailedPrecondition(std::move(why), kNotPossible);
}

Status DecideReferral(std::span<const RecordedFact> facts, const Fact& wish, Timestamp occurred_at,
                      const DecideOptions& options) {
  const Referral before = Fold(wish.referral, facts);
  if (const Status status = CheckSameParties(wish, before); !status.ok()) return status;
  const Parties parties = Completed(wish, {before.source, before.contact, before.rep});
  if (const Status status = CheckHonest(wish, parties); !status.ok()) return status;
  if (const Status status = CheckComplete(wish, parties); !status.ok()) return status;
  if (const Status status = CheckTime(occurred_at, options.now); !status.ok()) return status;
  if (facts.size() >= limits::kEventsPerReferralMax) {
    return Status::FailedPrecondition("the referral holds " + std::to_string(facts.size()) +
                                          " facts, limit " +
                                          std::to_string(limits::kEventsPerReferralMax),
                                      kTooManyFacts);
  }
  if (options.accept_out_of_order) return Status::Ok();
  return CheckPossible(facts, before, Imagined(facts, wish, occurred_at, options.now));
}

// A relationship has no states: what a person said is recorded, and the newest word counts.
Status DecideRelationship(const Fact& wish, Timestamp occurred_at, const DecideOptions& options) {
  const Parties parties = Completed(wish, {});
  if (const Status status = CheckHonest(wish, parties); !status.ok()) return status;
  if (const Status status = CheckComplete(wish, parties); !status.ok()) return status;
  return CheckTime(occurred_at, options.now);
}

}  // namespace

Status Decide(std::span<const RecordedFact> facts, const Fact& wish, Timestamp occurred_at,
              const DecideOptions& options) {
  return IsReferralEvent(wish.type) ? DecideReferral(facts, wish, occurred_at, options)
                                    : DecideRelationship(wish, occurred_at, options);
}

}  // namespace referrald::referral
