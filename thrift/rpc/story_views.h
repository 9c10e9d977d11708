#pragma once

#include "storage/base/status.h"
#include "storage/ledger/reader.h"
#include "thrift/idl/referrald_types.h"

namespace referrald::rpc {

// One event told in a sentence. Errors as in ledger::Reader.
Result<idl::EventStory> StoryView(const ledger::Reader& reader, Sequence sequence);

}  // namespace referrald::rpc
