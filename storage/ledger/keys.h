#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "storage/base/bytes.h"
#include "storage/base/ids.h"

// The keys of the store: storage/doc/format.md, "Key spaces". No key holds personal data.
namespace referrald::ledger::keys {

std::string Event(Sequence sequence);
std::string Head();
std::string StoreInfo();
std::string Run(const RunId& run);
std::string RunOfFeed(std::string_view feed, const RunId& run);
std::string Reject(const RunId& run, uint64_t record);

inline constexpr std::string_view kEvents = "E";
inline constexpr std::string_view kRuns = "R";
inline constexpr std::string_view kRunsByFeed = "F";
inline constexpr std::string_view kRejects = "Q";
std::string RunsOfFeed(std::string_view feed);
std::string RejectsOfRun(const RunId& run);
// Every projection of every generation.
inline constexpr std::string_view kDerived = "D";

// Every prefix that a store has keys under, ascending. Anything else did not come from this
// program.
std::span<const std::string_view> Prefixes();
// Whether `key`, of the log or a run, has the form that it must have there.
bool IsEvent(std::string_view key);
bool IsRun(std::string_view key);
// The big-endian number that ends `key`.
uint64_t LastNumber(std::string_view key);
// The run id that ends `key`.
RunId LastRun(std::string_view key);

}  // namespace referrald::ledger::keys

namespace referrald::ledger {

// The kinds of projection. Stored; never renumber.
enum class Space : char {
  kEntity = 'c',
  kLink = 'x',
  kEmail = 'm',
  kName = 'n',
  kPhone = 'h',
  kReferral = 'r',
  kTriple = 't',
  kBySource = 'a',
  kByContact = 'b',
  kByRep = 'v',
  kByState = 's',
  kRelationship = 'p',
  kIntroducedBy = 'g',
  kIntroducedTo = 'i',
  kTotals = 'k',
  kWatermark = 'w',
  kSubtree = 'q',
  kIdempotency = 'j',
  kErased = 'y',
  kGoneBefore = 'o',
  kTombstone = 'z',
  kAct = 'u',
  kCustomer = 'l',
  kPrompt = 'd',
  kCoverage = 'f',
  kChain = 'C',
  kChainChild = 'P',
  kByOpportunity = 'B',
  kDeal = 'O',
  kAlike = 'A',
};

// The keys of one generation of projections. A value.
class DerivedKeys {
 public:
  explicit DerivedKeys(uint8_t generation) : generation_(generation) {}

  uint8_t generation() const { return generation_; }

  // Every key of the generation, or of one of its spaces, starts with this.
  std::string All() const;
  std::string In(Space space) const;
  std::string In(Space space, std::string_view rest) const;
  std::string In(Space space, const Hash128& hash) const;
  std::string In(Space space, const Hash128& hash, EntityId id) const;
  std::string In(Space space, uint64_t first) const;
  std::string In(Space space, uint64_t first, uint64_t second) const;
  // Acts about a topic, in the order of the log: a party, as the one or the other, an opportunity,
  // a referral, or all of one type that is about the firm itself, or asked for as a whole.
  enum class Topic : char {
    kParty = 'p',
    kOther = 'q',
    kOpportunity = 'o',
    kReferral = 'r',
    kType = 't',
  };
  std::string Acts(Topic topic, uint64_t id) const;
  std::string Act(Topic topic, uint64_t id, Sequence sequence) const;
  // Acts that bear one name: of a plan, process, metric, rule.
  std::string ActsNamed(std::string_view name) const;
  std::string ActNamed(std::string_view name, Sequence sequence) const;
  // Prompts of a rep (0: of everybody) and priority, by due time.
  std::string Prompts(EntityId rep, uint8_t priority) const;
  std::string Triple(EntityId source, EntityId contact, EntityId rep) const;

 private:
  uint8_t generation_;
};

}  // namespace referrald::ledger
