#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace dramatis::grammar {

// Code points run to four-byte sequences whose lead is any of F0–FF, as llama.cpp reads them.
constexpr uint32_t kMostCodePoint = 0x3FFFFF;

struct CharRange {
  uint32_t low, high;  // both included; nothing where low > high
};

// One character of a grammar: those listed, or with `negated` all others.
struct CharSet {
  bool negated = false;
  std::vector<CharRange> ranges;

  static CharSet Any() { return {true, {}}; }
  static CharSet One(uint32_t c) { return {false, {{c, c}}}; }

  bool Lists(uint32_t low, uint32_t high) const {
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](CharRange r) { return r.low <= high && low <= r.high; });
  }
  bool Contains(uint32_t c) const { return Lists(c, c) != negated; }

  // Whether a character begun with `value` and missing `remaining` bytes (1..3) may be in the set.
  // As llama_grammar_match_partial_char has it: a negated set refuses a beginning that *may* become
  // a character it lists.
  bool MayContain(uint32_t value, int remaining) const {
    if (remaining == 1 && value < 2) return false;  // overlong
    uint32_t low = value << (remaining * 6);
    const uint32_t high = low | ((1u << (remaining * 6)) - 1);
    if (low == 0) low = remaining == 2 ? 1u << 11 : remaining == 3 ? 1u << 16 : 0;
    return Lists(low, high) != negated;
  }
};

inline bool operator==(const CharRange& a, const CharRange& b) {
  return a.low == b.low && a.high == b.high;
}

}  // namespace dramatis::grammar
