#include "storage/ledger/row_history.h"

#include "storage/base/limits.h"

namespace referrald::ledger {
namespace {

// The event before `event` about the same row; 0 where it was the first.
Sequence Before(const Event& event) {
  if (const auto* const seen = std::get_if<RowSeen>(&event.body)) return seen->previous;
  if (const auto* const gone = std::get_if<RowDeleted>(&event.body)) return gone->previous;
  return {};
}

}  // namespace

Status ScanRowHistory(const Lookup& lookup, const referral::Entity& entity,
                      const std::function<void(const Event&)>& sink) {
  size_t left = limits::kRowHistoryMax;
  for (const referral::Link& link : entity.links) {
    for (Sequence at = link.event; at && left > 0; --left) {
      const Result<Event> event = lookup.NeedEvent(at);
      if (!event) return event.error();
      sink(*event);
      const Sequence before = Before(*event);
      if (before >= at) return Damaged("event " + ToText(at));  // Else it would never end.
      at = before;
    }
  }
  return Status::Ok();
}

}  // namespace referrald::ledger
