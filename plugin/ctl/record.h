#pragma once

#include "plugin/ctl/context.h"
#include "thrift/idl/referrald_types.h"

namespace referrald::ctl {

// Has the daemon record `event`, and shows what became of it.
ExitCode RecordEvent(Context& context, const idl::EventInput& event);

}  // namespace referrald::ctl
