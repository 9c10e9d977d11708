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
      ++counts_[letter % kBuckets];
      at += width;
    }
  }

  size_t size() const { return size_; }
  // No fewer than the letters that both have, in whatever order.
  size_t CommonAtMost(const Letters& other) const {
    size_t common = 0;
    for (size_t at = 0; at < kBuckets; ++at) common += std::min(counts_[at], other.counts_[at]);
    return common;
  }
  char32_t operator[](size_t at) const { return letters_[at]; }
  bool operator==(const Letters& other) const {
    return std::equal(letters_.begin(), letters_.begin() + static_cast<std::ptrdiff_t>(size_),
                      other.letters_.begin(),
                      other.letters_.begin() + static_cast<std::ptrdiff_t>(other.size_));
  }

 private:
  static constexpr size_t kBuckets = 32;

  std::array<char32_t, kMatchedLettersMax> letters_;
  size_t size_ = 0;
  std::array<uint8_t, kBuckets> counts_{};
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

// With so many letters in common, `moved` of them in another order.
double JaroOf(const Letters& left, const Letters& right, size_t common, size_t moved) {
  if (common == 0) return 0;
  const auto count = static_cast<double>(common);
  return (count / static_cast<double>(left.size()) + count / static_cast<double>(right.size()) +
          (count - static_cast<double>(moved / 2)) / count) /
         3;
}

double Jaro(const Letters& left, const Letters& right) {
  Marks in_left{};
  Marks in_right{};
  const size_t common = MarkCommon(left, right, in_left, in_right);
  return JaroOf(left, right, common, OutOfOrder(left, right, in_left, in_right));
}

size_t CommonBeginning(const Letters& left, const Letters& right, size_t most) {
  const size_t end = std::min({left.size(), right.size(), most});
  size_t count = 0;
  while (count < end && left[count] == right[count]) ++count;
  return count;
}

double WithBeginning(const Letters& left, const Letters& right, double jaro) {
  constexpr double kBeginningShare = 0.1;
  return jaro + static_cast<double>(CommonBeginning(left, right, 4)) * kBeginningShare * (1 - jaro);
}

// Three rows of a table that is filled near its diagonal only: what lies farther off costs more
// than `most`. Swaps look two rows back.
size_t EditsBetween(const Letters& a, const Letters& b, size_t most) {
  const size_t gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (gap > most) return most + 1;
  if (std::max(a.size(), b.size()) - a.CommonAtMost(b) > most) return most + 1;
  most = std::min(most, kMatchedLettersMax);
  using Row = std::array<size_t, kMatchedLettersMax + 2>;
  std::array<Row, 3> rows;
  for (Row& row : rows) row.fill(most + 1);
  for (size_t j = 0; j <= std::min(b.size(), most); ++j) rows[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    Row& row = rows[i % 3];
    const Row& above = rows[(i + 2) % 3];
    const Row& before = rows[(i + 1) % 3];
    const size_t begin = i > most ? i - most : 1;
    const size_t end = std::min(b.size(), i + most);
    row[begin - 1] = begin == 1 ? i : most + 1;
    for (size_t j = begin; j <= end; ++j) {
      row[j] =
          std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    row[end + 1] = most + 1;
  }
  return std::min(rows[a.size() % 3][b.size()], most + 1);
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

double JaroWinkler(std::string_view left, std::string_view right, double least) {
  const Letters a(left);
  const Letters b(right);
  if (a == b) return 1;
  if (a.size() == 0 || b.size() == 0) return 0;
  const double reachable = WithBeginning(a, b, JaroOf(a, b, a.CommonAtMost(b), 0));
  return reachable < least ? 0 : WithBeginning(a, b, Jaro(a, b));
}

size_t Edits(std::string_view left, std::string_view right, size_t most) {
  return EditsBetween(Letters(left), Letters(right), most);
}

bool DiffersBySlip(std::string_view left, std::string_view right) {
  const Letters a(left);
  const Letters b(right);
  const size_t longer = std::max(a.size(), b.size());
  if (longer < 3) return left == right;
  const size_t allowed = longer <= 6 ? 1 : longer <= 12 ? 2 : 3;
  return EditsBetween(a, b, allowed) <= allowed;
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
