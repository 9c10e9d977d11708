#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "storage/base/ids.h"
#include "storage/base/status.h"
#include "storage/base/time.h"

namespace referrald::ledger {

// Minor units by currency.
using Amounts = std::map<std::string, int64_t>;

// Whom somebody brought, and by which introduction.
struct ChainChild {
  Sequence introduction;
  EntityId person;

  friend auto operator<=>(const ChainChild&, const ChainChild&) = default;
};
// More children than these are found by their own keys ('P'): most people have fewer, and are read
// without a scan.
inline constexpr size_t kChildrenInRecordMax = 8;

// 'D' .. 'C': a person's place in the attribution forest (storage/referral/chain.h), kept with
// every introduction, so that a chain is read without the company around it.
struct ChainRecord {
  EntityId parent;         // Who brought them first, with credit; 0: a root.
  ReferralId referral;     // The introduction that did.
  Sequence sequence;       // Likewise.
  Timestamp brought_at{};  // Likewise: when.
  uint64_t arrivals = 0;   // Introductions of them, with credit or without.
  uint64_t child_count = 0;
  uint64_t reach = 0;                  // People below, at any depth.
  Amounts won;                         // By referrals that brought them.
  Amounts won_below;                   // By those of everybody below.
  std::vector<ChainChild> children{};  // All of them, in order; none where there are too many.

  bool empty() const { return !parent && arrivals == 0 && child_count == 0 && won.empty(); }
  friend bool operator==(const ChainRecord&, const ChainRecord&) = default;
};
// Counts a child, and keeps it while there is room.
void AddChild(ChainRecord& parent, const ChainChild& child);
std::string Encode(const ChainRecord& record);
// Corruption (RFD4203).
Result<ChainRecord> DecodeChain(std::string_view bytes);

// Adds `more` to `sum`, `times` 1 or -1; an amount that comes to nothing is left out.
void Add(Amounts& sum, const Amounts& more, int64_t times = 1);

}  // namespace referrald::ledger
