#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/limits.h"
#include "storage/base/status.h"
#include "storage/ledger/chain_record.h"
#include "storage/ledger/customer_record.h"
#include "storage/ledger/event.h"
#include "storage/ledger/run.h"
#include "storage/practice/attribution.h"
#include "storage/practice/process.h"
#include "storage/practice/reward.h"
#include "storage/practice/suggestion.h"
#include "storage/practice/velocity.h"
#include "storage/practice/way_in.h"
#include "storage/referral/chain.h"
#include "storage/referral/claim.h"
#include "storage/referral/entity.h"
#include "storage/referral/referral.h"
#include "storage/referral/temperature.h"

namespace referrald::ledger {

// Totals, kept as projections.
struct Totals {
  uint64_t events = 0;
  uint64_t persons = 0, organisations = 0, opportunities = 0;  // Not merged into another.
  uint64_t referrals = 0;
  uint64_t introductions = 0;
  uint64_t erased = 0;  // Parties; still counted above.
};

// One page: what was asked for, and where to go on; `next` is empty at the end. Pass it back
// unchanged: its form is not promised.
template <typename T>
struct Page {
  std::vector<T> items;
  std::string next;
};

// A contact and one rep who has a referral or relationship with them; or no rep at all.
struct ContactHonesty {
  EntityId rep;
  referral::Honesty honesty;
};

// A person in a chain, and what came of it.
struct ChainMember {
  referral::ChainNode node;  // `depth` from the root for ancestors, from the person for the rest.
  uint64_t uncredited = 0;   // Introductions of them that came second, or would close a circle.
  Amounts won, won_below;    // By referrals that brought them; by everybody below.

  friend bool operator==(const ChainMember&, const ChainMember&) = default;
};
struct ChainScope {
  uint32_t levels_max = limits::kChainDepthMax;  // Below the person.
  size_t count_max = limits::kChainMembersMax;   // Of descendants, and of ancestors.
};
struct Chain {
  std::vector<ChainMember> ancestors;    // The parent first, the root last.
  std::vector<ChainMember> descendants;  // The person first.
  bool truncated = false;                // There are more than `count_max`.
};

// What was known at some time, of what had happened at some time; parties as they are known now.
struct AsOf {
  Sequence recorded{};   // Nothing that was recorded after it; none: all.
  Timestamp occurred{};  // Nothing that happened after it; zero: all.

  bool empty() const { return !recorded && occurred == Timestamp{}; }
  // Of a RecordedFact or RecordedAct.
  bool Knows(const auto& one) const {
    return (!recorded || one.sequence <= recorded) &&
           (occurred == Timestamp{} || one.occurred_at <= occurred);
  }
};

struct AttributionQuery {
  EntityId opportunity{};           // Only this one; none: every deal that a referral names.
  std::string_view rule{};          // A version; empty: the newest.
  std::string_view compare_with{};  // Likewise; set: only deals on which the two differ.
  std::string_view cursor{};
};
struct Attributions {
  std::vector<practice::Attribution> items;
  std::vector<practice::Attribution> compared;  // By the other rule, deal by deal.
  std::string next;                             // As in Page. A page may hold fewer than asked for.
};

// Referrals that wait for a reviewer.
struct HeldReferrals {
  practice::HoldHit hit;
  Sequence about;  // Of the HoldReleased that lets them go.
  bool released = false;
};

struct ReferralFilter {
  std::optional<referral::State> state;
  EntityId source, contact;  // Set: only theirs.
  EntityId opportunity{};    // Set: only those that name this deal.
};

// Reads of one instant. One thread at a time. Ids of merged entities resolve to the survivor.
//
// NotFound: there is no such thing. Corruption: RFD4203, with the key's kind and sequence or id.
// InvalidArgument: a malformed cursor.
class Reader {
 public:
  virtual ~Reader() = default;

  virtual Sequence head() const = 0;  // The last event this reader sees.

  virtual Result<referral::Entity> GetEntity(EntityId id) const = 0;
  // What rows of `id` said ever since they were first seen, newest first for each row; at most
  // limits::kRowHistoryMax.
  virtual Result<std::vector<referral::Fields>> FormerFields(EntityId id) const = 0;
  virtual Result<EntityId> FindByRef(const referral::ExternalRef& ref) const = 0;
  // People (and organisations, by name) by e-mail, phone, whole name or one word of it; exact after
  // folding. Sorted by id, at most `count_max`.
  virtual Result<std::vector<EntityId>> FindByEmail(std::string_view email,
                                                    size_t count_max) const = 0;
  virtual Result<std::vector<EntityId>> FindByPhone(std::string_view phone,
                                                    size_t count_max) const = 0;
  virtual Result<std::vector<EntityId>> FindByName(std::string_view name,
                                                   size_t count_max) const = 0;
  // All of the above, and ids and refs: what a person types.
  virtual Result<std::vector<EntityId>> Find(std::string_view query, size_t count_max) const = 0;

