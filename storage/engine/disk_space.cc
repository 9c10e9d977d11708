#include "storage/engine/disk_space.h"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <limits>
#include <utility>

#include "storage/engine/numbers.h"

namespace referrald::engine {
namespace {

constexpr auto kNeverAsked = std::numeric_limits<DiskSpace::Instant::rep>::min();

}  // namespace

uint64_t FreeBytes(const std::string& path) {
  struct statvfs answer{};
  if (::statvfs(path.c_str(), &answer) != 0) return 0;
  return uint64_t{answer.f_bavail} * answer.f_frsize;
}

DiskSpace::DiskSpace(std::string path, uint64_t reserve_bytes, Probe probe, const Ballast& ballast)
    : path_(std::move(path)),
      reserve_bytes_(reserve_bytes),
      probe_(std::move(probe)),
      ballast_(ballast),
      asked_at_(kNeverAsked) {}

uint64_t DiskSpace::Free(Instant now) const {
  const Instant::rep asked_at = asked_at_.load();
  const Instant answered{Instant::duration{asked_at}};
  const uint64_t known = free_bytes_.load();
  const bool is_fresh = asked_at != kNeverAsked && now - answered < kAnswerAge;
  if (is_fresh && known >= 2 * Kept()) return known;
  // Two threads may both ask; both answers are good.
  const uint64_t free_bytes = probe_();
  free_bytes_.store(free_bytes);
  asked_at_.store(now.time_since_epoch().count());
  return free_bytes;
}

DiskLevel DiskSpace::Level(Instant now) const {
  const uint64_t free_bytes = Free(now);
  if (free_bytes >= 2 * Kept()) return DiskLevel::kAmple;
  return free_bytes >= Kept() ? DiskLevel::kLow : DiskLevel::kFull;
}

Status DiskSpace::Check(Instant now, uint64_t bytes) const {
  const uint64_t free_bytes = Free(now);
  if (free_bytes >= Kept() + bytes) return Status::Ok();
  return Status::Unavailable(
      fmt::format("storage full: {} MiB free at {}, reserve is {} MiB; free some space, writes "
                  "resume by themselves",
                  free_bytes >> 20, path_, Kept() >> 20),
      kStorageFull);
}

bool DiskSpace::HasRoomForBallast(Instant now) const { return Free(now) >= Kept(); }

}  // namespace referrald::engine
