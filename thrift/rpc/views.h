#pragma once

#include <string>
#include <vector>

#include "storage/base/status.h"
#include "storage/ledger/ledger.h"
#include "storage/ledger/reader.h"
#include "thrift/idl/referrald_types.h"

// Answers that need more than one read: what belongs together on a screen, from one instant. Errors
// as in ledger::Reader.
namespace referrald::rpc {

// The survivor that `party` names. NotFound; InvalidArgument (RFD5026): an e-mail address that
// several contacts hold.
Result<EntityId> Resolve(const ledger::Reader& reader, const ledger::PartyRef& party);

// The name to show for `id`; "" for no one.
Result<std::string> NameOf(const ledger::Reader& reader, EntityId id);

// `asked_for`: the id under which the caller knows it.
Result<idl::Contact> ContactView(const ledger::Reader& reader, EntityId id, EntityId asked_for);
Result<idl::FindContactsResult> FindView(const ledger::Reader& reader, std::string_view query,
                                         size_t count_max);
// `field` empty: all. NotFound (RFD5027): no row says anything about it.
Result<std::vector<idl::FieldProvenance>> ProvenanceView(const ledger::Reader& reader, EntityId id,
                                                         std::string_view field);
// The honesty in it is that of `as_of`.
Result<idl::Referral> ReferralView(const ledger::Reader& reader, const referral::Referral& referral,
                                   const ledger::AsOf& as_of = {});
// `bare`: without names, states and temperatures, which cost a read each.
Result<idl::Chain> ChainView(const ledger::Reader& reader, EntityId person,
                             const ledger::ChainScope& scope, bool bare);

}  // namespace referrald::rpc
