#pragma once

#include <cstdint>

namespace dramatis::grammar {

// Characters from bytes, one at a time, as llama.cpp's decoder takes them: only of a character that
// another token began it is checked that its bytes go on rightly.
struct Utf8Reader {
  enum class Taken { kBroken, kPart, kWhole };

  uint32_t value = 0;     // of a character read in part, and of one just read
  uint8_t remaining = 0;  // its bytes to come
  bool carried = false;   // an earlier token began it

  Taken Take(uint8_t byte) {
    if (remaining > 0) {
      if (carried && (byte & 0xC0) != 0x80) return Taken::kBroken;
      value = (value << 6) + (byte & 0x3Fu);
      if (--remaining > 0) return Taken::kPart;
      carried = false;
      return Taken::kWhole;
    }
    value = byte;
    if (byte < 0x80) return Taken::kWhole;
    if (byte < 0xC0) return Taken::kBroken;
    remaining = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
    value = byte & ((1u << (7 - remaining)) - 1);
    return Taken::kPart;
  }
};

}  // namespace dramatis::grammar
