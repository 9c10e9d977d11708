#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace referrald {

// `text` without white space at both ends (ASCII white space, NBSP, ideographic space, BOM).
std::string_view Trim(std::string_view text);

// Strict: no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsValidUtf8(std::string_view text);

// ASCII letters in lower case, everything else as it is.
std::string LowerAscii(std::string_view text);

// Equal but for the case of ASCII letters.
bool EqualsIgnoreCase(std::string_view left, std::string_view right);

// How names are compared: compatibility-composed, case folded, accents removed, punctuation and
// runs of white space made one space, trimmed. "  José  Müller-Øvergård " and
// "jose muller overgard" are the same. ASCII text takes a fast path. Invalid UTF-8 is compared as
// lower-case bytes.
std::string FoldName(std::string_view text);

// The words of a folded text.
std::vector<std::string_view> Words(std::string_view folded);

// A mail address as it is compared: trimmed, ASCII lower case.
std::string FoldEmail(std::string_view text);

// True for local@domain with a dot in the domain, no white space, no second @, at most 254 bytes.
bool IsPlausibleEmail(std::string_view folded);

// A phone number as it is compared: its digits, with a leading '+' where it had one (or "00").
// Empty where there are fewer than six digits.
std::string FoldPhone(std::string_view text);

// Number of the edits (insert, delete, replace, swap) that make `left` into `right`; stops counting
// at `most` + 1. For "did you mean".
size_t EditDistance(std::string_view left, std::string_view right, size_t most);

// The candidate nearest to `word` within a third of its length; empty where none is near.
std::string_view Nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace referrald
