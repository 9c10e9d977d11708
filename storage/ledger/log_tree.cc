#include "storage/ledger/log_tree.h"

#include <string>
#include <vector>

#include "storage/ledger/records.h"

namespace referrald::ledger {
namespace {

std::string KeyOf(const DerivedKeys& keys, const Subtree& subtree) {
  std::string key = keys.In(Space::kSubtree);
  key.push_back(static_cast<char>(subtree.level));
  return key.append(EncodeNumber(subtree.index));
}

Status Missing(const Subtree& subtree) {
  return Damaged("subtree " + std::to_string(subtree.level) + "/" + std::to_string(subtree.index) +
                 " of the log is missing: the store");
}

Result<Hash256> ReadKept(const KeyValues& from, const DerivedKeys& keys, const Subtree& subtree) {
  const Result<std::optional<std::string>> bytes = from.Get(KeyOf(keys, subtree));
  if (!bytes) return bytes.error();
  return *bytes ? TakeHash256(**bytes) : Result<Hash256>(Missing(subtree));
}

// From the events themselves, of which there are at most 128.
Result<Hash256> HashAnew(const KeyValues& from, const Subtree& subtree) {
  const uint64_t count = uint64_t{1} << subtree.level;
  const uint64_t first = subtree.index * count + 1;
  std::vector<Hash256> hashes;
  const engine::Range range{.begin = keys::Event({first}), .end = keys::Event({first + count})};
  const Status status = from.Scan(range, [&hashes](std::string_view, std::string_view record) {
    hashes.push_back(MerkleLeaf(record));
    return true;
  });
  if (!status.ok()) return status;
  if (hashes.size() != count) return Missing(subtree);
  for (; hashes.size() > 1; hashes.resize(hashes.size() / 2)) {
    for (size_t i = 0; i < hashes.size() / 2; ++i) {
      hashes[i] = MerkleParent(hashes[2 * i], hashes[2 * i + 1]);
    }
  }
  return hashes.front();
}

}  // namespace

void GrowTree(MerkleFrontier& tree, std::string_view record, const DerivedKeys& keys,
              Transaction& to) {
  const uint64_t leaf = tree.size();
  const std::span<const Hash256> completed = tree.Append(MerkleLeaf(record));
  for (unsigned level = kSubtreeLevelKept; level < completed.size(); ++level) {
    to.Put(KeyOf(keys, {.level = level, .index = leaf >> level}),
           std::string(AsBytes(completed[level])));
  }
}

SubtreeReader ReadSubtrees(const KeyValues& from, const DerivedKeys& keys) {
  return [&from, keys](const Subtree& subtree) {
    return subtree.level >= kSubtreeLevelKept ? ReadKept(from, keys, subtree)
                                              : HashAnew(from, subtree);
  };
}

}  // namespace referrald::ledger
