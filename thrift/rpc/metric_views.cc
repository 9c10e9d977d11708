#include "thrift/rpc/metric_views.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "storage/base/text.h"
#include "storage/practice/process.h"
#include "thrift/rpc/firm_views.h"

namespace referrald::rpc {
namespace {

using practice::EventType;
using practice::RecordedAct;
using Acts = std::vector<RecordedAct>;

// Puts everything into a builder, in the order that it asks for.
class Feeding {
 public:
  Feeding(const ledger::Reader& reader, const practice::MetricScope& scope)
      : reader_(reader), now_(scope.now), builder_(scope) {}

  Result<std::vector<practice::Figure>> Run() {
    Status status = AddMinutes();
    if (status.ok()) status = AddClaims();
    if (status.ok()) status = AddCustomers();
    if (status.ok()) status = AddReferrals();
    if (status.ok()) status = AddOtherDeals();
    if (status.ok()) status = AddRewards();
    if (status.ok()) status = AddFirm();
    if (!status.ok()) return status;
    return builder_.Take();
  }

 private:
  Status AddMinutes() {
    const Result<Acts> acts = reader_.ActsOfType(EventType::kTimeLogged);
    if (!acts) return acts.error();
    for (const RecordedAct& act : *acts) {
      builder_.AddMinutes(act.act.referral, act.act.numbers.front());
    }
    return Status::Ok();
  }

  Status AddClaims() {
    const Result<Acts> acts = reader_.ActsOfType(EventType::kRelationshipClaimed);
    if (!acts) return acts.error();
    for (const RecordedAct& act : *acts) {
      builder_.AddClaim(act.act.party, act.act.other, act.act.name);
    }
    return Status::Ok();
  }

  Status AddCustomers() {
    return reader_.ScanCustomers([this](const ledger::CustomerRecord& record) {
      builder_.Add(record.customer);
      return true;
    });
  }

  Status AddReferrals() {
    return reader_.ScanReferrals([this](const referral::Referral& referral) {
      if (Stands(referral) && referral.opportunity) referred_.insert(referral.opportunity);
      builder_.Add(referral);
      return true;
    });
  }

  Status AddOtherDeals() {
    return reader_.ScanDeals([this](const referral::Entity& entity) {
      if (!referred_.contains(entity.id) && !IsDeleted(entity))
        builder_.Add(referral::DealFrom(entity));
      return true;
    });
  }

  Status AddRewards() {
    const Result<Acts> plans = reader_.ActsOfType(EventType::kRewardPlanSet);
    if (!plans) return plans.error();
    std::set<std::string> names;
    for (const RecordedAct& plan : *plans) names.insert(plan.act.name);
    for (const std::string& name : names) {
      const auto rewards = reader_.RewardsOf(name, now_);
      if (!rewards) return rewards.error();
      for (const practice::Reward& reward : *rewards) builder_.Add(reward);
    }
    return Status::Ok();
  }

  Status AddFirm() {
    Result<practice::FirmRecord> firm = FirmRecordOf(reader_, now_);
    if (!firm) return firm.error();
    builder_.Add(*firm);
    return Status::Ok();
  }

  const ledger::Reader& reader_;
  const Timestamp now_;
  practice::MetricBuilder builder_;
  std::set<EntityId> referred_;  // Deals that an introduction led to.
};

}  // namespace

Result<std::vector<practice::Figure>> MetricsView(const ledger::Reader& reader,
                                                  const practice::MetricScope& scope) {
  return Feeding(reader, scope).Run();
}

Result<std::set<EntityId>> TeamNamed(const ledger::Reader& reader, const std::string& name) {
  std::set<EntityId> team;
  const Result<Acts> acts = reader.ActsNamed(name);
  if (!acts) return acts.error();
  for (const RecordedAct& act : *acts) {
    if (act.act.type != EventType::kRoleAsserted) continue;
    const auto customer = reader.GetCustomer(act.act.party);
    if (!customer) return customer.error();
    if (customer->customer.group == name) team.insert(act.act.party);
  }
  if (team.empty()) {
    return Status::NotFound(
        "nobody is in team " + name + "; RoleAsserted with that name says who is", 3021);
  }
  return team;
}

}  // namespace referrald::rpc
