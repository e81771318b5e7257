#pragma once

#include <vector>

namespace dramatis {

// Logits of base + alpha · (own − base), each as log-probabilities, up to a number common to all:
// alpha 1 is `own`, 0 `base`, above 1 more of what tells them apart. Beyond 1 no token's difference
// counts for more than kMostDifference nats: far out a difference is noise.
//
// Liu et al., "DExperts", 2021; Li et al., "Contrastive Decoding", 2023, on the cut.
inline constexpr float kMostDifference = 5;

void Contrast(const std::vector<float>& own, const std::vector<float>& base, float alpha,
              std::vector<float>& mixed);

}  // namespace dramatis
