#include "plugin/daemon/disk_log.h"

namespace referrald::daemon {
namespace {

constexpr int kStorageFull = 4002;

std::string_view EventOf(engine::DiskLevel level) {
  switch (level) {
    case engine::DiskLevel::kAmple: return "disk.ample";
    case engine::DiskLevel::kLow: return "disk.low";
    case engine::DiskLevel::kFull: return "disk.full";
  }
  return "disk.full";
}

std::string_view MessageOf(engine::DiskLevel level) {
  switch (level) {
    case engine::DiskLevel::kAmple: return "There is space again: everything is accepted.";
    case engine::DiskLevel::kLow:
      return "Less than twice the reserve is free: imports, verify and rebuild wait. Free space.";
    case engine::DiskLevel::kFull:
      return "The reserve is not free: nothing is written, what is stored is served. Free space.";
  }
  return "";
}

}  // namespace

void DiskLog::Look(const engine::Condition& now) {
  const engine::DiskLevel level = now.disk;
  const bool begins_well = !said_ && level == engine::DiskLevel::kAmple;
  if (said_ == level) return;
  said_ = level;
  if (begins_well) return;
  const bool is_ample = level == engine::DiskLevel::kAmple;
  logger_.Write({.level = is_ample ? LogLevel::kInfo : LogLevel::kWarning,
                 .event = std::string(EventOf(level)),
                 .message = std::string(MessageOf(level)),
                 .number = is_ample ? 0 : kStorageFull,
                 .fields = {}});
}

}  // namespace referrald::daemon
