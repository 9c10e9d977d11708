#include "connectors/format/text_encoding.h"

#include <algorithm>
#include <utility>

#include "connectors/format/scan.h"
#include "storage/base/text.h"

namespace referrald::format {
namespace {

using namespace std::string_view_literals;

constexpr int kEncoding = 2002;
constexpr uint32_t kReplacement = 0xfffd;

// windows-1252 from 0x80 to 0x9f; the five unassigned bytes stay control characters, as browsers
// have it.
constexpr uint16_t kWindows1252[32] = {
    0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178};

TextEncoding Wide(size_t unit_bytes, bool big_endian, size_t mark_bytes) {
  TextEncoding encoding;
  encoding.form = unit_bytes == 2 ? TextForm::kUtf16 : TextForm::kUtf32;
  encoding.unit_bytes = unit_bytes;
  encoding.big_endian = big_endian;
  encoding.converter = unit_bytes == 2 ? "UTF-16" : "UTF-32";
  encoding.converter += big_endian ? "BE" : "LE";
  encoding.name = encoding.converter;
  if (mark_bytes != 0) encoding.name += " with BOM";
  encoding.mark_bytes = mark_bytes;
  return encoding;
}

std::optional<TextEncoding> ByMark(std::string_view sample) {
  // FF FE begins both; the longer mark is asked first.
  if (sample.starts_with("\xff\xfe\0\0"sv)) return Wide(4, /*big_endian=*/false, 4);
  if (sample.starts_with("\0\0\xfe\xff"sv)) return Wide(4, /*big_endian=*/true, 4);
  if (sample.starts_with("\xff\xfe"sv)) return Wide(2, /*big_endian=*/false, 2);
  if (sample.starts_with("\xfe\xff"sv)) return Wide(2, /*big_endian=*/true, 2);
  if (!sample.starts_with("\xef\xbb\xbf"sv)) return std::nullopt;
  TextEncoding encoding;
  encoding.name = "UTF-8 with BOM";
  encoding.mark_bytes = 3;
  return encoding;
}

Result<TextEncoding> ByName(const std::string& configured) {
  const std::string name = LowerAscii(configured);
  TextEncoding encoding;
  encoding.form = TextForm::kUtf8;
  if (name == "utf-8" || name == "utf8") return encoding;
  if (name == "utf-16le") return Wide(2, /*big_endian=*/false, 0);
  if (name == "utf-16be" || name == "utf-16") return Wide(2, /*big_endian=*/true, 0);
  if (name == "utf-32le") return Wide(4, /*big_endian=*/false, 0);
  if (name == "utf-32be" || name == "utf-32") return Wide(4, /*big_endian=*/true, 0);
  Result<Converter> converter = Converter::Open(configured);
  if (!converter) return converter.error();
  if (!converter->KeepsAscii()) {
    return Status::InvalidArgument(
        "E-ENCODING: files in " + configured + " cannot be read; export the file as UTF-8",
        kEncoding);
  }
  encoding.form = TextForm::kCharacterSet;
  encoding.name = configured;
  encoding.converter = configured;
  return encoding;
}

// Text in Latin letters has a NUL in every second byte of UTF-16, always on the same side.
std::optional<TextEncoding> ByNulPattern(std::string_view sample) {
  size_t nuls[2] = {0, 0};
  const size_t count = std::min<size_t>(sample.size(), 4096) & ~size_t{1};
  for (size_t i = 0; i < count; ++i) nuls[i % 2] += sample[i] == '\0' ? 1 : 0;
  const size_t units = count / 2;
  if (units < 2) return std::nullopt;
  if (nuls[1] * 10 >= units * 6 && nuls[0] * 10 < units) return Wide(2, /*big_endian=*/false, 0);
  if (nuls[0] * 10 >= units * 6 && nuls[1] * 10 < units) return Wide(2, /*big_endian=*/true, 0);
  return std::nullopt;
}

// Counts lines with letters beyond ASCII that are UTF-8, and lines that are not.
struct LineCount {
  size_t utf8 = 0, other = 0;
};
LineCount CountLines(std::string_view sample, bool whole) {
  LineCount count;
  while (!sample.empty()) {
    const size_t end = FindEither(sample, 0, sample.size(), '\n', '\r');
    // The last line of a sample may end within a character.
    if (end == sample.size() && !whole) break;
    const std::string_view line = sample.substr(0, end);
    if (!IsAscii(line)) ++(IsValidUtf8(line) ? count.utf8 : count.other);
    sample.remove_prefix(std::min(end + 1, sample.size()));
  }
  return count;
}

void AppendCodePoint(uint32_t point, std::string& out) {
  const auto put = [&out](uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xc0 | point >> 6);
    put(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    put(0xe0 | point >> 12);
    put(0x80 | (point >> 6 & 0x3f));
    put(0x80 | (point & 0x3f));
  } else {
    put(0xf0 | point >> 18);
    put(0x80 | (point >> 12 & 0x3f));
    put(0x80 | (point >> 6 & 0x3f));
    put(0x80 | (point & 0x3f));
  }
}

void AppendWindows1252(std::string_view bytes, std::string& out) {
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    AppendCodePoint(value >= 0x80 && value < 0xa0 ? kWindows1252[value - 0x80] : value, out);
  }
}

bool IsHighSurrogate(uint32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
bool IsLowSurrogate(uint32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }

// True where every unit meant something.
bool AppendWide(std::string_view bytes, const TextEncoding& encoding, std::string& out) {
  const size_t step = encoding.unit_bytes;
  bool whole = bytes.size() % step == 0;
  const auto unit_at = [&](size_t at) {
    return ReadUnit(bytes.data() + at, step, encoding.big_endian);
  };
  for (size_t at = 0; at + step <= bytes.size(); at += step) {
    uint32_t point = unit_at(at);
    const bool pair = step == 2 && IsHighSurrogate(point) && at + 2 * step <= bytes.size() &&
                      IsLowSurrogate(unit_at(at + step));
    if (pair) {
      at += step;
      point = 0x10000 + ((point - 0xd800) << 10) + (unit_at(at) - 0xdc00);
    } else if ((point >= 0xd800 && point < 0xe000) || point > 0x10ffff) {
      point = kReplacement;
      whole = false;
    }
    AppendCodePoint(point, out);
  }
  return whole;
}

// Each byte beyond ASCII becomes U+FFFD: enough to show that something was there.
void AppendAsciiOnly(std::string_view bytes, std::string& out) {
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    AppendCodePoint(value < 0x80 ? value : kReplacement, out);
  }
}

}  // namespace

