#include "connectors/format/zip_archive.h"

#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <utility>

#include "storage/base/limits.h"
#include "storage/base/text.h"

namespace referrald::format {
namespace {

constexpr int kContainer = 2001, kLimit = 2008;

Status Refuse(std::string what) {
  return Status::InvalidArgument("E-CONTAINER: the zip archive " + std::move(what), kContainer);
}

// What may be said of a member's name: it is somebody else's text.
std::string Shown(std::string_view name) {
  constexpr size_t kShownBytes = 80;
  std::string shown;
  for (const char c : name.substr(0, kShownBytes)) {
    shown += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  }
  return "\"" + shown + "\"";
}

bool LeadsOut(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.contains('\\') || name.contains('\0'))
    return true;
  if (name.size() > 1 && name[1] == ':') return true;  // "C:..."
  while (!name.empty()) {
    const std::string_view part = name.substr(0, name.find('/'));
    if (part == "..") return true;
    name.remove_prefix(std::min(part.size() + 1, name.size()));
  }
  return false;
}

class MemberSource final : public ByteSource {
 public:
  MemberSource(zip_file_t* file, const ZipMember& member, const InflateLimits& limits)
      : file_(file), limits_(limits), bytes_(member.bytes), packed_(member.packed_bytes) {}
  ~MemberSource() override { zip_fclose(file_); }
  MemberSource(const MemberSource&) = delete;
  MemberSource& operator=(const MemberSource&) = delete;

  Result<size_t> Read(std::span<char> buffer) override {
    const zip_int64_t size = zip_fread(file_, buffer.data(), buffer.size());
    // libzip checks the sum at the end.
    if (size < 0) return Refuse("is damaged: a member is not what its sum says; copy it again");
    read_ += static_cast<uint64_t>(size);
    if (read_ > bytes_ || (size == 0 && read_ < bytes_)) {
      return Refuse("is damaged: a member is not as large as it says; copy it again");
    }
    if (Status status = CheckGrowth(packed_, read_, limits_); !status.ok()) return status;
    return static_cast<size_t>(size);
  }

 private:
  zip_file_t* const file_;
  const InflateLimits limits_;
  const uint64_t bytes_, packed_;
  uint64_t read_ = 0;
};

class Archive final : public ZipArchive {
 public:
  Archive(zip_t* zip, const InflateLimits& limits) : zip_(zip), limits_(limits) {}
  ~Archive() override { zip_discard(zip_); }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  const std::vector<ZipMember>& members() const override { return members_; }

  Result<std::unique_ptr<ByteSource>> OpenMember(const ZipMember& member) override {
    zip_file_t* file = zip_fopen_index(zip_, member.index, 0);
    if (file == nullptr) return Refuse("has a member that cannot be opened: " + Shown(member.name));
    return std::unique_ptr<ByteSource>(std::make_unique<MemberSource>(file, member, limits_));
  }

  Status List() {
    const zip_int64_t count = zip_get_num_entries(zip_, 0);
    if (count < 0) return Refuse("cannot be read");
    std::set<std::string> names;
    uint64_t in = 0, out = 0;
    for (zip_int64_t i = 0; i < count; ++i) {
      if (Status added = Add(static_cast<uint64_t>(i), names); !added.ok()) return added;
    }
    for (const ZipMember& member : members_) {
      in += member.packed_bytes;
      out += member.bytes;
    }
    return CheckGrowth(in, out, limits_);
  }

