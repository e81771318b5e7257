#pragma once

#include <vector>

#include "ggml.h"

namespace dramatis::forward {

// Which of the kernels of this folder graphs use from now on, where there are any for this CPU: all
// until this is called, ggml's in place of the others. `products`: ggml's numbers of types. Any
// thread.
void Choose(const std::vector<int>& products, bool attention);

bool IsChosen(ggml_type product);
bool IsAttentionChosen();

}  // namespace dramatis::forward
