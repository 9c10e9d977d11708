#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/ledger/command_scope.h"
#include "storage/ledger/ledger.h"

namespace referrald::ledger {

// Where the rows of one command come from.
struct RowOrigin {
  std::string feed;
  RunId run;
  uint32_t priority = 0;
  std::string actor;
  Hash128 idempotency{};
  Hash128 payload{};
};

// Decides what becomes of rows, one after the other, each on top of those before it; appends the
// events that follow. One command; one thread.
class RowDecider {
 public:
  RowDecider(CommandScope& scope, RowOrigin origin) : scope_(scope), origin_(std::move(origin)) {}

  // Reads what the rows will ask for in a few round trips instead of one each.
  Status Prefetch(std::span<const Row> rows);
  // A row that cannot be used is a result, not a failure: quarantined or held, with number and
  // reason. A failure is the store's.
  Result<RowResult> Decide(const Row& row);

 private:
  // observe.cc
  Result<bool> IsAboutErased(const Row& row);
  Result<RowResult> DecideKnown(const Row& row, const LinkRecord& link);
  // `before`: what was last seen of the row, which is not of a `deleted` link or says something
  // new.
  Result<RowResult> DecideChanged(const Row& row, const LinkRecord& link,
                                  const referral::Link& before);
  Result<RowResult> DecideNew(const Row& row);
  Result<RowResult> DecideDeleted(const Row& row, const std::optional<LinkRecord>& link);
  Result<RowResult> Create(const Row& row, const referral::MatchDecision& decision);
  Result<RowResult> Join(const Row& row, EntityId entity);
  Result<std::vector<referral::Entity>> HoldersOf(const Row& row) const;
  Status AppendSeen(const Row& row, EntityId entity, referral::MatchBasis basis);
  Status AppendDeleted(const Row& row, EntityId entity);
  Status Append(const Row& row, decltype(Event::body) body);

  // observe_merge.cc: rows that say they became another.
  Result<RowResult> DecideMerge(const Row& row, const std::optional<LinkRecord>& link);
  Result<RowResult> Alias(const Row& row, EntityId winner);
  Result<RowResult> Unite(const Row& row, const LinkRecord& link, EntityId winner);
  Result<std::optional<RowResult>> RefuseUnion(const Row& row, EntityId loser, EntityId winner);
  Result<std::optional<RowResult>> RefuseReferrals(const Row& row, EntityId loser, EntityId winner);

  CommandScope& scope_;
  const RowOrigin origin_;
  Sequence previous_;                   // What was last seen of the row that is being decided.
  std::optional<bool> anybody_erased_;  // Asked once: most stores never erased anybody.
};

// A row that is not used, and why.
RowResult Refused(const Row& row, RowOutcome outcome, int number, std::string reason);

// The commands. Decide and change `scope`; the caller commits.
Result<std::vector<RowResult>> DecideRows(CommandScope& scope, const ObserveRows& wish);
Result<ObserveResult> DecideObserveRows(CommandScope& scope, const ObserveRows& wish);
Result<Receipt> DecideObserveParty(CommandScope& scope, const ObserveParty& wish);
Status DecidePutRun(CommandScope& scope, const RunRecord& run, const std::vector<Reject>& rejects);

}  // namespace referrald::ledger
