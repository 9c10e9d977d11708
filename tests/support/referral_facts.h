#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "storage/referral/fact.h"
#include "storage/referral/referral.h"

namespace referrald::support {

// The cast of the domain tests: Anna brings Ben to Rita.
inline constexpr EntityId kAnna{1};  // The referral source.
inline constexpr EntityId kBen{2};   // The new contact.
inline constexpr EntityId kRita{3};  // The rep.
inline constexpr EntityId kReviewer{4};
inline constexpr EntityId kDeal{9};
inline constexpr ReferralId kReferral{7};

// Noon of the `number`-th day of the story.
inline Timestamp Day(int number) {
  return FromMicros(1'700'000'000'000'000) + std::chrono::days{number};
}

// A fact of this type about Anna, Ben and Rita with every member that any type needs.
inline referral::Fact CompleteFact(referral::EventType type) {
  referral::Fact fact;
  fact.type = type;
  fact.source = kAnna;
  fact.contact = kBen;
  fact.rep = kRita;
  fact.opportunity = kDeal;
  fact.channel = referral::Channel::kPhone;
  fact.reason = "both build bridges";
  fact.provenance = "asked after the order";
  fact.evidence.reference = "mail-4711";
  fact.amount = {.minor_units = 1'250'000, .currency = "EUR"};
  if (type < referral::EventType::kNameReceived) fact.reviewer = kReviewer;
  if (type == referral::EventType::kDuplicateOf) fact.survivor = ReferralId{8};
  return fact;
}

// The log of one referral. Each fact is recorded when it occurs unless the test says otherwise.
class FactLog {
 public:
  Sequence Add(referral::Fact fact, Timestamp occurred_at, Timestamp recorded_at) {
    const Sequence sequence{++last_};
    facts_.push_back({sequence, occurred_at, recorded_at, "test", std::move(fact)});
    return sequence;
  }
  Sequence Add(referral::Fact fact, Timestamp occurred_at) {
    return Add(std::move(fact), occurred_at, occurred_at);
  }
  Sequence Add(referral::EventType type, Timestamp occurred_at) {
    return Add(CompleteFact(type), occurred_at);
  }

  const std::vector<referral::RecordedFact>& facts() const { return facts_; }
  referral::Referral Folded() const { return referral::Fold(kReferral, facts_); }

 private:
  std::vector<referral::RecordedFact> facts_;
  uint64_t last_ = 100;
};

}  // namespace referrald::support
