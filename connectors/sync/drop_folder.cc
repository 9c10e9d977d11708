#include "connectors/sync/drop_folder.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <tuple>
#include <utility>

#include "storage/base/limits.h"
#include "storage/base/text.h"

namespace referrald::sync {
namespace {

constexpr std::string_view kRunMark = "__";
constexpr size_t kRunIdSize = 26;
constexpr size_t kExtensionBytesMax = 16;

// The run a name begins with, if it does.
std::optional<RunId> RunOf(std::string_view name) {
  if (name.size() <= kRunIdSize + kRunMark.size()) return std::nullopt;
  if (name.substr(kRunIdSize, kRunMark.size()) != kRunMark) return std::nullopt;
  const Result<RunId> run = ParseRunId(name.substr(0, kRunIdSize));
  if (!run) return std::nullopt;
  return *run;
}

// Names of a folder, in order of the alphabet.
Result<std::vector<std::string>> NamesIn(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> names;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  if (error) {
    return Status::IoError(fmt::format("cannot list {}: {}", folder, error.message()), 2021);
  }
  std::ranges::sort(names);
  return names;
}

// A path that is free: "x.csv", else "x.csv.2", ... Nothing is ever replaced.
std::string FreePath(const std::string& path) {
  std::error_code ignored;
  std::string free = path;
  for (int number = 2; std::filesystem::exists(free, ignored); ++number) {
    free = fmt::format("{}.{}", path, number);
  }
  return free;
}

// As PutBack names a file whose own name was taken meanwhile: before the extension.
std::string FreeName(const std::string& folder, const std::string& name) {
  const std::filesystem::path path(name);
  std::error_code ignored;
  std::string free = name;
  for (int number = 2; std::filesystem::exists(folder + "/" + free, ignored); ++number) {
    free = fmt::format("{}.{}{}", path.stem().string(), number, path.extension().string());
  }
  return free;
}

}  // namespace

std::string ShortName(std::string_view name, size_t bytes_max) {
  if (name.size() <= bytes_max) return std::string(name);
  const size_t dot = name.rfind('.');
  std::string_view extension;
  if (dot != std::string_view::npos && name.size() - dot <= kExtensionBytesMax) {
    extension = name.substr(dot);
  }
  size_t size = bytes_max - extension.size();
  while (size > 0 && (static_cast<unsigned char>(name[size]) & 0xC0) == 0x80) --size;
  return std::string(name.substr(0, size)) + std::string(extension);
}

bool IsUnfinishedName(std::string_view name) {
  // The last two stand beside a finished file, and are none.
  constexpr std::array<std::string_view, 7> kEndings = {
      ".tmp", ".part", ".filepart", ".crdownload", "~", ".sha256", ".done"};
  if (name.starts_with('.')) return true;
  const std::string lower = LowerAscii(name);
  return std::ranges::any_of(kEndings, [&](std::string_view end) { return lower.ends_with(end); });
}

std::string_view WithoutRun(std::string_view name) {
  while (RunOf(name)) name.remove_prefix(kRunIdSize + kRunMark.size());
  return name;
}

Status DropFolder::Make() const {
  // Producers are members of the folder's group: they write to the inbox and fetch from quarantine.
  const std::array<std::pair<std::string, mode_t>, 4> folders = {
      {{inbox(), 02770}, {processing(), 0750}, {archive(), 0750}, {quarantine(), 02770}}};
  for (const auto& [path, mode] : folders) {
    if (Status made = MakeFolder(path, mode); !made.ok()) return made;
  }
  return Status::Ok();
}

Result<InboxListing> DropFolder::List() const {
  const Result<std::vector<std::string>> names = NamesIn(inbox());
  if (!names) return names.error();
  InboxListing listing;
  for (const std::string& name : *names) {
    if (IsUnfinishedName(name)) continue;
    if (listing.files.size() == limits::kInboxFilesMax) break;
    const Result<Descriptor> file = OpenRegular(inbox() + "/" + name);
    if (!file && file.error().code() == Code::kNotFound) continue;  // Claimed or taken away since.
    if (!file) {
      listing.refused.emplace_back(name, file.error());
      continue;
    }
    const Result<FileStamp> stamp = StampOf(*file);
    if (!stamp) return stamp.error();
    listing.files.push_back({.name = name, .stamp = *stamp, .has_writer = HasWriter(*file)});
  }
  std::ranges::sort(listing.files, {}, [](const InboxFile& file) {
    return std::tie(file.stamp.modified_ns, file.name);
  });
  return listing;
}

std::string DropFolder::ClaimedPath(std::string_view name, const RunId& run) const {
  return processing() + "/" + ToText(run) + std::string(kRunMark) +
         ShortName(WithoutRun(name), kNameBytesMax);
}

Result<std::string> DropFolder::Claim(const std::string& name, const RunId& run) const {
  const std::string path = ClaimedPath(name, run);
  if (Status moved = MoveFile(inbox() + "/" + name, path); !moved.ok()) return moved;
  // Producers cannot write to processing/, so from here on it stays what it is.
  const Result<Descriptor> file = OpenRegular(path);
  if (file) return path;
  const Result<std::string> away = Quarantine(path, file.error().message());
  return file.error();
}

Result<std::string> DropFolder::CopyIn(const Descriptor& file, std::string_view name,
                                       const RunId& run) const {
  std::string path = ClaimedPath(name, run);
  if (Status copied = CopyFile(file, path, 0640); !copied.ok()) return copied;
  return path;
}

Result<std::vector<ClaimedFile>> DropFolder::Claimed() const {
  const Result<std::vector<std::string>> names = NamesIn(processing());
  if (!names) return names.error();
  std::vector<ClaimedFile> claimed;
  for (const std::string& name : *names) {
    const std::string path = processing() + "/" + name;
    if (name.starts_with('.') && name.ends_with(".tmp")) {
      std::error_code ignored;
      std::filesystem::remove(path, ignored);
      continue;
    }
    if (const std::optional<RunId> run = RunOf(name)) {
      claimed.push_back({.run = *run, .path = path, .name = std::string(WithoutRun(name))});
    }
  }
  return claimed;
}

Result<std::string> DropFolder::Archive(const std::string& path, Timestamp now) const {
  const std::string date = FormatTimestamp(now);
  const std::string folder = archive() + "/" + date.substr(0, 4) + "/" + date.substr(5, 2);
  if (Status made = MakeFolder(folder, 0750); !made.ok()) return made;
  std::string to = FreePath(folder + "/" + BaseName(path));
  if (Status moved = MoveFile(path, to); !moved.ok()) return moved;
  return to;
}

Result<std::string> DropFolder::Quarantine(const std::string& path, std::string_view why) const {
  std::string to = FreePath(quarantine() + "/" + BaseName(path));
  // The reason first: a file that lies there without one would be a riddle.
  if (Status told = WriteFileAtomically(to + ".why.txt", why, 0640); !told.ok()) return told;
  if (Status moved = MoveFile(path, to); !moved.ok()) return moved;
  return to;
}

Result<std::string> DropFolder::PutBack(const ClaimedFile& file) const {
  std::string to = inbox() + "/" + FreeName(inbox(), file.name);
  if (Status moved = MoveFile(file.path, to); !moved.ok()) return moved;
  return to;
}

std::vector<std::string> SettleWatch::Complete(const InboxListing& listing, Timestamp now,
                                               std::chrono::milliseconds settle) {
  std::map<std::string, Known> known;
  std::set<std::string, std::less<>> renamed_in;
  std::vector<std::string> complete;
  for (const InboxFile& file : listing.files) {
    const auto before = known_.find(file.name);
    const bool unchanged = before != known_.end() && before->second.stamp == file.stamp;
    const Timestamp since = unchanged ? before->second.since : now;
    known.emplace(file.name, Known{.stamp = file.stamp, .since = since});
    const bool whole = renamed_in_.contains(file.name);
    if (whole) renamed_in.insert(file.name);
    if (whole || (now - since >= settle && !file.has_writer)) complete.push_back(file.name);
  }
  std::erase_if(refused_, [&](const std::string& name) {
    return std::ranges::find(listing.refused, name, &std::pair<std::string, Status>::first) ==
           listing.refused.end();
  });
  all_complete_ = complete.size() == listing.files.size();
  known_ = std::move(known);
  renamed_in_ = std::move(renamed_in);
  return complete;
}

}  // namespace referrald::sync
