#pragma once

#include "storage/base/status.h"
#include "storage/ledger/reader.h"
#include "thrift/idl/referrald_types.h"

// Answers about the practice of referral selling that need more than one read. Errors as in
// ledger::Reader.
namespace referrald::rpc {

Result<idl::Customer> CustomerView(const ledger::Reader& reader, EntityId party);
// Without prompts: of a customer as it is, or as it was.
Result<idl::Customer> CustomerView(const ledger::Reader& reader,
                                   const practice::Customer& customer);
// With the names of the people in it.
Result<idl::Prompt> PromptView(const ledger::Reader& reader, const practice::Prompt& prompt);
// Gaps from behind `cursor`, at most `gap_count_max`.
Result<idl::Coverage> CoverageView(const ledger::Reader& reader,
                                   const idl::CoverageRequest& request, size_t gap_count_max);
// P11: whether `rep` may use a source's name with `contact`.
Result<idl::OutreachCheck> OutreachView(const ledger::Reader& reader, EntityId contact,
                                        EntityId rep);

Result<idl::WaysIn> WaysInView(const ledger::Reader& reader, EntityId target,
                               const practice::WaySearch& search);
Result<idl::Reward> RewardView(const ledger::Reader& reader, const practice::Reward& reward);

}  // namespace referrald::rpc
