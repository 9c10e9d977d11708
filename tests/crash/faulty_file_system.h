#pragma once

#include <rocksdb/file_system.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>

namespace referrald::crash {

// The machine's file system, with a memory of what was synced and a few ways to break.
//
// Cut() is the power cut: every later write fails. LoseUnsynced(), once the store is closed, leaves
// of each file what was synced and a random part of the rest: a torn tail.
class FaultyFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  FaultyFileSystem();
  const char* Name() const override { return "FaultyFileSystem"; }

  // The power goes at the `operations`-th write, sync, rename or deletion from now.
  void CutAfter(uint64_t operations) { operations_left_ = operations; }
  bool is_cut() const { return is_cut_; }
  void LoseUnsynced(std::mt19937_64& random);

  // Syncs of files whose name ends so fail, until it is empty again.
  void FailSyncsOf(std::string suffix);
  // Writes to such files find the disk full.
  void FillDiskFor(std::string suffix);

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

 private:
  friend class FaultyFile;

  struct Sizes {
    uint64_t written = 0;
    uint64_t synced = 0;
  };

  // Counts one operation; an error once the power is gone.
  rocksdb::IOStatus Operation();
  rocksdb::IOStatus Appended(const std::string& name, size_t bytes);
  rocksdb::IOStatus MaySync(const std::string& name, uint64_t& written);
  void Synced(const std::string& name, uint64_t written);

  std::atomic<uint64_t> operations_left_{UINT64_MAX};
  std::atomic<bool> is_cut_{false};

  std::mutex mutex_;
  // Guarded by mutex_.
  std::map<std::string, Sizes> files_;
  std::string failing_syncs_;
  std::string full_for_;
};

}  // namespace referrald::crash
