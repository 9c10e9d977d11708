#include "connectors/sync/trace_search.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>

#include "connectors/format/byte_source.h"
#include "connectors/format/gzip.h"
#include "connectors/format/zip_archive.h"
#include "storage/base/limits.h"

namespace referrald::sync {
namespace {

namespace fs = std::filesystem;

constexpr int kPacked = 2001;

bool IsGzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }
bool IsZip(std::string_view bytes) {
  return bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06");
}
bool IsPacked(std::string_view bytes) { return IsGzip(bytes) || IsZip(bytes); }

char Folded(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// What is looked for, in the form in which files are looked through.
std::vector<std::string> Needles(const std::vector<std::string>& texts) {
  std::vector<std::string> needles;
  for (std::string text : texts) {
    if (text.size() < limits::kTraceBytesMin) continue;
    std::ranges::transform(text, text.begin(), Folded);
    needles.push_back(std::move(text));
  }
  return needles;
}

// Without zero bytes UTF-16 of ASCII is ASCII, and no text of another encoding has any.
void AppendFolded(std::string_view bytes, std::string& to) {
  for (const char c : bytes) {
    if (c != '\0') to.push_back(Folded(c));
  }
}

// Reads to the end, or to the first that is found.
Result<bool> Holds(format::ByteSource& bytes, const std::vector<std::string>& needles) {
  size_t longest = 0;
  for (const std::string& needle : needles) longest = std::max(longest, needle.size());
  std::vector<char> chunk(size_t{256} * 1024);
  std::string window;
  for (bool is_first = true;; is_first = false) {
    const Result<size_t> size = bytes.Read(chunk);
    if (!size) return size.error();
    if (*size == 0) return false;
    const std::string_view read(chunk.data(), *size);
    // Compressed once more: whoever wrote it did not mean it to be read here.
    if (is_first && IsPacked(read)) return Status::InvalidArgument("packed within a file", kPacked);
    AppendFolded(read, window);
    for (const std::string& needle : needles) {
      if (window.find(needle) != std::string::npos) return true;
    }
    // What begins at the end of this chunk may go on in the next.
    if (window.size() > longest) window.erase(0, window.size() - longest);
  }
}

Result<bool> ArchiveHolds(const std::string& path, const std::vector<std::string>& needles) {
  const Result<std::unique_ptr<format::ZipArchive>> archive = format::ZipArchive::Open(path);
  if (!archive) return archive.error();
  for (const format::ZipMember& member : (*archive)->members()) {
    const Result<std::unique_ptr<format::ByteSource>> bytes = (*archive)->OpenMember(member);
    if (!bytes) return bytes.error();
    const Result<bool> holds = Holds(**bytes, needles);
    if (!holds || *holds) return holds;
  }
  return false;
}

Result<bool> Holds(const std::string& path, const std::vector<std::string>& needles) {
  const Result<std::unique_ptr<format::ByteSource>> beginning = format::OpenFile(path);
  if (!beginning) return beginning.error();
  std::array<char, 4> magic{};
  const Result<size_t> size = (*beginning)->Read(magic);
  if (!size) return size.error();
  const std::string_view read(magic.data(), *size);
  if (IsZip(read)) return ArchiveHolds(path, needles);
  const Result<std::unique_ptr<format::ByteSource>> file = format::OpenFile(path);
  if (!file) return file.error();
  if (!IsGzip(read)) return Holds(**file, needles);
  const std::unique_ptr<format::ByteSource> unpacked = format::MakeGzipSource(**file);
  return Holds(*unpacked, needles);
}

void LookInto(const std::string& folder, const std::vector<std::string>& needles, Traces& traces) {
  std::error_code error;
  fs::recursive_directory_iterator it(folder, fs::directory_options::none, error);
  for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (!it->is_regular_file(error) || it->is_symlink(error)) continue;
    const std::string path = it->path();
    const Result<bool> holds = Holds(path, needles);
    if (!holds) traces.unread.push_back(path);
    if (!holds || !*holds) continue;
    if (traces.files.size() < limits::kTraceFilesMax) {
      traces.files.push_back(path);
    } else {
      traces.more = true;
    }
  }
  if (error) traces.unread.push_back(folder);
}

}  // namespace

Traces FindTraces(const TraceSearch& search) {
  Traces traces;
  const std::vector<std::string> needles = Needles(search.texts);
  if (needles.empty()) return traces;
  traces.searched = true;
  for (const std::string& folder : search.folders) LookInto(folder, needles, traces);
  std::ranges::sort(traces.files);
  return traces;
}

}  // namespace referrald::sync
