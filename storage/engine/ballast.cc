#include "storage/engine/ballast.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace referrald::engine {
namespace {

constexpr uint64_t kBlockBytes = 512;  // The unit of st_blocks, whatever the file system's is.

bool IsAllocated(const std::string& path, uint64_t bytes) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 &&
         static_cast<uint64_t>(info.st_blocks) * kBlockBytes >= bytes;
}

// 0, or errno. Not posix_fallocate, which writes zeros where the file system cannot allocate.
int Allocate(const std::string& path, uint64_t bytes) {
  const int file =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return errno;
  const int failed = ::fallocate(file, 0, 0, static_cast<off_t>(bytes)) == 0 ? 0 : errno;
  ::close(file);
  return failed;
}

}  // namespace

Ballast::Ballast(std::string path, uint64_t bytes)
    : path_(std::move(path)),
      bytes_(bytes),
      missing_bytes_(bytes == 0 || IsAllocated(path_, bytes) ? 0 : bytes) {}

void Ballast::Make() {
  if (missing_bytes_ == 0) return;
  const int failed = Allocate(path_, bytes_);
  if (failed != 0) ::unlink(path_.c_str());
  // Where it cannot be allocated at all, the reserve alone has to do.
  if (failed == 0 || failed == EOPNOTSUPP || failed == ENOSYS) missing_bytes_ = 0;
}

void Ballast::GiveUp() {
  if (bytes_ == 0 || ::unlink(path_.c_str()) != 0) return;
  missing_bytes_ = bytes_;
}

}  // namespace referrald::engine
