#pragma once

#include <vector>

#include "storage/base/status.h"
#include "storage/base/time.h"
#include "storage/ledger/reader.h"
#include "thrift/idl/referrald_types.h"

// Answers about whom to ask for, whose introduction counts, what waits for a look, and the past.
// Errors as in ledger::Reader.
namespace referrald::rpc {

Result<std::vector<idl::Suggestion>> SuggestionsView(const ledger::Reader& reader,
                                                     EntityId customer, size_t count_max);
Result<idl::AttributionPage> AttributionsView(const ledger::Reader& reader,
                                              const ledger::AttributionQuery& query,
                                              size_t count_max);
Result<std::vector<idl::Hold>> HoldsView(const ledger::Reader& reader, bool with_released);
// Customers with a plan whose touch is overdue at `now`, most overdue first; `rep` 0: everybody's.
Result<std::vector<idl::CatchUp>> CatchUpView(const ledger::Reader& reader, EntityId rep,
                                              Timestamp now, size_t count_max);
Result<idl::Referral> ReferralAsOfView(const ledger::Reader& reader, ReferralId id,
                                       const ledger::AsOf& as_of);
Result<idl::Customer> CustomerAsOfView(const ledger::Reader& reader, EntityId party,
                                       const ledger::AsOf& as_of);

}  // namespace referrald::rpc
