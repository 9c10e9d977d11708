#include "storage/base/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace referrald {
namespace {

// White space beyond ASCII that exports put around values: NBSP, ideographic space, BOM.
constexpr std::array<std::string_view, 3> kWideSpaces = {"\xc2\xa0", "\xe3\x80\x80",
                                                         "\xef\xbb\xbf"};

bool IsAsciiSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool IsAsciiLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Letters that no decomposition turns into ASCII, as people type them without their keyboard.
std::string_view PlainLetter(utf8proc_int32_t point) {
  switch (point) {
    case 0xf8: return "o";    // ø
    case 0xe6: return "ae";   // æ
    case 0x153: return "oe";  // œ
    case 0x111: return "d";   // đ
    case 0xf0: return "d";    // ð
    case 0xfe: return "th";   // þ
    case 0x142: return "l";   // ł
    case 0x131: return "i";   // ı
    default: return {};
  }
}

bool IsWordCharacter(utf8proc_int32_t point) {
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: return true;
    default: return false;
  }
}

// Appends to a text in which one space stands between words and none at the ends.
class WordJoiner {
 public:
  void Character(std::string_view bytes) {
    if (pending_space_ && !text_.empty()) text_.push_back(' ');
    pending_space_ = false;
    text_.append(bytes);
  }
  void Gap() { pending_space_ = true; }
  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
  bool pending_space_ = false;
};

std::string FoldAscii(std::string_view text) {
  WordJoiner joiner;
  for (const char c : text) {
    const char lower = Lower(c);
    if (IsAsciiLetter(c) || IsDigit(c)) {
      joiner.Character({&lower, 1});
    } else if (c != '\'') {  // O'Brien and OBrien are one name.
      joiner.Gap();
    }
  }
  return joiner.Take();
}

std::string FoldUnicode(std::string_view text) {
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
      static_cast<utf8proc_ssize_t>(text.size()), &mapped,
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                     UTF8PROC_CASEFOLD | UTF8PROC_IGNORE | UTF8PROC_STRIPMARK));
  if (size < 0) return LowerAscii(text);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  WordJoiner joiner;
  for (utf8proc_ssize_t at = 0; at < size;) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t width = utf8proc_iterate(mapped + at, size - at, &point);
    if (width <= 0) break;
    const std::string_view bytes(reinterpret_cast<const char*>(mapped) + at,
                                 static_cast<size_t>(width));
    const std::string_view plain = PlainLetter(point);
    if (!plain.empty()) {
      joiner.Character(plain);
    } else if (IsWordCharacter(point)) {
      joiner.Character(bytes);
    } else if (point != '\'' && point != 0x2019) {
      joiner.Gap();
    }
    at += width;
  }
  return joiner.Take();
}

}  // namespace

std::string_view Trim(std::string_view text) {
  for (bool again = true; again;) {
    again = false;
    while (!text.empty() && IsAsciiSpace(text.front())) text.remove_prefix(1);
    while (!text.empty() && IsAsciiSpace(text.back())) text.remove_suffix(1);
    for (const std::string_view space : kWideSpaces) {
      if (text.starts_with(space)) {
        text.remove_prefix(space.size());
        again = true;
      }
      if (text.ends_with(space)) {
        text.remove_suffix(space.size());
        again = true;
      }
    }
  }
  return text;
}

bool IsValidUtf8(std::string_view text) {
  while (!text.empty()) {
    // Whole ASCII words at once: most of every file.
    while (text.size() >= 8) {
      uint64_t word = 0;
      std::copy_n(text.data(), sizeof word, reinterpret_cast<char*>(&word));
      if ((word & 0x8080808080808080u) != 0) break;
      text.remove_prefix(sizeof word);
    }
    if (text.empty()) break;
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      text.remove_prefix(1);
      continue;
    }
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t width =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                         static_cast<utf8proc_ssize_t>(text.size()), &point);
    if (width <= 0) return false;
    text.remove_prefix(static_cast<size_t>(width));
  }
  return true;
}

std::string LowerAscii(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), Lower);
  return lower;
}

bool EqualsIgnoreCase(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return Lower(a) == Lower(b); });
}

std::string FoldName(std::string_view text) {
  return IsAscii(text) ? FoldAscii(text) : FoldUnicode(text);
}

std::vector<std::string_view> Words(std::string_view folded) {
  std::vector<std::string_view> words;
  while (!folded.empty()) {
    const size_t end = folded.find(' ');
    if (end != 0) words.push_back(folded.substr(0, end));
    if (end == std::string_view::npos) break;
    folded.remove_prefix(end + 1);
  }
  return words;
}

std::string FoldEmail(std::string_view text) { return LowerAscii(Trim(text)); }

bool IsPlausibleEmail(std::string_view folded) {
  constexpr size_t kEmailBytesMax = 254;  // RFC 5321, 4.5.3.1.3 less the angle brackets.
  if (folded.size() > kEmailBytesMax) return false;
  const size_t at = folded.find('@');
  if (at == 0 || at == std::string_view::npos || folded.find('@', at + 1) != folded.npos) {
    return false;
  }
  if (folded.find_first_of(" \t\r\n,;<>\"()") != std::string_view::npos) return false;
  const std::string_view domain = folded.substr(at + 1);
  const size_t dot = domain.rfind('.');
  return dot != std::string_view::npos && dot > 0 && dot + 1 < domain.size() &&
         domain.front() != '.' && !domain.contains("..");
}

std::string FoldPhone(std::string_view text) {
  constexpr size_t kPhoneDigitsMin = 6;
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), IsDigit);
  const size_t first = text.find_first_of("+0123456789");
  const bool international = first != std::string_view::npos && text[first] == '+';
  const bool dialled = !international && digits.starts_with("00");
  if (dialled) digits.erase(0, 2);
  if (digits.size() < kPhoneDigitsMin) return {};
  return international || dialled ? "+" + digits : digits;
}

size_t EditDistance(std::string_view left, std::string_view right, size_t most) {
  const size_t gap =
      left.size() > right.size() ? left.size() - right.size() : right.size() - left.size();
  if (gap > most) return most + 1;
  // Three rows of the table: swaps look two rows back.
  std::vector<size_t> before(right.size() + 1), above(right.size() + 1), row(right.size() + 1);
  for (size_t j = 0; j <= right.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= left.size(); ++i) {
    before.swap(above);
    above.swap(row);
    row[0] = i;
    for (size_t j = 1; j <= right.size(); ++j) {
      const size_t replace = above[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replace});
      const bool swapped =
          i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
  }
  return std::min(row[right.size()], most + 1);
}

std::string_view Nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  size_t best = std::max<size_t>(1, word.size() / 3) + 1;
  std::string_view nearest;
  for (const std::string_view candidate : candidates) {
    const size_t distance = EditDistance(word, candidate, best);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace referrald
