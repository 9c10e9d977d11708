#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace referrald::format {

// Place of the first `byte` in text[from, to), or `to`.
inline size_t FindByte(std::string_view text, size_t from, size_t to, char byte) {
  if (from >= to) return to;
  const void* found = std::memchr(text.data() + from, byte, to - from);
  return found == nullptr ? to : static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

// Place of the first `one` or `other` in text[from, to), or `to`.
inline size_t FindEither(std::string_view text, size_t from, size_t to, char one, char other) {
#if defined(__SSE2__)
  const __m128i ones = _mm_set1_epi8(one);
  const __m128i others = _mm_set1_epi8(other);
  for (; from + 16 <= to; from += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + from));
    const __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, ones), _mm_cmpeq_epi8(bytes, others));
    const int mask = _mm_movemask_epi8(hits);
    if (mask != 0) return from + static_cast<size_t>(__builtin_ctz(static_cast<unsigned>(mask)));
  }
#endif
  while (from < to && text[from] != one && text[from] != other) ++from;
  return from;
}

// True where every byte is below 128.
inline bool IsAscii(std::string_view text) {
  size_t at = 0;
#if defined(__SSE2__)
  for (; at + 16 <= text.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    if (_mm_movemask_epi8(bytes) != 0) return false;
  }
#endif
  for (; at < text.size(); ++at) {
    if (static_cast<unsigned char>(text[at]) >= 0x80) return false;
  }
  return true;
}

}  // namespace referrald::format
