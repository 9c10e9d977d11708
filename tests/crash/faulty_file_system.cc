#include "tests/crash/faulty_file_system.h"

#include <filesystem>
#include <utility>

namespace referrald::crash {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

bool Matches(const std::string& name, const std::string& suffix) {
  return !suffix.empty() && name.ends_with(suffix);
}

}  // namespace

class FaultyFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultyFile(std::unique_ptr<rocksdb::FSWritableFile>&& file, FaultyFileSystem& system,
             std::string name)
      : FSWritableFileOwnerWrapper(std::move(file)), system_(system), name_(std::move(name)) {}

  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    IOStatus status = system_.Appended(name_, data.size());
    if (!status.ok()) return status;
    return FSWritableFileOwnerWrapper::Append(data, options, debug);
  }
  IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& /*info*/, IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  // Only remembers: it is we who take away what was not synced, and the real disk need not wait.
  IOStatus Sync(const IOOptions& /*options*/, IODebugContext* /*debug*/) override {
    uint64_t written = 0;
    IOStatus status = system_.MaySync(name_, written);
    if (!status.ok()) return status;
    // Another thread may have met the cut meanwhile: then this sync never came back.
    if (system_.is_cut()) return IOStatus::IOError("the power is gone");
    system_.Synced(name_, written);
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }

 private:
  FaultyFileSystem& system_;
  const std::string name_;
};

FaultyFileSystem::FaultyFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

void FaultyFileSystem::FailSyncsOf(std::string suffix) {
  const std::lock_guard lock(mutex_);
  failing_syncs_ = std::move(suffix);
}

void FaultyFileSystem::FillDiskFor(std::string suffix) {
  const std::lock_guard lock(mutex_);
  full_for_ = std::move(suffix);
}

IOStatus FaultyFileSystem::Operation() {
  uint64_t left = operations_left_.load();
  while (left > 0 && left != UINT64_MAX &&
         !operations_left_.compare_exchange_weak(left, left - 1)) {
  }
  if (left == 0) is_cut_ = true;
  return is_cut_ ? IOStatus::IOError("the power is gone") : IOStatus::OK();
}

IOStatus FaultyFileSystem::Appended(const std::string& name, size_t bytes) {
  IOStatus status = Operation();
  if (!status.ok()) return status;
  const std::lock_guard lock(mutex_);
  if (Matches(name, full_for_)) return IOStatus::NoSpace("no space left on device");
  files_[name].written += bytes;
  return status;
}

IOStatus FaultyFileSystem::MaySync(const std::string& name, uint64_t& written) {
  IOStatus status = Operation();
  if (!status.ok()) return status;
  const std::lock_guard lock(mutex_);
  if (Matches(name, failing_syncs_)) return IOStatus::IOError("the disk does not answer");
  written = files_[name].written;
  return status;
}

void FaultyFileSystem::Synced(const std::string& name, uint64_t written) {
  const std::lock_guard lock(mutex_);
  files_[name].synced = std::max(files_[name].synced, written);
}

void FaultyFileSystem::LoseUnsynced(std::mt19937_64& random) {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, sizes] : files_) {
    std::error_code error;
    const uint64_t there = std::filesystem::file_size(name, error);
    if (error) continue;
    const uint64_t unsynced = sizes.written - sizes.synced;
    const uint64_t kept = sizes.synced + (unsynced == 0 ? 0 : random() % (unsynced + 1));
    if (kept < there) std::filesystem::resize_file(name, kept, error);
  }
}

IOStatus FaultyFileSystem::NewWritableFile(const std::string& name,
                                           const rocksdb::FileOptions& options,
                                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                                           IODebugContext* debug) {
  IOStatus status = Operation();
  if (!status.ok()) return status;
  {
    const std::lock_guard lock(mutex_);
    files_[name] = {};
  }
  std::unique_ptr<rocksdb::FSWritableFile> real;
  status = FileSystemWrapper::NewWritableFile(name, options, &real, debug);
  if (status.ok()) *file = std::make_unique<FaultyFile>(std::move(real), *this, name);
  return status;
}

IOStatus FaultyFileSystem::RenameFile(const std::string& from, const std::string& to,
                                      const IOOptions& options, IODebugContext* debug) {
  IOStatus status = Operation();
  if (!status.ok()) return status;
  {
    const std::lock_guard lock(mutex_);
    if (const auto moved = files_.find(from); moved != files_.end()) {
      files_[to] = moved->second;
      files_.erase(from);
    }
  }
  return FileSystemWrapper::RenameFile(from, to, options, debug);
}

IOStatus FaultyFileSystem::DeleteFile(const std::string& name, const IOOptions& options,
                                      IODebugContext* debug) {
  IOStatus status = Operation();
  if (!status.ok()) return status;
  {
    const std::lock_guard lock(mutex_);
    files_.erase(name);
  }
  return FileSystemWrapper::DeleteFile(name, options, debug);
}

}  // namespace referrald::crash
