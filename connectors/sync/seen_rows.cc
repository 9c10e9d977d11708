#include "connectors/sync/seen_rows.h"

#include <utility>

namespace referrald::sync {
namespace {

constexpr size_t kSlotsAtFirst = 1024;

}  // namespace

SeenRows::Seen SeenRows::See(const Hash128& key, uint64_t content) {
  REFERRALD_CHECK(key != Hash128{});
  if (size_ * 4 >= slots_.size() * 3) Grow();
  Slot& slot = slots_[PlaceOf(key)];
  if (slot.key == key) return slot.content == content ? Seen::kSame : Seen::kDifferent;
  slot = Slot{.key = key, .content = content};
  ++size_;
  return Seen::kFirst;
}

bool SeenRows::Contains(const Hash128& key) const {
  return !slots_.empty() && slots_[PlaceOf(key)].key == key;
}

size_t SeenRows::PlaceOf(const Hash128& key) const {
  const size_t mask = slots_.size() - 1;
  size_t place = ReadBigEndian64(AsBytes(key)) & mask;
  while (slots_[place].key != Hash128{} && slots_[place].key != key) place = (place + 1) & mask;
  return place;
}

void SeenRows::Grow() {
  std::vector<Slot> old(slots_.empty() ? kSlotsAtFirst : slots_.size() * 2);
  std::swap(old, slots_);
  for (const Slot& slot : old) {
    if (slot.key != Hash128{}) slots_[PlaceOf(slot.key)] = slot;
  }
}

}  // namespace referrald::sync
