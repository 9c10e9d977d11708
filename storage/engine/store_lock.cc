#include "storage/engine/store_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "storage/engine/numbers.h"

namespace referrald::engine {
namespace {

// " (process 812)", or nothing where the holder has not written it, as on a full disk.
std::string Holder(int file) {
  std::array<char, 16> text{};
  const ssize_t size = ::pread(file, text.data(), text.size(), 0);
  if (size <= 1) return {};
  const std::string_view line(text.data(), static_cast<size_t>(size));
  const std::string_view pid = line.substr(0, line.find('\n'));
  if (pid.find_first_not_of("0123456789") != std::string_view::npos) return {};
  return fmt::format(" (process {})", pid);
}

// Only helps whoever is refused; without it the lock is as good.
void WriteHolder(int file) {
  const std::string line = fmt::format("{}\n", ::getpid());
  if (::ftruncate(file, 0) != 0) return;
  [[maybe_unused]] const ssize_t written = ::pwrite(file, line.data(), line.size(), 0);
}

}  // namespace

Result<StoreLock> StoreLock::Take(const std::string& store_path) {
  const std::string path = store_path + "/OWNER";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) {
    return Status::IoError(
        fmt::format("cannot open {}: {}", path, std::generic_category().message(errno)),
        kStoreUnusable);
  }
  StoreLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    return Status::Unavailable(
        fmt::format("the store {} is in use by another referrald{}; stop that one first, or give "
                    "this one a store of its own",
                    store_path, Holder(file)),
        kStoreInUse);
  }
  WriteHolder(file);
  return lock;
}

StoreLock::StoreLock(StoreLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

StoreLock::~StoreLock() {
  // The file stays: a name that comes and goes could be locked twice.
  if (file_ >= 0) ::close(file_);
}

}  // namespace referrald::engine
