#include "tests/storage/vault/fake_disk.h"

#include <algorithm>

namespace referrald::vault {
namespace {

constexpr uint64_t kNothing = 0;
constexpr uint64_t kEverything = 1;

std::string FolderOf(const std::string& path) { return path.substr(0, path.rfind('/') + 1); }

Status Gone(const std::string& path) { return Status::IoError("no file " + path, 4105); }

}  // namespace

Status FakeDisk::Step(bool* cut_here) {
  const size_t step = steps_++;
  if (off_at_ && step >= *off_at_) {
    if (cut_here != nullptr) *cut_here = step == *off_at_;
    return Status::IoError("the machine is off", 4105);
  }
  if (fail_at_ == step) return Status::IoError("this step fails", 4105);
  return Status::Ok();
}

void FakeDisk::Apply(const Change& change) {
  for (const auto& [path, node] : change) {
    if (node) {
      seen_[path] = node;
    } else {
      seen_.erase(path);
    }
  }
  pending_.push_back(change);
}

std::unique_ptr<FakeDisk> FakeDisk::AfterPowerCut(uint64_t luck) const {
  std::mt19937_64 random(luck);
  const auto survives = [&random, luck] {
    return luck == kEverything || (luck != kNothing && random() % 2 == 0);
  };
  Names names = durable_;
  for (const Change& change : pending_) {
    if (!survives()) continue;
    for (const auto& [path, node] : change) {
      if (node) {
        names[path] = node;
      } else {
        names.erase(path);
      }
    }
  }
  auto after = std::make_unique<FakeDisk>();
  for (const auto& [path, node] : names) {
    std::string bytes = node->durable;
    if (bytes != node->bytes && survives()) {
      bytes = node->bytes.substr(
          0, luck == kEverything ? node->bytes.size() : random() % (node->bytes.size() + 1));
    }
    after->Put(path, bytes, node->mode);
  }
  return after;
}

std::unique_ptr<FakeDisk> FakeDisk::Copy() const {
  auto copy = std::make_unique<FakeDisk>();
  for (const auto& [path, node] : seen_) copy->Put(path, node->bytes, node->mode);
  return copy;
}

void FakeDisk::Put(const std::string& path, std::string_view bytes, uint32_t mode) {
  seen_[path] = durable_[path] = std::make_shared<Node>(
      Node{.bytes = std::string(bytes), .durable = std::string(bytes), .mode = mode});
}

std::optional<std::string> FakeDisk::Get(const std::string& path) const {
  const auto found = seen_.find(path);
  if (found == seen_.end()) return std::nullopt;
  return found->second->bytes;
}

void FakeDisk::Erase(const std::string& path) {
  seen_.erase(path);
  durable_.erase(path);
}

Result<std::optional<Disk::File>> FakeDisk::Read(const std::string& path, size_t size_max) {
  if (Status step = Step(); !step.ok()) return step;
  const auto found = seen_.find(path);
  if (found == seen_.end()) return std::optional<File>();
  const std::string& bytes = found->second->bytes;
  File file{.bytes = {},
            .size = bytes.size(),
            .mode = found->second->mode,
            .group_is_root = false,
            .is_regular = true};
  const std::string_view part = std::string_view(bytes).substr(0, size_max);
  file.bytes.assign(part.begin(), part.end());
  return std::optional(std::move(file));
}

Status FakeDisk::Write(const std::string& path, std::string_view bytes, uint32_t mode) {
  bool cut_here = false;
  Status step = Step(&cut_here);
  if (!step.ok() && !cut_here) return step;
  if (cut_here) bytes = bytes.substr(0, bytes.size() / 2);
  Apply({{path,
          std::make_shared<Node>(Node{.bytes = std::string(bytes), .durable = {}, .mode = mode})}});
  return step;
}

Status FakeDisk::Sync(const std::string& path) {
  if (Status step = Step(); !step.ok()) return step;
  const auto found = seen_.find(path);
  if (found == seen_.end()) return Gone(path);
  found->second->durable = found->second->bytes;
  return Status::Ok();
}

Status FakeDisk::SyncFolderOf(const std::string& path) {
  if (Status step = Step(); !step.ok()) return step;
  std::erase_if(pending_, [this, folder = FolderOf(path)](const Change& change) {
    if (FolderOf(change.front().first) != folder) return false;
    for (const auto& [name, node] : change) {
      if (node) {
        durable_[name] = node;
      } else {
        durable_.erase(name);
      }
    }
    return true;
  });
  return Status::Ok();
}

Status FakeDisk::Rename(const std::string& from, const std::string& to) {
  if (Status step = Step(); !step.ok()) return step;
  const auto found = seen_.find(from);
  if (found == seen_.end()) return Gone(from);
  Apply({{to, found->second}, {from, nullptr}});
  return Status::Ok();
}

Result<bool> FakeDisk::Link(const std::string& from, const std::string& to) {
  if (Status step = Step(); !step.ok()) return step;
  const auto found = seen_.find(from);
  if (found == seen_.end()) return Gone(from);
  if (seen_.contains(to)) return false;
  Apply({{to, found->second}});
  return true;
}

Status FakeDisk::Remove(const std::string& path) {
  if (Status step = Step(); !step.ok()) return step;
  if (seen_.contains(path)) Apply({{path, nullptr}});
  return Status::Ok();
}

Result<std::vector<std::string>> FakeDisk::List(const std::string& folder) {
  if (Status step = Step(); !step.ok()) return step;
  std::vector<std::string> names;
  for (const auto& [path, node] : seen_) {
    if (FolderOf(path) == folder + "/") names.push_back(path.substr(folder.size() + 1));
  }
  return names;
}

}  // namespace referrald::vault
