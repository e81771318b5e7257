#pragma once

#include <memory>
#include <vector>

#include "core/model.h"

namespace dramatis {

// The residual stream after each layer but the last, summed over the tokens of some texts, those
// before `from` of each left out: layers − 1 rows of the model's width. Each text is read by
// itself; together they are one step.
//
// The first token of a text is an attention sink, whose state is hundreds of times larger than any
// other's: `from` leaves it out.
//
// Throws MEMORY_SHORT.
std::vector<double> HiddenSums(const std::shared_ptr<Model>& model,
                               const std::vector<std::vector<llama_token>>& texts, int from);

}  // namespace dramatis
