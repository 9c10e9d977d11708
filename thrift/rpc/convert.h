#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "connectors/sync/sync.h"
#include "storage/base/status.h"
#include "storage/ledger/ledger.h"
#include "storage/ledger/run.h"
#include "storage/practice/metric.h"
#include "storage/referral/claim.h"
#include "storage/referral/entity.h"
#include "storage/referral/fact.h"
#include "storage/referral/referral.h"
#include "storage/upkeep/upkeep.h"
#include "thrift/idl/referrald_types.h"
#include "thrift/rpc/front.h"

// Where the words of the wire and those of the domain meet, and nowhere else. Pure.
namespace referrald::rpc {

// From the wire. What a caller sends is judged here as to its form: InvalidArgument names the
// member and the limit (RFD5020 missing or malformed, RFD5021 an unknown name, with the nearest
// known one, RFD5022 no time, RFD5023 too long or not UTF-8, RFD5025 a party not named in exactly
// one way; RFD3010 for the word WARM). Meaning is judged by the domain.

// One event's wish.
using Wish = std::variant<ledger::RecordFact, ledger::RecordAct, ledger::ObserveParty>;
Result<Wish> WishFrom(const idl::EventInput& event, const std::string& actor);

// Of a type in practice::ActTable: convert_act.cc.
Result<Wish> ActFrom(referral::EventType type, const idl::EventInput& event,
                     const std::string& actor);
Result<ledger::PartyRef> PartyRefFrom(const idl::PartyRef& party, std::string_view member);
Result<ledger::ReferralFilter> FilterFrom(const idl::ListReferralsRequest& request);
Result<sync::StartOptions> StartOptionsFrom(const idl::StartSyncRequest& request,
                                            const Caller& caller);
// "uid:1000" for local callers; "rpc:<client name>" for others, "rpc:anonymous" where they gave
// none.
Result<std::string> ActorFrom(const Caller& caller, const std::string& client_name);

// To the wire.
idl::RecordResult ToIdl(const ledger::Receipt& receipt, referral::EntityKind kind);
idl::RecordResult ToIdl(const Status& refusal);
idl::ExternalRef ToIdl(const referral::ExternalRef& ref);
idl::EntityKind::type ToIdl(referral::EntityKind kind);
idl::Temperature::type ToIdl(referral::Temperature temperature);
std::vector<idl::FieldValue> ToIdl(const referral::Fields& fields);
idl::LinkInfo ToIdl(const referral::Link& link);
idl::FieldSource ToIdl(const referral::Link& link, std::string_view field);
idl::Honesty ToIdl(const ledger::ContactHonesty& honesty);
idl::Money ToIdl(const referral::Money& money);
idl::ReferralEvent ToIdl(const referral::RecordedFact& fact);
// Names of people, and honesty, are filled in by ReferralView.
idl::Referral ToIdl(const referral::Referral& referral);
idl::Transition ToIdl(const referral::Transition& line);
// convert_practice.cc. Names of people in prompts are filled in by PromptView.
idl::ActRule ToIdl(const practice::ActRule& rule);
idl::Customer ToIdl(const practice::Customer& customer);
idl::Prompt ToIdl(const practice::Prompt& prompt);
idl::Figure ToIdl(const practice::Figure& figure);
idl::Reward ToIdl(const practice::Reward& reward);
std::vector<std::string> SlotNames(practice::Slots slots);
idl::RowCounts ToIdl(const ledger::RowCounts& counts);
idl::Run ToIdl(const ledger::RunRecord& run);
idl::Reject ToIdl(const ledger::Reject& reject);
idl::Feed ToIdl(const sync::FeedState& feed, const Caller& caller);
idl::FeedCheck ToIdl(const sync::Check& check);
idl::FilePreview ToIdl(const sync::Preview& preview);
idl::SyncPlan ToIdl(const sync::Plan& plan);
idl::ExportResult ToIdl(const sync::ExportResult& result);
idl::ExportInfo ToIdl(const sync::ExportConfig& config);
idl::VerifyReport ToIdl(const ledger::VerifyReport& report);
idl::ErasureReceipt ToIdl(const ledger::ErasureReceipt& receipt);
idl::BackupInfo ToIdl(const upkeep::Backup& backup);
idl::KeyStatus ToIdl(const upkeep::KeyStatus& keys);

// An id as text; "" for none.
std::string TextOrEmpty(Sequence sequence);
std::string TextOrEmpty(ReferralId id);
std::string TextOrEmpty(const RunId& run);
// "c_42"; "" for no one. A person unless told otherwise.
std::string PersonText(EntityId id);

// Numbers on the wire are signed and below 2^53; anything larger is a bug of ours.
int64_t Count(uint64_t number);
// 0 where there is no time.
int64_t Micros(Timestamp at);

}  // namespace referrald::rpc
