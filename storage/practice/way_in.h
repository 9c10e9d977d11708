#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "storage/base/ids.h"
#include "storage/base/status.h"
#include "storage/base/time.h"

// Who could introduce us to somebody (R08, R12, R25): over what people did and said, never over
// what a network claims.
namespace referrald::practice {

// How one person is known to another. The order is that of strength.
enum class TieKind : uint8_t {
  kIntroduced = 1,  // One introduced the other, or was introduced by them.
  kConfirmed = 2,   // A person said that they know each other.
};
std::string_view TieKindName(TieKind kind);  // "introduced", "confirmed"

struct Tie {
  EntityId person;      // The other end.
  bool is_rep = false;  // One of our reps: a way ends here.
  TieKind kind = TieKind::kConfirmed;
  Sequence because;
  Timestamp at{};

  friend bool operator==(const Tie&, const Tie&) = default;
};

// The ties of a person; none of somebody who is erased or suppressed, or whom the newest word
// denies.
using TiesOf = std::function<Result<std::vector<Tie>>(EntityId person)>;

struct WayStep {
  EntityId from, to;
  TieKind kind = TieKind::kConfirmed;
  Sequence because;

  friend bool operator==(const WayStep&, const WayStep&) = default;
};
// From a rep to the target, each step with the event that it rests on. One step: the rep knows the
// target already.
using Way = std::vector<WayStep>;

inline constexpr size_t kWayHopsMax = 5;
struct WaySearch {
  EntityId rep{};  // Only ways that begin with this one; 0: with any rep.
  // People between the rep and the target, and the target: 1 to kWayHopsMax; others are taken to be
  // the nearest of these.
  size_t hops_max = 3;
  size_t way_count_max = 10;
  size_t visited_max = 10'000;
};

struct WaysIn {
  std::vector<Way> ways;   // Fewer hops first, then stronger ties, then newer ones.
  bool truncated = false;  // There may be more.
};

// Breadth first from the target outwards: to each person over everybody who is equally near, by the
// strongest tie to each. Empty where there is no evidence. Fails as `ties` does.
Result<WaysIn> FindWaysIn(EntityId target, const WaySearch& search, const TiesOf& ties);

}  // namespace referrald::practice
