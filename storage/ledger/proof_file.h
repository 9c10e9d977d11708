#pragma once

#include <cstdint>
#include <string>

#include "storage/ledger/merkle.h"

// Proofs that whoever has the public key can check without us: packaging/check-proof does
// (storage/doc/proof.md, "The proof file"). Checkpoints are texts of EncodeCheckpoint.
namespace referrald::ledger {

// The log of `checkpoint` has `record`, the value of an E key, at leaf `index`.
struct InclusionProof {
  std::string checkpoint;
  uint64_t index = 0;
  std::string record;
  MerklePath path;
};

// The log of `new_checkpoint` begins with that of `old_checkpoint`.
struct ConsistencyProof {
  std::string old_checkpoint;
  std::string new_checkpoint;
  MerklePath path;
};

// What the file holds.
std::string EncodeProofFile(const InclusionProof& proof);
std::string EncodeProofFile(const ConsistencyProof& proof);

}  // namespace referrald::ledger
