#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/base/status.h"

namespace referrald {

// Keys that sort as numbers do: big endian, fixed width.
void AppendBigEndian64(std::string& out, uint64_t value);
void AppendBigEndian32(std::string& out, uint32_t value);
// `bytes` must hold at least eight (four) bytes.
uint64_t ReadBigEndian64(std::string_view bytes);
uint32_t ReadBigEndian32(std::string_view bytes);

// LEB128, at most ten bytes.
void AppendVarint(std::string& out, uint64_t value);

// A 128-bit keyed hash, as used in index keys.
using Hash128 = std::array<uint8_t, 16>;
inline std::string_view AsBytes(const Hash128& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

// A SHA-256 or HMAC-SHA-256, whole.
using Hash256 = std::array<uint8_t, 32>;
inline std::string_view AsBytes(const Hash256& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

// "4f1c..": two lower-case digits a byte.
std::string ToHex(std::string_view bytes);
// The bytes behind what ToHex wrote; nothing for any other text.
std::optional<std::string> FromHex(std::string_view text);

// Not a defence against people, only against disks: XXH3, 64 bits.
uint64_t Checksum64(std::string_view bytes);

// Writes the canonical tagged form in which every stored record is kept (storage/doc/format.md):
// fields in ascending tag order, each `varint tag, varint length, bytes`; a field with its default
// value (0, empty) is left out, so one value has exactly one encoding. A repeated field repeats
// its tag.
class TaggedWriter {
 public:
  // Room for `size` bytes: up to there nothing written is moved, and no copy stays behind.
  void Reserve(size_t size) { out_.reserve(size); }
  // Tags must not descend; a bug otherwise.
  void Unsigned(uint32_t tag, uint64_t value);
  void Signed(uint32_t tag, int64_t value);  // Zigzag.
  void Bytes(uint32_t tag, std::string_view value);
  // Written even when empty: for elements of a list, whose number matters.
  void Element(uint32_t tag, std::string_view value);

  const std::string& text() const { return out_; }
  std::string Take() { return std::move(out_); }

 private:
  void Field(uint32_t tag, std::string_view value);

  std::string out_;
  uint32_t last_tag_ = 0;
};

// Reads what TaggedWriter wrote, field by field; unknown tags can be passed over.
// Borrows `bytes`, which must outlive it and every value() taken.
//
//   TaggedReader reader(bytes);
//   while (reader.Next()) {
//     switch (reader.tag()) { case 1: id = reader.Unsigned(); break; ... default: break; }
//   }
//   if (!reader.status().ok()) ...
class TaggedReader {
 public:
  explicit TaggedReader(std::string_view bytes) : rest_(bytes) {}

  // Moves to the next field; false at the end and on damage (see status()).
  bool Next();
  uint32_t tag() const { return tag_; }
  std::string_view value() const { return value_; }
  // The current field as a number. A malformed one yields 0 and a status of Corruption.
  uint64_t Unsigned();
  int64_t Signed();
  std::string Text() const { return std::string(value_); }

  // Ok, or Corruption: truncated, descending tags, or a malformed number.
  const Status& status() const { return status_; }

 private:
  bool Fail(const char* what);

  std::string_view rest_;
  uint32_t tag_ = 0;
  std::string_view value_;
  Status status_;
};

}  // namespace referrald
