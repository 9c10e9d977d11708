#pragma once

#include <memory>

#include "storage/ledger/instant.h"
#include "storage/ledger/lookup.h"
#include "storage/ledger/reader.h"
#include "storage/ledger/transaction.h"

namespace referrald::ledger {

// A reader over one instant of the store.
class StoredReader final : public Reader {
 public:
  StoredReader(const StorePlace& place, const Clock& clock, std::unique_ptr<Instant> instant);

  Sequence head() const override { return instant_->last(); }

  // stored_reader.cc
  Result<referral::Entity> GetEntity(EntityId id) const override;
  Result<referral::Referral> GetReferral(ReferralId id) const override;
  Result<std::vector<referral::RecordedFact>> FactsOf(ReferralId id) const override;
  Result<std::vector<ContactHonesty>> HonestyOf(EntityId contact, const AsOf& as_of) const override;
  // stored_reader_chain.cc
  Result<Chain> GetChain(EntityId person, const ChainScope& scope) const override;
  Result<Event> GetEvent(Sequence sequence) const override;

  // stored_reader_practice.cc
  Result<CustomerRecord> GetCustomer(EntityId party) const override;
  Status ScanCustomers(const CustomerSink& sink) const override;
  Status ScanReferrals(const ReferralSink& sink) const override;
  Status ScanCoverage(EntityId after, const CoverageSink& sink) const override;
  Result<Page<practice::Prompt>> ListPrompts(EntityId rep, Timestamp now, std::string_view cursor,
                                             size_t count_max) const override;
  Result<std::vector<practice::RecordedAct>> ActsAbout(EntityId party) const override;
  Result<std::vector<practice::RecordedAct>> ActsOfOpportunity(EntityId deal) const override;
  Result<std::vector<practice::RecordedAct>> ActsOfReferral(ReferralId id) const override;
  Result<std::vector<practice::RecordedAct>> ActsOfType(practice::EventType type) const override;
  Result<std::vector<practice::RecordedAct>> ActsNamed(std::string_view name) const override;
  Result<std::optional<practice::Process>> FindProcess(std::string_view version) const override {
    return lookup_.FindProcess(version);
  }
  Result<std::vector<practice::Reward>> RewardsOf(std::string_view plan,
                                                  Timestamp now) const override;

  // stored_reader_suggest.cc
  Result<std::vector<practice::Suggestion>> SuggestPeople(EntityId customer,
                                                          size_t count_max) const override;
  // stored_reader_review.cc
  Result<Attributions> ListAttributions(const AttributionQuery& query,
                                        size_t count_max) const override;
  Result<std::vector<HeldReferrals>> ListHolds(bool with_released) const override;
  // stored_reader_as_of.cc
  Result<referral::Referral> GetReferralAsOf(ReferralId id, const AsOf& as_of) const override;
  Result<practice::Customer> GetCustomerAsOf(EntityId party, const AsOf& as_of) const override;
  // stored_reader_practice.cc
  Status ScanDeals(const EntitySink& sink) const override;
  // stored_reader_ways.cc
  Result<practice::WaysIn> FindWaysIn(EntityId target,
                                      const practice::WaySearch& search) const override;

  // stored_reader.cc
  Result<Totals> GetTotals() const override;

  // stored_reader_search.cc
  Result<std::vector<referral::Fields>> FormerFields(EntityId id) const override;
  Result<EntityId> FindByRef(const referral::ExternalRef& ref) const override;
  Result<std::vector<EntityId>> FindByEmail(std::string_view email,
                                            size_t count_max) const override;
  Result<std::vector<EntityId>> FindByPhone(std::string_view phone,
                                            size_t count_max) const override;
  Result<std::vector<EntityId>> FindByName(std::string_view name, size_t count_max) const override;
  Result<std::vector<EntityId>> Find(std::string_view query, size_t count_max) const override;
  Result<std::optional<EntityId>> ResolveClaim(const referral::Claim& claim) const override;

  // stored_reader_list.cc
  Result<Page<referral::Referral>> ListReferrals(const ReferralFilter& filter,
                                                 std::string_view cursor,
                                                 size_t count_max) const override;
  Result<std::vector<Event>> EventsAfter(Sequence after, size_t count_max) const override;
  Status ScanEntities(EntityId after, const EntitySink& sink) const override;
  Result<RunRecord> GetRun(const RunId& id) const override;
  Result<Page<RunRecord>> ListRuns(std::string_view feed, std::string_view cursor,
                                   size_t count_max) const override;
  Result<Page<Reject>> ListRejects(const RunId& run, std::string_view cursor,
                                   size_t count_max) const override;

 private:
  // What Attribute is told about one deal.
  struct DealFacts {
    std::vector<referral::Referral> referrals;
    std::vector<practice::NamedReference> references;
    std::vector<ReferralId> circles;
  };
  Result<practice::AttributionRule> RuleOf(std::string_view version) const;
  Result<std::vector<EntityId>> DealsBehind(EntityId after, size_t count_max) const;
  Result<DealFacts> FactsOfDeal(EntityId deal) const;
  // Whether `above` brought `person`, at any remove.
  Result<bool> Brought(EntityId above, EntityId person) const;
  Status AddHoldsByHand(bool with_released, std::vector<HeldReferrals>& holds) const;
  Result<std::vector<referral::RecordedFact>> FactsAsOf(ReferralId id, const AsOf& as_of) const;
  // Nothing: no fact of it was known by then.
  Result<std::optional<referral::Referral>> FoldAsOf(ReferralId id, const AsOf& as_of) const;
  Result<std::vector<referral::Referral>> ReferralsAsOf(Space role, EntityId person,
                                                        const AsOf& as_of) const;
  Result<std::vector<practice::Tie>> TiesOf(EntityId person) const;
  Result<std::vector<practice::RecordedAct>> ActsBehind(std::string_view prefix) const;
  Result<std::vector<referral::RecordedFact>> RelationshipsOf(EntityId contact) const;
  Result<std::vector<EntityId>> FindTerm(Space space, std::string_view folded,
                                         size_t count_max) const;

  const StorePlace place_;
  const Clock& clock_;
  const std::unique_ptr<const Instant> instant_;
  const Lookup lookup_;
};

Result<std::unique_ptr<Reader>> OpenReader(const StorePlace& place, const Clock& clock);

}  // namespace referrald::ledger
