#include "connectors/salesforce/record_id.h"

#include <algorithm>

#include "storage/base/text.h"

namespace referrald::salesforce {
namespace {

using connectors::RowError;

constexpr size_t kShort = 15, kLong = 18, kChunk = 5;
constexpr std::string_view kSuffixLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
constexpr int kInvalid = 2121, kDamaged = 2122;

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
char Upper(char c) { return IsLower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

// One letter for each five characters: which of them are upper case.
std::string SuffixOf(std::string_view id) {
  std::string suffix;
  for (size_t chunk = 0; chunk < kShort; chunk += kChunk) {
    size_t upper = 0;
    for (size_t i = 0; i < kChunk; ++i) upper |= size_t{IsUpper(id[chunk + i])} << i;
    suffix.push_back(kSuffixLetters[upper]);
  }
  return suffix;
}

// The first fifteen characters in the case that `suffix` (in upper case) says; empty where it gives
// a digit a case or is no suffix.
std::string WithCaseOf(std::string_view suffix, std::string_view id) {
  std::string restored = LowerAscii(id.substr(0, kShort));
  for (size_t i = 0; i < kShort; ++i) {
    const size_t bits = kSuffixLetters.find(suffix[i / kChunk]);
    if (bits == std::string_view::npos) return {};
    if ((bits >> (i % kChunk) & 1) == 0) continue;
    if (!IsLower(restored[i])) return {};
    restored[i] = Upper(restored[i]);
  }
  return restored;
}

RowError Invalid() {
  return {.number = kInvalid,
          .code = "R-ID-INVALID",
          .column = "",
          .reason = "is no Salesforce id: fifteen or eighteen letters and digits"};
}

RowError Damaged() {
  return {.number = kDamaged,
          .code = "R-ID-DAMAGED",
          .column = "",
          .reason =
              "the case of the id's letters does not fit its last three characters; a "
              "spreadsheet may have changed it: export it again"};
}

}  // namespace

std::variant<std::string, RowError> ReadRecordId(std::string_view text) {
  const auto is_id_character = [](char c) { return IsUpper(c) || IsLower(c) || IsDigit(c); };
  if (text.size() != kShort && text.size() != kLong) return Invalid();
  if (!std::ranges::all_of(text, is_id_character)) return Invalid();
  const std::string_view id = text.substr(0, kShort);
  if (text.size() == kShort) return std::string(id) + SuffixOf(id);

  std::string suffix;
  for (const char c : text.substr(kShort)) suffix.push_back(Upper(c));
  if (suffix == SuffixOf(id)) return std::string(id) + suffix;
  // Only letters that lost their case all at once were damaged in a way that the suffix can mend.
  const bool one_case = std::ranges::none_of(id, IsUpper) || std::ranges::none_of(id, IsLower);
  const std::string restored = one_case ? WithCaseOf(suffix, id) : std::string();
  if (restored.empty()) return Damaged();
  return restored + suffix;
}

bool IsEmptyKey(std::string_view text) {
  return (text.size() == kShort || text.size() == kLong) &&
         text.find_first_not_of('0') >= std::min(kShort, text.size());
}

std::string_view ObjectOf(std::string_view record_id) {
  struct Prefix {
    std::string_view letters, object;
  };
  constexpr Prefix kPrefixes[] = {{"001", "Account"},     {"003", "Contact"}, {"00Q", "Lead"},
                                  {"006", "Opportunity"}, {"005", "User"},    {"00G", "Group"}};
  for (const Prefix& prefix : kPrefixes) {
    if (record_id.starts_with(prefix.letters)) return prefix.object;
  }
  return {};
}

}  // namespace referrald::salesforce
