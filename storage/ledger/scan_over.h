#pragma once

#include "storage/engine/engine.h"

namespace referrald::ledger {

// Scans `range`, forward, as it looks with the changes from `change` to `end` (pairs of key and
// optional value, ascending, all within the range) on top of what `below` scans. For the map of a
// transaction and for the layers of the tail.
template <typename Iterator, typename Below>
Status ScanOver(Iterator change, Iterator end, const engine::Range& range, const Below& below,
                const engine::Sink& sink) {
  REFERRALD_CHECK(!range.reverse);
  size_t left = range.row_count_max;
  bool wanted = left > 0;
  const auto emit = [&](std::string_view key, std::string_view value) {
    wanted = sink(key, value) && --left > 0;
  };
  const auto emit_change = [&] {
    if (change->second) emit(change->first, *change->second);
    ++change;
  };
  const auto merge = [&](std::string_view key, std::string_view value) {
    while (wanted && change != end && change->first < key) emit_change();
    if (!wanted) return false;
    if (change != end && change->first == key) {
      emit_change();
    } else {
      emit(key, value);
    }
    return wanted;
  };
  if (wanted) {
    const Status status = below({.begin = range.begin, .end = range.end}, engine::Sink(merge));
    if (!status.ok()) return status;
  }
  while (wanted && change != end) emit_change();
  return Status::Ok();
}

}  // namespace referrald::ledger
