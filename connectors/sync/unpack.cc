#include "connectors/sync/unpack.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "connectors/format/table_file.h"
#include "connectors/format/zip_archive.h"
#include "connectors/sync/row_source.h"

namespace referrald::sync {
namespace {

using connectors::ConnectorInfo;
using format::ZipArchive;
using format::ZipMember;

constexpr char kMark = '!';
constexpr size_t kNamedMax = 5;
constexpr int kNothingOfOurs = 2028;

// As a name of one file: folders of the archive become part of it.
std::string NameOf(std::string_view archive, std::string_view member) {
  std::string name = std::string(archive) + kMark;
  for (const char c : member) {
    const bool plain = static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
    name += c == '/' ? '-' : (plain ? c : '_');
  }
  return ShortName(name, kNameBytesMax);
}

// Whether the feed would read the member. What cannot be opened at all is the archive's failure;
// what is no table, or one of another object, is somebody else's.
Result<bool> IsOurs(ZipArchive& archive, const ZipMember& member, const FeedConfig& feed,
                    const ConnectorInfo& connector) {
  const Result<std::unique_ptr<format::ByteSource>> bytes = archive.OpenMember(member);
  if (!bytes) return bytes.error();
  const Result<format::OpenedTable> table = format::OpenTable(**bytes, {}, CsvOptionsOf(feed));
  if (!table) {
    // A workbook cannot be looked into here; as a file of its own it can.
    const auto again = archive.OpenMember(member);
    if (!again) return again.error();
    std::string beginning(4096, '\0');
    const Result<size_t> size = (*again)->Read(beginning);
    if (!size) return size.error();
    beginning.resize(*size);
    return format::ContainerOf(beginning) == format::Container::kWorkbook;
  }
  if (connector.objects.empty()) return true;
  return connectors::Recognise(connector, connectors::Header(table->reader->header())) != nullptr;
}

Status Extract(ZipArchive& archive, const ZipMember& member, const std::string& to) {
  const Result<std::unique_ptr<format::ByteSource>> bytes = archive.OpenMember(member);
  if (!bytes) return bytes.error();
  Result<AtomicFile> file = AtomicFile::Create(to, 0640);
  if (!file) return file.error();
  std::string buffer(256 * 1024, '\0');
  for (;;) {
    const Result<size_t> size = (*bytes)->Read(buffer);
    if (!size) return size.error();
    if (*size == 0) return file->Commit();
    if (Status done = file->Append({buffer.data(), *size}); !done.ok()) return done;
  }
}

std::string Some(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < std::min(names.size(), kNamedMax); ++i) {
    text += (text.empty() ? "" : ", ") + names[i];
  }
  return names.size() > kNamedMax ? text + ", ..." : text;
}

}  // namespace

bool IsFromArchive(std::string_view name) { return name.contains(kMark); }

Result<Unpacked> Unpack(const std::string& path, std::string_view name, const FeedConfig& feed,
                        const ConnectorInfo& connector, const DropFolder& folder) {
  const Result<std::unique_ptr<ZipArchive>> archive = ZipArchive::Open(path);
  if (!archive) return archive.error();
  Unpacked unpacked;
  for (const ZipMember& member : (*archive)->members()) {
    const Result<bool> ours = IsOurs(**archive, member, feed, connector);
    if (!ours) return ours.error();
    std::string file = NameOf(name, member.name);
    if (!*ours) {
      unpacked.ignored.push_back(std::move(file));
      continue;
    }
    const Status done = Extract(**archive, member, folder.inbox() + "/" + file);
    if (!done.ok()) return done;
    unpacked.files.push_back(std::move(file));
  }
  if (!unpacked.files.empty()) return unpacked;
  return Status::InvalidArgument(
      fmt::format("the archive holds no file that feed {} reads ({} files: {})", feed.name,
                  unpacked.ignored.size(), Some(unpacked.ignored)),
      kNothingOfOurs);
}

std::string TextOf(const Unpacked& unpacked) {
  std::string text =
      fmt::format("put into the inbox ({}): {}", unpacked.files.size(), Some(unpacked.files));
  if (!unpacked.ignored.empty()) {
    text += fmt::format("; left alone ({}): {}", unpacked.ignored.size(), Some(unpacked.ignored));
  }
  return text;
}

}  // namespace referrald::sync
