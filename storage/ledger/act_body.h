#pragma once

#include <string>
#include <string_view>

#include "storage/base/status.h"
#include "storage/practice/act.h"

namespace referrald::ledger {

// The open part of an act, and back. Its text is sealed; of that the open part only says whether
// there is one. The type is the event's. Corruption (RFD4203): Encode did not write it.
std::string EncodeAct(const practice::Act& act);
Result<practice::Act> DecodeAct(practice::EventType type, std::string_view open);

}  // namespace referrald::ledger
