#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/sync/files.h"
#include "storage/base/ids.h"
#include "storage/base/time.h"

// The folder of a feed: inbox/, processing/, archive/YYYY/MM/, quarantine/. README.md has the
// protocol. Files only ever move; nothing that a user put there is deleted or changed.
namespace referrald::sync {

// Room for "<run id>__" and our own endings in the 255 bytes of a file name.
inline constexpr size_t kNameBytesMax = 200;

// `name` with the middle left out where it is longer than `bytes_max`; its extension stays.
std::string ShortName(std::string_view name, size_t bytes_max);

// True for names of files that are still being written, ".x", "x.tmp", "x.part", "x.filepart",
// "x.crdownload", "x~", and of those beside a finished one: "x.sha256", "x.done".
bool IsUnfinishedName(std::string_view name);

// "01JD...__contacts.csv" -> "contacts.csv": the user's name for a file that went through a run.
std::string_view WithoutRun(std::string_view name);

struct InboxFile {
  std::string name;
  FileStamp stamp;
  bool has_writer = false;
};

struct InboxListing {
  std::vector<InboxFile> files;  // Oldest first, then by name; at most limits::kInboxFilesMax.
  std::vector<std::pair<std::string, Status>>
      refused;  // Links, folders, pipes (RFD2020), unreadable.
};

// A file in processing/, by its name.
struct ClaimedFile {
  RunId run;
  std::string path;
  std::string name;  // As the user called it, perhaps shortened.
};

// The paths of one feed, and the moves between them. A value; any thread.
class DropFolder {
 public:
  explicit DropFolder(std::string root) : root_(std::move(root)) {}

  std::string inbox() const { return root_ + "/inbox"; }
  std::string processing() const { return root_ + "/processing"; }
  std::string archive() const { return root_ + "/archive"; }
  std::string quarantine() const { return root_ + "/quarantine"; }

  // Makes what is missing.
  Status Make() const;

  // The files of the inbox, finished or not, without the unfinished by name.
  Result<InboxListing> List() const;

  // Moves `name` from the inbox to processing/ for `run`; returns its path there. Refuses again
  // what List refuses: the file may have been replaced since (it then lies in quarantine/).
  Result<std::string> Claim(const std::string& name, const RunId& run) const;
  // A copy of `file`, which the user called `name`, in processing/.
  Result<std::string> CopyIn(const Descriptor& file, std::string_view name, const RunId& run) const;
  // What lies in processing/, oldest run first. Leftovers of copies that were cut off are removed:
  // the user's file is where it was.
  Result<std::vector<ClaimedFile>> Claimed() const;

  // Moves out of processing/; each returns the new path.
  Result<std::string> Archive(const std::string& path, Timestamp now) const;
  // With `why` beside it, in <name>.why.txt.
  Result<std::string> Quarantine(const std::string& path, std::string_view why) const;
  Result<std::string> PutBack(const ClaimedFile& file) const;

 private:
  std::string ClaimedPath(std::string_view name, const RunId& run) const;

  std::string root_;
};

// Knows since when each file of an inbox has been what it is. One thread at a time.
class SettleWatch {
 public:
  // The names in `listing` that are complete: unchanged for `settle` and not open for writing, or
  // renamed in. What is no longer there is forgotten.
  std::vector<std::string> Complete(const InboxListing& listing, Timestamp now,
                                    std::chrono::milliseconds settle);
  // `name` was moved in whole. Names of unfinished files stay unfinished.
  void RenamedIn(std::string_view name) { renamed_in_.emplace(name); }

  bool all_complete() const { return all_complete_; }  // As of the last look.
  // True the first time a name is asked about.
  bool IsNewlyRefused(const std::string& name) { return refused_.insert(name).second; }

 private:
  struct Known {
    FileStamp stamp;
    Timestamp since{};
  };
  std::map<std::string, Known> known_;
  std::set<std::string, std::less<>> renamed_in_;
  std::set<std::string> refused_;
  bool all_complete_ = true;
};

}  // namespace referrald::sync
