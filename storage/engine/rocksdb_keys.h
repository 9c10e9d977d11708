#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "storage/base/bytes.h"
#include "storage/engine/engine.h"

// Keys on disk: storage/doc/format.md, section "Engine".
namespace referrald::engine {

inline constexpr std::string_view kFormatKey = "F";
inline constexpr uint32_t kFormat = 1;
inline constexpr size_t kDataPrefixSize = 9;

inline std::string KeyOfKind(char kind, PartitionId partition) {
  std::string key(1, kind);
  AppendBigEndian64(key, partition);
  return key;
}

// Holds the version word of `partition`.
inline std::string VersionKey(PartitionId partition) { return KeyOfKind('P', partition); }

// In front of every key of `partition`.
inline std::string DataPrefix(PartitionId partition) { return KeyOfKind('D', partition); }

inline std::string DataKey(PartitionId partition, std::string_view key) {
  std::string whole;
  whole.reserve(kDataPrefixSize + key.size());
  whole.push_back('D');
  AppendBigEndian64(whole, partition);
  whole.append(key);
  return whole;
}

// Above every key of `partition`. No partition is the last there is: kind 'E' is not in use.
inline std::string DataEnd(PartitionId partition) {
  return partition == UINT64_MAX ? std::string("E") : DataPrefix(partition + 1);
}

// The end of a range on disk; an empty `end` means to the end of the partition.
inline std::string RangeEnd(PartitionId partition, std::string_view end) {
  return end.empty() ? DataEnd(partition) : DataKey(partition, end);
}

}  // namespace referrald::engine
