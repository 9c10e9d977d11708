#include "connectors/format/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace referrald::format {
namespace {

class FileSource final : public ByteSource {
 public:
  explicit FileSource(int descriptor) : descriptor_(descriptor) {}
  ~FileSource() override { ::close(descriptor_); }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  Result<size_t> Read(std::span<char> buffer) override {
    while (true) {
      const ssize_t got = ::read(descriptor_, buffer.data(), buffer.size());
      if (got >= 0) return static_cast<size_t>(got);
      if (errno != EINTR) return Status::IoError(std::string("read: ") + std::strerror(errno));
    }
  }

 private:
  const int descriptor_;
};

class MemorySource final : public ByteSource {
 public:
  MemorySource(std::string_view bytes, size_t chunk_bytes_max)
      : rest_(bytes), chunk_bytes_max_(chunk_bytes_max) {}

  Result<size_t> Read(std::span<char> buffer) override {
    size_t count = std::min(buffer.size(), rest_.size());
    if (chunk_bytes_max_ != 0) count = std::min(count, chunk_bytes_max_);
    if (count != 0) std::memcpy(buffer.data(), rest_.data(), count);
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
  const size_t chunk_bytes_max_;
};

Status OpenFailure(const std::string& path, int error) {
  const std::string message = path + ": " + std::strerror(error);
  if (error == ENOENT) return Status::NotFound(message);
  if (error == EACCES || error == EPERM) return Status::PermissionDenied(message);
  if (error == ELOOP) return Status::InvalidArgument(path + ": is a symbolic link");
  return Status::IoError(message);
}

}  // namespace

Result<std::unique_ptr<ByteSource>> OpenFile(const std::string& path) {
  // Without O_NONBLOCK, opening a named pipe that somebody put there would wait for ever.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor < 0) return OpenFailure(path, errno);
  auto source = std::make_unique<FileSource>(descriptor);
  struct stat about = {};
  if (::fstat(descriptor, &about) != 0) return OpenFailure(path, errno);
  if (!S_ISREG(about.st_mode)) return Status::InvalidArgument(path + ": is not a regular file");
  static_cast<void>(::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL));
  return std::unique_ptr<ByteSource>(std::move(source));
}

std::unique_ptr<ByteSource> MakeMemorySource(std::string_view bytes, size_t chunk_bytes_max) {
  return std::make_unique<MemorySource>(bytes, chunk_bytes_max);
}

}  // namespace referrald::format
