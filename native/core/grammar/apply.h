#pragma once

#include <cstdint>
#include <vector>

#include "core/grammar/grammar.h"

namespace dramatis::grammar {

// Puts a mask on the logits of all tokens: −∞ on what may not follow, λ times the gain on what may.
// `ends`: the tokens that end a reply.
void Apply(const Mask& mask, const std::vector<int32_t>& ends, float strength, float* logits);

}  // namespace dramatis::grammar
