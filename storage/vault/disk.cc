#include "storage/vault/disk.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "storage/vault/numbers.h"

namespace referrald::vault {
namespace {

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags, mode_t mode = 0)
      : number_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (is_open()) ::close(number_);
  }

  bool is_open() const { return number_ >= 0; }
  int number() const { return number_; }

 private:
  const int number_;
};

Status Failed(std::string_view doing, const std::string& path, int error) {
  return Status::IoError(
      fmt::format("cannot {} {}: {}", doing, path, std::generic_category().message(error)),
      kKeyUnreadable);
}

// False: see errno.
bool ReadAll(const Descriptor& file, SecretBytes& bytes) {
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t size = ::read(file.number(), bytes.data() + done, bytes.size() - done);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return false;
    if (size == 0) break;  // It became shorter.
    done += static_cast<size_t>(size);
  }
  bytes.resize(done);
  return true;
}

bool WriteAll(const Descriptor& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::write(file.number(), bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(size));
  }
  return true;
}

Status SyncAt(const std::string& path, int flags) {
  const Descriptor file(path, flags);
  if (!file.is_open() || ::fsync(file.number()) != 0) return Failed("sync", path, errno);
  return Status::Ok();
}

class PosixDisk final : public Disk {
 public:
  Result<std::optional<File>> Read(const std::string& path, size_t size_max) override {
    // Not blocking: a pipe in its place must not stop the start.
    const Descriptor file(path, O_RDONLY | O_NONBLOCK);
    if (!file.is_open() && errno == ENOENT) return std::optional<File>();
    struct stat about{};
    if (!file.is_open() || ::fstat(file.number(), &about) != 0) return Failed("open", path, errno);
    File found{.bytes = {},
               .size = static_cast<uint64_t>(about.st_size),
               .mode = static_cast<uint32_t>(about.st_mode & 07777),
               .group_is_root = about.st_gid == 0,
               .is_regular = S_ISREG(about.st_mode)};
    if (!found.is_regular) return std::optional(std::move(found));
    found.bytes.resize(std::min<uint64_t>(found.size, size_max));
    if (!ReadAll(file, found.bytes)) return Failed("read", path, errno);
    return std::optional(std::move(found));
  }

  Status Write(const std::string& path, std::string_view bytes, uint32_t mode) override {
    if (Status removed = Remove(path); !removed.ok()) return removed;
    const Descriptor file(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
    if (!file.is_open()) return Failed("make", path, errno);
    if (!WriteAll(file, bytes)) return Failed("write", path, errno);
    return Status::Ok();
  }

  Status Sync(const std::string& path) override { return SyncAt(path, O_RDONLY | O_NOFOLLOW); }

  Status SyncFolderOf(const std::string& path) override {
    const std::string folder = std::filesystem::path(path).parent_path().string();
    return SyncAt(folder.empty() ? "." : folder, O_RDONLY | O_DIRECTORY);
  }

  Status Rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return Failed("replace", to, errno);
    return Status::Ok();
  }

  Result<bool> Link(const std::string& from, const std::string& to) override {
    if (::link(from.c_str(), to.c_str()) == 0) return true;
    if (errno == EEXIST) return false;
    return Failed("make", to, errno);
  }

  Status Remove(const std::string& path) override {
    if (::unlink(path.c_str()) == 0 || errno == ENOENT) return Status::Ok();
    return Failed("remove", path, errno);
  }

  Result<std::vector<std::string>> List(const std::string& folder) override {
    std::error_code error;
    std::vector<std::string> names;
    std::filesystem::directory_iterator entry(folder, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
      names.push_back(entry->path().filename().string());
    }
    if (error) return Failed("read folder", folder, error.value());
    return names;
  }
};

}  // namespace

Disk& SystemDisk() {
  static PosixDisk disk;
  return disk;
}

}  // namespace referrald::vault
