#include "storage/referral/matching/similarity.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "storage/base/limits.h"

namespace referrald::referral::matching {
namespace {

using limits::kMatchedLettersMax;

// The first letters of a text, on the stack.
class Letters {
 public:
  explicit Letters(std::string_view text) {
    for (size_t at = 0; at < text.size() && size_ < kMatchedLettersMax;) {
      const auto lead = static_cast<unsigned char>(text[at]);
      const size_t width = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
      char32_t letter = lead;
      for (size_t i = 1; i < width && at + i < text.size(); ++i) {
        letter = letter << 8 | static_cast<unsigned char>(text[at + i]);
      }
      letters_[size_++] = letter;
      at += width;
    }
  }

  size_t size() const { return size_; }
  char32_t operator[](size_t at) const { return letters_[at]; }
  bool operator==(const Letters& other) const {
    return std::equal(letters_.begin(), letters_.begin() + static_cast<std::ptrdiff_t>(size_),
                      other.letters_.begin(),
                      other.letters_.begin() + static_cast<std::ptrdiff_t>(other.size_));
  }

 private:
  std::array<char32_t, kMatchedLettersMax> letters_;
  size_t size_ = 0;
};

using Marks = std::array<bool, kMatchedLettersMax>;

// Marks the letters that both have near the same place; returns how many.
size_t MarkCommon(const Letters& left, const Letters& right, Marks& in_left, Marks& in_right) {
  const size_t longer = std::max(left.size(), right.size());
  const size_t window = longer / 2 > 0 ? longer / 2 - 1 : 0;
  size_t common = 0;
  for (size_t i = 0; i < left.size(); ++i) {
    const size_t end = std::min(right.size(), i + window + 1);
    for (size_t j = i > window ? i - window : 0; j < end; ++j) {
      if (in_right[j] || left[i] != right[j]) continue;
      in_left[i] = in_right[j] = true;
      ++common;
      break;
    }
  }
  return common;
}

// Common letters that stand in another order.
size_t OutOfOrder(const Letters& left, const Letters& right, const Marks& in_left,
                  const Marks& in_right) {
  size_t count = 0;
  size_t j = 0;
  for (size_t i = 0; i < left.size(); ++i) {
    if (!in_left[i]) continue;
    while (!in_right[j]) ++j;
    if (left[i] != right[j]) ++count;
    ++j;
  }
  return count;
}

double Jaro(const Letters& left, const Letters& right) {
  Marks in_left{};
  Marks in_right{};
  const size_t common = MarkCommon(left, right, in_left, in_right);
  if (common == 0) return 0;
  const size_t moved = OutOfOrder(left, right, in_left, in_right);
  const auto count = static_cast<double>(common);
  return (count / static_cast<double>(left.size()) + count / static_cast<double>(right.size()) +
          (count - static_cast<double>(moved / 2)) / count) /
         3;
}

size_t CommonBeginning(const Letters& left, const Letters& right, size_t most) {
  const size_t end = std::min({left.size(), right.size(), most});
  size_t count = 0;
  while (count < end && left[count] == right[count]) ++count;
  return count;
}

// 0: silent. Letters that are taken for each other have one digit.
char SoundClass(char letter) {
  switch (letter) {
    case 'b':
    case 'p': return '1';
    case 'f':
    case 'v': return '2';
    case 'c':
    case 'g':
    case 'j':
    case 'k':
    case 'q':
    case 's':
    case 'x':
    case 'z': return '3';
    case 'd':
    case 't': return '4';
    case 'l': return '5';
    case 'm':
    case 'n': return '6';
    case 'r': return '7';
    default: return '0';
  }
}

// Spellings of one sound, before letters are classed.
std::string Respelled(std::string_view folded) {
  std::string text = Squeezed(folded);
  constexpr std::array<std::array<std::string_view, 2>, 8> kSpellings = {{{"ph", "f"},
                                                                          {"gh", "g"},
                                                                          {"kn", "n"},
                                                                          {"wr", "r"},
                                                                          {"mc", "mac"},
                                                                          {"dt", "t"},
                                                                          {"ck", "k"},
                                                                          {"sch", "s"}}};
  for (const auto& [from, to] : kSpellings) {
    for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + 1)) {
      text.replace(at, from.size(), to);
      if (from == "mc") break;  // "mac" holds no second one where it begins.
    }
  }
  return text;
}

}  // namespace

double JaroWinkler(std::string_view left, std::string_view right) {
  const Letters a(left);
  const Letters b(right);
  if (a == b) return 1;
  if (a.size() == 0 || b.size() == 0) return 0;
  constexpr double kBeginningShare = 0.1;
  const double jaro = Jaro(a, b);
  return jaro + static_cast<double>(CommonBeginning(a, b, 4)) * kBeginningShare * (1 - jaro);
}

size_t Edits(std::string_view left, std::string_view right, size_t most) {
  const Letters a(left);
  const Letters b(right);
  const size_t gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (gap > most) return most + 1;
  // Three rows of the table: swaps look two rows back.
  using Row = std::array<uint8_t, kMatchedLettersMax + 1>;
  Row before{};
  Row above{};
  Row row{};
  for (size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<uint8_t>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    before = above;
    above = row;
    row[0] = static_cast<uint8_t>(i);
    uint8_t least = row[0];
    for (size_t j = 1; j <= b.size(); ++j) {
      int cost =
          std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost = std::min(cost, before[j - 2] + 1);
      }
      row[j] = static_cast<uint8_t>(cost);
      least = std::min(least, row[j]);
    }
    // A swap can still cost one less than the row above allows for.
    if (least > most + 1) return most + 1;
  }
  return std::min<size_t>(row[b.size()], most + 1);
}

bool DiffersBySlip(std::string_view left, std::string_view right) {
  const size_t longer = std::max(Letters(left).size(), Letters(right).size());
  if (longer < 3) return left == right;
  const size_t allowed = longer <= 6 ? 1 : longer <= 12 ? 2 : 3;
  return Edits(left, right, allowed) <= allowed;
}

std::string SoundOf(std::string_view folded) {
  constexpr size_t kSoundLettersMax = 6;
  const std::string text = Respelled(folded);
  std::string sound;
  char last = '0';
  for (const char letter : text) {
    const bool latin = letter >= 'a' && letter <= 'z';
    const char sounds_as = latin ? SoundClass(letter) : letter;
    const bool first = sound.empty();
    // A vowel at the beginning is heard, whichever it is.
    if (first && sounds_as == '0') {
      sound.push_back('a');
    } else if (sounds_as != '0' && sounds_as != last) {
      sound.push_back(sounds_as);
    }
    if (sounds_as != '0' || letter != 'h') last = sounds_as;
    if (sound.size() == kSoundLettersMax) break;
  }
  return sound;
}

std::string Squeezed(std::string_view folded) {
  std::string text(folded);
  std::erase(text, ' ');
  return text;
}

}  // namespace referrald::referral::matching
