#include "connectors/sync/files.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

namespace referrald::sync {
namespace {

constexpr size_t kWriteBytes = 256 * 1024;

// The failure of a system call on `path`, in the words of the system.
Status Failed(std::string_view what, std::string_view path, int error) {
  std::string message =
      fmt::format("cannot {} {}: {}", what, path, std::generic_category().message(error));
  switch (error) {
    case ENOENT: return Status::NotFound(std::move(message), 2021);
    case EACCES:
    case EPERM: return Status::PermissionDenied(std::move(message), 2021);
    case EEXIST: return Status::AlreadyExists(std::move(message), 2021);
    case ENOSPC:
    case EDQUOT: return Status::Unavailable(std::move(message), 2021);
    default: return Status::IoError(std::move(message), 2021);
  }
}

std::string_view KindOf(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISLNK(mode)) return "a symbolic link";
  return "a device or socket";
}

Status NotRegular(const std::string& path, std::string_view kind) {
  return Status::InvalidArgument(fmt::format("{} is {}; only regular files are read", path, kind),
                                 2020);
}

Status WriteAll(int file, std::string_view path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::write(file, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return Failed("write", path, errno);
    bytes.remove_prefix(static_cast<size_t>(done));
  }
  return Status::Ok();
}

// Copies, syncs, and only then takes the old name away: a cut leaves two files, never none.
Status MoveByCopy(const std::string& from, const std::string& to) {
  Result<Descriptor> file = OpenRegular(from);
  if (!file) return file.error();
  struct stat about{};
  if (::fstat(file->number(), &about) != 0) return Failed("read", from, errno);
  if (Status copied = CopyFile(*file, to, about.st_mode & 0777); !copied.ok()) return copied;
  if (::unlink(from.c_str()) != 0) return Failed("remove", from, errno);
  return SyncFolder(FolderOf(from));
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    Close();
    number_ = std::exchange(other.number_, -1);
  }
  return *this;
}

void Descriptor::Close() {
  if (number_ >= 0) ::close(number_);
  number_ = -1;
}

Result<Descriptor> OpenRegular(const std::string& path) {
  // O_NONBLOCK: opening a pipe must not wait for its writer.
  const int number =
      ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (number < 0 && errno == ELOOP) return NotRegular(path, "a symbolic link");
  if (number < 0 && errno == ENXIO) return NotRegular(path, "a device or socket");
  if (number < 0) return Failed("read", path, errno);
  Descriptor file(number);
  struct stat about{};
  if (::fstat(number, &about) != 0) return Failed("read", path, errno);
  if (!S_ISREG(about.st_mode)) return NotRegular(path, KindOf(about.st_mode));
  return file;
}

Result<FileStamp> StampOf(const Descriptor& file) {
  struct stat about{};
  if (::fstat(file.number(), &about) != 0) return Failed("read", "file", errno);
  return FileStamp{
      .inode = about.st_ino,
      .bytes = static_cast<uint64_t>(about.st_size),
      .modified_ns = int64_t{about.st_mtim.tv_sec} * 1'000'000'000 + about.st_mtim.tv_nsec};
}

bool HasWriter(const Descriptor& file) {
  // Should somebody open it for writing while we hold the lease, the kernel tells us so by a
  // signal; by default that is SIGIO, which ends a process, and SIGURG is one that nobody minds.
  if (::fcntl(file.number(), F_SETSIG, SIGURG) != 0) return false;
  if (::fcntl(file.number(), F_SETLEASE, F_RDLCK) == 0) {
    ::fcntl(file.number(), F_SETLEASE, F_UNLCK);
    return false;
  }
  return errno == EAGAIN;
}

Result<size_t> ReadSome(const Descriptor& file, char* buffer, size_t size) {
  for (;;) {
    const ssize_t done = ::read(file.number(), buffer, size);
    if (done >= 0) return static_cast<size_t>(done);
    if (errno != EINTR) return Failed("read", "file", errno);
  }
}

Status MakeFolder(const std::string& path, mode_t mode) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return Status::Ok();
  std::filesystem::create_directories(FolderOf(path), error);
  if (error) return Failed("make the folder", FolderOf(path), error.value());
  if (::mkdir(path.c_str(), mode) != 0) return Failed("make the folder", path, errno);
  // Again, because mkdir obeys the umask and drops the setgid bit that shares the folder.
  if (::chmod(path.c_str(), mode) != 0) return Failed("set the mode of", path, errno);
  return SyncFolder(FolderOf(path));
}

