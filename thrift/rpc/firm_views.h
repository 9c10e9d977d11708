#pragma once

#include "storage/base/status.h"
#include "storage/base/time.h"
#include "storage/ledger/reader.h"
#include "thrift/idl/referrald_types.h"

// Answers about the firm itself, and events told in sentences. Errors as in ledger::Reader.
namespace referrald::rpc {

// NotFound (RFD3021): there is no such process.
Result<idl::Firm> FirmView(const ledger::Reader& reader, const idl::FirmRequest& request,
                           Timestamp now);
Result<idl::EventStory> StoryView(const ledger::Reader& reader, Sequence sequence);

}  // namespace referrald::rpc
