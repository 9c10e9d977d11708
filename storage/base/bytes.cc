#include "storage/base/bytes.h"

#include <xxhash.h>

namespace referrald {
namespace {

constexpr size_t kVarintBytesMax = 10;

// The number at the front of `bytes`, which loses it; false where there is none.
bool TakeVarint(std::string_view& bytes, uint64_t& value) {
  value = 0;
  for (size_t i = 0; i < bytes.size() && i < kVarintBytesMax; ++i) {
    const auto byte = static_cast<uint8_t>(bytes[i]);
    // The tenth byte holds the one bit that is left of 64.
    if (i == kVarintBytesMax - 1 && byte > 1) return false;
    value |= static_cast<uint64_t>(byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      // One number, one encoding: no zero byte behind others.
      if (i > 0 && byte == 0) return false;
      bytes.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

template <typename T>
void AppendBigEndian(std::string& out, T value) {
  for (size_t i = sizeof(T); i-- > 0;) out.push_back(static_cast<char>(value >> (8 * i)));
}

template <typename T>
T ReadBigEndian(std::string_view bytes) {
  REFERRALD_CHECK(bytes.size() >= sizeof(T));
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(value << 8 | static_cast<uint8_t>(bytes[i]));
  }
  return value;
}

// -1: none, or one that ToHex does not write.
int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

void AppendBigEndian64(std::string& out, uint64_t value) { AppendBigEndian(out, value); }
void AppendBigEndian32(std::string& out, uint32_t value) { AppendBigEndian(out, value); }
uint64_t ReadBigEndian64(std::string_view bytes) { return ReadBigEndian<uint64_t>(bytes); }
uint32_t ReadBigEndian32(std::string_view bytes) { return ReadBigEndian<uint32_t>(bytes); }

void AppendVarint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

std::string ToHex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

std::optional<std::string> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (size_t i = 0; i < text.size(); i += 2) {
    const int high = HexDigit(text[i]);
    const int low = HexDigit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high << 4 | low));
  }
  return bytes;
}

uint64_t Checksum64(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

void TaggedWriter::Field(uint32_t tag, std::string_view value) {
  REFERRALD_CHECK(tag >= last_tag_ && tag > 0);
  last_tag_ = tag;
  AppendVarint(out_, tag);
  AppendVarint(out_, value.size());
  out_.append(value);
}

void TaggedWriter::Unsigned(uint32_t tag, uint64_t value) {
  if (value == 0) return;
  std::string bytes;
  AppendVarint(bytes, value);
  Field(tag, bytes);
}

void TaggedWriter::Signed(uint32_t tag, int64_t value) {
  const auto bits = static_cast<uint64_t>(value);
  Unsigned(tag, (bits << 1) ^ (value < 0 ? ~uint64_t{0} : 0));
}

void TaggedWriter::Bytes(uint32_t tag, std::string_view value) {
  if (!value.empty()) Field(tag, value);
}

void TaggedWriter::Element(uint32_t tag, std::string_view value) { Field(tag, value); }

bool TaggedReader::Next() {
  if (!status_.ok() || rest_.empty()) return false;
  uint64_t tag = 0;
  uint64_t size = 0;
  if (!TakeVarint(rest_, tag) || tag == 0 || tag > UINT32_MAX) return Fail("malformed tag");
  if (tag < tag_) return Fail("descending tags");
  if (!TakeVarint(rest_, size)) return Fail("malformed length");
  if (size > rest_.size()) return Fail("truncated field");
  tag_ = static_cast<uint32_t>(tag);
  value_ = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

uint64_t TaggedReader::Unsigned() {
  uint64_t value = 0;
  std::string_view bytes = value_;
  if (!TakeVarint(bytes, value) || !bytes.empty()) {
    Fail("malformed number");
    return 0;
  }
  return value;
}

int64_t TaggedReader::Signed() {
  const uint64_t bits = Unsigned();
  return static_cast<int64_t>((bits >> 1) ^ (~(bits & 1) + 1));
}

bool TaggedReader::Fail(const char* what) {
  if (status_.ok()) status_ = Status::Corruption(what);
  rest_ = {};
  return false;
}

}  // namespace referrald
