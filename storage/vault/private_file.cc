#include "storage/vault/private_file.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/vault/numbers.h"

namespace referrald::vault {
namespace {

// systemd hands credentials over with the group bit set, for a group (root) that reads all.
bool IsExposed(const Disk::File& file) {
  const uint32_t open_to_group = file.group_is_root ? 0 : S_IRGRP;
  return (file.mode & (S_IXUSR | S_IWGRP | S_IXGRP | S_IRWXO | open_to_group)) != 0;
}

// A whole file under `draft`; nothing is there after a failure.
Status WriteDraft(Disk& disk, const std::string& draft, std::string_view bytes, uint32_t mode) {
  Status status = disk.Write(draft, bytes, mode);
  if (status.ok()) status = disk.Sync(draft);
  // What is left where even this fails is replaced by the next draft.
  if (!status.ok()) static_cast<void>(disk.Remove(draft));
  return status;
}

}  // namespace

Result<std::optional<Disk::File>> ReadPrivate(Disk& disk, const PrivateFile& file,
                                              size_t size_max) {
  Result<std::optional<Disk::File>> found = disk.Read(file.path, size_max);
  if (!found || !*found) return found;
  if (!(*found)->is_regular) {
    return Status::Corruption(fmt::format("{} {} is not a file", file.what, file.path),
                              kKeyMalformed);
  }
  if (!IsExposed(**found)) return found;
  return Status::PermissionDenied(
      fmt::format("{} {} has mode {:04o}, and others could read or replace it; chmod {:04o} it, "
                  "and think about who read it before",
                  file.what, file.path, (*found)->mode, file.mode),
      kKeyExposed);
}

Status MakePrivate(Disk& disk, const PrivateFile& file, std::string_view bytes) {
  // Linked, not renamed: of two processes that do this at once one wins, and both see its file.
  const std::string draft = fmt::format("{}.new.{}", file.path, ::getpid());
  if (Status written = WriteDraft(disk, draft, bytes, file.mode); !written.ok()) return written;
  const Result<bool> linked = disk.Link(draft, file.path);
  const Status removed = disk.Remove(draft);
  if (!linked) return linked.error();
  if (!removed.ok()) return removed;
  return disk.SyncFolderOf(file.path);
}

Status ReplacePrivate(Disk& disk, const PrivateFile& file, std::string_view bytes) {
  const std::string draft = file.path + ".new";
  if (Status written = WriteDraft(disk, draft, bytes, file.mode); !written.ok()) return written;
  Status renamed = RenameSynced(disk, draft, file.path);
  if (!renamed.ok() && renamed.number() != kKeyStoreStopped) static_cast<void>(disk.Remove(draft));
  return renamed;
}

Status RenameSynced(Disk& disk, const std::string& from, const std::string& to) {
  if (Status renamed = disk.Rename(from, to); !renamed.ok()) return renamed;
  const Status synced = disk.SyncFolderOf(to);
  if (synced.ok()) return synced;
  return Status::IoError(
      fmt::format("{} was replaced, but {}: nobody knows which of the two a power cut leaves; "
                  "check the disk and restart",
                  to, synced.message()),
      kKeyStoreStopped);
}

}  // namespace referrald::vault
