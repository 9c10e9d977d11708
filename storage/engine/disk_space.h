#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "storage/base/status.h"
#include "storage/engine/ballast.h"
#include "storage/engine/engine.h"

namespace referrald::engine {

// Bytes that this user may still write on the file system of `path`; 0 where it cannot be asked,
// for a folder that cannot be asked is not one to write to.
uint64_t FreeBytes(const std::string& path);

// Watches that a reserve of the disk stays free.
//
// Not a courtesy: RocksDB ends the process when an append to its log meets a full disk, and cannot
// be opened until space is freed. With the reserve it never gets there. Any thread.
class DiskSpace {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  using Probe = std::function<uint64_t()>;
  // How old an answer may be while there is ample space: asking costs a system call, and so would
  // asking for each commit. Below that every look is a fresh one.
  static constexpr std::chrono::milliseconds kAnswerAge{100};

  // `path` is for messages; `probe` returns the free bytes. While the ballast is missing, it counts
  // on top of the reserve.
  DiskSpace(std::string path, uint64_t reserve_bytes, Probe probe, const Ballast& ballast);

  uint64_t reserve_bytes() const { return reserve_bytes_; }
  uint64_t Free(Instant now) const;
  DiskLevel Level(Instant now) const;
  // Ok where the reserve is free, and `bytes` beside it. Else Unavailable (RFD4002): "storage full:
  // 12 MiB free at PATH, reserve is 192 MiB; ...".
  Status Check(Instant now, uint64_t bytes = 0) const;
  // True where the reserve would be free even with the ballast made.
  bool HasRoomForBallast(Instant now) const;

 private:
  uint64_t Kept() const { return reserve_bytes_ + ballast_.missing_bytes(); }

  const std::string path_;
  const uint64_t reserve_bytes_;
  const Probe probe_;
  const Ballast& ballast_;
  mutable std::atomic<uint64_t> free_bytes_{0};
  mutable std::atomic<Instant::rep> asked_at_;
};

}  // namespace referrald::engine
