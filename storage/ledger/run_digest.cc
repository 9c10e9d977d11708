#include "storage/ledger/run_digest.h"

#include <string>

#include "storage/base/bytes.h"
#include "storage/ledger/keys.h"

namespace referrald::ledger {

Result<RunDigest> DigestOf(const vault::Vault& vault, const RunId& run, std::string_view record,
                           const RunScan& scan) {
  RunDigest digest;
  // Each part is hashed with the hash of all before it, so that a run of 100,000 rejects needs no
  // copy of them, and no two lists have the same parts.
  const auto add = [&](std::string_view key, std::string_view value) {
    TaggedWriter part;
    part.Bytes(1, AsBytes(digest.hash));
    part.Bytes(2, key);
    part.Bytes(3, value);
    digest.hash = vault.BlindIndex(vault::IndexKind::kRun, part.text());
  };
  add(keys::Run(run), record);
  const Status scanned = scan(engine::PrefixRange(keys::RejectsOfRun(run)),
                              [&](std::string_view key, std::string_view value) {
                                add(key, value);
                                ++digest.rejects;
                                return true;
                              });
  if (!scanned.ok()) return scanned;
  return digest;
}

}  // namespace referrald::ledger