 private:
  Status Add(uint64_t index, std::set<std::string>& names) {
    zip_stat_t about;
    zip_stat_init(&about);
    constexpr zip_uint64_t kNeeded = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
    if (zip_stat_index(zip_, index, ZIP_FL_ENC_RAW, &about) != 0 ||
        (about.valid & kNeeded) != kNeeded) {
      return Refuse("has a member without name or size");
    }
    std::string name = about.name;
    if (LeadsOut(name)) return Refuse("has a member whose name leads elsewhere: " + Shown(name));
    if (IsLink(index)) return Refuse("has a member that is no file but a link: " + Shown(name));
    const bool encrypted =
        (about.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && about.encryption_method != ZIP_EM_NONE;
    if (encrypted) return Refuse("is encrypted; unpack it, and drop what is in it");
    if (!names.insert(name).second) return Refuse("has two members called " + Shown(name));
    if (name.ends_with('/')) return Status::Ok();
    // Checked here, too: nothing of a trap is unpacked.
    if (Status grows = CheckGrowth(about.comp_size, about.size, limits_); !grows.ok()) return grows;
    members_.push_back({.index = index,
                        .name = std::move(name),
                        .bytes = about.size,
                        .packed_bytes = about.comp_size});
    return Status::Ok();
  }

  bool IsLink(uint64_t index) const {
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    if (zip_file_get_external_attributes(zip_, index, 0, &system, &attributes) != 0) return false;
    const mode_t mode = attributes >> 16;
    // Some programs write permissions without a type: a file.
    return system == ZIP_OPSYS_UNIX && (mode & S_IFMT) != 0 && !S_ISREG(mode) && !S_ISDIR(mode);
  }

  zip_t* const zip_;
  const InflateLimits limits_;
  std::vector<ZipMember> members_;
};

// The directory is read whole: how many entries it has is looked up before that, in the record at
// the end of the file (APPNOTE 4.3.16). More than 65,535 are written as that.
Status CheckCount(const std::string& path) {
  constexpr size_t kEndBytes = 22, kCommentMax = 65'535, kCountAt = 10;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return Status::Ok();  // zip_open says why.
  const auto size = static_cast<size_t>(file.tellg());
  const size_t looked_at = std::min(size, kEndBytes + kCommentMax);
  std::string end(looked_at, '\0');
  file.seekg(static_cast<std::streamoff>(size - looked_at));
  file.read(end.data(), static_cast<std::streamsize>(looked_at));
  const size_t record = end.rfind("PK\x05\x06");
  if (record == std::string::npos || record + kEndBytes > end.size()) return Status::Ok();
  const auto byte = [&end, record](size_t at) {
    return static_cast<unsigned char>(end[record + at]);
  };
  const size_t count = byte(kCountAt) | static_cast<size_t>(byte(kCountAt + 1)) << 8U;
  if (count <= limits::kZipMembersMax) return Status::Ok();
  return Status::InvalidArgument("E-LIMIT: the zip archive has " + std::to_string(count) +
                                     " members or more, limit " +
                                     std::to_string(limits::kZipMembersMax),
                                 kLimit);
}

// libzip says "no such file" of directories that point beyond the file, too.
Status OpenFailure(const std::string& path, int code) {
  if (::access(path.c_str(), F_OK) != 0) return Status::NotFound(path + ": no such file");
  if (::access(path.c_str(), R_OK) != 0) {
    return Status::PermissionDenied(path + ": permission denied");
  }
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  const std::string why = zip_error_strerror(&error);
  zip_error_fini(&error);
  return Refuse("cannot be read (" + why + "): it was cut off, or is damaged; copy it again");
}

}  // namespace

Result<std::unique_ptr<ZipArchive>> ZipArchive::Open(const std::string& path,
                                                     const InflateLimits& limits) {
  if (Status count = CheckCount(path); !count.ok()) return count;
  int code = 0;
  zip_t* zip = zip_open(path.c_str(), ZIP_RDONLY, &code);
  if (zip == nullptr) return OpenFailure(path, code);
  auto archive = std::make_unique<Archive>(zip, limits);
  if (Status listed = archive->List(); !listed.ok()) return listed;
  return std::unique_ptr<ZipArchive>(std::move(archive));
}

const ZipMember* ZipArchive::Find(std::string_view name) const {
  const auto found = std::ranges::find(members(), name, &ZipMember::name);
  return found == members().end() ? nullptr : &*found;
}

}  // namespace referrald::format
