#include "connectors/sync/feed.h"

#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "connectors/registry/registry.h"
#include "connectors/sync/row_sorter.h"
#include "connectors/sync/row_source.h"
#include "storage/base/text.h"

namespace referrald::sync {
namespace {

constexpr size_t kFeedNameBytesMax = 64;

bool IsFeedName(std::string_view name) {
  return !name.empty() && name.size() <= kFeedNameBytesMax && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

Status UnknownConnector(const FeedConfig& config) {
  const auto names = registry::ConnectorNames();
  const std::string_view near = Nearest(config.connector, {names.begin(), names.end()});
  return Status::InvalidArgument(
      fmt::format("feed {}: there is no connector \"{}\"{}", config.name, config.connector,
                  near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)),
      2040);
}

Status CheckMapping(const Feed& feed) {
  const bool by_mapping_only = feed.connector->objects.empty();
  const auto& columns = feed.config.mapping.columns;
  const bool has_id = std::ranges::any_of(
      columns, [](const auto& column) { return column.first == "external_id"; });
  if (!by_mapping_only || has_id) return Status::Ok();
  return Status::InvalidArgument(
      fmt::format("feed {}: connector {} needs a [feed.map] that says which column is external_id",
                  feed.config.name, feed.connector->name),
      2041);
}

Check CheckFolder(const std::string& name, const std::string& path) {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0 || !S_ISDIR(about.st_mode)) {
    return {
        name,
        Status::NotFound(fmt::format("{} is not there; restart referrald to make it", path), 2042),
        path};
  }
  if (::access(path.c_str(), R_OK | W_OK | X_OK) != 0) {
    return {
        name,
        Status::PermissionDenied(
            fmt::format("the daemon may not read and write {}; give the folder to its user", path),
            2042),
        path};
  }
  return {name, Status::Ok(), fmt::format("{} (mode {:04o})", path, about.st_mode & 07777)};
}

// Moves within one file system are atomic; others copy.
Check CheckFileSystem(const DropFolder& folder) {
  struct stat inbox{};
  for (const std::string& other : {folder.processing(), folder.archive(), folder.quarantine()}) {
    struct stat about{};
    if (::stat(folder.inbox().c_str(), &inbox) != 0 || ::stat(other.c_str(), &about) != 0) continue;
    if (inbox.st_dev == about.st_dev) continue;
    return {"file system",
            Status::FailedPrecondition(
                fmt::format("{} is on another file system than the inbox; moves will copy", other),
                2043),
            ""};
  }
  return {"file system", Status::Ok(), "one for all folders: moves are atomic"};
}

std::string LastRunText(const FeedState& state) {
  if (!state.last_run) return "none yet";
  return fmt::format("{} {} ({} rows)", ToText(state.last_run->id),
                     RunStatusName(state.last_run->status), state.last_run->counts.read);
}

Preview::Item ItemOf(SourceRow row, RowSorter& sorter) {
  Preview::Item item{.record = row.record, .line = row.line, .draft = {}, .reject = {}};
  if (const auto* draft = std::get_if<connectors::Draft>(&row.content)) item.draft = *draft;
  RowSorter::Sorted sorted = sorter.Sort(std::move(row));
  if (auto* reject = std::get_if<ledger::Reject>(&sorted)) {
    item.draft.reset();
    item.reject = std::move(*reject);
  }
  return item;
}

}  // namespace

Result<Feed> OpenFeed(FeedConfig config) {
  if (!IsFeedName(config.name)) {
    return Status::InvalidArgument(
        fmt::format("feed name \"{}\": letters, digits, '-' and '_', at most {} of them",
                    config.name, kFeedNameBytesMax),
        2041);
  }
  if (config.folder.empty() || config.folder.front() != '/') {
    return Status::InvalidArgument(
        fmt::format("feed {}: folder \"{}\" is not an absolute path", config.name, config.folder),
        2041);
  }
  const connectors::ConnectorInfo* connector = registry::FindConnector(config.connector);
  if (connector == nullptr) return UnknownConnector(config);
  DropFolder folder(config.folder);
  Feed feed{.config = std::move(config), .connector = connector, .folder = std::move(folder)};
  if (Status mapping = CheckMapping(feed); !mapping.ok()) return mapping;
  return feed;
}

std::vector<Check> CheckOne(const Feed& feed, const FeedState& state) {
  std::vector<Check> checks;
  checks.push_back({"connector", Status::Ok(), std::string(feed.connector->summary)});
  checks.push_back(CheckFolder("inbox", feed.folder.inbox()));
  checks.push_back(CheckFolder("processing", feed.folder.processing()));
  checks.push_back(CheckFolder("archive", feed.folder.archive()));
  checks.push_back(CheckFolder("quarantine", feed.folder.quarantine()));
  checks.push_back(CheckFileSystem(feed.folder));
  checks.push_back(
      {"mapping", CheckMapping(feed),
       feed.config.mapping.columns.empty()
           ? "the connector's own"
           : fmt::format("{} columns from the configuration", feed.config.mapping.columns.size())});
  Check waiting{"files waiting", Status::Ok(), fmt::format("{}", state.files_waiting)};
  const Result<InboxListing> listing = feed.folder.List();
  if (!listing) waiting.status = listing.error();
  if (listing && !listing->refused.empty()) waiting.status = listing->refused.front().second;
  checks.push_back(std::move(waiting));
  checks.push_back({"last run", Status::Ok(), LastRunText(state)});
  return checks;
}

Result<Preview> PreviewRows(const Feed& feed, const std::string& path, size_t row_count_max) {
  Result<std::unique_ptr<RowSource>> source = RowSource::Open(path, feed.config, *feed.connector);
  if (!source) return source.error();
  Preview preview{.file = BaseName(path),
                  .bytes = 0,
                  .connector = std::string(feed.connector->name),
                  .object = std::string((*source)->mapping().object()),
                  .encoding = (*source)->format().encoding,
                  .delimiter = (*source)->format().delimiter_name,
                  .mapped = (*source)->mapping().Mapped(),
                  .ignored = (*source)->mapping().Ignored(),
                  .rows = {}};
  const Result<Descriptor> file = OpenRegular(path);
  if (!file) return file.error();
  const Result<FileStamp> stamp = StampOf(*file);
  if (!stamp) return stamp.error();
  preview.bytes = stamp->bytes;
  RowSorter sorter;
  while (preview.rows.size() < row_count_max) {
    Result<std::optional<SourceRow>> row = (*source)->Next();
    if (!row) return row.error();
    if (!*row) break;
    preview.rows.push_back(ItemOf(std::move(**row), sorter));
  }
  return preview;
}

}  // namespace referrald::sync
