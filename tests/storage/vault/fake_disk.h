#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "storage/vault/disk.h"

namespace referrald::vault {

// A disk in memory that keeps apart what is seen and what is durable. Every call is a step; power
// can be cut at any, and a step can be made to fail. One thread at a time.
class FakeDisk final : public Disk {
 public:
  FakeDisk() = default;
  FakeDisk(const FakeDisk&) = delete;
  FakeDisk& operator=(const FakeDisk&) = delete;

  // From now on the `step`-th call (0: the next) and all behind it fail: the machine is off. A file
  // that is being written at that moment is there in part.
  void CutPowerAt(size_t step) { off_at_ = steps_ + step; }
  // The `step`-th call fails, and does nothing; those behind it work.
  void FailAt(size_t step) { fail_at_ = steps_ + step; }
  // A process starts again on the running machine: what it sees need not be durable.
  void Restart() { off_at_ = fail_at_ = std::nullopt; }
  size_t steps() const { return steps_; }

  // What a machine finds that starts again: all that was synced. Of the rest nothing (luck 0),
  // everything (luck 1), or what the random number `luck` decides, each name and file for itself.
  std::unique_ptr<FakeDisk> AfterPowerCut(uint64_t luck) const;
  // The same as it is seen now: for a machine that was stopped in good order.
  std::unique_ptr<FakeDisk> Copy() const;

  // Durable at once.
  void Put(const std::string& path, std::string_view bytes, uint32_t mode = 0600);
  std::optional<std::string> Get(const std::string& path) const;
  void Erase(const std::string& path);

  Result<std::optional<File>> Read(const std::string& path, size_t size_max) override;
  Status Write(const std::string& path, std::string_view bytes, uint32_t mode) override;
  Status Sync(const std::string& path) override;
  Status SyncFolderOf(const std::string& path) override;
  Status Rename(const std::string& from, const std::string& to) override;
  Result<bool> Link(const std::string& from, const std::string& to) override;
  Status Remove(const std::string& path) override;
  Result<std::vector<std::string>> List(const std::string& folder) override;

 private:
  struct Node {
    std::string bytes;
    std::string durable;
    uint32_t mode = 0;
  };
  using Names = std::map<std::string, std::shared_ptr<Node>>;
  // A change of names that is not durable: null is a name that goes.
  using Change = std::vector<std::pair<std::string, std::shared_ptr<Node>>>;

  Status Step(bool* cut_here = nullptr);
  void Apply(const Change& change);

  Names seen_, durable_;
  std::vector<Change> pending_;
  size_t steps_ = 0;
  std::optional<size_t> off_at_, fail_at_;
};

}  // namespace referrald::vault
