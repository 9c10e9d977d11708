#pragma once

#include <rocksdb/file_system.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace referrald::crash {

// The machine's file system, with a memory of what was synced and a few ways to break.
//
// CutAfter() is the power cut: every later change fails. LoseUnsynced(), once the store is closed,
// leaves of each file what was synced and a random part of the rest, a torn tail; and takes back
// the last so many names that were made and not synced with their folder. The order of names is
// kept, as the journals of ext4, XFS and Btrfs keep it; RocksDB relies on it (CURRENT is renamed
// before the folder of the MANIFEST that it names is synced). Deletions stay.
class FaultyFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  FaultyFileSystem();
  const char* Name() const override { return "FaultyFileSystem"; }

  // The power goes at the `operations`-th write, sync, rename, link or deletion from now.
  void CutAfter(uint64_t operations) { operations_left_ = operations; }
  bool is_cut() const { return is_cut_; }
  // That one operation fails, and those behind it work again.
  void FailOnce(uint64_t operations) {
    operations_left_ = operations;
    fails_once_ = true;
  }
  // So many operations there were.
  uint64_t operations() const { return operations_; }
  void LoseUnsynced(std::mt19937_64& random);

  // Syncs of files whose name ends so fail, until it is empty again.
  void FailSyncsOf(std::string suffix);
  // Writes to such files find the disk full.
  void FillDiskFor(std::string suffix);

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

 private:
  friend class FaultyFile;
  friend class FaultyDirectory;

  struct Sizes {
    uint64_t written = 0;
    uint64_t synced = 0;
  };

  // A name that its folder has and the disk may not know yet.
  struct Entry {
    std::string name;
    std::string made_from;                // Renamed from; empty: made or linked.
    std::optional<std::string> replaced;  // What the name stood for before.
  };

  // Counts one operation; an error once the power is gone.
  rocksdb::IOStatus Operation();
  rocksdb::IOStatus Appended(const std::string& name, size_t bytes);
  rocksdb::IOStatus MaySync(const std::string& name, uint64_t& written);
  void Synced(const std::string& name, uint64_t written);
  void FolderSynced(const std::string& folder);
  void ForgetEntry(const std::string& name);
  static void TakeBack(const Entry& entry);

  std::atomic<uint64_t> operations_left_{UINT64_MAX};
  std::atomic<uint64_t> operations_{0};
  std::atomic<bool> fails_once_{false};
  std::atomic<bool> is_cut_{false};

  std::mutex mutex_;
  // Guarded by mutex_.
  std::map<std::string, Sizes> files_;
  std::vector<Entry> unsynced_entries_;  // In the order in which they were made.
  std::string failing_syncs_;
  std::string full_for_;
};

}  // namespace referrald::crash
