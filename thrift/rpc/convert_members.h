#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/ledger/ledger.h"
#include "storage/practice/act.h"
#include "thrift/idl/referrald_types.h"

// The members of an event from the wire, one by one, for whoever reads one. Failures as convert.h
// says.
namespace referrald::rpc {

Status Invalid(std::string_view member, std::string_view what, int number = 5020);
// Not one of the names there are; the nearest one helps with typing errors.
Status UnknownName(std::string_view member, std::string_view name,
                   const std::vector<std::string_view>& known);
// Refused here and not when read back: other clients could not decode the answer.
Status CheckText(std::string_view member, std::string_view text, size_t bytes_max);
Result<referral::Channel> ChannelFrom(const std::string& name);
Result<referral::Money> MoneyFrom(const idl::Money& money);
Result<practice::Slots> SlotsFrom(const std::vector<std::string>& names);
// Nothing where it is not set.
Result<ledger::PartyRef> OptionalParty(bool is_set, const idl::PartyRef& party,
                                       std::string_view member);
// 0 where `text` is empty.
Result<Sequence> OptionalEvent(const std::string& text, std::string_view member);
Result<ReferralId> OptionalReferral(const std::string& text, std::string_view member);

}  // namespace referrald::rpc
