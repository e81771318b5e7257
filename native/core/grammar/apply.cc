#include "core/grammar/apply.h"

#include <algorithm>
#include <cmath>

namespace dramatis::grammar {

void Apply(const Mask& mask, const std::vector<int32_t>& ends, float strength, float* logits) {
  // The tokens' own logits are read before theirs is forbidden with the rest.
  float end_logits[64];
  const size_t n_ends = std::min<size_t>(ends.size(), 64);
  for (size_t i = 0; i < n_ends; ++i) end_logits[i] = logits[ends[i]];

  // Most words of a mask are all ones or all zeros.
  const size_t n = mask.tokens;
  for (size_t word = 0; word * 64 < n; ++word) {
    const uint64_t bits = mask.allowed[word];
    if (bits == ~uint64_t(0)) continue;
    float* at = logits + word * 64;
    const size_t count = std::min<size_t>(64, n - word * 64);
    if (bits == 0) {
      std::fill(at, at + count, -INFINITY);
      continue;
    }
    for (size_t i = 0; i < count; ++i) at[i] = (bits >> i & 1) != 0 ? at[i] : -INFINITY;
  }
  const float unit = strength * float(kLogWeightUnit);
  for (const Mask::Weighed& weighed : mask.weighed)
    logits[weighed.token] += unit * float(weighed.gain);
  for (size_t i = 0; i < n_ends; ++i)
    logits[ends[i]] = mask.can_end ? end_logits[i] + unit * float(mask.end_gain) : -INFINITY;
}

}  // namespace dramatis::grammar
