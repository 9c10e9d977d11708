#include "tests/crash/faulty_file_system.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace referrald::crash {
namespace {

namespace fs = std::filesystem;
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

class FaultyDirectory final : public rocksdb::FSDirectoryWrapper {
 public:
  FaultyDirectory(std::unique_ptr<rocksdb::FSDirectory>&& directory, FaultyFileSystem& system,
                  std::string name)
      : FSDirectoryWrapper(std::move(directory)), system_(system), name_(std::move(name)) {}

  IOStatus Fsync(const IOOptions& /*options*/, IODebugContext* /*debug*/) override {
    IOStatus status = system_.Operation();
    if (status.ok()) system_.FolderSynced(name_);
    return status;
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions& /*reason*/) override {
    return Fsync(options, debug);
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
  ++operations_;
  uint64_t left = operations_left_.load();
  while (left > 0 && left != UINT64_MAX &&
         !operations_left_.compare_exchange_weak(left, left - 1)) {
  }
  if (left == 0 && fails_once_) {
    operations_left_ = UINT64_MAX;
    return IOStatus::IOError("the disk does not answer");
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

void FaultyFileSystem::TakeBack(const Entry& entry) {
  std::error_code error;
  if (entry.made_from.empty()) {
    fs::remove(entry.name, error);
  } else {
    fs::rename(entry.name, entry.made_from, error);
  }
  if (entry.replaced) std::ofstream(entry.name, std::ios::binary) << *entry.replaced;
}

void FaultyFileSystem::LoseUnsynced(std::mt19937_64& random) {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, sizes] : files_) {
    std::error_code error;
    const uint64_t there = fs::file_size(name, error);
    if (error) continue;
    const uint64_t unsynced = sizes.written - sizes.synced;
    const uint64_t kept = sizes.synced + (unsynced == 0 ? 0 : random() % (unsynced + 1));
    if (kept < there) fs::resize_file(name, kept, error);
  }
  const size_t kept = random() % (unsynced_entries_.size() + 1);
  for (; unsynced_entries_.size() > kept; unsynced_entries_.pop_back()) {
    TakeBack(unsynced_entries_.back());
  }
}

void FaultyFileSystem::FolderSynced(const std::string& folder) {
  const std::lock_guard lock(mutex_);
  if (is_cut_) return;
  std::erase_if(unsynced_entries_, [&folder](const Entry& entry) {
    return fs::path(entry.name).parent_path() == fs::path(folder + "/").parent_path();
  });
}

void FaultyFileSystem::ForgetEntry(const std::string& name) {
  std::erase_if(unsynced_entries_, [&name](const Entry& entry) { return entry.name == name; });
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
    unsynced_entries_.push_back({.name = name, .made_from = {}, .replaced = {}});
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
    Entry entry{.name = to, .made_from = from, .replaced = {}};
    if (std::ifstream old(to, std::ios::binary); old) {
      entry.replaced.emplace(std::istreambuf_iterator<char>(old), std::istreambuf_iterator<char>());
    }
    unsynced_entries_.push_back(std::move(entry));
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
    ForgetEntry(name);
  }
  return FileSystemWrapper::DeleteFile(name, options, debug);
}

IOStatus FaultyFileSystem::NewDirectory(const std::string& name, const IOOptions& options,
                                        std::unique_ptr<rocksdb::FSDirectory>* directory,
                                        IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSDirectory> real;
  IOStatus status = FileSystemWrapper::NewDirectory(name, options, &real, debug);
  if (status.ok()) *directory = std::make_unique<FaultyDirectory>(std::move(real), *this, name);
  return status;
}

IOStatus FaultyFileSystem::LinkFile(const std::string& from, const std::string& to,
                                    const IOOptions& options, IODebugContext* debug) {
  IOStatus status = Operation();
  if (!status.ok()) return status;
  {
    const std::lock_guard lock(mutex_);
    if (const auto linked = files_.find(from); linked != files_.end()) {
      files_[to] = linked->second;
    }
    unsynced_entries_.push_back({.name = to, .made_from = {}, .replaced = {}});
  }
  return FileSystemWrapper::LinkFile(from, to, options, debug);
}

}  // namespace referrald::crash
