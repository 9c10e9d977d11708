#pragma once

#include <string_view>

#include "storage/ledger/keys.h"
#include "storage/ledger/merkle.h"
#include "storage/ledger/transaction.h"

// The Merkle tree over the log as the store keeps it (storage/doc/format.md, space 'q'): subtrees
// of 256 leaves and more. What is below is hashed anew from the events when a proof asks for it.
namespace referrald::ledger {

inline constexpr unsigned kSubtreeLevelKept = 8;

// Lets `tree` grow by the event `record`, and puts the subtrees that it completes and that are kept
// onto `to`.
void GrowTree(MerkleFrontier& tree, std::string_view record, const DerivedKeys& keys,
              Transaction& to);

// Reads the subtrees of the log that `from` holds; borrows it. Corruption (RFD4203): one that must
// be there is not.
SubtreeReader ReadSubtrees(const KeyValues& from, const DerivedKeys& keys);

}  // namespace referrald::ledger
