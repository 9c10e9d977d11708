#include "storage/ledger/event.h"

namespace referrald::ledger {
namespace {

using referral::EventType;

EventType TypeOf(const RowSeen& row) {
  return row.kind == referral::EntityKind::kOpportunity ? EventType::kOpportunitySeen
                                                        : EventType::kPartySeen;
}
EventType TypeOf(const RowDeleted&) { return EventType::kRowDeleted; }
EventType TypeOf(const PartyMerged&) { return EventType::kPartyMerged; }
EventType TypeOf(const PartyErased&) { return EventType::kPartyErased; }
EventType TypeOf(const HeadAccepted&) { return EventType::kHeadAccepted; }
EventType TypeOf(const NumberRetired&) { return EventType::kNumberRetired; }
EventType TypeOf(const WishAnswered&) { return EventType::kWishAnswered; }
EventType TypeOf(const CheckpointSigned&) { return EventType::kCheckpointSigned; }
EventType TypeOf(const SyncFinished&) { return EventType::kSyncFinished; }
EventType TypeOf(const practice::Act& act) { return act.type; }
EventType TypeOf(const referral::Fact& fact) { return fact.type; }

}  // namespace

EventType Event::type() const {
  return std::visit([](const auto& one) { return TypeOf(one); }, body);
}

}  // namespace referrald::ledger
