#include "core/grammar/apply.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace dramatis::grammar {
namespace {

// Of each byte of a mask, its bits as eight words of ones or zeros: what turns a row of branches into
// a few vector instructions.
struct Spread {
  uint32_t words[256][8];
  Spread() {
    for (uint32_t byte = 0; byte < 256; ++byte)
      for (int bit = 0; bit < 8; ++bit) words[byte][bit] = (byte >> bit & 1) != 0 ? ~0u : 0;
  }
};

// Keeps the eight logits whose bits are set, makes −∞ of the others.
inline void Keep(const uint32_t* words, float* logits) {
  constexpr uint32_t kMinusInfinity = 0xFF800000;
  uint32_t bits[8];
  std::memcpy(bits, logits, sizeof bits);
  for (int i = 0; i < 8; ++i) bits[i] = (bits[i] & words[i]) | (kMinusInfinity & ~words[i]);
  std::memcpy(logits, bits, sizeof bits);
}

}  // namespace

void Apply(const Mask& mask, const std::vector<int32_t>& ends, float strength, float* logits) {
  // The tokens' own logits are read before theirs is forbidden with the rest.
  float end_logits[64];
  const size_t n_ends = std::min<size_t>(ends.size(), 64);
  for (size_t i = 0; i < n_ends; ++i) end_logits[i] = logits[ends[i]];

  static const Spread spread;
  const size_t n = mask.tokens;
  for (size_t word = 0; word * 64 < n; ++word) {
    const uint64_t bits = mask.allowed[word];
    if (bits == ~uint64_t(0)) continue;  // as most are in free text
    float* at = logits + word * 64;
    const size_t count = std::min<size_t>(64, n - word * 64);
    if (bits == 0) {
      std::fill(at, at + count, -INFINITY);
      continue;
    }
    size_t i = 0;
    for (; i + 8 <= count; i += 8) Keep(spread.words[bits >> i & 0xFF], at + i);
    for (; i < count; ++i)
      if ((bits >> i & 1) == 0) at[i] = -INFINITY;
  }
  const float unit = strength * float(kLogWeightUnit);
  for (const Mask::Weighed& weighed : mask.weighed)
    logits[weighed.token] += unit * float(weighed.gain);
  for (size_t i = 0; i < n_ends; ++i)
    logits[ends[i]] = mask.can_end ? end_logits[i] + unit * float(mask.end_gain) : -INFINITY;
}

}  // namespace dramatis::grammar
