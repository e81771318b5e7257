#include "core/grammar/apply.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#endif

#include <algorithm>
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

// Makes −∞ of the logits whose bits are not set, 64 for each word. Most words of a mask are all ones
// or all zeros; in the others the bits are as good as random.
void Forbid(const uint64_t* allowed, size_t words, float* logits) {
  static const Spread spread;
  constexpr uint32_t kMinusInfinity = 0xFF800000;
  for (size_t word = 0; word < words; ++word, logits += 64) {
    const uint64_t bits = allowed[word];
    if (bits == ~uint64_t(0)) continue;
    if (bits == 0) {
      std::fill(logits, logits + 64, -INFINITY);
      continue;
    }
    for (int i = 0; i < 64; i += 8) {
      const uint32_t* keep = spread.words[bits >> i & 0xFF];
      uint32_t values[8];
      std::memcpy(values, logits + i, sizeof values);
      for (int k = 0; k < 8; ++k) values[k] = (values[k] & keep[k]) | (kMinusInfinity & ~keep[k]);
      std::memcpy(logits + i, values, sizeof values);
    }
  }
}

#if defined(__x86_64__) && defined(__GNUC__)
// The same; the processor has masks of its own.
__attribute__((target("avx512f"))) void ForbidAvx512(const uint64_t* allowed, size_t words,
                                                     float* logits) {
  const __m512 minus_infinity = _mm512_set1_ps(-INFINITY);
  for (size_t word = 0; word < words; ++word, logits += 64) {
    const uint64_t forbidden = ~allowed[word];
    if (forbidden == 0) continue;
    for (int i = 0; i < 64; i += 16)
      _mm512_mask_storeu_ps(logits + i, __mmask16(forbidden >> i), minus_infinity);
  }
}
#endif

using ForbidFunction = void (*)(const uint64_t*, size_t, float*);

ForbidFunction Best() {
#if defined(__x86_64__) && defined(__GNUC__)
  if (__builtin_cpu_supports("avx512f")) return ForbidAvx512;
#endif
  return Forbid;
}

}  // namespace

void Apply(const Mask& mask, const std::vector<int32_t>& ends, float strength, float* logits) {
  // The tokens' own logits are read before theirs is forbidden with the rest.
  float end_logits[64];
  const size_t n_ends = std::min<size_t>(ends.size(), 64);
  for (size_t i = 0; i < n_ends; ++i) end_logits[i] = logits[ends[i]];

  static const ForbidFunction forbid = Best();
  const size_t n = mask.tokens, whole = n / 64;
  forbid(mask.allowed.data(), whole, logits);
  for (size_t token = whole * 64; token < n; ++token)
    if (!mask.Allows(int32_t(token))) logits[token] = -INFINITY;
  const float unit = strength * float(kLogWeightUnit);
  for (const Mask::Weighed& weighed : mask.weighed)
    logits[weighed.token] += unit * float(weighed.gain);
  for (size_t i = 0; i < n_ends; ++i)
    logits[ends[i]] = mask.can_end ? end_logits[i] + unit * float(mask.end_gain) : -INFINITY;
}

}  // namespace dramatis::grammar
