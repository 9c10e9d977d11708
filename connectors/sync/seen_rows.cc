#include "connectors/sync/seen_rows.h"

#include <utility>

namespace referrald::sync {
namespace {

constexpr size_t kSlotsAtFirst = 1024;

}  // namespace

SeenRows::Seen SeenRows::See(const Hash128& key, uint64_t content) {
  REFERRALD_CHECK(key != Hash128{});
  if (size_ * 4 >= slots_.size() * 3) Grow();
  Slot& slot = Find(key);
  if (slot.key == key) return slot.content == content ? Seen::kSame : Seen::kDifferent;
  slot = Slot{.key = key, .content = content};
  ++size_;
  return Seen::kFirst;
}

SeenRows::Slot& SeenRows::Find(const Hash128& key) {
  const size_t mask = slots_.size() - 1;
  size_t place = ReadBigEndian64(AsBytes(key)) & mask;
  while (slots_[place].key != Hash128{} && slots_[place].key != key) place = (place + 1) & mask;
  return slots_[place];
}

void SeenRows::Grow() {
  std::vector<Slot> old(slots_.empty() ? kSlotsAtFirst : slots_.size() * 2);
  std::swap(old, slots_);
  for (const Slot& slot : old) {
    if (slot.key != Hash128{}) Find(slot.key) = slot;
  }
}

}  // namespace referrald::sync
