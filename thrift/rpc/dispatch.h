#pragma once

#include <memory>

#include "thrift/rpc/front.h"
#include "thrift/rpc/services.h"

namespace referrald::rpc {

// One connection's side of the talk in Thrift: decodes a frame under the limits of limits.h, lets
// the handler answer and encodes that. `services` must outlive it.
std::unique_ptr<Conversation> MakeConversation(const Services& services, const Caller& caller);

}  // namespace referrald::rpc
