#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "storage/referral/temperature.h"
#include "tests/support/referral_facts.h"

namespace referrald::scenarios {

// One source, one contact, one rep, told in order: each wish passes Decide, as on every real path,
// and is recorded only where it is accepted.
class Story {
 public:
  explicit Story(ReferralId id = support::kReferral) : id_(id) {}

  // What somebody wishes to record, on the day on which they wish it.
  Status Records(referral::Fact wish, int day) { return RecordsLate(std::move(wish), day, day); }
  Status Records(referral::EventType event, int day) {
    return Records(support::CompleteFact(event), day);
  }
  // Something that occurred on one day and is told on another.
  Status RecordsLate(referral::Fact wish, int occurred, int recorded) {
    const Timestamp now = support::Day(recorded);
    const Status decided = referral::Decide(log_.facts(), wish, support::Day(occurred),
                                            {.now = now, .accept_out_of_order = false});
    if (decided.ok()) last_ = log_.Add(std::move(wish), support::Day(occurred), now);
    return decided;
  }
  // What a connector delivers, in whatever order its file has.
  Status Delivers(referral::Fact wish, int occurred, int recorded) {
    const Timestamp now = support::Day(recorded);
    const Status decided = referral::Decide(log_.facts(), wish, support::Day(occurred),
                                            {.now = now, .accept_out_of_order = true});
    if (decided.ok()) last_ = log_.Add(std::move(wish), support::Day(occurred), now);
    return decided;
  }

  referral::Referral Now() const { return referral::Fold(id_, log_.facts()); }
  referral::State State() const { return Now().state; }
  referral::Honesty Honesty(size_t claim_count = 0) const {
    const referral::Referral now = Now();
    return referral::TemperatureOf({.referrals = {&now, 1},
                                    .relationships = log_.facts(),
                                    .claim_count = claim_count,
                                    .now = support::Day(1000)});
  }
  std::string Temperature() const {
    return std::string(referral::TemperatureName(Honesty().temperature));
  }
  Sequence last() const { return last_; }  // The event recorded last.

 private:
  ReferralId id_;
  support::FactLog log_;
  Sequence last_;
};

}  // namespace referrald::scenarios
