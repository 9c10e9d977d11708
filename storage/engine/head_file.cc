#include "storage/engine/head_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "storage/engine/numbers.h"

namespace referrald::engine {
namespace {

constexpr std::string_view kMagic = "RFDHEAD1";
// A slot has a block of its own, so that no write of a block can harm the other.
constexpr size_t kSlotBytes = 4096;
constexpr size_t kSlots = 2;
constexpr size_t kFileBytes = kSlots * kSlotBytes;
constexpr size_t kCheckedBytes = 72;
constexpr size_t kUsedBytes = kCheckedBytes + 8;

struct Slot {
  uint64_t counter = 0;
  HeadMark mark;
};

std::string Encode(const Slot& slot) {
  std::string bytes(kMagic);
  AppendBigEndian64(bytes, slot.counter);
  bytes.append(AsBytes(slot.mark.identity));
  AppendBigEndian64(bytes, slot.mark.sequence);
  bytes.append(AsBytes(slot.mark.chain));
  REFERRALD_CHECK(bytes.size() == kCheckedBytes);
  AppendBigEndian64(bytes, Checksum64(bytes));
  return bytes;
}

// None: not whole.
std::optional<Slot> Decode(std::string_view bytes) {
  const std::string_view checked = bytes.substr(0, kCheckedBytes);
  if (!checked.starts_with(kMagic)) return std::nullopt;
  if (ReadBigEndian64(bytes.substr(kCheckedBytes)) != Checksum64(checked)) return std::nullopt;
  Slot slot;
  slot.counter = ReadBigEndian64(checked.substr(8));
  std::ranges::copy(checked.substr(16, 16), slot.mark.identity.begin());
  slot.mark.sequence = ReadBigEndian64(checked.substr(32));
  std::ranges::copy(checked.substr(40, 32), slot.mark.chain.begin());
  return slot;
}

Status Damaged(const std::string& path, std::string_view what) {
  return Status::Corruption(
      fmt::format("head file {}: {}; nothing tells whether the end of the log is missing", path,
                  what),
      kHeadDamaged);
}

}  // namespace

Result<HeadFile> HeadFile::Open(const std::string& path) {
  Result<std::unique_ptr<HeadDisk>> disk = OpenHeadDisk(path);
  if (!disk) return disk.error();
  return Open(std::move(*disk), path);
}

Status HeadFile::SetAside(const std::string& path) { return SetHeadFileAside(path); }

Result<HeadFile> HeadFile::Open(std::unique_ptr<HeadDisk> disk, const std::string& path) {
  HeadFile file(std::move(disk), path);
  if (Status loaded = file.Load(); !loaded.ok()) return loaded;
  return file;
}

Result<HeadFile> HeadFile::Create(const std::string& path, const HeadMark& mark) {
  if (Status made = MakeHeadFile(path, NewFile(mark)); !made.ok()) return made;
  return Open(path);
}

std::string HeadFile::NewFile(const HeadMark& mark) {
  std::string bytes;
  for (uint64_t counter = 1; counter <= kSlots; ++counter) {
    bytes.append(Encode({.counter = counter, .mark = mark}));
    bytes.resize(counter * kSlotBytes);
  }
  return bytes;
}

HeadFile::HeadFile(std::unique_ptr<HeadDisk> disk, std::string path)
    : disk_(std::move(disk)), path_(std::move(path)) {}

Status HeadFile::Load() {
  const Result<std::string> bytes = disk_->Read(kFileBytes + 1);
  if (!bytes) return bytes.error();
  if (bytes->size() != kFileBytes) {
    return Damaged(path_, fmt::format("is not {} bytes long, so it is another file or was cut off",
                                      kFileBytes));
  }
  std::array<std::optional<Slot>, kSlots> slots;
  for (size_t i = 0; i < kSlots; ++i) {
    slots[i] = Decode(std::string_view(*bytes).substr(i * kSlotBytes, kUsedBytes));
    damaged_slots_ += slots[i] ? 0 : 1;
  }
  if (damaged_slots_ == kSlots) return Damaged(path_, "neither of its two slots is whole");
  const size_t newest = !slots[1] || (slots[0] && slots[0]->counter > slots[1]->counter) ? 0 : 1;
  mark_ = slots[newest]->mark;
  counter_ = slots[newest]->counter;
  // A process before us may have left it in the kernel's memory, even after a failed sync that the
  // kernel has forgotten. Only what we write ourselves is sure to reach the disk, or not to.
  next_slot_ = 1 - newest;
  const Status settled = Sync();
  // A full disk is no reason not to know the mark; then at least what is there is synced.
  return settled.retriable() ? disk_->Sync() : settled;
}

Status HeadFile::Put(const HeadMark& mark) {
  is_synced_ = false;
  is_whole_ = false;
  Status written =
      disk_->Write(next_slot_ * kSlotBytes, Encode({.counter = counter_ + 1, .mark = mark}));
  if (!written.ok()) return written.retriable() ? written : Fail(std::move(written));
  is_whole_ = true;
  ++counter_;
  mark_ = mark;
  return written;
}

Status HeadFile::Write(const HeadMark& mark) { return broken_.ok() ? Put(mark) : broken_; }

Status HeadFile::Sync() {
  if (!broken_.ok()) return broken_;
  if (is_synced_) return Status::Ok();
  // A slot that a refused write may have torn must not become the one that is relied on.
  if (!is_whole_) {
    if (Status again = Put(mark_); !again.ok()) return again;
  }
  if (Status synced = disk_->Sync(); !synced.ok()) return Fail(std::move(synced));
  is_synced_ = true;
  next_slot_ = 1 - next_slot_;
  return Status::Ok();
}

Status HeadFile::Fail(Status status) {
  broken_ = std::move(status);
  return broken_;
}

}  // namespace referrald::engine
