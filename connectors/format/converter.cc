#include "connectors/format/converter.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace referrald::format {

struct Converter::Handle {
  UConverter* converter = nullptr;
  // Kept between calls, so that a line costs no allocation.
  std::vector<UChar> units;
  std::string bytes;

  ~Handle() {
    if (converter != nullptr) ucnv_close(converter);
  }
};

namespace {

constexpr int kEncoding = 2002;
constexpr UChar kReplacement = 0xfffd;

int32_t Length(size_t size) { return static_cast<int32_t>(size); }

void AppendUnits(const UChar* units, int32_t count, std::string& out) {
  // A UTF-16 unit becomes at most three bytes.
  const size_t before = out.size();
  out.resize(before + static_cast<size_t>(count) * 3);
  UErrorCode error = U_ZERO_ERROR;
  int32_t written = 0;
  u_strToUTF8WithSub(out.data() + before, Length(out.size() - before), &written, units, count,
                     kReplacement, nullptr, &error);
  out.resize(U_FAILURE(error) ? before : before + static_cast<size_t>(written));
}

}  // namespace

Converter::Converter(std::unique_ptr<Handle> handle, std::string name)
    : handle_(std::move(handle)), name_(std::move(name)) {}
Converter::~Converter() = default;
Converter::Converter(Converter&&) noexcept = default;
Converter& Converter::operator=(Converter&&) noexcept = default;

Result<Converter> Converter::Open(const std::string& name) {
  auto handle = std::make_unique<Handle>();
  UErrorCode error = U_ZERO_ERROR;
  if (!name.empty()) handle->converter = ucnv_open(name.c_str(), &error);
  if (handle->converter == nullptr || U_FAILURE(error)) {
    return Status::InvalidArgument(
        "E-ENCODING: there is no encoding named \"" + name +
            "\"; use a name such as UTF-8, UTF-16LE, windows-1252, ISO-8859-15 or Shift_JIS",
        kEncoding);
  }
  ucnv_setSubstChars(handle->converter, "?", 1, &error);
  return Converter(std::move(handle), name);
}

bool Converter::ToUtf8(std::string_view bytes, std::string& out) const {
  std::vector<UChar>& units = handle_->units;
  units.resize(bytes.size() * 2 + 16);
  UErrorCode error = U_ZERO_ERROR;
  const int32_t count = ucnv_toUChars(handle_->converter, units.data(), Length(units.size()),
                                      bytes.data(), Length(bytes.size()), &error);
  if (U_FAILURE(error)) return false;
  const bool whole =
      std::find(units.begin(), units.begin() + count, kReplacement) == units.begin() + count;
  AppendUnits(units.data(), count, out);
  return whole;
}

void Converter::FromUtf8(std::string_view text, std::string& out) const {
  std::vector<UChar>& units = handle_->units;
  units.resize(text.size() + 1);
  UErrorCode error = U_ZERO_ERROR;
  int32_t count = 0;
  u_strFromUTF8WithSub(units.data(), Length(units.size()), &count, text.data(), Length(text.size()),
                       kReplacement, nullptr, &error);
  std::string& bytes = handle_->bytes;
  const int32_t bytes_max =
      UCNV_GET_MAX_BYTES_FOR_STRING(count, ucnv_getMaxCharSize(handle_->converter));
  bytes.resize(static_cast<size_t>(bytes_max));
  error = U_ZERO_ERROR;
  const int32_t written = ucnv_fromUChars(handle_->converter, bytes.data(), Length(bytes.size()),
                                          units.data(), count, &error);
  if (U_SUCCESS(error)) out.append(bytes, 0, static_cast<size_t>(written));
}

bool Converter::KeepsAscii() const {
  // Stateful sets (UTF-7, ISO-2022) keep most of ASCII but give '+', '~' or ESC a meaning.
  std::string ascii;
  for (char letter = 0x20; letter < 0x7f; ++letter) {
    // Shift_JIS shows a yen sign where ASCII has a backslash, and an overline for the tilde.
    if (letter != '\\' && letter != '~') ascii.push_back(letter);
  }
  ascii += "\t\r\n";
  std::string text;
  if (!ToUtf8(ascii, text) || text != ascii) return false;
  return ucnv_getType(handle_->converter) != UCNV_UTF7 &&
         ucnv_getType(handle_->converter) != UCNV_ISO_2022 &&
         ucnv_getType(handle_->converter) != UCNV_HZ;
}

}  // namespace referrald::format
