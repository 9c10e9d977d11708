#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "storage/base/status.h"

// Files as a drop folder needs them: opened without following links, written whole or not at all.
namespace referrald::sync {

// An open file that closes itself. A value that moves.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { Close(); }

  int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  void Close();

 private:
  int number_ = -1;
};

// How a file stands at one moment: two equal ones some time apart mean that nobody is writing it.
struct FileStamp {
  uint64_t inode = 0;
  uint64_t bytes = 0;
  int64_t modified_ns = 0;

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

// Opens the regular file at `path` for reading.
// InvalidArgument (RFD2020): a symbolic link, folder, pipe or device. NotFound, PermissionDenied
// and IoError (RFD2021): it cannot be read; the message has the system's reason.
Result<Descriptor> OpenRegular(const std::string& path);

// IoError: the file system does not answer.
Result<FileStamp> StampOf(const Descriptor& file);

// True where another process has the file open for writing. False also where the system cannot
// tell: network mounts, files of somebody else.
bool HasWriter(const Descriptor& file);

// Reads up to `size` bytes into `buffer`; 0 at the end. IoError (RFD2021).
Result<size_t> ReadSome(const Descriptor& file, char* buffer, size_t size);

// Makes the folder `path` and those above it where they are missing; an existing one stays as it
// is.
Status MakeFolder(const std::string& path, mode_t mode);

// Gives the file `from` the name `to`, durably; copies where `to` is on another file system.
// AlreadyExists: there is a file called `to`; it is never replaced.
Status MoveFile(const std::string& from, const std::string& to);

// Makes `to` a copy of `from`, as old as that, durably. Replaces nothing.
Status CopyFile(const Descriptor& from, const std::string& to, mode_t mode);

// Makes a rename or creation in `folder` durable.
Status SyncFolder(const std::string& folder);

// A file that appears under its name only when it is complete: until Commit it is called
// ".<name>.tmp" in the same folder, and the destructor removes that.
class AtomicFile {
 public:
  static Result<AtomicFile> Create(const std::string& path, mode_t mode);
  AtomicFile(AtomicFile&& other) noexcept = default;
  ~AtomicFile();

  // Bytes are gathered and written in large pieces. IoError, Unavailable (the disk is full).
  Status Append(std::string_view bytes);
  // Says when the file was last written, in place of now. Before Commit.
  void SetModified(int64_t modified_ns) { modified_ns_ = modified_ns; }
  // Synced, renamed (over an older one), and the folder synced. Once.
  Status Commit();

 private:
  AtomicFile(std::string path, std::string temporary, Descriptor file)
      : path_(std::move(path)), temporary_(std::move(temporary)), file_(std::move(file)) {}
  Status Flush();

  std::string path_, temporary_;
  Descriptor file_;
  std::string buffer_;
  std::optional<int64_t> modified_ns_;
};

// AtomicFile in one step, for small files.
Status WriteFileAtomically(const std::string& path, std::string_view bytes, mode_t mode);

// "a/b/c.csv" -> "c.csv" and "a/b".
std::string BaseName(std::string_view path);
std::string FolderOf(std::string_view path);

}  // namespace referrald::sync