  virtual Result<referral::Referral> GetReferral(ReferralId id) const = 0;
  virtual Result<std::vector<referral::RecordedFact>> FactsOf(ReferralId id) const = 0;
  virtual Result<Page<referral::Referral>> ListReferrals(const ReferralFilter& filter,
                                                         std::string_view cursor,
                                                         size_t count_max) const = 0;
  // The honesty gate for this contact: one entry a rep; without any, one entry with rep 0.
  // `as_of`: what rows claim is taken as it is now.
  virtual Result<std::vector<ContactHonesty>> HonestyOf(EntityId contact,
                                                        const AsOf& as_of) const = 0;
  Result<std::vector<ContactHonesty>> HonestyOf(EntityId contact) const {
    return HonestyOf(contact, {});
  }
  // The one person that the text of a claim names, if exactly one does.
  virtual Result<std::optional<EntityId>> ResolveClaim(const referral::Claim& claim) const = 0;
  // The chain of `person`: who brought them, up to the root, and whom they brought, depth first,
  // siblings by sequence.
  virtual Result<Chain> GetChain(EntityId person, const ChainScope& scope) const = 0;
  // What is known of a party as somebody to ask and look after, and every prompt about them.
  virtual Result<CustomerRecord> GetCustomer(EntityId party) const = 0;
  // Calls `sink` for every party that anything is known of, in order of id; false stops. Several
  // instants: one that changes meanwhile is seen as it was or as it is.
  using CustomerSink = std::function<bool(const CustomerRecord&)>;
  virtual Status ScanCustomers(const CustomerSink& sink) const = 0;
  // The coverage of every active party from behind `after`, in order of id; false stops. One
  // instant.
  using CoverageSink = std::function<bool(EntityId party, const CoverageRecord&)>;
  virtual Status ScanCoverage(EntityId after, const CoverageSink& sink) const = 0;
  // As ScanCustomers, for every referral.
  using ReferralSink = std::function<bool(const referral::Referral&)>;
  virtual Status ScanReferrals(const ReferralSink& sink) const = 0;
  // Prompts that are due at `now`, of one rep or (0) of everybody: by priority, then by due time.
  virtual Result<Page<practice::Prompt>> ListPrompts(EntityId rep, Timestamp now,
                                                     std::string_view cursor,
                                                     size_t count_max) const = 0;
  // Acts without their texts, in the order of the log: about a party, an opportunity or a referral,
  // of one type (of those that are about the firm itself), or that bear one name.
  virtual Result<std::vector<practice::RecordedAct>> ActsAbout(EntityId party) const = 0;
  virtual Result<std::vector<practice::RecordedAct>> ActsOfOpportunity(EntityId deal) const = 0;
  virtual Result<std::vector<practice::RecordedAct>> ActsOfReferral(ReferralId id) const = 0;
  virtual Result<std::vector<practice::RecordedAct>> ActsOfType(practice::EventType type) const = 0;
  virtual Result<std::vector<practice::RecordedAct>> ActsNamed(std::string_view name) const = 0;

  // Who could introduce us to `target`, over introductions, confirmed acquaintances and confirmed
  // relationships; over nobody who is erased or suppressed.
  virtual Result<practice::WaysIn> FindWaysIn(EntityId target,
                                              const practice::WaySearch& search) const = 0;
  // People to ask a customer about, for each group that is not closed.
  virtual Result<std::vector<practice::Suggestion>> SuggestPeople(EntityId customer,
                                                                  size_t count_max) const = 0;
  // NotFound also: no such version of the rule.
  virtual Result<Attributions> ListAttributions(const AttributionQuery& query,
                                                size_t count_max) const = 0;
  // What a rule hits (practice/velocity.h), and what was held by hand.
  virtual Result<std::vector<HeldReferrals>> ListHolds(bool with_released) const = 0;
  // NotFound also: nothing was known by then.
  virtual Result<referral::Referral> GetReferralAsOf(ReferralId id, const AsOf& as_of) const = 0;
  virtual Result<practice::Customer> GetCustomerAsOf(EntityId party, const AsOf& as_of) const = 0;
  // A version of the sales process; nothing where it was never defined.
  virtual Result<std::optional<practice::Process>> FindProcess(std::string_view version) const = 0;
  // Every reward of a plan as it is at `now`; none where there is no such plan.
  virtual Result<std::vector<practice::Reward>> RewardsOf(std::string_view plan,
                                                          Timestamp now) const = 0;

  virtual Result<Event> GetEvent(Sequence sequence) const = 0;
  virtual Result<std::vector<Event>> EventsAfter(Sequence after, size_t count_max) const = 0;

  // Calls `sink` for every entity of `kind` in order of id, from behind `after`; false stops.
  using EntitySink = std::function<bool(const referral::Entity&)>;
  virtual Status ScanEntities(EntityId after, const EntitySink& sink) const = 0;

  // The same for the opportunities alone, all of them.
  virtual Status ScanDeals(const EntitySink& sink) const = 0;
  virtual Result<Totals> GetTotals() const = 0;

  virtual Result<RunRecord> GetRun(const RunId& id) const = 0;
  // Newest first; all feeds where `feed` is empty.
  virtual Result<Page<RunRecord>> ListRuns(std::string_view feed, std::string_view cursor,
                                           size_t count_max) const = 0;
  virtual Result<Page<Reject>> ListRejects(const RunId& run, std::string_view cursor,
                                           size_t count_max) const = 0;
};

}  // namespace referrald::ledger
