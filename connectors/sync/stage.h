#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/referral/entity.h"
#include "storage/referral/fact.h"

// What a deal's stage says of the customer's purchase (R15 to R18): a table of the feed, over
// defaults that hold for every system.
namespace referrald::sync {

// The moment of a purchase that a stage is.
enum class Moment : uint8_t {
  kNone = 0,     // The stage says nothing of it.
  kEngaged = 1,  // FirstEngagement
  kExcited = 2,  // CustomerExcited
  kOrdered = 3,  // OrderPlaced
  kLost = 4,     // DealLost
};
std::string_view MomentName(Moment moment);  // "first_engagement", ...
std::optional<Moment> ParseMoment(std::string_view name);
// The act that records it. Not for kNone.
referral::EventType ActOf(Moment moment);

// One line of [feed.stages].
struct StageRule {
  std::string stage;  // As the system writes it; compared without case and outer white space.
  Moment moment = Moment::kNone;
};

// What the row of a deal says: by its stage where `rules` name it; else an outcome of "won" is an
// order and "lost" a lost deal, and nothing else is anything. A stage is never guessed at.
Moment MomentOf(std::span<const StageRule> rules, const referral::Fields& row);

}  // namespace referrald::sync
