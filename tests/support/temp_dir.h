#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "storage/base/status.h"

namespace referrald::support {

// A new empty folder of this test's own, removed with all it holds at the end. Under TMPDIR, or
// /tmp; where that is on no real disk, so is the store of the test.
class TempDir {
 public:
  TempDir() {
    const char* parent = std::getenv("TMPDIR");
    path_ = std::string(parent != nullptr ? parent : "/tmp") + "/referrald-test-XXXXXX";
    REFERRALD_CHECK(::mkdtemp(path_.data()) != nullptr);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

  // Writes `bytes` to the file `name` in it, making folders on the way, and returns its path.
  std::string Write(std::string_view name, std::string_view bytes) const {
    const std::string file = *this / name;
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    REFERRALD_CHECK(out.good());
    return file;
  }

 private:
  std::string path_;
};

// All bytes of the file at `path`, which must exist.
inline std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REFERRALD_CHECK(in.good());
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace referrald::support
