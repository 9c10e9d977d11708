#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/status.h"
#include "storage/ledger/event.h"

namespace referrald::ledger {

// The body of an event in two parts: what may stand in the open, and what only its owner's key may
// open. One event has exactly one such form.
struct EventBody {
  std::vector<EntityId> subjects;  // Everybody concerned; ascending, each once.
  std::string open;
  std::string secret;  // Empty: nothing personal in it.
  // Under whose key `secret` is sealed; with `second` set, under both keys: it is about two people,
  // and goes with either. 0: under a key of the store itself.
  EntityId owner, second;
};
EventBody ToBody(const Event& event);
// Sets event.body. Nothing for `secret`: it cannot be opened any more (event.redacted). Corruption
// (RFD4203).
Status FromBody(referral::EventType type, std::string_view open,
                std::optional<std::string_view> secret, Event& event);

}  // namespace referrald::ledger