Status MoveFile(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
    if (errno == EXDEV) return MoveByCopy(from, to);
    return Failed("move", from, errno).Prefixed("to " + to);
  }
  if (Status synced = SyncFolder(FolderOf(to)); !synced.ok()) return synced;
  return SyncFolder(FolderOf(from));
}

Status CopyFile(const Descriptor& from, const std::string& to, mode_t mode) {
  if (std::filesystem::exists(to)) return Failed("write", to, EEXIST);
  // A second attempt must not go on where the first one stopped.
  if (::lseek(from.number(), 0, SEEK_SET) < 0) return Failed("read", to, errno);
  const Result<FileStamp> stamp = StampOf(from);
  if (!stamp) return stamp.error();
  Result<AtomicFile> copy = AtomicFile::Create(to, mode);
  if (!copy) return copy.error();
  copy->SetModified(stamp->modified_ns);
  const auto buffer = std::make_unique<std::array<char, kWriteBytes>>();
  for (;;) {
    const Result<size_t> size = ReadSome(from, buffer->data(), buffer->size());
    if (!size) return size.error();
    if (*size == 0) return copy->Commit();
    if (Status done = copy->Append({buffer->data(), *size}); !done.ok()) return done;
  }
}

Status SyncFolder(const std::string& folder) {
  const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened) return Failed("open the folder", folder, errno);
  if (::fsync(opened.number()) != 0) return Failed("sync the folder", folder, errno);
  return Status::Ok();
}

Result<AtomicFile> AtomicFile::Create(const std::string& path, mode_t mode) {
  std::string temporary = FolderOf(path) + "/." + BaseName(path) + ".tmp";
  ::unlink(temporary.c_str());  // Ours, of an earlier attempt; without it O_EXCL would refuse.
  Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!file) return Failed("write", temporary, errno);
  return AtomicFile(path, std::move(temporary), std::move(file));
}

AtomicFile::~AtomicFile() {
  if (file_) ::unlink(temporary_.c_str());
}

Status AtomicFile::Append(std::string_view bytes) {
  buffer_.append(bytes);
  return buffer_.size() < kWriteBytes ? Status::Ok() : Flush();
}

Status AtomicFile::Flush() {
  Status written = WriteAll(file_.number(), temporary_, buffer_);
  buffer_.clear();
  return written;
}

Status AtomicFile::Commit() {
  if (Status written = Flush(); !written.ok()) return written;
  if (modified_ns_) {
    constexpr int64_t kSecond = 1'000'000'000;
    const timespec times[] = {
        {.tv_sec = 0, .tv_nsec = UTIME_OMIT},
        {.tv_sec = *modified_ns_ / kSecond, .tv_nsec = *modified_ns_ % kSecond}};
    if (::futimens(file_.number(), times) != 0) return Failed("date", temporary_, errno);
  }
  if (::fsync(file_.number()) != 0) return Failed("sync", temporary_, errno);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) return Failed("rename", temporary_, errno);
  file_.Close();
  return SyncFolder(FolderOf(path_));
}

Status WriteFileAtomically(const std::string& path, std::string_view bytes, mode_t mode) {
  Result<AtomicFile> file = AtomicFile::Create(path, mode);
  if (!file) return file.error();
  if (Status appended = file->Append(bytes); !appended.ok()) return appended;
  return file->Commit();
}

std::string BaseName(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

std::string FolderOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

}  // namespace referrald::sync
