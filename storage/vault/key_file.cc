#include "storage/vault/key_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "storage/vault/numbers.h"

namespace referrald::vault {
namespace {

class File {
 public:
  File(const std::string& path, int flags, mode_t mode = 0)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (is_open()) ::close(descriptor_);
  }

  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

Status Failed(std::string_view doing, const std::string& path) {
  return Status::IoError(
      fmt::format("cannot {} {}: {}", doing, path, std::generic_category().message(errno)),
      kKeyUnreadable);
}

Status CheckReaders(const struct stat& file, const std::string& path) {
  if (!S_ISREG(file.st_mode)) {
    return Status::Corruption(fmt::format("{} is not a file", path), kKeyMalformed);
  }
  // systemd hands credentials over with the group bit set, for a group (root) that reads all.
  const mode_t open_to_group = file.st_gid == 0 ? 0 : S_IRGRP;
  const mode_t exposed = S_IXUSR | S_IWGRP | S_IXGRP | S_IRWXO | open_to_group;
  if ((file.st_mode & exposed) == 0) return Status::Ok();
  return Status::PermissionDenied(
      fmt::format("key file {} has mode {:04o}, and others could read or replace it; chmod 0400 "
                  "it, and think about who read it before",
                  path, file.st_mode & 07777),
      kKeyExposed);
}

Result<Key> ReadKey(const File& file, const std::string& path) {
  struct stat about{};
  if (::fstat(file.descriptor(), &about) != 0) return Failed("look at key file", path);
  if (Status readers = CheckReaders(about, path); !readers.ok()) return readers;
  Key key;
  // One byte more than there may be tells a longer file.
  std::array<uint8_t, Key::kSize + 1> bytes{};
  const ssize_t size = ::read(file.descriptor(), bytes.data(), bytes.size());
  std::copy_n(bytes.begin(), Key::kSize, key.data());
  OPENSSL_cleanse(bytes.data(), bytes.size());
  if (size < 0) return Failed("read key file", path);
  if (size != Key::kSize) {
    return Status::Corruption(
        fmt::format("key file {} is {} bytes, must be {}; restore it from where it is kept safe",
                    path, about.st_size, size_t{Key::kSize}),
        kKeyMalformed);
  }
  return key;
}

// Writes a new key beside `path` and links it there whole: whoever looks sees all of it or nothing,
// also after a power cut, and of two that do this at once one wins.
Status MakeKeyFile(const std::string& path) {
  Key key;
  if (!FillRandom(key.data(), Key::kSize)) {
    return Status::IoError("the system has no random bytes for a new key", kKeyUnreadable);
  }
  const std::string draft = fmt::format("{}.new.{}", path, ::getpid());
  ::unlink(draft.c_str());  // Of a process with our number that died here.
  Status status;
  {
    const File file(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0400);
    if (!file.is_open()) return Failed("make key file", draft);
    if (::write(file.descriptor(), key.data(), Key::kSize) != ssize_t{Key::kSize} ||
        ::fsync(file.descriptor()) != 0) {
      status = Failed("write key file", draft);
    }
  }
  if (status.ok() && ::link(draft.c_str(), path.c_str()) != 0 && errno != EEXIST) {
    status = Failed("make key file", path);
  }
  ::unlink(draft.c_str());
  if (!status.ok()) return status;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const File directory(folder.empty() ? "." : folder.string(), O_RDONLY | O_DIRECTORY);
  if (!directory.is_open() || ::fsync(directory.descriptor()) != 0) {
    return Failed("sync the folder of key file", path);
  }
  return Status::Ok();
}

}  // namespace

Result<Key> ReadKeyFile(const std::string& path, bool create) {
  {
    const File file(path, O_RDONLY);
    if (file.is_open()) return ReadKey(file, path);
    if (errno != ENOENT) return Failed("open key file", path);
  }
  if (!create) {
    return Status::NotFound(
        fmt::format("there is no key file {}; restore it from where it is kept safe: without it "
                    "personal data stays sealed",
                    path),
        kKeyMissing);
  }
  if (Status made = MakeKeyFile(path); !made.ok()) return made;
  return ReadKeyFile(path, /*create=*/false);
}

}  // namespace referrald::vault
