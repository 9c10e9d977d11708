#include "storage/vault/key_copies.h"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "storage/vault/disk.h"

namespace referrald::vault {
namespace {

constexpr std::string_view kPrefix = "keys-";
constexpr std::string_view kDraftSuffix = ".new";

// "20261121T100409218734Z"
std::string TimeInName(Timestamp at) {
  std::string text = FormatTimestamp(at);
  std::erase_if(text, [](char c) { return c == '-' || c == ':' || c == '.'; });
  return text;
}

// When the copy `name` was made; nothing where that is no name of a copy, whole or unfinished.
std::optional<Timestamp> TimeOf(std::string_view name) {
  if (name.ends_with(kDraftSuffix)) name.remove_suffix(kDraftSuffix.size());
  const size_t time_at = name.rfind('-') + 1;
  if (!name.starts_with(kPrefix) || time_at <= kPrefix.size()) return std::nullopt;
  const std::string_view epoch = name.substr(kPrefix.size(), time_at - 1 - kPrefix.size());
  const std::string_view time = name.substr(time_at);
  if (epoch.empty() || epoch.find_first_not_of("0123456789") != std::string_view::npos ||
      time.size() != TimeInName({}).size()) {
    return std::nullopt;
  }
  const Result<Timestamp> at = ParseTimestamp(
      fmt::format("{}-{}-{}:{}:{}.{}", time.substr(0, 4), time.substr(4, 2), time.substr(6, 5),
                  time.substr(11, 2), time.substr(13, 2), time.substr(15)));
  if (!at || TimeInName(*at) != time) return std::nullopt;
  return *at;
}

}  // namespace

std::string KeyCopyName(uint32_t epoch, Timestamp now) {
  return fmt::format("{}{:06}-{}", kPrefix, epoch, TimeInName(now));
}

Result<std::optional<Timestamp>> OldestKeyCopy(const std::string& folder) {
  const Result<std::vector<std::string>> names = SystemDisk().List(folder);
  if (!names) return names.error();
  std::optional<Timestamp> oldest;
  for (const std::string& name : *names) {
    const std::optional<Timestamp> at = TimeOf(name);
    if (at && (!oldest || *at < *oldest)) oldest = at;
  }
  return oldest;
}

Result<size_t> DropKeyCopies(const std::string& folder, Timestamp before) {
  return DropKeyCopies(SystemDisk(), folder, before);
}

Result<size_t> DropKeyCopies(Disk& disk, const std::string& folder, Timestamp before) {
  const Result<std::vector<std::string>> names = disk.List(folder);
  if (!names) return names.error();
  size_t dropped = 0;
  for (const std::string& name : *names) {
    const std::optional<Timestamp> at = TimeOf(name);
    if (!at || *at >= before) continue;
    if (Status removed = disk.Remove(folder + "/" + name); !removed.ok()) return removed;
    ++dropped;
  }
  if (dropped == 0) return dropped;
  if (Status synced = disk.SyncFolderOf(folder + "/."); !synced.ok()) return synced;
  return dropped;
}

}  // namespace referrald::vault
