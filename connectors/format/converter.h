#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "storage/base/status.h"

namespace referrald::format {

// A character set of the ICU library, between its bytes and UTF-8. A value that moves; one thread
// at a time.
class Converter {
 public:
  // InvalidArgument RFD2002: no such character set; the message suggests `iconv -l` names.
  static Result<Converter> Open(const std::string& name);
  ~Converter();
  Converter(Converter&&) noexcept;
  Converter& operator=(Converter&&) noexcept;

  // Appends `bytes` as UTF-8. False: some of them mean nothing; U+FFFD stands for those.
  bool ToUtf8(std::string_view bytes, std::string& out) const;
  // Appends valid UTF-8 `text` in this character set, '?' for what it does not have.
  void FromUtf8(std::string_view text, std::string& out) const;

  // True where quotes, line ends, delimiters and other ASCII characters are their own bytes.
  bool KeepsAscii() const;
  const std::string& name() const { return name_; }

 private:
  struct Handle;
  Converter(std::unique_ptr<Handle> handle, std::string name);

  std::unique_ptr<Handle> handle_;
  std::string name_;
};

}  // namespace referrald::format