Result<TextEncoding> DetectEncoding(std::string_view sample, bool whole,
                                    const std::string& configured) {
  if (std::optional<TextEncoding> encoding = ByMark(sample)) return *std::move(encoding);
  if (!configured.empty()) return ByName(configured);
  if (std::optional<TextEncoding> encoding = ByNulPattern(sample)) return *std::move(encoding);
  TextEncoding encoding;
  const LineCount count = CountLines(sample, whole);
  if (count.other > count.utf8) {
    encoding.name = "windows-1252 (guessed)";
    encoding.converter = "windows-1252";
    encoding.mostly_latin = true;
  }
  return encoding;
}

Result<LineDecoder> LineDecoder::Make(const TextEncoding& encoding) {
  LineDecoder decoder(encoding);
  if (encoding.form == TextForm::kCharacterSet) {
    Result<Converter> converter = Converter::Open(encoding.converter);
    if (!converter) return converter.error();
    decoder.converter_.emplace(*std::move(converter));
  }
  return decoder;
}

DecodeResult LineDecoder::Decode(std::string_view bytes, std::string& out) const {
  switch (encoding_.form) {
    case TextForm::kUtf16:
    case TextForm::kUtf32:
      return AppendWide(bytes, encoding_, out) ? DecodeResult::kDecoded : DecodeResult::kDamaged;
    case TextForm::kCharacterSet:
      if (IsAscii(bytes) && bytes.find('\\') == std::string_view::npos) {
        return DecodeResult::kAsItIs;
      }
      return converter_->ToUtf8(bytes, out) ? DecodeResult::kDecoded : DecodeResult::kDamaged;
    case TextForm::kUtf8:
    case TextForm::kUtf8OrLatin: break;
  }
  if (IsAscii(bytes) || IsValidUtf8(bytes)) return DecodeResult::kAsItIs;
  if (encoding_.form == TextForm::kUtf8) {
    AppendAsciiOnly(bytes, out);
    return DecodeResult::kDamaged;
  }
  AppendWindows1252(bytes, out);
  return encoding_.mostly_latin ? DecodeResult::kDecoded : DecodeResult::kFallback;
}

}  // namespace referrald::format
