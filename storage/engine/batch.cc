#include <cstdint>
#include <limits>

#include "storage/engine/engine.h"

namespace referrald::engine {

Batch::Operation Batch::at(size_t i) const {
  const Place& place = places_[i];
  const std::string_view arena = arena_;
  return {.key = arena.substr(place.offset, place.key_size),
          .value = arena.substr(size_t{place.offset} + place.key_size, place.value_size),
          .is_delete = place.is_delete};
}

void Batch::Add(std::string_view key, std::string_view value, bool is_delete) {
  // Engines refuse what is too large long before; this only keeps the offsets true until then.
  REFERRALD_CHECK(arena_.size() + key.size() + value.size() <=
                  std::numeric_limits<uint32_t>::max());
  places_.push_back({.offset = static_cast<uint32_t>(arena_.size()),
                     .key_size = static_cast<uint32_t>(key.size()),
                     .value_size = static_cast<uint32_t>(value.size()),
                     .is_delete = is_delete});
  arena_.append(key).append(value);
}

}  // namespace referrald::engine
