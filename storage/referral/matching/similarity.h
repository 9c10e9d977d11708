#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// How alike two folded texts are (storage/base/text.h, FoldName). Letters are code points, so that
// a name is judged alike in every script; only the first
// limits::kMatchedLettersMax of a text count, so that the cost of a comparison has a bound whatever
// a file holds. All are symmetric.
namespace referrald::referral::matching {

// Jaro-Winkler: 1 for equal texts, 0 where no letter is in common. The common beginning counts for
// up to four letters. Two empty texts: 1; one: 0. What is sure to stay below `least` is 0, sooner.
double JaroWinkler(std::string_view left, std::string_view right, double least = 0);

// Edits (insert, delete, replace, swap of neighbours) between both; counting stops at `most` + 1.
size_t Edits(std::string_view left, std::string_view right, size_t most);

// Whether one is the other but for a slip of the hand: one edit in up to six letters, two in up to
// twelve, three beyond. Texts of fewer than three letters have to be equal.
bool DiffersBySlip(std::string_view left, std::string_view right);

// Sound of a name in at most six letters: equal for most spellings that sound alike ("philips",
// "fillipps"). Words run together. Empty for an empty text; letters outside a-z stand for
// themselves.
std::string SoundOf(std::string_view folded);

// `folded` without its spaces: "pridham street" and "pridhamstreet" are one.
std::string Squeezed(std::string_view folded);

}  // namespace referrald::referral::matching
