#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "storage/base/bytes.h"
#include "storage/base/status.h"
#include "storage/engine/head_disk.h"

namespace referrald::engine {

// How far a log was: the last event of the database `identity`, and its chain tag.
struct HeadMark {
  Hash128 identity{};
  uint64_t sequence = 0;  // 0: no event yet.
  Hash256 chain{};

  friend bool operator==(const HeadMark&, const HeadMark&) = default;
};

// A file beside the database that remembers how far its log was, so that a log that lost its end,
// or an old copy of it, does not pass for the whole (storage/doc/proof.md, "The head file").
//
// A write is cheap and survives the process; a sync makes it survive the machine. At no time are
// both of its slots in danger: after a power cut the mark is one that was written, and none older
// than the last sync. One thread at a time; the store's lock keeps other processes away.
class HeadFile {
 public:
  // Reads the file at `path`, and makes sure that the disk has what was read before this returns.
  // NotFound (RFD4011): there is none, and none is made. Corruption (RFD4012): no slot is whole, or
  // it is another file. IoError (RFD4013).
  static Result<HeadFile> Open(const std::string& path);
  // As Open, on what is behind `disk`; messages call it `path`.
  static Result<HeadFile> Open(std::unique_ptr<HeadDisk> disk, const std::string& path);

  // Makes the file at `path`, durably. AlreadyExists (RFD4013): there is one. Unavailable
  // (RFD4002): no space. IoError (RFD4013).
  static Result<HeadFile> Create(const std::string& path, const HeadMark& mark);
  // Moves the file at `path` out of the way, to `path`.refused, so that Create can make another;
  // for an operator who accepts a log that the file does not. Ok where there is none. IoError
  // (RFD4013).
  static Status SetAside(const std::string& path);
  // The bytes of a new file that says `mark`.
  static std::string NewFile(const HeadMark& mark);

  // What was written last; at first, what was found.
  const HeadMark& mark() const { return mark_; }
  // How many of the two slots were not whole when this was opened: 1 is worth a line in the log.
  int damaged_slots() const { return damaged_slots_; }

  // Puts `mark` in place of the last one, without a sync. Unavailable (RFD4002): no space; the mark
  // is the last one still, and the next Write may succeed. IoError (RFD4013): for good.
  Status Write(const HeadMark& mark);
  // The mark is on the disk when this returns Ok. Does nothing where nothing was written. IoError
  // (RFD4013): for good, because after a failed sync nobody knows what the disk has. Unavailable
  // (RFD4002), only after such a Write: still no space.
  Status Sync();

 private:
  HeadFile(std::unique_ptr<HeadDisk> disk, std::string path);
  Status Load();
  Status Put(const HeadMark& mark);
  Status Fail(Status status);

  std::unique_ptr<HeadDisk> disk_;
  std::string path_;
  HeadMark mark_;
  uint64_t counter_ = 0;
  size_t next_slot_ = 0;  // The one that does not hold the mark of the last sync.
  bool is_synced_ = false;
  bool is_whole_ = false;  // What was written into the next slot since the last sync.
  int damaged_slots_ = 0;
  Status broken_;
};

}  // namespace referrald::engine
