#include "storage/engine/head_disk.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "storage/engine/numbers.h"

namespace referrald::engine {
namespace {

class File {
 public:
  File(const std::string& path, int flags, mode_t mode = 0)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&&) = delete;
  ~File() {
    if (is_open()) ::close(descriptor_);
  }

  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

// After a call that set errno.
Status Failed(std::string_view doing, const std::string& path) {
  const int error = errno;
  std::string message = fmt::format("cannot {} head file {}: {}", doing, path,
                                    std::generic_category().message(error));
  if (error == ENOSPC || error == EDQUOT) {
    return Status::Unavailable(std::move(message), kStorageFull);
  }
  return Status::IoError(std::move(message), kHeadUnusable);
}

Status WriteAt(const File& file, uint64_t offset, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written =
        ::pwrite(file.descriptor(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0) return Failed("write", path);
    offset += static_cast<uint64_t>(written);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return Status::Ok();
}

class PosixHeadDisk final : public HeadDisk {
 public:
  PosixHeadDisk(std::string path, File file) : path_(std::move(path)), file_(std::move(file)) {}

  Result<std::string> Read(size_t size_max) override {
    std::string bytes(size_max, '\0');
    size_t size = 0;
    while (size < size_max) {
      const ssize_t more = ::pread(file_.descriptor(), bytes.data() + size, size_max - size,
                                   static_cast<off_t>(size));
      if (more < 0) return Failed("read", path_);
      if (more == 0) break;
      size += static_cast<size_t>(more);
    }
    bytes.resize(size);
    return bytes;
  }

  Status Write(uint64_t offset, std::string_view bytes) override {
    return WriteAt(file_, offset, bytes, path_);
  }

  Status Sync() override {
    return ::fdatasync(file_.descriptor()) == 0 ? Status::Ok() : Failed("sync", path_);
  }

 private:
  const std::string path_;
  const File file_;
};

Status WriteDraft(const std::string& draft, std::string_view bytes) {
  const File file(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
  if (!file.is_open()) return Failed("make", draft);
  if (Status written = WriteAt(file, 0, bytes, draft); !written.ok()) return written;
  return ::fsync(file.descriptor()) == 0 ? Status::Ok() : Failed("sync", draft);
}

Status LinkDraft(const std::string& draft, const std::string& path) {
  if (::link(draft.c_str(), path.c_str()) == 0) return Status::Ok();
  if (errno != EEXIST) return Failed("make", path);
  return Status::AlreadyExists(
      fmt::format("there is a head file {} already; a new one would forget what it knows", path),
      kHeadUnusable);
}

Status SyncFolderOf(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const File directory(folder.empty() ? "." : folder.string(), O_RDONLY | O_DIRECTORY);
  if (!directory.is_open() || ::fsync(directory.descriptor()) != 0) {
    return Failed("sync the folder of", path);
  }
  return Status::Ok();
}

}  // namespace

Result<std::unique_ptr<HeadDisk>> OpenHeadDisk(const std::string& path) {
  File file(path, O_RDWR | O_NOFOLLOW);
  if (file.is_open()) return std::make_unique<PosixHeadDisk>(path, std::move(file));
  if (errno != ENOENT) return Failed("open", path);
  return Status::NotFound(
      fmt::format("there is no head file {}: nothing tells whether the end of the log is missing; "
                  "put it back from where it was moved to",
                  path),
      kHeadMissing);
}

Status MakeHeadFile(const std::string& path, std::string_view bytes) {
  const std::string draft = fmt::format("{}.new.{}", path, ::getpid());
  ::unlink(draft.c_str());  // Of a process with our number that died here.
  Status status = WriteDraft(draft, bytes);
  if (status.ok()) status = LinkDraft(draft, path);
  ::unlink(draft.c_str());
  return status.ok() ? SyncFolderOf(path) : status;
}

Status SetHeadFileAside(const std::string& path) {
  if (::rename(path.c_str(), (path + ".refused").c_str()) != 0) {
    return errno == ENOENT ? Status::Ok() : Failed("rename", path);
  }
  return SyncFolderOf(path);
}

}  // namespace referrald::engine
