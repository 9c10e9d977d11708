#include "connectors/sync/trace_search.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "connectors/sync/files.h"
#include "storage/base/limits.h"

namespace referrald::sync {
namespace {

namespace fs = std::filesystem;

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

Result<bool> Holds(const std::string& path, const std::vector<std::string>& needles) {
  const Result<Descriptor> file = OpenRegular(path);
  if (!file) return file.error();
  size_t longest = 0;
  for (const std::string& needle : needles) longest = std::max(longest, needle.size());
  std::array<char, 256 * 1024> chunk{};
  std::string window;
  for (;;) {
    const Result<size_t> size = ReadSome(*file, chunk.data(), chunk.size());
    if (!size) return size.error();
    if (*size == 0) return false;
    AppendFolded({chunk.data(), *size}, window);
    for (const std::string& needle : needles) {
      if (window.find(needle) != std::string::npos) return true;
    }
    // What begins at the end of this chunk may go on in the next.
    if (window.size() > longest) window.erase(0, window.size() - longest);
  }
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
