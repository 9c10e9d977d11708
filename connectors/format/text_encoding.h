#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/format/converter.h"
#include "storage/base/status.h"

namespace referrald::format {

// How bytes become text.
enum class TextForm : uint8_t {
  kUtf8,         // Strictly.
  kUtf8OrLatin,  // Line by line: UTF-8, else windows-1252.
  kUtf16,
  kUtf32,
  kCharacterSet,  // One of ICU's, that keeps ASCII.
};

struct TextEncoding {
  TextForm form = TextForm::kUtf8OrLatin;
  size_t unit_bytes = 1;
  bool big_endian = false;
  std::string name = "UTF-8";       // For people: "UTF-16LE with BOM".
  std::string converter = "UTF-8";  // For a Converter.
  size_t mark_bytes = 0;            // Of the byte order mark.
  bool mostly_latin = false;        // Lines that are not UTF-8 are nothing unusual.
};

// Decides by byte order mark, then by `configured` (an ICU name), then by the NUL pattern of
// UTF-16, then by whether the lines of `sample` are UTF-8. `whole`: the sample is the file.
// InvalidArgument RFD2002: `configured` is unknown or cannot be read line by line.
Result<TextEncoding> DetectEncoding(std::string_view sample, bool whole,
                                    const std::string& configured);

// What a line was.
enum class DecodeResult : uint8_t {
  kAsItIs,    // Valid UTF-8: nothing was appended.
  kDecoded,   // Appended as UTF-8.
  kFallback,  // Appended; was read as windows-1252 in a file that is UTF-8.
  kDamaged,   // Appended with U+FFFD where the bytes mean nothing.
};

// Decodes line by line. One thread at a time.
class LineDecoder {
 public:
  static Result<LineDecoder> Make(const TextEncoding& encoding);

  DecodeResult Decode(std::string_view bytes, std::string& out) const;

 private:
  explicit LineDecoder(const TextEncoding& encoding) : encoding_(encoding) {}

  TextEncoding encoding_;
  std::optional<Converter> converter_;
};

// One code unit of two or four bytes; `bytes` must hold it.
inline uint32_t ReadUnit(const char* bytes, size_t unit_bytes, bool big_endian) {
  uint32_t unit = 0;
  for (size_t i = 0; i < unit_bytes; ++i) {
    const size_t at = big_endian ? i : unit_bytes - 1 - i;
    unit = unit << 8 | static_cast<unsigned char>(bytes[at]);
  }
  return unit;
}

}  // namespace referrald::format
