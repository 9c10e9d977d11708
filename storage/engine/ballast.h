#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace referrald::engine {

// A file of allocated space that nobody uses (storage/doc/engine.md, "Disk space"). It is given up
// when the disk is full although a reserve was kept, so that what is in memory can still be
// written. Any thread.
class Ballast {
 public:
  // Takes the one that is there. Of `bytes`; 0: there never is one.
  Ballast(std::string path, uint64_t bytes);

  // So much of the disk would have to be free in its place; 0 where it is there, or where the file
  // system cannot allocate.
  uint64_t missing_bytes() const { return missing_bytes_; }
  // Without effect where it is there. Not durable, for nothing depends on it.
  void Make();
  void GiveUp();

 private:
  const std::string path_;
  const uint64_t bytes_;
  std::atomic<uint64_t> missing_bytes_;
};

}  // namespace referrald::engine
